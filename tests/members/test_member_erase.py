"""A person's own data: a copy, a consent taken back, erasure; sums and audit stay what they were."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from members.models import ERASED_NAME, LearningTitle, Member, MemberChange, Membership, MembershipApplication
from members.services.joining import approve_application, send_application
from members.services.personal import erase_holder
from members.services.titles import decide_titles
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import Birth
from portal.models import AuditEntry
from tests.members.titles import make_criteria, make_title

pytestmark = pytest.mark.django_db
NAME, PHONE = "Vũ Quý Ngọc", "0912 345 670"


@pytest.fixture
def member(tree, officer_lechan, site_profile):
    application = send_application(
        unit=tree["LECHAN"], full_name=NAME, birth=Birth(1970), phone="+84912345670", agreed=True, address="Ngõ 12"
    )
    return approve_application(application=application, joined_on=dt.date(2026, 3, 1), actor=officer_lechan)


def everything_stored() -> str:
    """All text of all tables, as somebody with the database would read it."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public' AND relkind = 'r'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            found.append(f"{table}: {cursor.fetchone()[0]}")
    return "\n".join(found)


def test_erasure_leaves_nothing_of_the_person_anywhere_and_every_sum(client_of, tree, member, officer_lechan):
    client = client_of(officer_lechan)
    client.post(
        reverse("member_update", args=[member.pk]),
        {"full_name": NAME, "birth": "1971", "phone": PHONE, "card_number": "KH-77"},
    )
    half = HalfYear(2026, 1)
    sums = [Membership.objects.joined_in(half).count(), Membership.objects.counted_at_end_of(half).count()]
    assert NAME in everything_stored()
    page = reverse("member_erase", args=[member.pk])
    assert list(client.post(page, {"confirmed_name": "Vũ Quý"}).context["form"].errors) == ["confirmed_name"]
    assert client.post(page, {"confirmed_name": NAME}).status_code == 302
    left = everything_stored()
    for value in (NAME, "vu quy ngoc", "912345670", "Ngõ 12", "KH-77"):
        assert value not in left, [line[:300] for line in left.splitlines() if value in line]
    assert [Membership.objects.joined_in(half).count(), Membership.objects.counted_at_end_of(half).count()] == sums
    assert Member.objects.get().full_name == MembershipApplication.objects.get().full_name == ERASED_NAME
    assert client.get(reverse("member_detail", args=[member.pk])).status_code == 410
    assert client.get(reverse("member_list"), {"q": "ngoc"}).context["table"].is_empty
    assert client.get(reverse("member_list")).context["table"].is_empty
    assert AuditEntry.objects.filter(target_type="members.member", action="members.member.erase").exists()


def test_nothing_is_recorded_of_an_erased_person_again(client_of, member, officer_lechan):
    client_of(officer_lechan).post(reverse("member_erase", args=[member.pk]), {"confirmed_name": NAME})
    for statement in (
        "UPDATE members_member SET full_name = 'Ai đó'",
        "UPDATE members_member SET erased_at = NULL",
        "UPDATE members_member SET phone = NULL",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert not MemberChange.objects.exists()


def test_a_copy_holds_everything_and_is_in_the_audit(client_of, member, officer_lechan, officer_nq, auditor):
    page = reverse("member_data", args=[member.pk])
    copy = json.loads(client_of(officer_lechan).get(page).content)
    assert NAME in str(copy)
    assert "Phường Lê Chân" in str(copy)
    assert AuditEntry.objects.filter(action="members.member.hand_out", target_id=member.pk).count() == 1
    assert client_of(officer_nq).get(page).status_code == 404
    assert client_of(auditor).get(page).status_code == 403


def test_who_took_their_consent_back_is_in_no_file_and_still_on_the_list(client_of, member, officer_lechan):
    client, page = client_of(officer_lechan), reverse("member_list")
    assert NAME in b"".join(client.get(page, {"file": "csv"}).streaming_content).decode()
    assert client.post(reverse("member_unconsent", args=[member.pk]), {"withdrawn_on": "1/1/2099"}).status_code == 200
    gone = client.post(
        reverse("member_unconsent", args=[member.pk]),
        {"withdrawn_on": member.consents.get().given_on.strftime("%d/%m/%Y")},
    )
    assert gone.status_code == 302
    assert NAME not in b"".join(client.get(page, {"file": "csv"}).streaming_content).decode()
    assert NAME in client.get(page).content.decode()


def test_a_citizen_with_a_title_who_is_no_member_is_erased_and_the_title_still_counts(
    client_of, tree, officer_lechan, officer_nq, approver_lechan, site_profile
):
    make_criteria()
    name = "Ngô Thị Xuyến"
    title = make_title(tree["LECHAN"], officer_lechan, name, model="citizen", place="Tổ dân phố 7 Hồ Sen")
    family = make_title(tree["LECHAN"], officer_lechan, "Gia đình bà Mận")
    decide_titles(
        verb="refuse", chosen={title.pk: None}, on_day=dt.date(2026, 6, 1), reason="Bà Xuyến xin thôi",
        actor=approver_lechan,
    )  # fmt: skip
    counted = list(LearningTitle.objects.counted_in(HalfYear(2026, 1)))
    client, page = client_of(officer_lechan), reverse("title_erase", args=[title.pk])
    assert client_of(officer_nq).get(page).status_code == 404
    assert client.get(reverse("title_erase", args=[family.pk])).status_code == 404  # a family is no person
    assert list(client.post(page, {"confirmed_name": "Ngô Thị"}).context["form"].errors) == ["confirmed_name"]
    assert client.post(page, {"confirmed_name": name}).status_code == 302
    left = everything_stored()
    for value in (name, "ngo thi xuyen", "Hồ Sen", "Xuyến"):
        assert value not in left, [line[:300] for line in left.splitlines() if value in line]
    assert list(LearningTitle.objects.counted_in(HalfYear(2026, 1))) == counted
    assert client.get(reverse("title_list"), {"q": "xuyen"}).context["table"].is_empty
    shown = client.get(reverse("title_detail", args=[title.pk])).content.decode()
    assert ERASED_NAME in shown
    assert page not in shown
    with pytest.raises(ValidationError):
        erase_holder(title=title, confirmed_name=ERASED_NAME, actor=officer_lechan)
    for statement in (
        "UPDATE members_learningsubject SET name = 'Ai đó' WHERE erased_at IS NOT NULL",
        "UPDATE members_learningsubject SET erased_at = NULL WHERE erased_at IS NOT NULL",
        "UPDATE members_learningsubject SET erased_at = now() WHERE kind = 'family'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
