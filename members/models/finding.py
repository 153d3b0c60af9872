"""A page of a million members found by their names: by which index it is read, and where it begins.

A list is read in the order of names and ends after one page, so what matters is how many entries are passed over on the
way. These ways lead through indexes, and the one with the fewest entries is taken:

- the units of the list, where few people belong to them: all of their entries, sorted; of each unit the first ones
  alone, where no word is asked for;
- pairs of words, where few people bear both (`membership_pairs`): all of them, sorted;
- the rarest word: each of its entries stands in the order of names already (`membership_word_1` and on);
- the order of names itself, where nothing is asked, or only what half the city bears.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any, ClassVar

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

WORD_PLACES = 8  # by which words of a name its bearer is found first; `membership_word_1` and on in 0002_guards
_USUAL = 4  # words of a usual name
FEW_UNITS = 200  # no more than a ward has: their people are looked through from first to last
FEW_IN_UNITS = 12_000  # people of more units than that who are looked through as well
FEW_BEARERS = 8_000  # people who bear all the words: they are looked up one by one
MANY_WORDS = 40  # so many words begin like what was typed: it is passed over on the way, not begun with
_TABLE = "members_membership"
_WORDS = "' ' || m.list_words || ' '"
_LATER = f"(SELECT FROM {_TABLE} l WHERE l.member_id = m.member_id AND lower(l.valid) > lower(m.valid))"
#: Who is listed -> the condition, of which `%s` is today.
WHO = {
    "": "m.valid @> %s",
    "left": f"upper(m.valid) <= %s AND NOT EXISTS {_LATER}",
    "all": f"%s IS NOT NULL AND NOT EXISTS {_LATER}",
}


@dataclass
class FoundMembers:
    """Memberships in the order of names, as a list pages through them: whole words first, of the last its beginning."""

    key_types: ClassVar[tuple[type, ...]] = (str, int)

    rows: QuerySet[Any]
    today: datetime.date
    who: str = ""
    units: Sequence[int] | None = None  # None: all
    words: Sequence[str] = ()
    people: Sequence[int] | None = None  # members found by a number
    from_end: bool = False
    _conditions: list[str] = field(default_factory=list)
    _values: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ask("m.list_key <> ''")
        self._ask(WHO[self.who], self.today)
        if self.units is not None:
            self._ask("m.unit_id = ANY(%s::bigint[])", list(self.units))
        if self.people is not None:
            self._ask("m.member_id = ANY(%s::bigint[])", list(self.people))
        for word in self.words:
            self._ask(f"strpos({_WORDS}, %s) > 0", f" {word}" if word == self.words[-1] else f" {word} ")
        self._way: tuple[str, list[Any]] | None = None  # chosen with the first page

    def _ask(self, condition: str, *values: Any) -> None:
        self._conditions.append(condition)
        self._values += values

    def first(self, count: int, after: Sequence[Any] | None = None) -> list[Any]:
        """Return the first rows after a key."""
        return self._read(count, after, from_end=self.from_end)

    def last(self, count: int, before: Sequence[Any] | None = None) -> list[Any]:
        """Return the last rows before a key."""
        return self._read(count, before, from_end=not self.from_end)[::-1]

    def key_of(self, row: Any) -> list[Any]:
        """Return where a row stands in the order."""
        return [row.list_key, row.member_id]

    def _read(self, count: int, key: Sequence[Any] | None, *, from_end: bool) -> list[Any]:
        statement, values = self._statement(count, key, from_end=from_end)
        ids: Any = RawSQL(statement, values)  # noqa: S611 - fixed words, every value is a parameter # nosec B611
        order = ("-list_key", "-member_id") if from_end else ("list_key", "member_id")
        return list(self.rows.filter(pk__in=ids).order_by(*order))

    def _statement(self, count: int, key: Sequence[Any] | None, *, from_end: bool) -> tuple[str, list[Any]]:
        way, end = (">", "DESC") if from_end else ("<", "")
        conditions, values = list(self._conditions), list(self._values)
        if key is not None:
            conditions.append(f"(%s, %s) {way} (m.list_key, m.member_id)")
            values += key
        where, order = " AND ".join(conditions), f"ORDER BY list_key {end}, member_id {end} LIMIT {int(count)}"
        if self._way is None:
            self._way = self._choose_way()
        kind, given = self._way
        columns = "m.id, m.list_key, m.member_id"
        if kind == "word":
            places = " UNION ALL ".join(
                f"({_select(columns, f'{_word(place)} = w.word AND {where}', place)} {order})"
                for place in range(1, WORD_PLACES + 1)
            )
            words = "SELECT DISTINCT found.* FROM unnest(%s::text[]) w(word) CROSS JOIN LATERAL "
            source, values = f"{words} ({places}) found", [given, *values * WORD_PLACES]
        elif kind == "units":
            one = f"{_select(columns, f'm.unit_id = u.id AND {where}')} {order}"
            source = f"SELECT found.* FROM unnest(%s::bigint[]) u(id) CROSS JOIN LATERAL ({one}) found"  # noqa: S608 - fixed words # nosec B608
            values = [given, *values]
        elif kind == "pairs":
            borne = " AND ".join(f"({_PAIRS}) && %s::text[]" for _pair in given)
            long = f"{_word(_USUAL + 1)} <> ''"
            source = (
                f"{_select(columns, f'{borne} AND NOT {long} AND {where}')} UNION ALL "
                f"{_select(columns, f'{long} AND {where}')}"
            )
            values = [*given, *values, *values]
        elif kind == "sorted":
            source = _select(columns, where)
        else:
            return f"{_select('m.id', where)} {order}", values
        return f"WITH found AS MATERIALIZED ({source}) SELECT id FROM found {order}", values  # noqa: S608 - fixed words # nosec B608

    def _choose_way(self) -> tuple[str, list[Any]]:
        """Return how the page is read, and what it begins with: spellings of a word or of pairs, or units."""
        if self.people is not None:
            return "sorted", []
        if self.units is not None and len(self.units) <= FEW_UNITS:
            return ("sorted", []) if self.words else ("units", list(self.units))
        if not self.words:
            return "order", []
        spellings = {word: [word] for word in self.words} | {self.words[-1]: _words_beginning(self.words[-1])}
        if len(self.words) == 1 and self.units is None:
            rarest = self.words[0]
        else:
            pairs = _pairs_of(self.words, spellings)
            expected, beside = self._expect(spellings, pairs)
            if expected.pop("", FEW_IN_UNITS + 1) <= FEW_IN_UNITS:
                return "sorted", []
            every = max(expected.pop("*"), 1.0)
            bearers = [
                many * math.prod(expected[word] / every for word in self.words if word not in pair)
                for pair, many in beside.items()
            ]
            few = FEW_BEARERS if len(pairs) > 1 else FEW_BEARERS // 4  # two words alone are met often on the way
            if bearers and min(bearers) <= few:
                return "pairs", list(pairs.values())
            rarest = min(expected, key=expected.__getitem__)
        return ("word", spellings[rarest]) if len(spellings[rarest]) <= MANY_WORDS else ("order", [])

    def _expect(
        self, spellings: Mapping[str, list[str]], pairs: Mapping[tuple[str, str], list[str]]
    ) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
        """Return how many entries the planner expects of each word, the units ("") and all ("*"), and of each pair.

        No table is read.
        """
        borne = " OR ".join(f"{_word(place)} = ANY(%s::text[])" for place in range(1, _USUAL + 1))
        parts: dict[Any, tuple[str, list[Any]]] = {word: (borne, [ways] * _USUAL) for word, ways in spellings.items()}
        parts |= {pair: (f"({_PAIRS}) && %s::text[]", [ways]) for pair, ways in pairs.items()}
        parts["*"] = ("m.list_key <> ''", [])
        if self.units is not None:
            parts[""] = ("m.unit_id = ANY(%s::bigint[])", [list(self.units)])
        names = {f"way_{number}": name for number, name in enumerate(parts)}
        ways = ", ".join(f"{way} AS MATERIALIZED ({_select('1', parts[name][0])})" for way, name in names.items())
        counted = " UNION ALL ".join(f"TABLE {way}" for way in names)
        with connection.cursor() as cursor:
            values = [value for _, given in parts.values() for value in given]
            cursor.execute(f"EXPLAIN (FORMAT JSON) WITH {ways} {counted}", values)
            plan = cursor.fetchone()[0]
        root = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
        rows = {one.get("Subplan Name"): float(one["Plan Rows"]) for one in _nodes(root)}
        expected = {name: rows[f"CTE {way}"] for way, name in names.items()}
        return {name: expected[name] for name in expected if name not in pairs}, {
            pair: expected[pair] for pair in pairs
        }


def _pairs_of(words: Sequence[str], spellings: Mapping[str, list[str]]) -> dict[tuple[str, str], list[str]]:
    """Return pairs of the words with all their spellings, in both orders.

    The last one may be the beginning of another of the words, and is none of its own then.
    """
    last = words[-1]
    own = list(words[:-1])
    if not any(word.startswith(last) for word in own) and len(spellings[last]) <= MANY_WORDS:
        own.append(last)
    return {
        (one, other): [
            f"{first} {second}"
            for ways in product(spellings[one], spellings[other])
            for first, second in (ways, ways[::-1])
        ]
        for one, other in combinations(own, 2)
    }


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a plan and all that it is made of."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _word(place: int) -> str:
    return f"split_part(m.list_words, ' ', {place})"


def _pairs_in(column: str) -> str:
    """Return the expression of `membership_pairs` in 0002_guards: each two words of a usual name, in their order."""
    word = [f"split_part({column}, ' ', {place})" for place in range(1, _USUAL + 1)]
    found = {
        many: ", ".join(f"{one} || ' ' || {other}" for one, other in combinations(word[:many], 2))
        for many in range(2, _USUAL + 1)
    }
    cases = " ".join(f"WHEN {word[many - 1]} <> '' THEN ARRAY[{found[many]}]" for many in sorted(found, reverse=True))
    return f"CASE {cases} END"


_PAIRS = _pairs_in("m.list_words")


def _select(what: str, where: str, place: int = 0) -> str:
    """Return a statement on memberships; `place` takes the index of the words in that place of a name."""
    indexed = f" AND {_word(place)} <> ''" if place else ""
    return f"SELECT {what} FROM {_TABLE} m WHERE {where}{indexed}"  # noqa: S608 - fixed words # nosec B608


def _words_beginning(letters: str) -> list[str]:
    """Return the words of names that begin so, about MANY_WORDS at most, each found by one step in an index."""
    ways = []
    for place in range(1, WORD_PLACES + 1):
        least = f"min({_word(place)})"
        first, following = (
            _select(f"{least} AS word", f"{_word(place)} {sign}", place) for sign in (">= %s", "> w.word")
        )
        following = f"SELECT ({following}) FROM w WHERE starts_with(w.word, %s)"  # noqa: S608 - fixed words # nosec B608
        steps = f"WITH RECURSIVE w AS ({first} UNION ALL {following}) SELECT word FROM w LIMIT {MANY_WORDS + 2}"  # noqa: S608 - fixed words # nosec B608
        ways.append(f"({steps})")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(ways), [letters] * (2 * WORD_PLACES))
        return [word for (word,) in cursor.fetchall() if word and word.startswith(letters)]
