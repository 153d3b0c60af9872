"""What the database holds of units, locks and audit, by raw SQL, NULL included."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from portal import audit
from portal.models import AuditEntry, Unit, UnitVersion
from portal.permissions import Permission
from tests import factories

pytestmark = pytest.mark.django_db


def run(sql: str, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else None


@transaction.atomic
def run_checked(sql: str, *values) -> None:
    run(sql, *values)
    run("SET CONSTRAINTS ALL IMMEDIATE")


def refused(sql: str, *values, naming: str = "") -> None:
    with pytest.raises(IntegrityError) as caught:
        run_checked(sql, *values)
    run("SET CONSTRAINTS ALL DEFERRED")
    assert naming in str(caught.value)


def test_versions_of_one_unit_do_not_overlap(tree):
    level = factories.make_level("district").pk
    sql = "INSERT INTO portal_unitversion (unit_id, parent_id, level_id, name, valid) VALUES (%s, %s, %s, 'X', %s::daterange)"
    refused(sql, tree["LC"].pk, tree["HP"].pk, level, "[2020-01-01,2021-01-01)", naming="unit_version_no_overlap")
    refused(sql, tree["LC"].pk, tree["HP"].pk, level, None)
    refused(sql, tree["LC"].pk, tree["HP"].pk, level, "empty", naming="unit_version_valid_bounded")
    refused(sql, tree["LC"].pk, tree["HP"].pk, level, "(,1990-01-01)", naming="unit_version_valid_bounded")


def test_a_parent_is_in_force_for_the_whole_span_and_on_a_higher_level(tree):
    unit = Unit.objects.create(code="X")
    sql = "INSERT INTO portal_unitversion (unit_id, parent_id, level_id, name, valid) VALUES (%s, %s, %s, 'X', %s::daterange)"
    commune, city = factories.make_level("commune").pk, factories.make_level("city").pk
    refused(sql, unit.pk, tree["LC"].pk, commune, "[2020-01-01,2026-01-01)", naming="unit_parent_not_in_force")
    refused(sql, unit.pk, tree["LC"].pk, city, "[2020-01-01,2021-01-01)", naming="unit_parent_not_in_force")
    run(sql, unit.pk, tree["LC"].pk, commune, "[2020-01-01,2021-01-01)")
    run("SET CONSTRAINTS ALL IMMEDIATE")


def test_scope_covers_the_subtree_and_what_it_succeeded(tree, officer_lechan, officer_nq, approver):
    def codes(user):
        return set(Unit.objects.covered_by(user, Permission.VIEW_BATCH).values_list("code", flat=True))

    assert codes(officer_lechan) == {"11383", "11383-C1", "LC", "LC-AB"}
    assert codes(officer_nq) == {"NQ"}
    assert codes(approver) == set(Unit.objects.values_list("code", flat=True))


def test_scope_is_that_of_the_right_asked_for(tree, officer_lechan):
    factories.make_user("both", role="officer", unit=tree["NQ"])
    assert not Unit.objects.covered_by(officer_lechan, Permission.APPROVE_BATCH).exists()


def test_the_tree_of_a_day(tree):
    before, after = datetime.date(2025, 6, 30), datetime.date(2025, 7, 1)
    assert set(Unit.objects.below(tree["HP"], before).values_list("code", flat=True)) == {"HP", "LC", "NQ", "LC-AB"}
    assert "LC" not in set(Unit.objects.below(tree["HP"], after).values_list("code", flat=True))
    assert tree["LC"].name_on(after) == "Quận Lê Chân"
    assert UnitVersion.objects.filter(unit=tree["LC"], valid__contains=after).count() == 0


def test_audit_is_append_only(tree, administrator):
    audit.record(actor=administrator, action="portal.unit.create", target=tree["LC"], unit=tree["LC"], fields=["name"])
    assert AuditEntry.objects.get().fields == ["name"]
    run("SET CONSTRAINTS ALL IMMEDIATE")
    refused("UPDATE portal_auditentry SET action = 'x'", naming="append-only")
    refused("DELETE FROM portal_auditentry", naming="append-only")
    refused("TRUNCATE portal_auditentry", naming="append-only")


def test_what_closings_and_exceptions_hold(tree, approver, officer_lc):
    close = (
        "INSERT INTO portal_closing (unit_id, half, scope, reason, closed_by_id, closed_at) "
        f"VALUES ({tree['LC'].pk}, {{}}, {{}}, {{}}, {approver.pk}, now())"
    )
    refused(close.format("'2023-H3'", "'half'", "'x'"), naming="closing_half")
    refused(close.format("'2023-H1'", "'all'", "'x'"), naming="closing_scope")
    refused(close.format("'2023-H1'", "'half'", "''"), naming="closing_reason")
    refused(close.format("'2023-H1'", "NULL", "'x'"), naming="scope")
    run(close.format("'2023-H1'", "'half'", "'x'"))
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for change in (
        "UPDATE portal_closing SET half = '2022-H2'",
        "DELETE FROM portal_closing",
        "TRUNCATE portal_closing",
    ):
        refused(change, naming="append-only")
    grant = (
        "INSERT INTO portal_closingexception (unit_id, half, person_id, reason, until, granted_by_id, granted_at) "
        f"VALUES ({tree['LC'].pk}, '2023-H1', {{}}, {{}}, now() + interval '{{}} days', {{}}, now())"
    )
    refused(grant.format(officer_lc.pk, "'x'", 2, approver.pk), naming="closing_exception_two_persons")
    server = factories.make_system_account().pk  # the server's own command needs no second person
    refused(grant.format(officer_lc.pk, "''", 2, server), naming="closing_exception_reason")
    refused(grant.format(officer_lc.pk, "'x'", 31, server), naming="closing_exception_short")
    refused(grant.format(officer_lc.pk, "'x'", -1, server), naming="closing_exception_short")
    refused(grant.format(server, "'x'", 2, server), naming="closing_exception_for_another")
    refused(grant.format("NULL", "'x'", 2, server), naming="person_id")
    run(grant.format(officer_lc.pk, "'x'", 2, server))
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for change in (
        "UPDATE portal_closingexception SET until = until + interval '1 day'",
        f"UPDATE portal_closingexception SET person_id = {approver.pk}",
        "DELETE FROM portal_closingexception",
        "TRUNCATE portal_closingexception",
    ):
        refused(change, naming="append-only")
    run("UPDATE portal_closingexception SET ended_at = now()")
    refused("UPDATE portal_closingexception SET ended_at = NULL", naming="append-only")
