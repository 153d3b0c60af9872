"""One direction: what import-linter cannot see, and the rules of the house that a machine can check."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import UniqueConstraint
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"portal": 0, "intakes": 1, "news": 1, "members": 2, "scholarships": 3, "reports": 4}
LIB = ("portal.lib", "portal.vocabulary")
OWN = [path for name in FLOORS for path in sorted((ROOT / name).rglob("*.py")) if "migrations" not in path.parts]


def own_patterns(resolver=None, found=None):
    """Every named pattern of the project's own views."""
    found = [] if found is None else found
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            own_patterns(pattern, found)
        elif isinstance(pattern, URLPattern) and pattern.callback.__module__.split(".")[0] in FLOORS:
            found.append(pattern)
    return found


def test_relations_point_downwards_also_as_strings():
    for model in apps.get_models():
        here = model._meta.app_label
        for field in model._meta.get_fields():
            if (
                here in FLOORS
                and field.is_relation
                and field.concrete
                and field.related_model._meta.app_label in FLOORS
            ):
                there = field.related_model._meta.app_label
                assert here == there or FLOORS[there] < FLOORS[here], (
                    f"{model.__name__}.{field.name} points up to {there}"
                )


def test_facts_are_protected_from_deletion_of_what_they_hang_on():
    may_cascade = {"ArticleRevision.article", "DeclaredValue.submission", "ReportArticle.article", "RowRemark.row"}
    for model in apps.get_models():
        if model._meta.app_label not in FLOORS:
            continue
        for field in model._meta.concrete_fields:
            if field.is_relation and f"{model.__name__}.{field.name}" not in may_cascade:
                assert field.remote_field.on_delete.__name__ == "PROTECT", f"{model.__name__}.{field.name}"


def test_a_url_is_named_as_its_view():
    for pattern in own_patterns():
        view = getattr(pattern.callback, "__name__", "") or type(pattern.callback).__name__
        assert pattern.name, f"{pattern.pattern} has no name"
        assert pattern.name == view or pattern.name.startswith(view), f"{pattern.name} is not its view {view}"


