"""The database of the tests and the cast: people with stated relations, not anonymous rows."""

from __future__ import annotations

import functools
import gc
import html
import inspect
import os
import re
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import update_last_login
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.template import Template
from django.test import Client, TransactionTestCase
from django.test.utils import _TestState
from django.urls import Resolver404, resolve, reverse

from portal import database
from portal.models import User
from portal.vocabulary import Role
from tests import factories
from tests.kept import is_kept, order, pile

OUR_APPS = {"portal", "intakes", "news", "members", "scholarships", "reports"}
HERE = Path(__file__).resolve().parent
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's driver runs a loop in the test's thread


def pytest_configure(config):
    """Start the embedded server before Django asks for a database."""
    if not settings.DATABASE_URL:
        database.ensure_running(database.cluster_under(settings.PORTAL_DATA))


#: The longest files come first: whatever is begun last is short, and no worker waits for another at the end.
LONGEST = (
    "test_access.py", "e2e/test_officer_findings.py", "e2e/test_newsroom.py", "reports/test_seed_demo.py",
    "portal/test_start.py", "portal/test_pictures.py", "e2e/", "test_languages_of_pages.py", "portal/test_catalogue.py",
    "reports/test_report_issue.py", "reports/test_stranger.py", "members/test_member_list.py", "scholarships/test_cases.py",
    "test_list_queries.py", "test_architecture.py",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    items.sort(key=place_of)
    order(items)


def place_of(item) -> int:
    """Where the test's file stands among the longest ones."""
    file = item.path.relative_to(HERE).as_posix()
    return next((place for place, name in enumerate(LONGEST) if file.startswith(name)), len(LONGEST))


def pytest_collection_finish(session):
    """Leave the thousands of collected tests out of every search for garbage, and search less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20)


@pytest.fixture(scope="session", autouse=True)
def _pile_of_fixtures(django_db_blocker):
    pile.blocker = django_db_blocker
    yield
    pile.fall_to(0)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Clear the table for whoever commits, or has transactions of another kind."""
    if not is_kept(item):
        pile.fall_to(0)


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef, request):
    """Begin each test upon the fixtures that are kept for it; give it its copies of what they returned."""
    if fixturedef.argname == "_django_db_helper" and is_kept(request.node):  # it opens the test's own transaction
        try:
            pile.stand_for(request.node)
        except BaseException as error:
            fixturedef.cached_result = (None, fixturedef.cache_key(request), (error, error.__traceback__))
            raise
    if pile.functions.get(fixturedef.argname) is fixturedef.func:
        value = pile.copies[fixturedef.argname]
        fixturedef.cached_result = (value, fixturedef.cache_key(request), None)
        return ... if value is None else value  # None would let pytest call the fixture itself
    return None


