"""What a file says of itself against what is asked for it: whose list it is, of which half-year, of which kind."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

from intakes.reading.rows.results import Reading
from intakes.reading.rows.statements import count_problem
from intakes.reading.words.questions import Question
from intakes.reading.words.titles import count_in, read_titles
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import fold, format_int, normalize
from portal.models import Unit, UnitSuccession, UnitVersion

_LONGEST_LINE = 160
_HALF_CODE = re.compile(r"(?<!\d)(20\d\d) ?h([12])\b|\bh([12]) ?(20\d\d)(?!\d)")
_MEMBERSHIP = re.compile(r"vao hoi|ket nap|gia nhap hoi")
_PLANNED = re.compile(r"\b(?:de nghi|du kien) (?:trao|ho tro|cap|xet|tang)|ke hoach trao|chua trao|se trao")
_MONEY = re.compile(r"so tien|muc tien|hoc bong|muc ho tro|tri gia|muc thuong")


def ask_unit(reading: Reading, unit: Unit, file_name: str, half: HalfYear) -> list[Question]:
    """Ask when title, sheets and file name speak of another unit and not of this one.

    Names of units above and below, of predecessors while they existed, and of places nobody knows contradict nothing;
    nor does a sheet for each place, for many are called alike, unless it names a unit as large as this one.
    """
    texts = _texts(reading, file_name)
    if not texts:
        return []
    tree = Tree()
    own, above = tree.own(unit.pk, half), tree.above(unit.pk)
    foreign, sheets = "", {table.sheet for table in reading.tables}
    for text in texts:
        for name, units in tree.named_in(text):
            if units & own:
                return []
            small = text in sheets and all(tree.ranks[one] > tree.ranks[unit.pk] for one in units)
            if not small and not units & above and tree.had_begun(units, half):
                foreign = foreign or name
    if not foreign:
        return []
    return [Question("other_unit", params={"said": foreign, "unit": unit.name_on(half.last_day)})]


def ask_half(reading: Reading, half: HalfYear, *, file_name: str = "", outside: bool = False) -> list[Question]:
    """Ask when title, sheets or file name say another half-year, or (`outside`) nearly all days lie in one other."""
    said = {table.facts.half for table in reading.tables if table.facts.half}
    said = said or _half_named(_bare(file_name))
    if outside and (not said or half.code in said):
        days = _half_of_days(reading)
        said = days if not said or days <= {half.previous().code, half.next().code} else said
    if len(said) != 1 or half.code in said:
        return []
    other = HalfYear.parse(said.pop())
    return [Question("other_half", params={"said": other.screen_label, "half": half.screen_label, "code": other.code})]


def say_count(reading: Reading, file_name: str) -> None:
    """Note where the name of the file, "DS 45 em.xlsx", says another number than its rows."""
    count = count_in(_bare(file_name))
    if count_problem(count, reading):
        people = len({(row.sheet, row.row) for row in reading.rows})
        reading.note("file_name_count", written=format_int(count or 0), computed=format_int(people))


def _half_named(text: str) -> set[str]:
    """Return the half-year in the name of a file: "6 thang dau nam 2023", "2023-H1", "H1 2023"."""
    if half := read_titles([text]).half:
        return {half}
    found = _HALF_CODE.search(fold(text))
    return {f"{found[1] or found[4]}-H{found[2] or found[3]}"} if found else set()


def _bare(file_name: str) -> str:
    """Return the name of a file without its ending, its words apart."""
    return re.sub(r"[_\-.+]+", " ", file_name.rpartition(".")[0] or file_name)


def ask_kind(reading: Reading) -> list[Question]:
    """Ask when a list of what was given is read as one of members, or the other way round."""
    headings = [fold(text) for table in reading.tables for text in table.header_texts.values()]
    roles = {role.partition(".")[0] for table in reading.tables for role in table.roles}
    if not headings:
        return []
    members = any(map(_MEMBERSHIP.search, headings)) and not any(map(_MONEY.search, headings))
    gifts = any(map(_MONEY.search, headings)) and not any(map(_MEMBERSHIP.search, headings))
    if reading.schema.field("amount") is not None:
        return [Question("list_of_members")] if members and "amount" not in roles else []
    return [Question("list_of_gifts")] if gifts else []


def find_units(reading: Reading, file_name: str, among: set[int]) -> tuple[int, str] | None:
    """Return the one unit of `among` that title, sheets or file name speak of, and the words; None when not one does.

    Of a unit and those above it the lowest is meant; of several below one that is named too, that one.
    """
    tree = Tree()
    words: dict[int, str] = {}
    for text in _texts(reading, file_name):
        for name, units in tree.named_in(text):
            for pk in units & among:
                words.setdefault(pk, name)
    if not words:
        words = tree.coded_in(file_name, among)
    lowest = {pk for pk in words if not any(pk in tree.above(other) for other in words)}
    if len(lowest) == 1:
        pk = lowest.pop()
        return pk, words[pk]
    shared = [pk for pk in words if all(pk in tree.above(one) for one in lowest)]
    best = [pk for pk in shared if not any(pk in tree.above(other) for other in shared)]
    return (best[0], words[best[0]]) if len(best) == 1 else None


def find_half(reading: Reading) -> HalfYear | None:
    """Return the half-year of which the title speaks, or in which nearly all days lie."""
    said = {table.facts.half for table in reading.tables if table.facts.half}
    if not said and reading.schema.field("given_on") is not None:
        said = _half_of_days(reading)
    return HalfYear.parse(said.pop()) if len(said) == 1 else None


def is_planned(reading: Reading) -> bool:
    """Whether the title says that nothing has been handed out yet."""
    return any(_PLANNED.search(fold(line)) for table in reading.tables for line in table.facts.lines)


def _half_of_days(reading: Reading) -> set[str]:
    given = [row.values["given_on"] for row in reading.rows if row.values["given_on"]]
    days = Counter(HalfYear.containing(day).code for day in given)
    code, count = days.most_common(1)[0] if days else ("", 0)
    return {code} if count >= 0.9 * sum(days.values()) > 0 else set()


def _texts(reading: Reading, file_name: str) -> list[str]:
    """Return the texts that may name a unit: titles, names of sheets, the file's name."""
    found: list[str] = []
    for table in reading.tables:
        facts = table.facts
        found += [*([facts.unit_name] if facts.unit_name else []), *facts.lines, table.sheet]
    found.append(_bare(file_name))
    return [text for text in dict.fromkeys(found) if text and len(text) <= _LONGEST_LINE]


