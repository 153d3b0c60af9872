"""People who receive: found, looked at with all they were given, consents, and which two of them are one person."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from portal.lib.vietnamese import Birth
from portal.models import AuditEntry
from portal.services.versions import version_of
from scholarships.models import Certificate, Consent, Disbursement, Recipient, RecipientVerdict
from scholarships.services import recipients
from scholarships.services.recipients import (
    CURRENT_TEXT,
    ids_of_person,
    judge_recipients,
    record_consent,
    undo_verdict,
    update_guardian,
    withdraw_consent,
)
from tests import factories
from tests.scholarships.lists import GIVEN, add_row, make_batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(draft, officer_lc, programmes):
    """Trần Thị An of 2011, and the same name with a whole birth in another class: two entries of LC."""
    whole = {"birth": Birth(2011, 3, 15), "school_class": "6A", "school": "THCS Võ Thị Sáu"}
    rows = [
        add_row(draft, officer_lc, programmes["award"], birth=Birth(2011)),
        add_row(draft, officer_lc, programmes["support"], repeat_reason="", **whole),
    ]
    return [row.recipient for row in rows]


def names_found(client, **asked):
    page = client.get(reverse("recipient_list"), asked)
    return [row.full_name for row in page.context["table"].page.rows]


def test_they_are_found_by_name_class_school_and_guardian_without_accents(client_of, officer_lc, officer_nq, people):
    update_guardian(
        recipient=people[0], guardian_name="Trần Văn Lượng", guardian_phone="+84912345678", actor=officer_lc
    )
    client = client_of(officer_lc)
    assert names_found(client, q="tran thi an 6a") == ["Trần Thị An"]
    assert names_found(client, q="vo thi sau") == ["Trần Thị An"]
    assert names_found(client, q="luong") == ["Trần Thị An"]
    assert len(names_found(client)) == 5
    assert names_found(client, q="khong ai") == []
    assert names_found(client_of(officer_nq)) == []
    opened = AuditEntry.objects.filter(action="scholarships.recipient.search", actor=officer_lc)
    assert opened.count() == 5


def test_the_page_shows_all_that_was_given_and_its_opening_is_in_the_audit(
    client_of, officer_lc, officer_nq, people, draft, programmes
):
    address = reverse("recipient_detail", args=[people[0].pk])
    page = client_of(officer_lc).get(address)
    assert [row.programme for row in page.context["history"]] == [programmes["award"]]
    assert page.context["sums"] == {"turns": 0, "amount": 0}  # a draft counts nowhere
    Disbursement.objects.filter(recipient=people[0]).update(paid_at=GIVEN.isoformat() + " 00:00+07")
    assert client_of(officer_lc).get(address).context["sums"] == {"turns": 1, "amount": 500_000}
    assert client_of(officer_nq).get(address).status_code == 404
    seen = AuditEntry.objects.filter(action="scholarships.recipient.see")
    assert [entry.actor for entry in seen] == [officer_lc, officer_lc]
    entry = seen[0]
    assert entry.target_id == people[0].pk
    assert "An" not in str(entry.detail)


def test_a_file_of_people_is_in_the_audit(client_of, officer_lc, people):
    answer = client_of(officer_lc).get(reverse("recipient_list"), {"file": "csv", "q": "tran thi an"})
    assert "Trần Thị An" in b"".join(answer.streaming_content).decode()
    assert AuditEntry.objects.get(action="scholarships.recipient.export").detail == {"kind": "csv", "rows": 2}


def test_two_entries_are_joined_every_fact_stays_and_it_is_undone(client_of, officer_lc, people):
    kept, other = people
    client = client_of(officer_lc)
    page = client.get(reverse("recipient_duplicates"))
    assert [(row.pk, row.twin) for row in page.context["table"].page.rows] == [(kept.pk, other.pk)]
    address = reverse("recipient_compare", args=[kept.pk, other.pk])
    facts = list(Disbursement.objects.order_by("pk").values_list("pk", "recipient_id", "unit_id", "amount"))
    version = client.version_shown_for(address)["version"]
    assert client.post(address, {"same": "", "reason": "", "version": version}).status_code == 200  # it asks why
    assert not RecipientVerdict.objects.exists()
    assert client.post(address, {"same": "", "reason": "Cùng một em", "version": version}).status_code == 302
    page = client.get(reverse("recipient_detail", args=[kept.pk]))
    assert {row.recipient_id for row in page.context["history"]} == {kept.pk, other.pk}
    assert len(names_found(client, q="tran thi an")) == 1
    assert not client.get(reverse("recipient_duplicates")).context["table"].page.rows
    assert list(Disbursement.objects.order_by("pk").values_list("pk", "recipient_id", "unit_id", "amount")) == facts
    verdict = RecipientVerdict.objects.get()
    undo = reverse("verdict_undo", args=[kept.pk, verdict.pk])
    assert client.post(undo, {"version": version_of(verdict)}).status_code == 302
    assert ids_of_person(kept) == [kept.pk]
    assert len(names_found(client, q="tran thi an")) == 2
    said = AuditEntry.objects.filter(action__startswith="scholarships.recipient.", detail__has_key="with")
    assert said.count() == 4  # both entries, both times


@pytest.mark.parametrize("changed", [0, 1])
def test_whoever_of_the_two_has_changed_since_the_page_was_opened_nothing_is_decided(
    client_of, officer_lc, people, changed
):
    client, address = client_of(officer_lc), reverse("recipient_compare", args=[one.pk for one in people])
    shown = client.version_shown_for(address)
    update_guardian(
        recipient=people[changed], guardian_name="Trần Văn Tư", guardian_phone="+84912345678", actor=officer_lc
    )
    assert client.post(address, {"same": "", "reason": "Cùng một em"} | shown).status_code == 409
    assert not RecipientVerdict.objects.exists()
    assert client.post(address, {"same": "", "reason": "Cùng một em"}).status_code == 302


def test_two_people_of_one_name_are_told_apart_and_no_candidates_any_more(client_of, officer_lc, people):
    kept, other = people
    judge_recipients(kept=kept, other=other, is_same=False, reason="Hai em khác nhau", actor=officer_lc)
    assert not client_of(officer_lc).get(reverse("recipient_duplicates")).context["table"].page.rows
    with pytest.raises(ValidationError, match="kết luận"):
        judge_recipients(kept=other, other=kept, is_same=True, reason="Vẫn là một", actor=officer_lc)


def test_joined_people_are_one_where_a_programme_gives_once(officer_lc, people, draft, programmes):
    programme = programmes["scholarship"]
    type(programme).objects.filter(pk=programme.pk).update(recurrence="once")
    programme.refresh_from_db()
    kept, other = people
    add_row(draft, officer_lc, programme, birth=kept.birth)
    judge_recipients(kept=kept, other=other, is_same=True, reason="Cùng một em", actor=officer_lc)
    with pytest.raises(ValidationError) as refused:
        add_row(draft, officer_lc, programme, birth=other.birth, repeat_reason="Hai lần thật")
    assert "programme" in refused.value.message_dict


def test_what_speaks_against_it_is_said_too(client_of, officer_lc, people, draft, programmes):
    other = add_row(
        draft, officer_lc, programmes["award"], full_name="Lê Thị Ba", birth=Birth(2012, 4, 5)
    ).recipient  # fmt: skip
    assert recipients.reasons_of_likeness(people[0], people[1])[:2] == ["cùng họ tên", "ngày sinh khớp nhau"]
    page = client_of(officer_lc).get(reverse("recipient_compare", args=[people[0].pk, other.pk]))
    assert page.context["reasons"][:2] == ["khác họ tên", "khác ngày sinh"]


def test_nobody_joins_a_person_of_another_unit_and_nobody_with_itself(tree, officer_lc, officer_nq, people, programmes):
    factories.make_fund(tree["NQ"])
    there = add_row(make_batch(tree["NQ"], officer_nq), officer_nq, programmes["award"]).recipient
    with pytest.raises(PermissionDenied):
        judge_recipients(kept=people[0], other=there, is_same=True, reason="Chuyển trường", actor=officer_lc)
    city = factories.make_user("can.bo.tp", role="officer", unit=tree["HP"])
    verdict = judge_recipients(kept=people[0], other=there, is_same=True, reason="Chuyển trường", actor=city)
    with pytest.raises(ValidationError):
        judge_recipients(kept=people[1], other=there, is_same=True, reason="Chuyển trường", actor=city)
    undo_verdict(verdict=verdict, actor=city)
    with pytest.raises(ValidationError):
        undo_verdict(verdict=verdict, actor=city)
    with pytest.raises(ValidationError):
        judge_recipients(kept=there, other=there, is_same=True, reason="Chính em", actor=city)


def test_the_whole_name_is_public_only_while_both_consents_stand(officer_lc, people):
    child = people[0]
    given = {
        "recipient": child,
        "guardian_name": "Trần Văn Tư",
        "given_on": GIVEN,
        "text_version": CURRENT_TEXT,
        "actor": officer_lc,
    }
    data = record_consent(purpose="data", child_agrees=False, **given)
    assert not child.may_be_named
    with pytest.raises(ValidationError) as refused:  # twelve years old: the child is asked too
        record_consent(purpose="publishing", child_agrees=False, **given)
    assert "child_agrees" in refused.value.message_dict
    record_consent(purpose="publishing", child_agrees=True, **given)
    assert child.may_be_named
    with pytest.raises(ValidationError):
        record_consent(purpose="data", child_agrees=True, **given)
    paper = Certificate.objects.create(
        row=child.disbursements.get(), code="ABCD2345", number="12/QĐ", decided_on=GIVEN, issued_by=officer_lc
    )
    assert paper.public_name == "em Trần Thị An"
    withdraw_consent(consent=data, actor=officer_lc)
    assert not child.may_be_named
    assert paper.public_name == "em T.T.A"
    record_consent(purpose="data", child_agrees=True, **given)
    assert child.consents.count() == 3
    assert {entry.detail["version"] for entry in AuditEntry.objects.filter(action__contains="consent")} == {"2026-1"}


def test_the_consent_keeps_the_words_that_its_page_showed(client_of, officer_lc, people, monkeypatch):
    client, url = client_of(officer_lc), reverse("consent_create", args=[people[0].pk])
    typed = {"purpose": "data", "guardian_name": "Trần Văn Tư", "given_on": "20/05/2023"}
    page = client.get(url)
    typed["text_version"] = page.context["form"]["text_version"].value()
    monkeypatch.setattr(recipients, "CONSENT_TEXTS", {"2027-1": {}} | recipients.CONSENT_TEXTS)
    monkeypatch.setattr(recipients, "CURRENT_TEXT", "2027-1")  # another wording meanwhile
    answer = client.post(url, typed)
    assert answer.status_code == 409
    assert "2027-1" in answer.content.decode()
    assert client.post(url, typed | {"text_version": ""}).status_code == 409
    assert not Consent.objects.exists()
    assert client.post(url, typed | {"text_version": "2027-1"}).status_code == 302
    assert Consent.objects.get().text_version == "2027-1"


@pytest.mark.parametrize(
    ("kept", "other"), [(1, 2), (2, 0)], ids=["who is joined keeps nobody", "who keeps somebody is not joined"]
)
def test_who_is_joined_keeps_nobody_by_sql_either(officer_lc, people, draft, programmes, kept, other):
    people = [*people, add_row(draft, officer_lc, programmes["award"], full_name="Lê Thị Ba").recipient]
    judge_recipients(kept=people[0], other=people[1], is_same=True, reason="Cùng một em", actor=officer_lc)
    with pytest.raises(IntegrityError, match="recipient_joined_flat"), transaction.atomic():
        RecipientVerdict.objects.create(
            kept=people[kept], other=people[other], is_same=True, reason="Cùng một em", decided_by=officer_lc
        )


def test_the_list_of_people_says_what_the_joined_ones_have_had(client_of, officer_lc, people):
    Disbursement.objects.filter(recipient__in=people).update(paid_at=GIVEN.isoformat() + " 00:00+07")

    def said():
        page = client_of(officer_lc).get(reverse("recipient_list"), {"q": "tran thi an"})
        return [(row.turns, row.given) for row in page.context["table"].page.rows]

    verdict = judge_recipients(kept=people[0], other=people[1], is_same=True, reason="Cùng một em", actor=officer_lc)
    assert said() == [(2, 1_000_000)]
    undo_verdict(verdict=verdict, actor=officer_lc)
    assert said() == [(1, 500_000), (1, 500_000)]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE scholarships_consent SET given_on = '2020-01-01'", "DELETE FROM scholarships_consent",
        "UPDATE scholarships_consent SET recipient_id = NULL", "TRUNCATE scholarships_consent CASCADE",
        "UPDATE scholarships_consent SET withdrawn_on = '2023-06-01'",
        "UPDATE scholarships_recipientverdict SET is_same = NOT is_same",
        "UPDATE scholarships_recipientverdict SET reason = 'x'", "DELETE FROM scholarships_recipientverdict",
        "UPDATE scholarships_recipientverdict SET kept_id = other_id",
        "UPDATE scholarships_recipientverdict SET undone_at = now()",
        "UPDATE scholarships_recipient SET guardian_phone = 'abc'",
    ],
)  # fmt: skip
def test_what_was_agreed_and_decided_stays(officer_lc, people, sql):
    record_consent(
        recipient=people[0], purpose="data", guardian_name="Tư", child_agrees=True, given_on=GIVEN,
        text_version=CURRENT_TEXT, actor=officer_lc,
    )  # fmt: skip
    judge_recipients(kept=people[0], other=people[1], is_same=True, reason="Cùng một em", actor=officer_lc)
    connection.check_constraints()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert (Consent.objects.count(), RecipientVerdict.objects.joining().count()) == (1, 1)


def test_the_words_that_are_searched_follow_the_row_whatever_way_it_came(people):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE scholarships_recipient SET school = 'THPT Trần Phú' WHERE id = %s", [people[0].pk])
    assert list(Recipient.objects.matching("tran phu")) == [people[0]]
