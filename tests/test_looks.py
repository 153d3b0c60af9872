"""The looks of the pages: sheets in small files, no class without a use, one place for colours."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django import forms
from django.core.files.storage import FileSystemStorage
from django.template import Context, Template

from portal.assets import JoinedSheetsStorage, join_sheet
from portal.lib.charts import PALETTE

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
SHEETS = {path.stem: path.read_text(encoding="utf-8") for path in sorted((STATIC / "css").glob("*.css"))}
PAGES = {name: text for name, text in SHEETS.items() if name not in {"document", "papers"}}


def is_paper(path: Path) -> bool:
    """Whether a template is printed: what lies in documents/, and pages' own papers by their names."""
    return path.parent.name == "documents" or path.stem.endswith(("_document", "_pdf"))


APPS = ("portal", "intakes", "members", "news", "scholarships", "reports")

HOLE = "\0"  # where a template writes a value into a class name
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", re.DOTALL)
CLASS = re.compile(r'\bclass="([^"]*)"')
BODY_CLASS = re.compile(r"\{% block (?:body|main)_class %\}(.*?)\{% endblock %\}")

#: What values are written into class names: "status-{{ state }}", "alert-{{ kind }}".
WRITTEN = {
    "status-": set(re.findall(r'id="state-([a-z]+)"', (STATIC / "img" / "icons.svg").read_text(encoding="utf-8"))),
    "alert-": {"success", "warning", "danger", "error"},
    "focus-x-": {"0", "25", "50", "75", "100"},
    "focus-y-": {"0", "25", "50", "75", "100"},
    "figures-": {"cards", "band", "plain", "short", "medium", "long", "longest"},
}
#: Written by the editor of stories, in the page.
EDITOR = {
    "prose-editor", "ProseMirror", "ProseMirror-hideselection", "ProseMirror-selectednode", "prose-menubar",
    "prose-menubar__button", "prose-menubar__selected",
}  # fmt: skip
#: Written into papers by code: a table too wide for a page that stands upright.
ON_PAPER = {"sideways"}
#: Handles for scripts and for attribute selectors; they need no rule.
HANDLES = {"no-js", "asteriskField"}


def classes_of_template(text: str) -> set[str]:
    """Words of class attributes (with a hole where a value is written in), and what includes are given as a class."""
    text = COMMENT.sub("", text)
    tags: list[str] = []

    def hide(match: re.Match) -> str:
        tags.append(match[0])
        return " " if match[0].startswith("{%") else HOLE

    found = {word for name in BODY_CLASS.findall(text) for word in TAG.sub(" ", name).split()}
    found |= {word for value in CLASS.findall(TAG.sub(hide, text)) for word in value.split()} - {HOLE}
    for tag in tags:
        for value in re.findall(r"\b\w*class=[\"']([^\"']*)[\"']|\w*class\|default:[\"']([^\"']*)[\"']", tag):
            found |= set(" ".join(value).split())
    return found


def classes_of_script(text: str) -> set[str]:
    text = re.sub(r'getAttribute\("[^"]*"\)|[!=]== "[^"]*"', "", text)
    lines = [line for line in text.splitlines() if "classList" in line or "className" in line]
    return {word for line in lines for name in re.findall(r'"([a-z][a-z0-9 -]*)"', line) for word in name.split()}


def strings(node: ast.AST) -> set[str]:
    found = (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant))
    return {word for value in found if isinstance(value, str) for word in value.split()}


def named(node: ast.Assign | ast.keyword) -> str:
    """What a value is given to: w.attrs["class"] = ..., icon_class=..."""
    if isinstance(node, ast.keyword):
        return '"class"' if node.arg in ("css_class", "icon_class", "button_class") else ""
    return " ".join(ast.unparse(target) for target in node.targets).replace("'", '"')