class Tree:
    """All units with all their names, and who stands or stood above whom."""

    def __init__(self) -> None:
        self.names: dict[str, set[int]] = defaultdict(set)
        self.parents: dict[int, set[int]] = defaultdict(set)
        self.spans: dict[int, list[object]] = defaultdict(list)
        self.ranks: dict[int, int] = {}
        versions = UnitVersion.objects.values_list("unit_id", "parent_id", "name", "valid", "level__rank")
        for unit_id, parent_id, name, valid, rank in versions:
            self.ranks[unit_id] = min(rank, self.ranks.get(unit_id, rank))
            self.names[_words(name)].add(unit_id)
            self.spans[unit_id].append(valid)
            if parent_id is not None:
                self.parents[unit_id].add(parent_id)
        self.before = list(UnitSuccession.objects.values_list("from_unit_id", "to_unit_id"))

    def named_in(self, text: str) -> Iterable[tuple[str, set[int]]]:
        """Yield what a text names: the words as written, and the units that are or were called so."""
        tidy = normalize(text)
        words = _words(tidy).split()
        shown = tidy.split()
        for start in range(len(words)):
            for end in range(min(len(words), start + 8), start + 1, -1):
                if units := self.names.get(" ".join(words[start:end])):
                    same = len(words) == len(shown)
                    yield (" ".join(shown[start:end]) if same else tidy).strip(" ,.;:-–"), units

    def coded_in(self, file_name: str, among: set[int]) -> dict[int, str]:
        """Return the units of `among` whose code stands in a file name ("03-LC.xlsx")."""
        parts = set(re.findall(r"[A-Z0-9]{2,}", file_name.rpartition(".")[0]))
        return dict(Unit.objects.filter(pk__in=among, code__in=parts).values_list("pk", "code"))

    def had_begun(self, units: set[int], half: HalfYear) -> bool:
        """Whether one of the units was there by then; the name of a later one is that of some place."""
        lowers = (getattr(span, "lower", None) for pk in units for span in self.spans[pk])
        return any(lower is None or lower <= half.last_day for lower in lowers)

    def above(self, pk: int) -> set[int]:
        """Return the units that stand or stood above one."""
        found: set[int] = set()
        new = set(self.parents[pk])
        while new:
            found |= new
            new = {parent for one in new for parent in self.parents[one]} - found
        return found

    def own(self, pk: int, half: HalfYear) -> set[int]:
        """Return a unit, those below it, and its predecessors of the half-year with those below them."""
        tops = {pk}
        for old, new in self.before:
            spans = self.spans[old] if new == pk else []
            if any(_overlap(span, half) for span in spans):
                tops.add(old)
        return {one for one in self.spans if one in tops or self.above(one) & tops}


def _overlap(span: object, half: HalfYear) -> bool:
    lower, upper = getattr(span, "lower", None), getattr(span, "upper", None)
    return (lower is None or lower <= half.last_day) and (upper is None or upper > half.first_day)


@lru_cache(maxsize=20_000)  # as many as there are units: each list compares itself with all of them
def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(normalize(text))))
