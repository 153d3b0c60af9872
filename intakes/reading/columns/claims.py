"""What each column may be by itself: the fields its heading may mean, as far as its cells do not speak against them."""

from __future__ import annotations

import re

from intakes.reading.columns.contents import Contents, speaks_for
from intakes.reading.columns.evidence import Claim, Evidence
from intakes.reading.columns.headers import EXACT, HINT, HOLDS, Match
from intakes.reading.files.sheets import column_letter
from intakes.reading.words.words import circumstance_of, gender_of, kinds_in, plain

MINIMUM = 25  # below it a heading and its cells contradict each other
_DATE_PARTS = {"ngày": "day", "ngay": "day", "tháng": "month", "thang": "month", "năm": "year"}
ROUND = re.compile(r"(?:đợt|lần|kỳ|học kỳ|hk|quý|tháng)\s*[\divx]|.*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")


class Claims(Evidence):
    """Decides nothing between columns, except what stands next to each other and what the officer said."""

    def _mapped(self) -> None:
        for column in self.span:
            path = self.paths[column]
            target = self.headings.mapped(column_letter(column), self.header(column)) or (
                self.headings.mapped("", path[-1]) if path else None
            )
            if target:
                name, _colon, unit = target.partition(":")
                self.taken[column] = name
                self.reasons[column] = "mapping"
                self.scale_choice = {"dong": 1, "thousand": 1000, "million": 1_000_000}.get(unit, self.scale_choice)

    def _neighbours(self) -> None:
        """Find the given name in a column without a heading of its own, beside "Họ và tên"."""
        for column in self.span:
            following = column + 1
            if following not in self.contents or column in self.taken or following in self.taken:
                continue
            path, below = self.paths[column], self.paths[following]
            if not path or not any(
                match.field == "full_name" and match.score >= HOLDS for match in self.headings.match(path[-1])
            ):
                continue
            given, whole = self.contents[following], self.contents[column]
            if (
                (not below or below == path)
                and given.filled
                and given.word >= 0.6
                and given.school_class < 0.5
                and given.gender < 0.7
                and whole.text > 0.5
            ):
                self.taken[column], self.taken[following] = "family_name", "given_name"
                self.reasons[column], self.reasons[following] = "header", "neighbour"

    def _claims(self, column: int) -> list[Claim]:
        found = self.contents[column]
        claims = [
            Claim(column, match.field, match.score + {1: 15, 0: 0, -1: -80}[speaks_for(match.field, found)], match.kind)
            for match in self._matches(column, found)
        ]
        return sorted((claim for claim in claims if claim.score >= MINIMUM), key=lambda claim: -claim.score)

    def _matches(self, column: int, found: Contents) -> list[Match]:
        path = self.paths[column]
        if not path:
            return []
        below, above = path[-1], path[0] if len(path) > 1 else ""
        matches = list(self.headings.match(below))
        upper = list(self.headings.match(above)) if above else []
        if upper and upper[0].field in ("guardian", "source") and upper[0].score >= HOLDS:
            return [Match(upper[0].field if upper[0].field == "guardian" else "ignore", EXACT)]
        owner = upper[0].field if upper else ""
        part = _DATE_PARTS.get(plain(below))
        if part and owner in ("birth", "given_on", "joined_on"):
            return [Match(f"{owner}_{part}", EXACT)]
        gender = gender_of(below) if len(below) > 1 else None
        if gender and owner in ("birth", "gender"):
            return [Match(f"{owner if found.birthlike else 'gender'}.{gender}", EXACT)]
        if gender and found.birthlike:
            return [Match(f"birth.{gender}", EXACT)]
        ticked = found.mark > 0.7 and found.amount < 0.2
        if (
            ticked
            and circumstance_of(below) not in (None, "other")
            and not kinds_in(below)
            and self.schema.field("circumstance")
        ):
            return [Match(f"circumstance.{circumstance_of(below)}", HOLDS)]
        kinds = kinds_in(above) if above else frozenset()
        own = kinds_in(below)
        if (
            len(own) == 1
            and self.schema.field("kind")
            and (ticked or found.amount > 0.5)
            and (not matches or matches[0].field in ("kind", "programme", "kind_column"))
        ):
            return self._kind_column(Match("kind_column", HOLDS, next(iter(own))), found)
        if matches and matches[0].field == "kind_column":
            return self._kind_column(matches[0], found)
        if len(kinds) == 1 and matches:
            kind = next(iter(kinds))
            matches = [Match(match.field, match.score, kind) for match in matches]
        if found.amount > 0.5 and ROUND.match(plain(below)):
            return [Match("amount", HOLDS, next(iter(kinds)) if len(kinds) == 1 else None)]
        if matches and (matches[0].score > HINT or not upper):
            return matches
        joined = list(self.headings.match(f"{above} {below}")) if above else []
        weaker = [
            Match(match.field, max(match.score - 30, HINT), match.kind) for match in upper if match.field != "ordinal"
        ]
        return [*matches, *(match for match in [*joined, *weaker] if match.field != "kind_column")] or (
            self._kind_column(upper[0], found) if upper and upper[0].field == "kind_column" else []
        )

    def _kind_column(self, match: Match, found: Contents) -> list[Match]:
        if found.mark > 0.8 and found.amount < 0.2:
            return [Match("kind_mark", HOLDS, match.kind)]
        if found.amount >= 0.3 or not found.filled or found.number > 0.5:
            return [Match("amount", HOLDS, match.kind)]
        if found.kind > 0.5:
            return [Match("kind", HINT)]
        if found.date > 0.6:
            return [Match("given_on", HINT, match.kind)]
        if found.text > 0.8 and found.amount + found.number < 0.1:
            return [Match("note", HINT)]
        return [Match("amount", HOLDS, match.kind)]

    def _dates(self) -> None:
        """Tell days under a heading "Ngày" alone apart: births lie years apart, the days of giving do not."""
        for column, claims in self.claims.items():
            fields = {claim.field for claim in claims}
            if not {"given_on", "joined_on"} & fields or "birth" not in fields:
                continue
            years = self.contents[column].years
            birth = bool(years) and max(years) - min(years) > 2
            others = [
                self.contents[other].median_year
                for other in self.contents
                if other != column and self.contents[other].date > 0.5
            ]
            median = self.contents[column].median_year
            if median and any(other and other - median > 3 for other in others):
                birth = True
            for claim in claims:
                if (claim.field == "birth") == birth:
                    claim.score += 10
            claims.sort(key=lambda claim: -claim.score)
