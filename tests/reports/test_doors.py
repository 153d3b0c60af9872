"""What one publication withholds no other gives back: each door by its name, and the check that finds a planted leak."""

import csv
import datetime as dt
import io
import random
from collections import Counter

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.lib.periods import HalfYear
from reports import services
from reports.figures import DatedTree, Doors, public_figures
from reports.figures.disclosure import LEAST
from reports.figures.recovery import Publication, find_told, propose_more
from reports.models import Report
from reports.services.documents import render_report_csv, render_report_docx, render_report_xlsx
from reports.services.issuing import demand_issuable
from reports.services.narrative import Background, Telling, as_text, write_narrative
from reports.services.open_books import book_lines
from reports.services.open_rows import POOLED, open_rows, sum_pooled
from reports.services.publication import ToldError, demand_untold
from reports.services.row_knowledge import Issue
from scholarships.models import Disbursement, Fund, LedgerEntry
from tests import factories
from tests.reports import rows
from tests.reports.test_disclosure import figure_set
from tests.soak import at_length

H1, H2 = HalfYear(2023, 1), HalfYear(2023, 2)
NEW, TOTAL, TURNS = "members.new", "members.total", "disbursements.turns"


def issue_of(unit, half, withhold=()):
    draft = services.build(unit, half, withhold=withhold)
    return Issue(unit.code, half, draft.payload, draft.exact)


def check(unit, half, withhold=()):
    demand_untold(issue_of(unit, half, withhold), DatedTree(half.last_day))


@pytest.fixture
def people(tree, site_profile):
    """LC has 20 members and 3 new ones, NQ 20 and 12, its ward LC-AB 15 and 9: what is said of LC tells of three."""
    tree["programmes"] = factories.make_programmes(tree["HP"])
    tree["funds"] = {code: factories.make_fund(tree[code]) for code in ("LC", "NQ", "LC-AB")}
    for code, before, new in (("LC", 20, 3), ("NQ", 20, 12)):
        for number in range(before):
            rows.join(tree[code], f"Hội viên {code} {number}", on=dt.date(2022, 5, 1))
        for number in range(new):
            rows.join(tree[code], f"Hội viên mới {code} {number}", on=dt.date(2023, 9, 1))
    return tree


def test_a_small_total_that_one_unit_alone_gives_stops_no_report(site_profile):
    """City totals are public, however small: a unit that alone has such a figure says no more than the total."""
    city = factories.make_unit("HP", "Thành phố Hải Phòng")
    unit = factories.make_unit("LC", "Quận Lê Chân", parent=city)
    for number in range(3):
        rows.join(unit, f"Hội viên {number}", on=dt.date(2023, 3, 1))
    assert issue_of(city, H1).public["figures"][NEW] == 3
    check(city, H1)
    rows.join(city, "Hội viên của thành phố", on=dt.date(2023, 3, 1))  # now the two would tell each other
    assert NEW not in issue_of(city, H1).public["by_unit"]["LC"]


# ---- each door ------------------------------------------------------------------------------------------------


def test_door_of_a_units_own_report(city, leader):
    """NQ's awards are withheld in the city's report: NQ's own report, before or after it, does not give them."""
    withheld = set(services.build(city["HP"], H1).payload["withheld"]["NQ"])
    assert f"{TURNS}.award" in withheld
    own = services.build(city["NQ"], H1).payload
    assert not withheld & set(own["figures"])
    assert not withheld & set(own["own"])
    assert withheld <= set(own["withheld"]["NQ"])
    rows.freeze(city["HP"], H1, leader)
    assert not withheld & set(services.build(city["NQ"], H1).payload["figures"])
    check(city["NQ"], H1)


def test_door_of_a_report_below(city, leader):
    """What a district's own report withholds, the city's does not say of the district."""
    rows.freeze(city["LC"], H1, leader, withhold=["LC:recipients.distinct"])
    told = services.build(city["HP"], H1).payload
    assert "recipients.distinct" not in told["by_unit"]["LC"]
    assert "recipients.distinct" not in told["by_unit"]["NQ"]  # else the total tells