def classes_of_python(text: str) -> set[str]:
    """Values of "class" in dictionaries and item assignments, of *class keywords, and class="..." in markup."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            found |= {word for key, value in pairs if getattr(key, "value", "") == "class" for word in strings(value)}
        elif isinstance(node, ast.Assign | ast.keyword) and '"class"' in named(node):
            found |= strings(node.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {w for value in CLASS.findall(re.sub(r"{.*?}", HOLE, node.value)) for w in value.split()} - {HOLE}
    return found


def classes_of_crispy() -> set[str]:
    """What crispy writes for every kind of field this house uses, right and wrong."""

    class Everything(forms.Form):
        text = forms.CharField(help_text="?")
        choice = forms.ChoiceField(choices=[("a", "A")])
        several = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
        radio = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
        yes = forms.BooleanField()
        file = forms.FileField()

        def clean(self):
            raise forms.ValidationError("?")

    template = Template("{% load crispy_forms_filters %}{{ form|crispy }}")
    pages = [template.render(Context({"form": Everything(data)})) for data in (None, {})]
    return {word for page in pages for value in CLASS.findall(page) for word in value.split()}


def classes_of_sheet(text: str) -> set[str]:
    text = re.sub(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", "", text, flags=re.DOTALL)
    return set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", " ".join(re.findall(r"([^{};]*)\{", text))))


def written_by_pages() -> dict[str, set[str]]:
    """Each class of our pages -> where it is written."""
    found: dict[str, set[str]] = {}
    places = [p for p in (ROOT / "templates").rglob("*.html") if not is_paper(p)]
    for path in places:
        for word in classes_of_template(path.read_text(encoding="utf-8")):
            found.setdefault(word, set()).add(str(path.relative_to(ROOT)))
    for path in (STATIC / "js").glob("*.js"):
        for word in classes_of_script(path.read_text(encoding="utf-8")):
            found.setdefault(word, set()).add(path.name)
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py") if path.name != "settings.py"):
        for word in classes_of_python(path.read_text(encoding="utf-8")):
            found.setdefault(word, set()).add(str(path.relative_to(ROOT)))
    return found


def test_no_class_stands_in_the_sheets_that_nothing_writes():
    written = set(written_by_pages()) | classes_of_crispy() | EDITOR
    for word in [word for word in written if HOLE in word]:
        written |= {word.partition(HOLE)[0] + value for value in WRITTEN.get(word.partition(HOLE)[0], ())}
    unused = {word: name for name, text in PAGES.items() for word in classes_of_sheet(text) if word not in written}
    assert not unused


def test_no_class_is_written_that_no_sheet_knows():
    known = {word for text in PAGES.values() for word in classes_of_sheet(text)} | HANDLES | ON_PAPER
    lost = {word: places for word, places in written_by_pages().items() if word not in known and HOLE not in word}
    assert not lost


def test_documents_and_their_sheet_agree():
    places = [p for p in (ROOT / "templates").rglob("*.html") if is_paper(p)]
    written = {word for path in places for word in classes_of_template(path.read_text(encoding="utf-8"))}
    assert written | ON_PAPER == classes_of_sheet(SHEETS["document"]) | classes_of_sheet(SHEETS["papers"])


def test_the_comparison_of_classes_sees_both_sides():
    page = '<p class="a {% if x %}b{% endif %} c-{{ y }}">{% include "x" with icon_class="d" %}{# class="no" #}</p>'
    assert classes_of_template(page) == {"a", "b", "c-" + HOLE, "d"}
    assert classes_of_sheet('/* .no */ .a > .b:not(.c) { background: url("x.svg"); } @media print { .d { e: .5em } }') == {
        "a", "b", "c", "d",
    }  # fmt: skip
    assert classes_of_python('w.attrs["class"] = "a" if b else "c"; f(icon_class="d"); x = {"class": "e"}') >= set(
        "acde"
    )


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_stays_small_and_within_what_old_phones_read(name):
    text = re.sub(r"/\*.*?\*/", "", SHEETS[name], flags=re.DOTALL)
    assert len(SHEETS[name].splitlines()) <= 600
    for newer in (":has(", ":is(", ":where(", "@layer", "@container", "color-mix(", "width >", "width <", "inset:"):
        assert newer not in text, f"Chrome 80 does not know {newer}"
    inner = re.findall(r"\{([^{}]*)\{", re.sub(r"@(media|page|supports)[^{]*\{", "", text))
    assert not [part for part in inner if part.strip()], "nested rules"


def test_importance_is_rare():
    assert sum(text.count("!important") for text in SHEETS.values()) <= 5


# --- colours: one place ---------------------------------------------------------------------------------------------
TOKENS = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", SHEETS["tokens"]))
HEX = re.compile(r"(?:#|%23)([0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
NEUTRAL = {"fff", "000", "777", "ffffff"}


def colours(text: str) -> set[str]:
    return {value.lower() for value in HEX.findall(text)} - NEUTRAL


@pytest.mark.parametrize("name", sorted(set(PAGES) - {"tokens"}))
def test_a_colour_is_written_in_the_tokens_alone(name):
    known = {value[1:] for value in TOKENS.values()}
    bare = re.sub(r'url\("[^"]*"\)', "", PAGES[name])
    assert not colours(bare), "write var(--...) and put the colour into tokens.css"
    assert colours(PAGES[name]) <= known, "a picture inside a sheet has a colour that the tokens do not know"
    shades = [shade for shade in re.findall(r"rgb\(([^)]*)\)", bare) if not shade.startswith("255 255 255 ")]
    assert not shades, "a shade of an accent colour is a token too"


def test_shades_in_the_tokens_are_their_colours():
    of = {
        name: " ".join(str(int(value[i : i + 2], 16)) for i in (1, 3, 5))
        for name, value in TOKENS.items()
        if len(value) == 7
    }
    shades = {shade.rpartition(" / ")[0] for shade in re.findall(r"rgb\(([^)]*)\)", SHEETS["tokens"])}
    assert shades == {of["sea-900"], of["sea-600"]}


@pytest.mark.parametrize("place", ["templates/base.html", "templates/500.html", "templates/503.html"])
def test_pages_take_their_colours_from_the_tokens(place):
    assert colours((ROOT / place).read_text(encoding="utf-8")) <= {value[1:] for value in TOKENS.values()}


def test_the_frame_of_a_phone_is_the_deep_sea():
    page = (ROOT / "templates" / "base.html").read_text(encoding="utf-8")
    assert f'name="theme-color" content="{TOKENS["sea-800"]}"' in page


def test_charts_take_their_colours_from_the_tokens():
    own = {"plum"}  # a sixth hue, which nothing but a chart needs
    assert {name: value for name, value in PALETTE.items() if value not in TOKENS.values()}.keys() == own


@pytest.mark.parametrize("path", sorted((STATIC / "img").glob("*.svg")), ids=lambda path: path.name)
def test_drawings_take_their_colours_from_the_tokens(path):
    assert colours(path.read_text(encoding="utf-8")) <= {value[1:] for value in TOKENS.values()}


# --- how they are sent ----------------------------------------------------------------------------------------------
def parts(name: str) -> list[str]:
    return re.findall(r'@import url\("([\w-]+)\.css"\);', SHEETS[name])


def test_each_sheet_is_part_of_what_a_page_loads():
    assert set(parts("public-pages")) | set(parts("staff-pages")) == set(PAGES) - {
        "public-pages", "staff-pages", "newsroom",
    }  # fmt: skip
    assert not {"staff", "flow", "work", "lists"} & set(parts("public-pages"))
    assert not {"public", "news", "entrance"} & set(parts("staff-pages"))
    for name in ("public-pages", "staff-pages"):
        assert parts(name)[:3] == ["fonts", "tokens", "base"]
        assert parts(name)[-1] == "print"


@pytest.mark.django_db
def test_a_page_loads_one_sheet(client):
    html = client.get("/tim-kiem/").content.decode()
    assert re.findall(r'<link rel="stylesheet" href="([^"]*)"', html) == ["/static/css/public-pages.css"]


def test_parts_are_joined_when_they_are_collected(tmp_path):
    def save(where: str, text: str) -> None:
        (tmp_path / "from" / where).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "from" / where).write_text(text, encoding="utf-8")

    save("css/one.css", '/* both */\n@import url("a.css");\n@import url("b.css");\n')
    save("css/a.css", "/* first */\n.a { color: red; }\n")
    save("css/b.css", '.b { background: url("../img/x.svg"); }\n')
    save("img/x.svg", "<svg/>")
    source = FileSystemStorage(tmp_path / "from")
    storage = JoinedSheetsStorage(location=tmp_path / "to", base_url="/static/")
    names = ["css/one.css", "css/a.css", "css/b.css", "img/x.svg"]
    for _again in range(2):  # the second time the joined sheet lies there already
        for name in names:
            if not storage.exists(name):
                with source.open(name) as file:
                    storage.save(name, file)
        list(storage.post_process({name: (source, name) for name in names}))
        sent = (tmp_path / "to" / storage.stored_name("css/one.css")).read_text(encoding="utf-8")
        assert sent.index(".a { color: red; }") < sent.index(".b { background:")
        assert "@import" not in sent
        assert storage.stored_name("img/x.svg").rpartition("/")[2] in sent
        save("css/b.css", '.b { background: url("../img/x.svg"); margin: 0; }\n')
    assert "margin: 0" in sent


def test_a_sheet_without_parts_stays_as_it_is():
    assert join_sheet(".a { color: red; } /* b */", lambda part: "") == ".a { color: red; } /* b */"


# --- figures --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "number", "words"),
    [
        ("14.936", "14.936", ""),
        ("10.426.900.000 đồng", "10.426.900.000", "đồng"),
        ("644,7 triệu", "644,7", "triệu"),
        ("66,9%", "66,9%", ""),
        ("-5", "-5", ""),
        ("chưa báo cáo", "", "chưa báo cáo"),
        ("", "", ""),
    ],
)
def test_a_figure_parts_its_number_from_its_unit(value, number, words):
    html = Template("{% figure 'Đã trao' value %}").render(Context({"value": value}))
    assert re.findall(r'class="figure-number">([^<]*)<', html) == ([number] if number else [])
    assert re.findall(r'class="figure-(?:unit|words)">([^<]*)<', html) == ([words] if words else [])


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (["1.100", "chưa báo cáo"], "figures-short"),
        (["1.100", "426.900.000 đồng"], "figures-medium"),
        (["10.426.900.000 đồng", "5"], "figures-long"),
        (["1.234.567.890.123 đồng"], "figures-longest"),
    ],
)
def test_a_group_of_figures_is_sized_by_its_longest_number(values, name):
    html = Template("{% figures %}{% for one in values %}{% figure 'x' one %}{% endfor %}{% endfigures %}")
    assert f'<dl class="figures {name} figures-cards">' in html.render(Context({"values": values}))


def test_a_figure_is_escaped():
    template = Template("{% figures %}{% figure label value hint=hint link=link link_label=label %}{% endfigures %}")
    html = template.render(Context({"label": "<b>", "value": "<i>", "hint": "<u>", "link": '"><s>'}))
    assert not re.search(r"<[bius]>", html)


# --- components -----------------------------------------------------------------------------------------------------
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_writes_no_component_by_hand(path):
    text = path.read_text(encoding="utf-8")
    if path.parent.name != "components":
        assert 'class="breadcrumbs"' not in text, "use {% breadcrumbs %} and {% crumb %}"
        assert not re.search(r'class="(page-head|figures?)[ "]', text) or path.name == "base_staff.html"
    assert not re.search(r'\{% translate "[^"]*" as \w+ %\}', text), 'give words as _("...")'


def test_the_way_to_a_page_is_written_out():
    template = Template(
        "{% breadcrumbs home=True %}{% crumb label 'report_list' %}{% crumb label url=url %}{% crumb label %}{% endbreadcrumbs %}"
    )
    html = template.render(Context({"label": "<Báo cáo>", "url": "/a/?b=1&c=2"}))
    items = re.findall(r"<li>(.*?)</li>", html)
    assert items[1:] == [
        '<a href="/bao-cao/">&lt;Báo cáo&gt;</a>',
        '<a href="/a/?b=1&amp;c=2">&lt;Báo cáo&gt;</a>',
        '<span aria-current="page">&lt;Báo cáo&gt;</span>',
    ]
    assert items[0].startswith('<a href="/">')
