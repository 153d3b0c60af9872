"""Units merged, split, renamed and dissolved as one act of two persons, with a preview and a way back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from members.models import Membership
from portal.lib.periods import HalfYear
from portal.models import Posting, ProposedChange, Reorganisation, Unit, UnitSuccession
from portal.permissions import Permission
from portal.services import assigning, reorganising
from portal.services.tree_moves import NewUnit
from portal.services.units import change_unit
from reports.figures import compute
from tests import factories
from tests.members.people import make_member
from tests.two_persons import agree

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 1)
H1 = HalfYear(2026, 1)
FORM = {
    "kind": "merge", "ends": "11359", "heir": "le chan", "on_date": "01/03/2026", "decision": "12/NQ-HĐND",
    "decided_on": "10/02/2026", "issuer": "HĐND thành phố", "reason": "Theo nghị quyết của thành phố.",
}  # fmt: skip


def plan(tree, kind="merge", *, ends=("NGOQUYEN",), heirs=("LECHAN",), new=(), name="", on=DAY, passes=False):
    level = factories.make_level("commune").pk
    return reorganising.Plan(
        kind=kind, ends=[tree[key] for key in ends], heirs=[tree[key] for key in heirs], name=name, on_date=on,
        new=[NewUnit(code, called, level) for code, called in new], decision="12/NQ-HĐND", passes_postings=passes,
        decided_on=dt.date(2026, 2, 10), issuer="HĐND thành phố",
    )  # fmt: skip


def decide(the_plan, administrator):
    agree(reorganising.propose_reorganisation(plan=the_plan, reason="Theo nghị quyết.", actor=administrator))
    return Reorganisation.objects.latest("pk")


def run_checked(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    connection.check_constraints()


def refuse(sql, *values):
    with pytest.raises(IntegrityError), transaction.atomic():
        run_checked(sql, *values)


@pytest.fixture
def chapters(tree):
    level = factories.make_level("chapter")
    return [
        factories.make_unit(f"11359-C{n}", f"Chi hội Cát Bi {n}", parent=tree["NGOQUYEN"], level=level, since=factories.REFORM)
        for n in (1, 2)
    ]  # fmt: skip


def test_a_merger_is_previewed_sent_and_agreed_to(
    client_of, administrator, leader, tree, chapters, officer_nq, site_profile
):
    member = make_member(tree["NGOQUYEN"], factories.make_system_account())
    factories.make_fund(tree["NGOQUYEN"], half="2025-H2", opening=5_000_000)
    officer = factories.make_user("can.bo", role="officer", unit=tree["NGOQUYEN"])
    client = client_of(administrator)
    page = client.post(reverse("reorganisation_create"), FORM)
    assert page.context["form"].errors == {}
    told = {line.label: (line.before, line.after) for line in page.context["lines"]}
    assert told["Hội viên"][0] == "1 người"
    assert "2 đơn vị" in str(told)
    assert "5.000.000 đồng" in str(told)
    assert not ProposedChange.objects.exists(), "a look changes nothing"
    assert tree["NGOQUYEN"].version_on(DAY) is not None
    sent = client.post(reverse("reorganisation_create"), FORM | {"send": "1"})
    change = ProposedChange.objects.get()
    assert sent.url == reverse("proposal_detail", args=[change.pk])
    assert tree["NGOQUYEN"].version_on(DAY) is not None
    client_of(leader).post(reverse("proposal_accept", args=[change.pk]))
    assert tree["NGOQUYEN"].version_on(DAY) is None
    assert [one.version_on(DAY).parent for one in chapters] == [tree["LECHAN"]] * 2
    where = Membership.objects.filter(member=member).order_by("valid")
    assert [(row.unit, row.is_transfer) for row in where] == [(tree["NGOQUYEN"], False), (tree["LECHAN"], True)]
    assert Posting.objects.get(user=officer).valid.upper == DAY, "a posting ends with its unit"
    done = Reorganisation.objects.get()
    assert client_of(leader).get(reverse("reorganisation_detail", args=[done.pk])).status_code == 200


def test_whoever_proposes_does_not_decide(client_of, administrator, tree, site_profile):
    change = reorganising.propose_reorganisation(plan=plan(tree), reason="Theo nghị quyết.", actor=administrator)
    assert client_of(administrator).post(reverse("proposal_accept", args=[change.pk])).status_code == 403
    assert not Reorganisation.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"heir": ""}, "heir"),
        ({"heir": "11359"}, "heir"),
        ({"kind": "split"}, "heir"),
        ({"kind": "rename", "heir": ""}, "name"),
        ({"on_date": "01/07/2025", "decided_on": "01/06/2025"}, "ends"),  # its first day: nothing would be left
        ({"decided_on": "02/03/2026"}, "decided_on"),
        ({"ends": "LC"}, "ends"),  # has ended already
        ({"heir": "", "new": "11383 Phường Mới", "new_level": "commune"}, "new"),
        ({"heir": "", "new": "99999 Phường Mới", "new_level": ""}, "new_level"),
        ({"decision": ""}, "decision"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(client_of, administrator, tree, site_profile, change, field):
    data = FORM | change
    if data.get("new_level"):
        data["new_level"] = factories.make_level("commune").pk
    page = client_of(administrator).post(reverse("reorganisation_create"), data | {"send": "1"})
    assert page.status_code == 200
    assert field in page.context["form"].errors, page.context["form"].errors
    assert not ProposedChange.objects.exists()
    assert not Unit.objects.filter(code="99999").exists()


def test_an_heir_that_begins_later_is_refused_by_service_and_database(administrator, tree):
    late = factories.make_unit("99998", "Phường Muộn", parent=tree["HP"], since=DAY + dt.timedelta(days=1))
    with pytest.raises(ValidationError) as caught:
        decide(plan(tree | {"LATE": late}, heirs=("LATE",)), administrator)
    assert "99998" in str(caught.value)
    assert "heirs" in caught.value.message_dict
    refuse(
        "INSERT INTO portal_unitsuccession (from_unit_id, to_unit_id, on_date, kind, legal_basis)"
        " VALUES (%s, %s, '2025-07-01', 'merge', 'x')", tree["LC"].pk, late.pk,
    )  # fmt: skip


def test_after_a_split_nothing_stands_with_an_heir_until_it_is_assigned(
    client_of, administrator, tree, chapters, site_profile
):
    system = factories.make_system_account()
    make_member(tree["NGOQUYEN"], system)
    for chapter in chapters:
        make_member(chapter, system, full_name="Vũ Thị Hoa")
    before = compute(tree["HP"], H1).figures["members.total"]
    the_plan = plan(tree, "split", heirs=("LECHAN",), new=[("11360", "Phường Gia Viên")])
    decide(the_plan, administrator)
    table = compute(tree["HP"], H1)
    assert table.figures["members.total"] == before == 3
    assert table.by_unit["11359"]["members.total"] == 3
    assert table.by_unit["11360"].get("members.total", 0) == 0
    client, unit = client_of(administrator), tree["NGOQUYEN"]
    heir = Unit.objects.get(code="11360")
    page = client.get(reverse("unit_assign", args=[unit.code]))
    assert [(line.label, line.before, line.after) for line in page.context["progress"]][:2] == [
        ("Chi hội", "2", "2"), ("Hội viên", "1", "1")
    ]  # fmt: skip
    client.post(reverse("unit_assign", args=[unit.code]), {"heir": heir.pk, "words": "cat bi 1"})
    assert chapters[0].version_on(DAY).parent == heir
    assert compute(tree["HP"], H1).by_unit["11360"]["members.total"] == 1
    client.post(reverse("unit_assign", args=[unit.code]), {"heir": tree["LECHAN"].pk, "chapters": [chapters[1].pk]})
    assert not assigning.undecided_below(unit).exists()
    again = client.post(reverse("unit_assign", args=[unit.code]), {"heir": heir.pk, "chapters": [chapters[1].pk]})
    assert again.status_code == 200
    assert "chapters" in again.context["form"].errors
    assert compute(tree["HP"], H1).figures["members.total"] == 3


def test_a_new_name_and_a_dissolution(administrator, tree):
    branch = tree["BRANCH"]
    make_member(branch, factories.make_system_account())
    decide(plan(tree, "rename", ends=("LECHAN",), heirs=(), name="Phường Lê Chân Mới"), administrator)
    assert (tree["LECHAN"].name_on(DAY), tree["LECHAN"].name_on(DAY - dt.timedelta(days=1))) == (
        "Phường Lê Chân Mới", "Phường Lê Chân",
    )  # fmt: skip
    decide(plan(tree, "dissolve", ends=("BRANCH",), heirs=()), administrator)
    assert branch.version_on(DAY) is None
    assert UnitSuccession.objects.get(from_unit=branch).to_unit == tree["LECHAN"]
    assert Membership.objects.in_force(DAY).get().unit == tree["LECHAN"]


def test_it_is_undone_whole_until_somebody_builds_on_it(client_of, administrator, tree, chapters):
    make_member(tree["NGOQUYEN"], factories.make_system_account())
    officer = factories.make_user("can.bo", role="officer", unit=tree["NGOQUYEN"])
    new = [("11360", "Phường Gia Viên")]
    done = decide(plan(tree, heirs=(), new=new, passes=True), administrator)
    heir = Unit.objects.get(code="11360")
    assert officer.postings.filter(unit=heir, valid__contains=DAY).exists()
    page = client_of(administrator).post(
        reverse("reorganisation_undo", args=[done.pk]), {"reason": "Nghị quyết bị hoãn lại."}
    )
    assert page.status_code == 302
    agree()
    done.refresh_from_db()
    assert done.undone_at
    assert tree["NGOQUYEN"].version_on(DAY)
    assert heir.version_on(DAY) is None
    assert [one.version_on(DAY).parent for one in chapters] == [tree["NGOQUYEN"]] * 2
    assert Membership.objects.get().unit == tree["NGOQUYEN"]
    assert officer.postings.filter(unit=tree["NGOQUYEN"], valid__contains=DAY).exists()
    assert Unit.objects.covered_by(officer, Permission.VIEW_MEMBERS, DAY).filter(code="11359").exists()
    with pytest.raises(ValidationError):
        reorganising.propose_undoing(done=done, reason="Một lần nữa, xin hủy.", actor=administrator)
    # the same code again, and this time a chapter is renamed below the heir
    again = decide(plan(tree, heirs=(), new=new), administrator)
    change_unit(
        unit=chapters[0], name="Chi hội Mới", level=factories.make_level("chapter"), parent=heir,
        since=DAY + dt.timedelta(days=9), actor=administrator,
    )  # fmt: skip
    with pytest.raises(ValidationError):
        reorganising.propose_undoing(done=again, reason="Nghị quyết bị hoãn lại.", actor=administrator)
    assert tree["NGOQUYEN"].version_on(DAY) is None


def test_a_tree_that_has_changed_since_is_not_decided_on(administrator, tree, chapters):
    change = reorganising.propose_reorganisation(plan=plan(tree), reason="Theo nghị quyết.", actor=administrator)
    change_unit(
        unit=tree["NGOQUYEN"], name="Phường Khác", level=factories.make_level("commune"), parent=tree["HP"],
        since=dt.date(2026, 1, 1), actor=administrator,
    )  # fmt: skip
    with pytest.raises(Exception, match="thay đổi") as caught:
        agree(change)
    assert type(caught.value).__name__ == "ConflictError"
    assert caught.value.changes == []  # a code of the tree tells nobody anything


def test_the_database_keeps_a_reorganisation(administrator, tree):
    done = decide(plan(tree), administrator)
    for sql in (
        "UPDATE portal_reorganisation SET decision = 'khác' WHERE id = %s",
        "UPDATE portal_reorganisation SET undone_at = NULL WHERE id = %s",
        "DELETE FROM portal_reorganisation WHERE id = %s",
    ):
        refuse(sql, done.pk)