def test_door_of_two_halves(people, leader):
    """23 members after 20 would tell the 3 new ones: both are withheld, and so is a neighbour's pair."""
    first = rows.freeze(people["HP"], H1, leader)
    assert first.payload["by_unit"]["LC"][TOTAL] == 20
    second = services.build(people["HP"], H2).payload
    assert second["figures"][NEW] == 15
    for code in ("LC", "NQ"):
        assert not {NEW, TOTAL} & set(second["by_unit"][code])
    check(people["HP"], H2)
    rows.freeze(people["HP"], H2, leader)
    third = services.build(people["HP"], H2.next()).payload
    assert TOTAL not in third["by_unit"]["LC"]  # 0 new ones after it would tell the half before
    check(people["HP"], H2.next())


def test_door_of_other_formats(city, leader):
    payload = services.build(city["HP"], H1).payload
    hidden = {(row, code) for row, codes in payload["withheld"].items() for code in codes}
    assert hidden
    lines = list(csv.DictReader(io.StringIO(render_report_csv(payload).decode("utf-8-sig"))))
    by_cell = {(one["ma_don_vi"], one["ma_chi_tieu"], one["phan"]): one for one in lines}
    for row, code in hidden - {("HP", code) for code in payload["figures"]}:
        line = by_cell[row, code, "tổng" if row == "HP" else "đơn vị"]
        assert (line["gia_tri"], line["tinh_trang"]) == ("", "không công bố"), (row, code)
    book = openpyxl.load_workbook(io.BytesIO(render_report_xlsx(payload)))
    awards = f"{payload['indicators'][f'{TURNS}.award']['label']} (lượt)"
    sheet = next(one for one in book if one.title.startswith("Biểu") and awards in [cell.value for cell in one[2]])
    column = [cell.value for cell in sheet[2]].index(awards)
    told = {line[0].value: line[column].value for line in sheet.iter_rows(min_row=3)}
    assert told["Quận Ngô Quyền"] == told["Quận Lê Chân"] == "*"
    assert isinstance(told["Tổng cộng"], int)  # no formula that adds up what is not there
    assert render_report_docx(payload)[:2] == b"PK"


def test_door_of_rows_by_unit(city):
    """A second unit's figure is withheld beside the small one, so that the total less the others tells nothing."""
    payload = services.build(city["HP"], H1).payload
    assert f"{TURNS}.award" not in payload["by_unit"]["LC"]
    assert payload["figures"][f"{TURNS}.award"] == 9
    check(city["HP"], H1)


def test_door_of_open_rows(people, leader):
    """LC's 9 awards are withheld beside NQ's 4; its rows, all of large groups, would give them back: LC is not named."""
    rows.give(people, "LC", count=18, kinds=("award", "support"), hardship=2)
    rows.give(people, "NQ", count=12, kinds=("award", "support", "support"), hardship=2, start=100)
    report = rows.freeze(people["HP"], H1, leader)
    assert f"{TURNS}.award" in report.payload["withheld"]["LC"]
    assert {row["unit"] for row in open_rows(H1)} == {POOLED}
    check(people["HP"], H1)


# ---- the check ------------------------------------------------------------------------------------------------


def test_the_check_refuses_a_planted_leak(city, leader):
    """A ward's figures that were issued before by themselves tell what the city withholds: refused, with what to do."""
    planted = services.build(city["NQ"], H1)
    payload = planted.payload | {"figures": planted.exact["figures"], "own": planted.exact["own"], "withheld": {}}
    canonical = services.canonical_json(payload)
    report = rows.freeze(city["LC"], H1.next(), leader)  # of another half-year: no door of this one
    check(city["HP"], H1)
    with rows.unguarded():
        type(report).objects.filter(pk=report.pk).update(
            unit=city["NQ"], period=H1.code, payload=payload, exact=planted.exact, canonical=canonical,
            sha256=services.sha256_of(canonical),
        )  # fmt: skip
    with pytest.raises(ToldError, match="Quận Ngô Quyền"):
        check(city["HP"], H1)