@pytest.mark.parametrize("path", OWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_hides_in_a_function_and_no_signal_is_received(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]
            assert not hidden or path.name == "database.py", f"import inside {node.name}, line {hidden}"
            names = {
                getattr(decorator, "id", getattr(getattr(decorator, "func", None), "id", ""))
                for decorator in node.decorator_list
            }
            assert "receiver" not in names


@pytest.mark.parametrize("path", [p for p in OWN if "views" in str(p)], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_view_stays_short(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 45, f"{node.name} is {node.end_lineno - node.lineno} lines long"


@pytest.mark.parametrize("path", OWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_that_grows_is_split(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 560


WORDS = ("django.utils.translation", "django.utils.functional", "intakes.reading", *LIB)


def modules_of(room: str) -> list:
    """Every module of the apps below a room: its services, its views."""
    found = []
    for name in FLOORS:
        for path in sorted((ROOT / name / room).rglob("*.py")):
            dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found.append(importlib.import_module(dotted))
    return found


#: What takes an actor and writes nothing: it reads, or it is the question itself.
READS = {
    "demand",
    "demand_fund",
    "foresee_refusals",
    "holds",
    "problems_of_approval",
    "plan_intake",
    "plan_rows",
    "write_rows_to_mend",
}


def test_every_service_that_writes_declares_its_right():
    silent = []
    for module in modules_of("services"):
        for name, service in vars(module).items():
            if not inspect.isfunction(service) or service.__module__ != module.__name__ or name.startswith("_"):
                continue
            signature = inspect.signature(service)
            declared = getattr(service, "needs", None)
            asks = declared is not None and bool(declared.permissions and declared.places)
            says_why_not = declared is not None and len(declared.reason) > 30
            if "actor" in signature.parameters and name not in READS and not asks and not says_why_not:
                silent.append(f"{module.__name__}.{name}")
            if declared is not None and signature.return_annotation in {"None", None}:
                silent.append(f"{module.__name__}.{name} returns nothing, so a view cannot tell it from a refusal")
    assert silent == [], "say by @needs which right these ask for, and on what"


def _service_called(node: ast.Call, module):
    """The service that a call in a module means, if it is one that declares a right."""
    parts, function = [], node.func
    while isinstance(function, ast.Attribute):
        parts.insert(0, function.attr)
        function = function.value
    found = getattr(module, function.id, None) if isinstance(function, ast.Name) else None
    for part in parts:
        found = getattr(found, part, None)
    return found if hasattr(found, "needs") else None


def test_a_view_calls_a_service_only_through_attempt():
    bare = []
    for module in modules_of("views"):
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            names_actor = any(word.arg == "actor" for word in node.keywords)
            accepted = getattr(node.func, "id", "") in {"attempt", *READS}
            if _service_called(node, module) is not None or (names_actor and not accepted):
                bare.append(f"{module.__name__}:{node.lineno}")
    assert bare == [], "a refusal of these would be a 500: attempt(form or request, service, ...)"


@pytest.mark.parametrize("path", OWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_that_only_looks_like_a_number_is_made_one(path):
    pure = ("portal/lib/", "intakes/reading/")  # readers of notations, which bound their texts themselves
    if str(path.relative_to(ROOT)).startswith(pure):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            called = [inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call)]
            asks = {getattr(one, "attr", "") for one in called} & {"isdigit", "isdecimal", "isnumeric"}
            assert not (asks and "int" in {getattr(one, "id", "") for one in called}), f"{node.name}: use whole_number"


PURE = {
    path: allowed
    for places, allowed in {
        ("intakes/reading/**/*.py", "*/schema.py"): WORDS,
        ("portal/lib/limited*.py",): ("portal.lib.limited_child",),
    }.items()
    for place in places
    for path in sorted(ROOT.glob(place))
}


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_pure_knows_no_model_and_no_request(path):
    own = (*FLOORS, "django", "django_tasks", "psycopg")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides where it points"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if name.split(".")[0] in own:
                assert name.startswith(tuple(f"{part}." for part in PURE[path])) or name in PURE[path], name


def paths_named_in(document: str) -> set[str]:
    """Return what a document names between backticks as a path; `<app>` and `*` stand for any, `{a,b}` for each."""
    named = set()
    for word in re.findall(r"`([^`\s]+)`", document):
        if ("/" in word and not word.startswith(("/", "http", ".venv"))) or re.fullmatch(
            r"[\w.-]+\.(py|toml|lock|css|md)", word
        ):
            braces = re.search(r"\{([^}]*)\}", word)
            options = braces[1].split(",") if braces else [""]
            named |= {re.sub(r"\{[^}]*\}", option, word) if braces else word for option in options}
    return named


@pytest.mark.parametrize("document", ["README.md", "docs/tour.md"])
def test_every_path_that_a_document_names_is_there(document):
    named = paths_named_in((ROOT / document).read_text(encoding="utf-8"))
    assert len(named) > 20
    gone = [path for path in sorted(named) if not any(ROOT.glob(re.sub(r"<\w+>", "*", path).rstrip("/")))]
    assert gone == [], f"{document} names what is no longer there"


def test_a_path_that_is_gone_is_noticed():
    assert paths_named_in("see `portal/models/{unit,nothing}.py`, `<app>/forms` and `/public/address/`") == {
        "portal/models/unit.py", "portal/models/nothing.py", "<app>/forms",
    }  # fmt: skip
    assert not any(ROOT.glob("portal/models/nothing.py"))


PARTICIPLES = {
    "begun", "done", "drawn", "found", "given", "held", "kept", "known", "left", "made", "said", "sent", "shown",
    "taken", "told", "written",
}  # fmt: skip
LOCKING = {"_locked", "_locked_or_new", "_closed_units", "_checked_reason", "_checked_number", "_found"}


def test_helpers_of_services_and_views_are_named_by_what_they_do():
    """A verb ("_mark_words"), or a noun for what is looked up; never what has become of something ("_marked")."""
    wrong = []
    for path in [path for path in OWN if {"services", "views"} & set(path.parts)]:
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            word, _dash, rest = node.name.lstrip("_").partition("_")
            is_participle = word in PARTICIPLES or (word.endswith("ed") and word not in {"guarded", "need"})
            is_participle &= node.name not in LOCKING
            if is_participle and (node.name.startswith("_") or not rest):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not wrong, "\n".join(wrong)


def test_no_view_says_show():
    """What a page is, or what a file holds: "Show ..." is the same for all."""
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in OWN
        if "views" in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (ast.get_docstring(node) or "").startswith("Show ")
    ]
    assert not wrong, "\n".join(wrong)


def test_what_is_kept_once_is_unique_in_the_database():
    """Two at the same moment both find nothing: what `get_or_create` looks for must be unique, or there are two."""
    models = {model.__name__: model for model in apps.get_models() if model._meta.app_label in FLOORS}
    asked, wrong = 0, []
    for path in [path for path in OWN if "services" in path.parts]:
        for node in ast.walk(ast.parse(path.read_text())):
            if not (
                isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"get_or_create", "update_or_create"}
            ):
                continue
            model = models.get(ast.unparse(node.func).partition(".objects")[0])
            if model is not None:
                asked += 1
                keys = {str(word.arg).removesuffix("_id") for word in node.keywords} - {"defaults", "create_defaults"}
                if not any(unique <= keys for unique in unique_sets_of(model)):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {model.__name__} by {sorted(keys)}")
    assert asked > 10
    assert not wrong, "\n".join(wrong)


def unique_sets_of(model):
    """The columns of each unique constraint of a model."""
    sets = [{field.name} for field in model._meta.concrete_fields if field.unique]
    for one in model._meta.constraints:
        if isinstance(one, UniqueConstraint):
            named = [str(name) for part in one.expressions for name in re.findall(r"F\((\w+)\)", repr(part))]
            sets.append({*one.fields, *named})
    return sets
