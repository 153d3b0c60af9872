"""Two recipients that are known to be one person count once wherever people are counted, and as two again when parted."""

from __future__ import annotations

import pytest

from portal.lib.periods import HalfYear
from reports.figures import compute
from reports.figures.catalogue import INDICATORS
from reports.services.open_rows import _people, _rows_of
from reports.services.rows import rows_behind
from reports.services.statements import _spending
from scholarships.models import Disbursement, Recipient
from scholarships.services.recipients import judge_recipients, undo_verdict
from tests import factories
from tests.reports import rows

H1 = HalfYear(2023, 1)


@pytest.fixture
def clerk(city):
    return factories.make_user("can.bo.tp", role="officer", unit=city["HP"])


def people_of(city, code, kind="distinct"):
    return compute(city["HP"], H1).by_unit[code].get(f"recipients.{kind}", 0)


def behind(units, **moment):
    return rows_behind(INDICATORS["recipients.distinct"], H1, [unit.pk for unit in units], **moment)


def test_joined_recipients_are_one_person_until_they_are_parted(city, clerk, leader):
    kept, other = Recipient.objects.filter(unit=city["LC"]).order_by("pk")[:2]
    told = compute(city["HP"], H1).figures
    issued = rows.freeze(city["HP"], H1, leader)
    payload = issued.payload
    verdict = judge_recipients(kept=kept, other=other, is_same=True, reason="Cùng một em", actor=clerk)
    after = compute(city["HP"], H1).figures
    changed = {code for code in after if after[code] != told.get(code)}
    assert changed == {"recipients.distinct", "recipients.pupil"}
    assert after["recipients.distinct"] == told["recipients.distinct"] - 1
    inside = [city["LC"], city["LC-AB"]]
    found = behind(inside)
    assert found.total == people_of(city, "LC") == 18
    given = sum(Disbursement.objects.filter(recipient__in=[kept, other]).values_list("amount", flat=True))
    assert {row["person_id"]: row["given"] for row in found.lines}[kept.pk] == given
    assert behind(inside, as_of=issued.issued_at).total == 19  # what stood behind the issued figure
    issued.refresh_from_db()
    assert issued.payload == payload
    undo_verdict(verdict=verdict, actor=clerk)
    assert compute(city["HP"], H1).figures == told
    assert behind(inside).total == 19


def test_joined_across_units_the_person_counts_where_the_kept_one_belongs(city, clerk):
    kept, other = (Recipient.objects.filter(unit=city[code]).order_by("pk").first() for code in ("NQ", "LC"))
    Recipient.objects.filter(pk=kept.pk).update(kind="student")
    verdict = judge_recipients(kept=kept, other=other, is_same=True, reason="Chuyển trường", actor=clerk)
    assert (people_of(city, "LC"), people_of(city, "NQ"), people_of(city, "NQ", "student")) == (18, 9, 1)
    undo_verdict(verdict=verdict, actor=clerk)
    assert (people_of(city, "LC"), people_of(city, "NQ")) == (19, 9)


def test_groups_that_may_be_named_and_statements_count_persons(city, clerk):
    award = Disbursement.objects.filter(unit=city["LC"], programme__kind="award", is_hardship=True).order_by("pk")
    kept, other = (row.recipient for row in award[:2])
    cell = (city["LC"].pk, "award", True)
    before = _people(_rows_of(H1))[cell]
    funds = [city["funds"]["LC"]]
    _spent, people = _spending(funds, H1)
    judge_recipients(kept=kept, other=other, is_same=True, reason="Cùng một em", actor=clerk)
    assert _people(_rows_of(H1))[cell] == before - 1
    spent, fewer = _spending(funds, H1)
    assert spent == _spent
    assert fewer == people | {"award": people["award"] - 1}