def test_the_check_names_what_to_withhold_and_takes_it(city, leader):
    """The members of LC's ward are told by the district's report and the city's: one more cell, and it may be issued."""
    draft = services.build(city["HP"], H1)
    leaky = draft.payload | {
        "by_unit": draft.payload["by_unit"]
        | {"LC": draft.payload["by_unit"]["LC"] | {f"{TURNS}.award": draft.exact["by_unit"]["LC"][f"{TURNS}.award"]}},
        "withheld": draft.payload["withheld"]
        | {"LC": [code for code in draft.payload["withheld"]["LC"] if code != f"{TURNS}.award"]},
    }
    with pytest.raises(ToldError) as caught:
        demand_untold(Issue("HP", H1, leaky, draft.exact), DatedTree(H1.last_day))
    assert caught.value.cells == [f"LC:{TURNS}.award"]
    check(city["HP"], H1, caught.value.cells)
    assert f"{TURNS}.award" not in services.build(city["HP"], H1, withhold=caught.value.cells).payload["by_unit"]["LC"]


def show(issue, unit, *codes):
    """The draft as it would be, did it not withhold these figures of the unit."""
    public, exact = issue.public, issue.exact["by_unit"][unit]
    shown = {
        "by_unit": public["by_unit"] | {unit: public["by_unit"][unit] | {code: exact[code] for code in codes}},
        "withheld": public["withheld"] | {unit: [one for one in public["withheld"][unit] if one not in codes]},
    }
    return Issue(issue.unit, issue.period, public | shown, issue.exact)


def refuse(issue):
    with pytest.raises(ToldError) as caught:
        demand_untold(issue, DatedTree(issue.period.last_day))
    return caught.value


@pytest.fixture
def bare(tree, site_profile):
    """The city and two districts, each with a fund whose book is public; nothing is given yet."""
    tree["programmes"] = factories.make_programmes(tree["HP"])
    tree["funds"] = {code: factories.make_fund(tree[code]) for code in ("HP", "LC", "NQ")}
    Fund.objects.update(is_public=True)
    return tree


def test_the_check_refuses_a_leak_through_the_fund_book(bare):
    """So few were paid from funds that no total and no row says it; yet the books say what all of them were paid."""
    for code in ("LC", "NQ"):
        rows.give(bare, code, count=30, source="direct", kinds=("award",), hardship=2)
    rows.give(bare, "LC", count=3, amount=500_000, kinds=("award",), hardship=1, start=50)
    rows.give(bare, "NQ", count=1, amount=700_000, kinds=("award",), hardship=1, start=50)
    city, paid = bare["HP"], "disbursements.amount.fund"
    draft = issue_of(city, H1)
    assert paid not in draft.public["figures"]
    demand_untold(draft, DatedTree(H1.last_day))  # who of the two was paid what, the books do not say
    told = refuse(show(draft, "NQ", f"{TURNS}.fund", paid))
    assert any("Lê Chân" in one for one in told.leak.told)
    assert f"NQ:{TURNS}.fund" in told.cells
    check(city, H1, told.cells)


def test_the_check_refuses_a_leak_through_the_issuers_own_rows(bare):
    """The association's own awards and LC's stand in one pooled sum: LC's figure would tell the other."""
    rows.give(bare, "HP", count=3, kinds=("award",), hardship=1)
    rows.give(bare, "LC", count=9, kinds=("award",), hardship=2)
    for code in ("HP", "LC"):
        rows.give(bare, code, count=20, kinds=("support",), hardship=2, start=50)
    city, awards = bare["HP"], f"{TURNS}.award"
    draft = issue_of(city, H1, [f"HP:{awards}"])
    assert awards not in draft.public["figures"]
    demand_untold(draft, DatedTree(H1.last_day))
    told = refuse(show(draft, "LC", awards))
    assert any("Hải Phòng" in one for one in told.leak.told)
    assert told.cells == [f"LC:{awards}"]
    check(city, H1, [f"HP:{awards}", *told.cells])


def take_back(unit, half, count=1):
    """What a later half-year takes back of the unit's first rows, as row and fund book say it."""
    for row in Disbursement.objects.filter(unit=unit, half=H1.code).order_by("id")[:count]:
        Disbursement.objects.filter(pk=row.pk).update(
            reversed_at=timezone.now(), reversed_half=half.code, reversal_reason="Trao nhầm người"
        )
        paid = LedgerEntry.objects.get(batch=row.batch, kind="payout")
        LedgerEntry.objects.create(
            fund=row.fund, half=half.code, kind="reversal", reverses=paid, amount=row.amount, occurred_on=half.first_day,
            reason="Trao nhầm người", actor=rows.system(),
        )  # fmt: skip


