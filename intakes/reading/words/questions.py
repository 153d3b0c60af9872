"""What a careful clerk would ask about some rows of a list: one sentence, the readings, one answer for all its rows.

A question is a plain value without sentences; whoever shows it makes them of its code, in the reader's language. Its id
depends on nothing but what is asked, so that an answer holds for a dry run, the real one and every reading again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

LEAVE_OUT = "leave_out"  # the rows are not taken
TAKE = "take"  # the rows are taken as they were read
SAME = "same"  # the rows are recorded already, or stand in the list already
OTHER = "other"  # the rows are those of somebody else, and are taken
MOVE = "move"  # the list counts in the half-year that the file names

MEND = "mend"  # the rows are taken with what is proposed
CORRECT = "correct"  # the rows are refused until the officer corrects each of them

#: What each choice is called; the first that a question offers is the one a careful clerk would expect.
CHOICES: dict[str, str | Promise] = {
    LEAVE_OUT: _("Leave these rows out"),
    TAKE: _("Take these rows"),
    SAME: _("The same person: not counted again"),
    OTHER: _("Another person: take these rows"),
    CORRECT: _("I correct these rows one by one"),
}


@dataclass(frozen=True)
class Wording:
    """How a question of one code is asked: its sentence and its choices, each with words of its own or the common ones.

    The sentence may use the question's params, and count, rows (their numbers in words), amount, sheet.
    """

    sentence: Any  # a lazy text
    choices: dict[str, str | Promise]
    is_steady: bool = False  # the same question while rows of it are mended one by one
    is_lasting: bool = True  # the answer says something about the unit's next file like this


def _choices(*codes: str, **worded: str | Promise) -> dict[str, str | Promise]:
    return {code: CHOICES[code] for code in codes} | worded


QUESTIONS: dict[str, Wording] = {
    "legacy_font": Wording(
        ngettext_lazy(
            "Sheet “%(sheet)s” is typed in an old font (TCVN3 or VNI). %(count)d name was converted to Unicode, for "
            "example “%(example)s”. Is it right?",
            "Sheet “%(sheet)s” is typed in an old font (TCVN3 or VNI). %(count)d names were converted to Unicode, for "
            "example “%(example)s”. Are they right?",
            "count",
        ),
        _choices(take=_("Right: take the converted names"), leave_out=CHOICES[LEAVE_OUT]),
    ),
    "name_title": Wording(
        ngettext_lazy(
            "Row %(rows)s holds a form of address before the name. Without it the name is “%(example)s”. Is it right?",
            "Rows %(rows)s hold a form of address before the name. Without it the first name is “%(example)s”. Is it "
            "right?",
            "count",
        ),
        _choices(take=_("Right: take the names without it"), leave_out=CHOICES[LEAVE_OUT]),
    ),
    "hidden_sheet": Wording(
        ngettext_lazy(
            "The sheet “%(sheet)s” is hidden and holds %(count)d row (%(amount)s). Does it belong to the list?",
            "The sheet “%(sheet)s” is hidden and holds %(count)d rows (%(amount)s). Do they belong to the list?",
            "count",
        ),
        _choices(LEAVE_OUT, TAKE),
    ),
    "struck_out": Wording(
        ngettext_lazy(
            "Row %(rows)s is struck out (%(amount)s). Was it taken off the list?",
            "Rows %(rows)s are struck out (%(amount)s). Were they taken off the list?",
            "count",
        ),
        _choices(LEAVE_OUT, TAKE),
    ),
    "alike_equal": Wording(
        ngettext_lazy(
            "Row %(rows)s names somebody who is there already by name and birth, but with another telephone number. "
            "Is it the same person?",
            "Rows %(rows)s name people who are there already by name and birth, but with another telephone number. "
            "Are they the same people?",
            "count",
        ),
        _choices(SAME, OTHER),
    ),
    "alike_missing": Wording(
        ngettext_lazy(
            "Row %(rows)s has the name of somebody who is there already, but one of the two is without a birth. "
            "Is it the same person?",
            "Rows %(rows)s have names of people who are there already, but one of each two is without a birth. "
            "Are they the same people?",
            "count",
        ),
        _choices(SAME, OTHER),
    ),
    "alike_shorter": Wording(
        ngettext_lazy(
            "Row %(rows)s has the name of somebody who is there already, born in the same year, but one of the two "
            "births is not a whole date. Is it the same person?",
            "Rows %(rows)s have names of people who are there already, born in the same year, but one of each two "
            "births is not a whole date. Are they the same people?",
            "count",
        ),
        _choices(SAME, OTHER),
    ),
    "alike_swapped": Wording(
        ngettext_lazy(
            "Row %(rows)s has the name of somebody who is there already, but day and month of the birth stand the "
            "other way round. Is it the same person?",
            "Rows %(rows)s have names of people who are there already, but day and month of the births stand the "
            "other way round. Are they the same people?",
            "count",
        ),
        _choices(SAME, OTHER),
    ),
    "alike_proposed": Wording(
        ngettext_lazy(
            "Row %(rows)s has the name that is proposed for another row, whose name cannot be taken as it stands. "
            "Is it the same person?",
            "Rows %(rows)s have names that are proposed for other rows, whose names cannot be taken as they stand. "
            "Are they the same people?",
            "count",
        ),
        _choices(SAME, OTHER),
    ),
    "alike_phone": Wording(
        ngettext_lazy(
            "Row %(rows)s has the name and the telephone number of somebody who is there already, but another birth. "
            "Is it the same person?",
            "Rows %(rows)s have names and telephone numbers of people who are there already, but other births. "
            "Are they the same people?",
            "count",
        ),
        _choices(SAME, OTHER),
    ),
    "other_unit": Wording(
        _("The file says %(said)s, it is being sent for %(unit)s. Is this the right unit?"),
        {LEAVE_OUT: _("No: do not take this file"), TAKE: _("Yes: these rows belong to %(unit)s")},
        is_lasting=False,
    ),
    "other_half": Wording(
        _("The file is of %(said)s, it is being sent for %(half)s. Which half-year is meant?"),
        {MOVE: _("Move the file to %(said)s"), LEAVE_OUT: _("Do not take this file"), TAKE: _("Leave it in %(half)s")},
        is_lasting=False,
    ),
    "list_of_members": Wording(
        _("This looks like a list of members: it has days of joining and no amounts. Send it on the page of members."),
        {LEAVE_OUT: _("Do not take this file"), TAKE: _("It is a list of what was given")},
        is_lasting=False,
    ),
    "list_of_gifts": Wording(
        _(
            "This looks like a list of what was given: it has amounts and no days of joining. Send it on the "
            "page of batches."
        ),
        {LEAVE_OUT: _("Do not take this file"), TAKE: _("It is a list of members")},
        is_lasting=False,
    ),
    "doubt_date_order": Wording(
        ngettext_lazy(
            "Column “%(column)s”: the spreadsheet program seems to have exchanged day and month in row %(rows)s: "
            "“%(value)s” instead of %(example)s. Which is right?",
            "Column “%(column)s”: the spreadsheet program seems to have exchanged day and month in %(count)d rows "
            "(%(rows)s), for example “%(value)s” instead of %(example)s. Which is right?",
            "count",
        ),
        _choices(
            mend=_("Exchange day and month"),
            take=_("Leave the days as they stand"),
            correct=CHOICES[CORRECT],
            leave_out=CHOICES[LEAVE_OUT],
        ),
        is_steady=True,
    ),
    "doubt_legacy_font": Wording(
        ngettext_lazy(
            "%(count)d name of column “%(column)s” (row %(rows)s) is typed in an old font: “%(value)s” is "
            "“%(example)s”. Shall it be converted to Unicode?",
            "%(count)d names of column “%(column)s” (rows %(rows)s) are typed in an old font, for example "
            "“%(value)s” is “%(example)s”. Shall they be converted to Unicode?",
            "count",
        ),
        _choices(
            mend=_("Right: take the converted names"),
            correct=CHOICES[CORRECT],
            leave_out=CHOICES[LEAVE_OUT],
        ),
        is_steady=True,
    ),
    "doubt_class_is_number": Wording(
        ngettext_lazy(
            "Row %(rows)s gives the class as “%(value)s”: the spreadsheet program seems to have made a number of "
            "“%(example)s”. Which is right?",
            "%(count)d rows (%(rows)s) give the class as a number, for example “%(value)s”: the spreadsheet program "
            "seems to have made it of “%(example)s”. Which is right?",
            "count",
        ),
        _choices(
            mend=_("The class with its letter"),
            take=_("The number as it stands"),
            correct=CHOICES[CORRECT],
            leave_out=CHOICES[LEAVE_OUT],
        ),
        is_steady=True,
    ),
    "doubt_amount_far": Wording(
        ngettext_lazy(
            "Row %(rows)s gets far more than the others of its column (%(amount)s). Is the amount right?",
            "%(count)d rows (%(rows)s) get far more than the others of their column (%(amount)s together). Are the "
            "amounts right?",
            "count",
        ),
        _choices(
            mend=_("No: a unit of money too many, take %(example)s and the like"),
            correct=CHOICES[CORRECT],
            take=_("The amounts are right: take them"),
            leave_out=CHOICES[LEAVE_OUT],
        ),
        is_steady=True,
        is_lasting=False,
    ),
    "doubt_row_total_differs": Wording(
        ngettext_lazy(
            "In row %(rows)s the amounts add up to something else than the row's total “%(value)s” (%(amount)s). "
            "Are the amounts right?",
            "In %(count)d rows (%(rows)s) the amounts add up to something else than the row's total, for example "
            "“%(value)s” (%(amount)s together). Are the amounts right?",
            "count",
        ),
        _choices(
            correct=CHOICES[CORRECT],
            take=_("The amounts are right: take them"),
            leave_out=CHOICES[LEAVE_OUT],
        ),
        is_steady=True,
        is_lasting=False,
    ),
    "doubt_words_differ": Wording(
        ngettext_lazy(
            "In row %(rows)s the amount in words, “%(value)s”, is not that in figures (%(amount)s). Which is right?",
            "In %(count)d rows (%(rows)s) the amount in words is not that in figures, for example “%(value)s” "
            "(%(amount)s together in figures). Which is right?",
            "count",
        ),
        _choices(
            correct=CHOICES[CORRECT],
            mend=_("The words are right"),
            take=_("The figures are right"),
            leave_out=CHOICES[LEAVE_OUT],
        ),
        is_steady=True,
        is_lasting=False,
    ),
    "not_received": Wording(
        ngettext_lazy(
            "Row %(rows)s carries the note “%(text)s” (%(amount)s). Was it given all the same?",
            "Rows %(rows)s carry the note “%(text)s” (%(amount)s). Were they given all the same?",
            "count",
        ),
        _choices(LEAVE_OUT, TAKE),
    ),
}


@dataclass
class Question:
    """One question. `rows` are the numbers of the rows it is about; [] means all of the sheet, sheet "" the whole file.

    `changes` says what a choice of its own puts into the rows: choice -> field -> the values, one for each of `rows`.
    `without`: choices of its wording that are not offered here. A doubt about cells names their `field` in its params.
    """

    code: str
    sheet: str = ""
    rows: list[int] = field(default_factory=list)
    params: dict[str, str] = field(default_factory=dict)
    changes: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    without: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Return the name under which the question is answered."""
        about: list[Any] = [self.params["field"]] if QUESTIONS[self.code].is_steady else [self.rows, self.params]
        what = json.dumps([self.code, self.sheet, *about], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:10]

    @property
    def choices(self) -> dict[str, str | Promise]:
        """Return what may be answered: choice -> its words."""
        offered = QUESTIONS[self.code].choices
        return {code: words for code, words in offered.items() if code not in self.without} if self.without else offered

    @cached_property
    def places(self) -> dict[int, int]:
        """Return where the number of each row stands in `rows`."""
        return {row: place for place, row in enumerate(self.rows)}

    def covers(self, sheet: str, row: int) -> bool:
        """Whether the question is about this row."""
        return self.sheet in ("", sheet) and (not self.rows or row in self.places)
