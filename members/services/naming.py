"""Finds the unit that a list calls by name, on the day that counts."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.lib.identifiers import UNIT_CODE_WRITTEN
from portal.lib.vietnamese import fold, normalize, short_date
from portal.models import Unit, UnitSuccession, UnitVersion
from portal.vocabulary import LevelWord

OUTSIDE = "outside"  # the unit is there, and is not the sender's

_WORDS = {short: fold(level) for level in LevelWord for short in level.short}
_OFFICE = re.compile(r"^(?:(?:ban (?:chap hanh|thuong vu) )?(?:hoi khuyen hoc|hoi kh|hkh|khuyen hoc|hoi)) ")
_PARTS = re.compile(r"\s*,\s*|\s+[-–]\s+")
_CODED = re.compile(rf".+ \(({UNIT_CODE_WRITTEN})\)")
_LEVEL = re.compile(rf"^(?:{'|'.join(fold(level) for level in LevelWord.those('is_unit'))}) ")


class UnitFinder:
    """All units with all their names, loaded by one query once somebody asks for one.

    With `root`, only that unit, those whose tasks passed to it, and those below them on the day count.
    """

    def __init__(self, *, root: Unit | None = None) -> None:
        self.root_id = root.pk if root else None
        self._roots = {root.pk, *_predecessors(root)} if root else set()
        self._full: dict[str, list[UnitVersion]] = defaultdict(list)
        self._bare: dict[str, list[UnitVersion]] = defaultdict(list)
        self._codes: dict[str, list[UnitVersion]] = defaultdict(list)
        self._versions: dict[int, list[UnitVersion]] = defaultdict(list)
        self._known: dict[tuple[str, datetime.date], Unit | ValidationError] = {}

    def _load(self) -> None:
        for version in UnitVersion.objects.select_related("unit").order_by("level__rank", "unit__code"):
            key = _key(version.name)
            self._full[key].append(version)
            self._bare[_LEVEL.sub("", key)].append(version)
            self._codes[version.unit.code.casefold()].append(version)
            self._versions[version.unit_id].append(version)

    def find(self, text: str, on: datetime.date) -> Unit:
        """The unit called so on the day.

        Accents, capitals, the level's word and "Hội Khuyến học" may be missing or there;
        "Chi hội 1, phường Lê Chân" names the unit and one above it. ValidationError when no unit or more than one is
        meant.
        """
        key = (text, on)
        if not self._versions:
            self._load()
        if key not in self._known:
            self._known[key] = self._find(text, on)
        found = self._known[key]
        if isinstance(found, ValidationError):
            raise found
        return found

    def _find(self, text: str, on: datetime.date) -> Unit | ValidationError:
        ever = outside = False
        if coded := _CODED.fullmatch(normalize(text)):  # as the portal's own files write it: "Chi hội 1 (11383-C1)"
            for one in self._codes.get(coded[1].casefold(), []):
                if on in one.valid and self._fits(one, [], on):
                    return one.unit
        head, *above = [part for part in _PARTS.split(normalize(text)) if part.strip()] or [""]
        for name, parents in ((text, []), (head, above)) if above else ((text, []),):
            for versions in self._called(name):
                ever = ever or bool(versions)
                outside = outside or any(on in one.valid for one in versions)
                here = {one.unit_id: one for one in versions if on in one.valid and self._fits(one, parents, on)}
                if len(here) > 1:
                    written = normalize(name).casefold()
                    here = {pk: one for pk, one in here.items() if written in normalize(one.name).casefold()} or here
                if len(here) == 1:
                    return next(iter(here.values())).unit
                if here:
                    return self._ambiguous(text, here.values())
        if outside:
            said = _("“%(value)s” is another unit, not one of those for which you send this list.")
            return ValidationError(said % {"value": text}, code=OUTSIDE)
        if ever:
            said = _("“%(value)s” did not exist on %(day)s. Write the unit of that time, or correct the day.")
            return ValidationError(said % {"value": text, "day": short_date(on)})
        said = _("There is no unit called “%(value)s”. Write its name as the association knows it.")
        return ValidationError(said % {"value": text})

    def _called(self, name: str) -> list[list[UnitVersion]]:
        """Versions by their whole name, by the name without the level's word (unless one is given), by the code."""
        wanted = _key(name)
        bare = [] if _LEVEL.match(wanted) else self._bare.get(wanted, [])
        return [self._full.get(wanted, []), bare, self._codes.get(normalize(name).casefold(), [])]

    def _fits(self, version: UnitVersion, parents: list[str], on: datetime.date) -> bool:
        """Whether the unit stands below the root and below units of the names in `parents`."""
        chain = list(self._chain(version, on))
        if self._roots and not self._roots & {one.unit_id for one in chain}:
            return False
        names = {name for one in chain[1:] for name in (_key(one.name), _LEVEL.sub("", _key(one.name)))}
        return all(_key(parent) in names for parent in parents)

    def _chain(self, version: UnitVersion, on: datetime.date) -> Iterator[UnitVersion]:
        while True:
            yield version
            above = [one for one in self._versions[version.parent_id or 0] if on in one.valid]
            if not above:
                return
            version = above[0]

    def _ambiguous(self, text: str, versions: Iterable[UnitVersion]) -> ValidationError:
        names = "; ".join(sorted(f"{version.name} ({version.unit.code})" for version in versions))
        said = _("“%(value)s” may be several units: %(names)s. Write the code of one.")
        return ValidationError(said % {"value": text, "names": names})


def _predecessors(root: Unit) -> set[int]:
    """Return the units whose tasks passed to one, or to those from which it has them."""
    pairs = list(UnitSuccession.objects.values_list("from_unit_id", "to_unit_id"))
    found: set[int] = set()
    new = {root.pk}
    while new:
        new = {old for old, heir in pairs if heir in new} - found
        found |= new
    return found


@lru_cache(maxsize=20_000)  # as many as there are units: each list compares itself with all of them
def _key(name: str) -> str:
    words = re.findall(r"[a-z0-9]+", fold(normalize(name)))
    if words and words[0] in _WORDS and len(words) > 1:
        words[0] = _WORDS[words[0]]
    return _OFFICE.sub("", " ".join(words)) or " ".join(words)