def test_door_of_what_is_taken_back(bare, leader):
    """Of LC, NQ and the association itself one turn each was taken back: withheld, and no row or line names whose."""
    city, back = bare["HP"], "disbursements.recalled.turns"
    for code in ("HP", "LC", "NQ"):
        rows.give(bare, code, count=30, kinds=("award",), hardship=2)
    rows.freeze(city, H1, leader)
    assert {row["unit"] for row in open_rows(H1)} == {"HP", "LC", "NQ"}
    for code in ("HP", "LC", "NQ"):
        take_back(bare[code], H2)
    assert {row["reversal"] for row in open_rows(H1)} == {""}  # still open
    assert {line["unit"] for line in book_lines(H2)} == {POOLED}
    draft = issue_of(city, H2)
    assert back not in draft.public["by_unit"]["LC"]
    demand_untold(draft, DatedTree(H2.last_day))
    rows.freeze(city, H2, leader)
    told = {(row["unit"], row["reversal"]) for row in open_rows(H1)}
    assert told == {(POOLED, POOLED)}  # who holds the older file would know whose row it was
    assert sum_pooled(H2)[back] == 3
    assert {line["unit"] for line in book_lines(H2)} == {POOLED}
    assert {line["unit"] for line in book_lines(H1)} == {POOLED}


def test_the_check_refuses_what_was_taken_back_told_by_the_fund_book(bare, leader):
    """What came back of LC and of the association stands in the books in one sum: LC's figure would tell the other."""
    city, back = bare["HP"], "disbursements.recalled"
    for code in ("HP", "LC"):
        rows.give(bare, code, count=30, kinds=("award",), hardship=2)
    rows.freeze(city, H1, leader)
    take_back(bare["HP"], H2)
    take_back(bare["LC"], H2, count=9)
    draft = issue_of(city, H2, [f"HP:{back}.turns"])
    demand_untold(draft, DatedTree(H2.last_day))
    told = refuse(show(draft, "LC", f"{back}.turns", f"{back}.amount"))
    assert any("Hải Phòng" in one for one in told.leak.told)
    assert f"LC:{back}.turns" in told.cells
    check(city, H2, [f"HP:{back}.turns", *told.cells])
    rows.give(bare, "LC", count=9, kinds=("award",), hardship=2, start=50, source="direct")
    draft = issue_of(city, H2, [f"HP:{back}.turns"])
    demand_untold(show(draft, "LC", f"{back}.turns", f"{back}.amount"), DatedTree(H2.last_day))  # no book has all of it


SMALL = st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=5)


@settings(deadline=None, max_examples=40)
@given(table=SMALL)
def test_bounds_are_those_of_trying_every_table(table):
    """With row and column sums known and small cells withheld, what is told is told by hand, too."""
    book, watched = Publication(), []
    for row, line in enumerate(table):
        for column, value in enumerate(line):
            book.values[row, column] = value
            if 0 < value < LEAST:
                book.hidden.add((row, column))
                watched.append((row, column))
        book.add_equation(*(((row, column), 1) for column in range(3)))
    for column in range(3):
        book.add_equation(*(((row, column), 1) for row in range(len(table))))
    told = find_told(book, watched)
    for row, column in watched:
        alone_in_row = sum((row, other) in book.hidden for other in range(3)) == 1
        alone_in_column = sum((other, column) in book.hidden for other in range(len(table))) == 1
        if alone_in_row or alone_in_column:
            assert (row, column) in told
    propose_more(book, watched, [name for name in book.values if name not in book.hidden])
    nothing_shown = Publication(book.values, set(book.values), book.equations)
    assert find_told(book, watched) == find_told(nothing_shown, watched)  # only what no withholding helps is left


# ---- what is said stays true (B4) -----------------------------------------------------------------------------


def told_of(figures, **background):
    return as_text(write_narrative(figures, Background(**background), list[Telling]()))


