"""Files first: unit, half-year, kind and mode are read from what is dropped; nothing that is refused is proposed."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from intakes.models import Intake
from scholarships.models import Batch
from tests import factories
from tests.members.test_member_preview import GOOD as MEMBERS
from tests.members.test_member_preview import workbook as member_workbook
from tests.scholarships.test_intake_preview import GOOD, HEAD, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(tree, site_profile):
    factories.make_programmes(tree["HP"])
    for code in ("LC", "NQ"):
        factories.make_fund(tree[code], opening=100_000_000)
    return tree


def titled(*lines: str, rows=GOOD) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "DS"
    for line in lines:
        sheet.append([line])
    sheet.append(HEAD)
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def drop(client, *files: tuple[str, bytes]):
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("intake_create"), {"content": sent}, follow=True)


def test_a_clean_file_is_understood_and_in_a_draft_by_two_presses(client_of, officer_lechan, ready):
    """The ward's officer sends the list of the district that hers succeeded: its title says so."""
    client = client_of(officer_lechan)
    file = titled("HỘI KHUYẾN HỌC THÀNH PHỐ HẢI PHÒNG", "HỘI KHUYẾN HỌC QUẬN LÊ CHÂN", "HỌC BỔNG 6 THÁNG ĐẦU NĂM 2023")
    shown = drop(client, ("ds.xlsx", file))
    intake = Intake.objects.get()
    assert (intake.kind, intake.unit, intake.half, intake.mode) == (
        "disbursements",
        ready["LC"],
        "2023-H1",
        "handed_out",
    )
    text = shown.content.decode()
    assert "Danh sách của Quận Lê Chân, 6 tháng đầu năm 2023" in text
    assert intake.row_count == 3
    assert not shown.context["plan"].open_questions
    client.post(reverse("intake_commit", args=[intake.pk]), {"token": token_of(shown)})
    assert Batch.objects.get().unit == ready["LC"]


def test_days_alone_tell_the_half_year_and_its_unit(client_of, officer_lechan, ready):
    """The ward did not exist in 2023, so its predecessor is proposed, never what would be refused."""
    drop(client_of(officer_lechan), ("ds.xlsx", titled()))
    intake = Intake.objects.get()
    assert (intake.unit, intake.half, intake.said) == (ready["LC"], "2023-H1", {"half": "2023-H1"})


def test_a_list_of_members_is_recognised(client_of, officer_lechan, ready):
    drop(client_of(officer_lechan), ("hv.xlsx", member_workbook(MEMBERS)))
    intake = Intake.objects.get()
    assert (intake.kind, intake.half, intake.mode, intake.unit) == ("members", "", "", ready["LECHAN"])


def test_a_plan_to_give_is_not_taken_for_given(client_of, officer_lc, ready):
    drop(client_of(officer_lc), ("ds.xlsx", titled("DANH SÁCH ĐỀ NGHỊ HỖ TRỢ HỌC SINH 6 THÁNG ĐẦU NĂM 2023")))
    assert Intake.objects.get().mode == "to_pay"


def test_another_units_file_stays_a_question(client_of, officer_lc, ready):
    shown = drop(client_of(officer_lc), ("ds.xlsx", titled("HỘI KHUYẾN HỌC QUẬN NGÔ QUYỀN", "6 THÁNG ĐẦU NĂM 2023")))
    assert Intake.objects.get().unit == ready["LC"]
    assert [one.question.code for one in shown.context["plan"].open_questions] == ["other_unit"]


def test_fifteen_files_at_once_each_of_its_unit(client_of, tree, ready, settings):
    settings.UPLOADS_PATIENCE = 60
    officer = factories.make_user("officer.hp", role="officer", unit=tree["HP"])
    names = ("QUẬN LÊ CHÂN", "QUẬN NGÔ QUYỀN", "PHƯỜNG AN BIÊN")
    files = [
        (f"{n:02}.xlsx", titled(f"HỘI KHUYẾN HỌC {names[n % 3]}", "6 THÁNG ĐẦU NĂM 2023", rows=GOOD[:1]))
        for n in range(15)
    ]
    shown = drop(client_of(officer), *files)
    assert shown.redirect_chain[-1][0] == reverse("intake_list")
    assert [one.unit.code for one in Intake.objects.order_by("file_name")] == ["LC", "NQ", "LC-AB"] * 5
    text = shown.content.decode()
    assert text.count("chưa xem") == 15
    assert "Quận Ngô Quyền" in text
    assert "at most" not in text
    refused = drop(client_of(officer), *files, ("16.xlsx", titled()))
    assert Intake.objects.count() == 15
    assert "15 tệp" in refused.content.decode()


def test_what_is_not_said_has_to_be_said_before_anything_is_taken_in(client_of, tree, ready):
    """Two postings and no word of a unit in the file: neither is guessed."""
    officer = factories.make_user("officer.two", role="officer", unit=tree["LC"])
    factories.Posting.objects.create(
        user=officer, unit=tree["NQ"], role="officer", valid=factories.DateRange(factories.START, None)
    )
    client = client_of(officer)
    shown = drop(client, ("ds.xlsx", titled("6 THÁNG ĐẦU NĂM 2023")))
    intake = Intake.objects.get()
    assert intake.said["open"] is True
    refused = client.post(reverse("intake_commit", args=[intake.pk]), {"token": token_of(shown)}, follow=True)
    assert "của đơn vị nào trước" in refused.content.decode()
    assert not Batch.objects.exists()
    about = {"kind": "disbursements", "unit": tree["NQ"].pk, "half": "2023-H1", "mode": "handed_out"}
    shown = client.post(reverse("intake_about", args=[intake.pk]), about, follow=True)
    assert "Danh sách của Quận Ngô Quyền" in shown.content.decode()
    client.post(reverse("intake_commit", args=[intake.pk]), {"token": token_of(shown)})
    assert Batch.objects.get().unit == tree["NQ"]


def test_a_file_is_moved_only_where_its_sender_may_enter_and_the_unit_lived(client_of, officer_lc, tree, ready):
    client = client_of(officer_lc)
    drop(client, ("ds.xlsx", titled("HỘI KHUYẾN HỌC QUẬN LÊ CHÂN", "6 THÁNG ĐẦU NĂM 2023")))
    page = reverse("intake_about", args=[Intake.objects.get().pk])
    about = {"kind": "disbursements", "half": "2023-H1", "mode": "handed_out"}
    assert client.post(page, about | {"unit": tree["NQ"].pk}).status_code == 200
    refused = client.post(page, about | {"unit": tree["LC"].pk, "half": "2026-H2"})
    assert "không tồn tại" in refused.content.decode()
    assert Intake.objects.get().unit == tree["LC"]
    assert (
        client_of(factories.make_user("x", role="auditor", unit=tree["HP"])).get(reverse("intake_create")).status_code
        == 403
    )
