"""What fixtures put into the database is made once for the tests of a file that ask for the same.

The fixtures stay ordinary ones: each is called once, in a savepoint of its own upon those it needs; every test begins
on the savepoint of its last one and is rolled back to it. A test that asks for fewer or others goes back as far as the
two have in common. Values are copied for each test, so that what one test does to an object, another does not see.
What yields, takes parameters or needs more than the database is set up for each test as ever, and so is everything of
a test marked `fresh`: one that counts on what its fixtures leave outside the database.
"""

from __future__ import annotations

import copy
import inspect
import pickle
import shutil
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings


@dataclass
class Level:
    """One fixture on the pile: its definition, its savepoint, and all values as they were after it."""

    definition: pytest.FixtureDef
    savepoint: transaction.Atomic
    values: dict[str, Any]
    media: Path


class Pile:
    """The fixtures that stand in the database at the moment, one upon the other."""

    def __init__(self) -> None:
        self.levels: list[Level] = []
        self.blocker: Any = None  # pytest-django's guard over the database
        self.server: Any = None  # the connection that the savepoints are of
        self.copies: dict[str, Any] = {}
        self.functions: dict[str, Any] = {}
        self.not_copied: set[Any] = set()

    def stands(self) -> bool:
        """Whether the savepoints are there: a test may have closed the connection."""
        return self.server is connection.connection and connection.in_atomic_block

    def stand_for(self, item: pytest.Item) -> None:
        """Bring the pile to what the test asks for, and copy the values for it."""
        wanted = kept_fixtures(item)
        common = 0
        if self.stands() and not connection.needs_rollback:
            pairs = zip(self.levels, wanted, strict=False)
            common = next(
                (n for n, (one, other) in enumerate(pairs) if one.definition.func is not other.func),
                min(len(self.levels), len(wanted)),
            )
        self.fall_to(common)
        for definition in wanted[common:]:
            if not self.put(definition):
                return self.stand_for(item)
        self.functions = {one.definition.argname: one.definition.func for one in self.levels}
        self.copies = copy.deepcopy(self.levels[-1].values) if self.levels else {}
        return None

    def put(self, definition: pytest.FixtureDef) -> bool:
        """Call one fixture upon the others; False when what it returns cannot be copied, and so cannot be kept."""
        below = self.levels[-1] if self.levels else None
        values = copy.deepcopy(below.values) if below else {}
        media = Path(tempfile.mkdtemp(prefix="kept-"))
        if below:
            shutil.copytree(below.media, media, dirs_exist_ok=True)
        with self.blocker.unblock(), override_settings(MEDIA_ROOT=str(media)):
            savepoint = transaction.atomic()
            savepoint._from_testcase = True  # as the tests' own: what must be outermost may stand in it
            savepoint.__enter__()
            self.levels.append(Level(definition, savepoint, values, media))
            self.server = connection.connection
            try:
                arguments = {name: values.get(name) for name in definition.argnames}
                values[definition.argname] = definition.func(**arguments)
                connection.check_constraints()  # what waits for the end is asked now, and not again for each test
                copy.deepcopy(values)
            except (TypeError, pickle.PicklingError):
                self.fall_to(len(self.levels) - 1)
                self.not_copied.add(definition.func)
                return False
            except BaseException:
                self.fall_to(len(self.levels) - 1)
                raise
        return True

    def fall_to(self, height: int) -> None:
        """Take away what stands above the height, with all that it put into the database."""
        stands = self.stands()
        self.functions, self.copies = {}, {}
        if self.levels and not stands:
            with self.blocker.unblock():
                connection.connect()
        while len(self.levels) > height:
            level = self.levels.pop()
            shutil.rmtree(level.media, ignore_errors=True)
            if stands:
                with self.blocker.unblock():
                    transaction.set_rollback(True)
                    level.savepoint.__exit__(None, None, None)


pile = Pile()


def is_case(item: pytest.Item) -> bool:
    """Whether the test is a method of a TestCase, which opens transactions of its own."""
    return issubclass(getattr(item, "cls", None) or object, unittest.TestCase)


def is_kept(item: pytest.Item) -> bool:
    """Whether the test is rolled back at its end, and nothing speaks against keeping what it stands on."""
    marker = item.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server", "django_db_reset_sequences"} & set(getattr(item, "fixturenames", ()))
    )
    if is_case(item):
        return False
    uses = marker is not None or "db" in getattr(item, "fixturenames", ())
    return uses and not commits and item.get_closest_marker("fresh") is None


def kept_fixtures(item: pytest.Item) -> list[pytest.FixtureDef]:
    """Return the fixtures of a test that are kept, each after those it needs; those that need most come first."""
    info = item._fixtureinfo
    found: dict[str, list[pytest.FixtureDef]] = {}

    def needs(name: str) -> list[pytest.FixtureDef] | None:
        """The fixtures to call for a name, itself the last; None when it is not one to keep."""
        if name in found:
            return found[name] or None
        found[name] = []  # a name that asks for itself is not kept
        definitions = info.name2fixturedefs.get(name) or ()
        definition = definitions[-1] if definitions else None
        ours = definition is not None and (definition.func.__module__ or "").startswith("tests.")
        if (
            not ours
            or definition.scope != "function"
            or definition.params
            or inspect.isgeneratorfunction(definition.func)
            or definition.func in pile.not_copied
        ):
            return None
        below: dict[int, pytest.FixtureDef] = {}
        for argument in definition.argnames:
            if argument == "db":
                continue
            chain = needs(argument)
            if chain is None:
                return None
            below |= {id(one): one for one in chain}
        if not below and "db" not in definition.argnames:
            return None  # it does something else than put rows into the database
        found[name] = [*below.values(), definition]
        return found[name]

    chains = [chain for name in info.names_closure if (chain := needs(name)) is not None]
    chains.sort(key=lambda chain: (-len(chain), chain[-1].argname))
    return list({id(one): one for chain in chains for one in chain}.values())


def order(items: list[pytest.Item]) -> None:
    """Let tests of one file that ask for the same come one after the other."""
    start = 0
    while start < len(items):
        end = start
        while end < len(items) and items[end].path == items[start].path and is_kept(items[end]):
            end += 1
        names = {item: tuple(one.argname for one in kept_fixtures(item)) for item in items[start:end]}
        items[start:end] = sorted(items[start:end], key=names.__getitem__)
        start = max(end, start + 1)