def giving(**changes):
    figures = {
        TURNS: 1000, "disbursements.amount": 500_000_000, "recipients.distinct": 900, "recipients.pupil": 897,
        "recipients.teacher": 3, "recipients.student": 0, "recipients.other": 0,
        **{f"{TURNS}.{kind}": count for kind, count in (("scholarship", 990), ("award", 7), ("support", 3))},
        **{f"{TURNS}.{source}": count for source, count in (("fund", 977), ("direct", 3), ("in_kind", 20))},
    }  # fmt: skip
    figures |= {code.replace("turns", "amount"): value * 1000 for code, value in figures.items() if ".turns." in code}
    return figure_set({"A": {**figures, **changes}})


def test_sentences_stay_true_of_what_is_withheld():
    whole = giving()
    public = public_figures(whole, Doors(frozenset({("", "recipients.teacher"), ("", f"{TURNS}.direct")})))
    assert "recipients.teacher" not in public.figures
    shown = type(whole)(**{**vars(whole), "figures": public.figures, "by_unit": public.by_unit})
    text = told_of(shown)
    assert "lượt học sinh" not in text  # three of them are teachers
    assert "phần còn lại chi từ quỹ" not in text  # three were paid directly
    assert "trao học bổng, khen thưởng và hỗ trợ" not in text  # which kinds were given is not all public
    assert "1.000 lượt" in text


@pytest.mark.parametrize(("code", "untrue"), [(NEW, "không ghi nhận hội viên mới"), (TURNS, "chưa ghi nhận lượt")])
def test_what_is_withheld_is_not_called_nothing(code, untrue):
    whole = giving()
    figures = {name: value for name, value in whole.figures.items() if name != code}
    text = told_of(type(whole)(**{**vars(whole), "figures": figures | ({NEW: 0} if code != NEW else {})}))
    assert untrue not in text
    assert "dưới mức được công bố" in text


def test_nobody_leads_where_a_withheld_unit_gave_as_many():
    by_unit = {f"U{place}": {TURNS: 100 - place, "disbursements.amount": 1000} for place in range(5)}
    figures = figure_set(by_unit)
    assert "Các đơn vị có số lượt nhiều nhất" not in told_of(figures, most_withheld=98)
    assert "Các đơn vị có số lượt nhiều nhất" in told_of(figures, most_withheld=97)


def test_the_page_carries_what_to_withhold_to_the_second_sending(client_of, city, leader, approver):
    """The refusal stands above the form, with what to withhold too; the form sent again takes it."""
    rows.approve_all(city, H1, approver)
    planted = services.build(city["NQ"], H1)
    rows.freeze(city["NQ"], H1, leader)
    public = planted.payload | {"withheld": {}, "figures": planted.exact["figures"], "own": planted.exact["own"]}
    canonical = services.canonical_json(public)
    with rows.unguarded():
        Report.objects.update(payload=public, canonical=canonical, sha256=services.sha256_of(canonical))
    client, address = client_of(leader), reverse("report_freeze", args=[H1, "HP"])
    page = client.post(address, {"number": "12"})
    assert page.status_code == 200
    assert "có thể suy ra số liệu" in page.content.decode()
    assert not Report.objects.filter(unit=city["HP"]).exists()


# ---- what is offered is enough --------------------------------------------------------------------------------


def plant(report):
    """Let an issued report say every figure in full, as no check would have let it."""
    payload = report.payload | {name: report.exact[name] for name in ("figures", "own", "by_unit")} | {"withheld": {}}
    canonical = services.canonical_json(payload)
    with rows.unguarded():
        Report.objects.filter(pk=report.pk).update(
            payload=payload, canonical=canonical, sha256=services.sha256_of(canonical)
        )