def empty_all_tables(_self=None) -> None:
    """Empty every table as its owner: append-only tables refuse TRUNCATE while their triggers are on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND relkind = 'r' AND relname NOT IN ('django_migrations', 'django_content_type')"
        )
        tables = [connection.ops.quote_name(name) for (name,) in cursor.fetchall()]
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        empty = _delete_rows if cursor.fetchone()[0] else _truncate
        empty(cursor, tables)
    factories.make_system_account()


def _delete_rows(cursor, tables: list[str]) -> None:
    """Delete what rows there are with all triggers off: a superuser may, and new files for 600 indexes take a second."""
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables))
    filled = [table for (table,) in cursor.fetchall()]
    with transaction.atomic():
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in filled:
            cursor.execute(f"DELETE FROM {table}")
    cursor.execute(
        "SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences "
        "WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename NOT LIKE 'django_migrations%%'"
        " AND sequencename NOT LIKE 'django_content_type%%'"
    )


def _truncate(cursor, tables: list[str]) -> None:
    cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%%no_truncate'")
    guarded = [name for (name,) in cursor.fetchall()]
    for name in guarded:
        cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
    for name in guarded:
        cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")


TransactionTestCase._fixture_teardown = empty_all_tables


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Keep PostgreSQL from counting rows by itself: most tests never commit, and it would count none.

    A table that was counted so is taken for an empty one, and a join of two lists of 1,000 rows then takes minutes.
    What is committed need not outlive the server either: nobody waits for the disk.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_database())")
        cursor.execute(f"ALTER DATABASE {cursor.fetchone()[0]} SET synchronous_commit = off")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")


@pytest.fixture(autouse=True)
def _media_in_a_folder_of_its_own(request, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    if is_kept(request.node):
        request.getfixturevalue("db")
    if is_kept(request.node) and pile.levels:
        shutil.copytree(pile.levels[-1].media, tmp_path / "media")


@pytest.fixture
def tree(db):
    """The city with two districts of 2023 (LC with a ward and a chapter, NQ), and their successors since July 2025."""
    return factories.make_tree()


@pytest.fixture
def site_profile(db):
    return factories.make_site_profile()


def _member_of_the_cast(username: str, role: Role, unit_key: str):
    @pytest.fixture(name=username.replace(".", "_"))
    def fixture(tree) -> User:
        return factories.make_user(username, role=role, unit=tree[unit_key])

    return fixture


contributor = _member_of_the_cast("contributor", Role.CONTRIBUTOR, "HP")
editor = _member_of_the_cast("editor", Role.EDITOR, "HP")
officer_lc = _member_of_the_cast("officer.lc", Role.OFFICER, "LC")  # of a district that has ended
officer_nq = _member_of_the_cast("officer.nq", Role.OFFICER, "NQ")  # the stranger
officer_lechan = _member_of_the_cast("officer.lechan", Role.OFFICER, "LECHAN")  # of the ward that succeeded LC
officer_ngoquyen = _member_of_the_cast("officer.ngoquyen", Role.OFFICER, "NGOQUYEN")
approver = _member_of_the_cast("approver", Role.APPROVER, "HP")
leader = _member_of_the_cast("leader", Role.LEADER, "HP")
auditor = _member_of_the_cast("auditor", Role.AUDITOR, "HP")
administrator = _member_of_the_cast("administrator", Role.ADMINISTRATOR, "HP")
# of the ward alone: what they may do must end at its border
administrator_lechan = _member_of_the_cast("administrator.lechan", Role.ADMINISTRATOR, "LECHAN")
editor_lechan = _member_of_the_cast("editor.lechan", Role.EDITOR, "LECHAN")
approver_lechan = _member_of_the_cast("approver.lechan", Role.APPROVER, "LECHAN")
auditor_lechan = _member_of_the_cast("auditor.lechan", Role.AUDITOR, "LECHAN")
leader_lechan = _member_of_the_cast("leader.lechan", Role.LEADER, "LECHAN")


@functools.cache
def reads_version(view) -> bool:
    """Whether the view, or a function of ours that it names, reads the version of a form: there is one way to."""
    todo, seen = [view], set()
    while todo:
        one = inspect.unwrap(todo.pop())
        if not inspect.isfunction(one) or one.__module__.split(".")[0] not in OUR_APPS:
            if one is inspect.unwrap(view):
                return True  # of another package: whoever looks at the page sees
            continue
        if one in seen:
            continue
        seen.add(one)
        names = names_in(one.__code__)
        if "shown_version" in names:
            return True
        values = [one.__globals__[name] for name in names if name in one.__globals__]
        modules = [value for value in values if inspect.ismodule(value)]
        todo += values + [getattr(module, name) for module in modules for name in names if hasattr(module, name)]
    return False


def names_in(code) -> set[str]:
    """All names that a function uses, those in its inner functions too."""
    inner = [names_in(one) for one in code.co_consts if inspect.iscode(one)]
    return set(code.co_names).union(*inner)


@contextmanager
def unwatched_templates():
    """Let templates render as on the site for a while: nobody looks at their contexts, of which tests keep copies."""
    watched, Template._render = Template._render, _TestState.saved_data.template_render
    try:
        yield
    finally:
        Template._render = watched


class Browser(Client):
    """A client that sends, as a browser does, the version that the page of a form showed when no other is given."""

    def post(self, path, data=None, *args, **kwargs):
        if (data is None or isinstance(data, dict)) and "version" not in (data or {}):
            data = {**(data or {}), **self.version_shown_for(path)}
        return super().post(path, data, *args, **kwargs)

    def version_shown_for(self, path: str) -> dict[str, str]:
        """What the form that posts to the address holds as its version; nothing when there is no such form."""
        try:
            match = resolve(path.partition("?")[0])
        except Resolver404:
            return {}
        if not reads_version(match.func):
            return {}
        name, keep = getattr(match.func, "form_page", ("", None))
        page = (
            reverse(name, kwargs={key: match.kwargs[key] for key in (match.kwargs if keep is None else keep)})
            if name
            else path
        )
        with unwatched_templates():
            answer = self.get(page)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            return {}
        for form in re.findall(r"<form\b.*?</form>", answer.content.decode(), re.DOTALL):
            action = re.search(r'<form\b[^>]*\baction="([^"]*)"', form)
            shown = re.search(r'name="version" value="([^"]*)"', form)
            if shown and (action[1] if action else page) == path:
                return {"version": html.unescape(shown[1])}
        return {}


def answer_for_the_person(client: Client, user: User, *, ago: int = 0) -> None:
    """Let the session say that the password was given again, `ago` seconds since."""
    session = client.session
    session.update(answered(user, ago=ago))
    session.save()


def answered(user: User, *, ago: int = 0) -> dict[str, object]:
    """What a session holds of a password that was given again."""
    method = {"method": "password", "at": time.time() - ago, "reauthenticated": True}
    return {"account_authentication_methods": [method], "account_authentication_methods_user": str(user.pk)}


def open_session(client: Client, user: User) -> None:
    """Sign the person in as `force_login` and `answer_for_the_person` do, with one session written once."""
    session = SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        | answered(user)
    )
    session.create()
    update_last_login(None, user)
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


@pytest.fixture
def client_of(db):
    """Return a browser-like client signed in as the given person (None: the public)."""

    def sign_in(user: User | None) -> Client:
        client = Browser()
        if user is not None:
            open_session(client, user)
        return client

    return sign_in
