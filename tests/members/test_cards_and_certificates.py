"""Cards and certificates: printed, checked by their code without a name, ended when lost, gone with the person."""

from __future__ import annotations

import datetime as dt
import io

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from members.models import MemberCard, TitleCertificate
from members.services.cards import end_card, print_card
from members.services.moves import end_membership
from members.services.personal import erase_member
from members.services.titles import decide_titles
from portal.lib.qr import new_code
from portal.models import AskedFile
from portal.services.background import make_file, read_parts
from tests.members.people import make_member
from tests.members.titles import DECISION, bring_on, make_criteria, make_title, recognise

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(pdf))]


def made_file() -> bytes:
    """What the worker makes of the file that was asked for last."""
    file = AskedFile.objects.first()
    assert make_file.call(file.pk)
    return b"".join(read_parts(file))


def checked(client, code):
    answer = client.get(reverse("report_verify", args=[code]))
    return answer.status_code, answer.content.decode()


def test_a_sheet_for_all_who_have_no_card_ten_on_a_page(client_of, tree, officer_lechan, officer_nq, site_profile):
    people = [make_member(tree["LECHAN"], officer_lechan, full_name=f"Đỗ Văn {chr(65 + n)}") for n in range(11)]
    client = client_of(officer_lechan)
    assert client.get(reverse("card_sheet")).context["waiting"] == 11
    client.post(reverse("card_sheet"), {"unit": "11383"})
    pages = text_of(made_file())
    assert (len(pages), pages[0].count("THẺ HỘI VIÊN"), pages[1].count("THẺ HỘI VIÊN")) == (2, 10, 1)
    card = MemberCard.objects.get(member=people[0])
    assert card.number == f"11383-{people[0].pk:06d}"
    assert card.printed_code in pages[0]
    again = client.post(reverse("card_sheet"), {"unit": "11383"})
    assert again.context["form"].non_field_errors()  # everybody has one
    assert MemberCard.objects.count() == 11
    same = client.post(reverse("card_print", args=[people[0].pk]))
    assert card.printed_code in text_of(same.content)[0]
    assert client_of(officer_nq).post(reverse("card_print", args=[people[0].pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        print_card(member=people[0], actor=officer_nq)


def test_the_code_tells_unit_and_since_and_no_name_while_it_is_valid(client, tree, officer_lechan, site_profile):
    member = make_member(tree["LECHAN"], officer_lechan, card_number="HP-7", phone="+84912345678")
    print_card(member=member, actor=officer_lechan)
    card = MemberCard.objects.get()
    assert card.number == "HP-7"
    status, page = checked(client, card.code)
    assert status == 200
    assert "Thẻ này còn giá trị" in page
    assert "Phường Lê Chân" in page
    assert "02/09/2025" in page
    for hidden in ("Ánh", "HP-7", "HP7", "0912", "1964"):
        assert hidden not in page
    end_card(member=member, reason="Đánh mất", actor=officer_lechan)
    print_card(member=member, actor=officer_lechan)
    new = MemberCard.objects.running().get()
    assert (new.number, new.code != card.code) == ("HP-7/2", True)
    assert "không còn giá trị" in checked(client, card.code)[1]
    assert "Phường Lê Chân" not in checked(client, card.code)[1]
    assert "Thẻ này còn giá trị" in checked(client, new.code)[1]
    with pytest.raises(IntegrityError), transaction.atomic():
        MemberCard.objects.create(member=member, number="8", code=new_code(), issued_by=officer_lechan)
    with pytest.raises(IntegrityError), transaction.atomic():
        MemberCard.objects.filter(pk=new.pk).update(number="")
    assert client.get(reverse("report_check"), {"code": new.printed_code}).status_code == 302


def test_of_who_left_or_was_erased_the_card_is_not_valid(client, tree, officer_lechan, site_profile):
    left, erased = (make_member(tree["LECHAN"], officer_lechan, full_name=name) for name in ("Vũ Văn Đức", "Lê Thị Lý"))
    for member in (left, erased):
        print_card(member=member, actor=officer_lechan)
    codes = dict(MemberCard.objects.values_list("member_id", "code"))
    end_membership(member=left, last_day=dt.date(2026, 3, 1), reason="wish", actor=officer_lechan)
    erase_member(member=erased, confirmed_name="Lê Thị Lý", actor=officer_lechan)
    for member in (left, erased):
        assert "không còn giá trị" in checked(client, codes[member.pk])[1]
    assert MemberCard.objects.get(member=erased).number == ""
    with pytest.raises(ValidationError):
        print_card(member=left, actor=officer_lechan)


def test_certificates_and_the_decision_with_its_list(
    client_of, client, tree, officer_lechan, approver_lechan, officer_nq, site_profile
):
    make_criteria()
    made = [make_title(tree["LECHAN"], officer_lechan, f"Gia đình số {number}") for number in range(3)]
    lineage = make_title(tree["LECHAN"], officer_lechan, "Dòng họ Vũ", model="lineage", place="")
    waiting = make_title(tree["LECHAN"], officer_lechan, "Gia đình chờ")
    bring_on([*made, lineage], officer_lechan)
    recognise([*made, lineage], approver_lechan)
    officer = client_of(officer_lechan)
    page = reverse("title_decision", args=[made[0].pk])
    assert officer.get(page).context["count"] == 4
    decision = " ".join(text_of(officer.post(page).content))
    assert all(said in decision for said in ("12/QĐ-UBND", "Gia đình số 2", "Dòng họ Vũ"))
    assert "Gia đình chờ" not in decision
    officer.post(page, {"part": "0"})
    certificates = text_of(made_file())
    assert len(certificates) == 4
    code = TitleCertificate.objects.get(title=made[0]).code
    single = text_of(officer.post(reverse("title_certificate", args=[made[0].pk])).content)
    assert len(single) == 1
    assert DECISION["decided_by"] in single[0].replace("\r\n", " ")
    assert TitleCertificate.objects.get(title=made[0]).code == code
    assert officer.post(reverse("title_certificate", args=[waiting.pk])).status_code == 302
    assert client_of(officer_nq).post(reverse("title_certificate", args=[made[0].pk])).status_code == 404
    told = checked(client, code)[1]
    assert "12/QĐ-UBND" in told
    assert "Gia đình số 0" not in told
    assert "Dòng họ Vũ" in checked(client, TitleCertificate.objects.get(title=lineage).code)[1]
    decide_titles(verb="reopen", chosen={made[0].pk: None}, reason="Nhầm quyết định", actor=approver_lechan)
    assert "không còn giá trị" in checked(client, code)[1]


def test_the_units_page_tells_its_titles(client_of, tree, officer_lechan, approver_lechan, site_profile):
    make_criteria()
    made = [make_title(tree["LECHAN"], officer_lechan, f"Gia đình số {number}") for number in range(3)]
    bring_on(made[:1], officer_lechan)
    recognise(made[:1], approver_lechan)
    text = client_of(officer_lechan).get(reverse("unit_detail", args=["11383"])).content.decode()
    assert "3 đăng ký, 1 được công nhận" in text


def test_erasure_covers_a_members_own_title(tree, officer_lechan, approver_lechan, site_profile):
    make_criteria()
    member = make_member(tree["LECHAN"], officer_lechan, full_name="Lê Thị Lý")
    title = make_title(tree["LECHAN"], officer_lechan, "Lê Thị Lý", model="citizen", member=member)
    decide_titles(
        verb="refuse", chosen={title.pk: None}, on_day=dt.date(2026, 6, 1), reason="Bà Lý ốm", actor=approver_lechan
    )  # fmt: skip
    erase_member(member=member, confirmed_name="Lê Thị Lý", actor=officer_lechan)
    title.refresh_from_db()
    kept = [title.subject.name, title.subject.search_text, title.subject.place, title.reason]
    kept += title.changes.values_list("reason", flat=True)
    assert "Lý" not in "".join(kept)
    assert title.state == "refused"  # the figure stays