def grow(tree, chance, leader):
    """Let two to four units give and take people in at random, some issue their own report, and some give late."""
    tree |= {"programmes": factories.make_programmes(tree["HP"]), "funds": {}}
    codes = [f"Q{number}" for number in range(chance.randint(2, 4))]
    for code in codes:
        tree[code] = factories.make_unit(code, f"Quận {code}", parent=tree["HP"])
        tree["funds"][code] = factories.make_fund(tree[code])
    early = chance.sample(codes, chance.randint(0, len(codes) - 1))
    late = [code for code in codes if code not in early or chance.random() < 0.4]
    for start, giving in enumerate((codes, late)):
        for code in giving:
            kinds = tuple(chance.sample(rows.KINDS, chance.randint(1, 3)))
            some, each = chance.randint(1, 12), chance.randint(2, 3)
            rows.give(tree, code, count=some, kinds=kinds, hardship=each, start=100 * start)
            for number in range(chance.randint(0, 7)):
                rows.join(tree[code], f"Hội viên {code} {100 * start + number}", on=dt.date(2023, 2, 1))
        for code in early if not start else ():
            rows.freeze(tree[code], H1, leader)
    return codes


def refusal_of(city, withhold=(), half=H1):
    try:
        demand_issuable(city, half, withhold)
    except ToldError as told:
        return told
    return None


@pytest.mark.parametrize("seed", range(at_length(6, 200)))
def test_what_is_offered_is_enough_and_a_planted_leak_is_refused(seed, tree, site_profile, leader):
    """Random small trees, units' reports issued before late rows come: the check passes with what it offers.

    What reports tell by themselves is refused with their names; revoked, they are in the way no more.
    """
    city = tree["HP"]
    codes = grow(tree, random.Random(seed), leader)
    if refusal := refusal_of(city):
        assert refusal.cells or refusal.leak.tellers, "a refusal says what can be done"
        if refusal.leak.tellers:
            for report in Report.objects.of(H1):
                services.revoke_report(report=report, reason="Lộ số liệu của ít người.", actor=leader)
            refusal = refusal_of(city)
        assert not refusal_of(city, refusal.cells if refusal else ())
    exact = services.build(city, H1).exact
    few = [
        code for code in codes for name in (NEW, f"{TURNS}.award")
        if 0 < exact["by_unit"][code].get(name, 0) < LEAST and exact["figures"][name] > exact["by_unit"][code][name]
    ]  # fmt: skip
    if few:
        before = Report.objects.filter(unit=tree[few[0]]).first()
        plant(rows.freeze(tree[few[0]], H1, leader, version=2 if before else 1, replaces=before))
        assert f"Quận {few[0]}" in " ".join(refusal_of(city).leak.tellers)


@pytest.mark.parametrize("seed", range(at_length(4, 100)))
def test_what_is_taken_back_at_random_names_nobody_withheld(seed, bare, leader):
    """Rows and books of the half-years name no unit of which the report withholds what came back; all adds up."""
    city, chance, back = bare["HP"], random.Random(seed), "disbursements.recalled"
    for code in ("HP", "LC", "NQ"):
        kinds = tuple(chance.sample(rows.KINDS, chance.randint(1, 3)))
        source = chance.choice(["fund", "fund", "direct"])
        rows.give(bare, code, count=chance.randint(9, 30), kinds=kinds, source="fund", hardship=2)
        rows.give(bare, code, count=chance.randint(0, 7), kinds=kinds, source=source, hardship=3, start=100)
    refusal = refusal_of(city)
    rows.freeze(city, H1, leader, withhold=refusal.cells if refusal else ())
    for code in ("HP", "LC", "NQ"):
        take_back(bare[code], H2, count=chance.choice([0, 1, 2, 6, 8]))
    refusal = refusal_of(city, half=H2)
    assert not refusal or not refusal.leak.tellers
    report = rows.freeze(city, H2, leader, withhold=refusal.cells if refusal else ())
    payload, named = report.payload, {row["unit"] for row in open_rows(H1) if row["reversal"] == H2.code}
    named |= {line["unit"] for line in book_lines(H2) if line["reverses_half"] == H1.code}
    parts = {code: payload["by_unit"][code] for code in ("LC", "NQ")} | {"HP": payload["own"]}
    for code in named - {POOLED}:
        assert f"{back}.turns" in parts[code], code
    found = Counter(sum_pooled(H2))
    for row in open_rows(H1):
        if row["reversal"] == H2.code:
            found.update({f"{back}.turns": 1, f"{back}.amount": row["amount"] or 0})
    for code in (f"{back}.turns", f"{back}.amount"):
        assert found[code] == payload["figures"].get(code, found[code])
