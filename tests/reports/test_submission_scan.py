"""A unit's own signed paper, scanned: kept before and after approval, by whom, read by whom, and never changed."""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from PIL import Image

from portal.lib.periods import HalfYear
from portal.models import AuditEntry
from portal.services.versions import version_of
from portal.vocabulary import Role
from reports import services
from reports.models import SubmissionScan
from reports.services.scanning import attach_submission_scan
from tests import factories
from tests.reports import rows
from tests.reports.test_report_files import forge, found

H1 = HalfYear(2023, 1)
PDF = b"%PDF-1.7\nstartxref\n9\n%%EOF\n"
ADD, DETAIL = reverse("submission_scan_add", args=[H1, "LC"]), reverse("submission_detail", args=[H1, "LC"])


def pdf(name="a.pdf"):
    return SimpleUploadedFile(name, PDF)


def page(client):
    return client.get(DETAIL).content.decode()


@pytest.fixture
def officer(city):
    return rows.officer_of(city["LC"], "officer.lc")


@pytest.fixture
def sent(city, officer):
    return rows.declare(city["LC"], H1, officer)


def attach(submission, actor):
    return attach_submission_scan(submission=submission, file=pdf(), actor=actor)


def test_it_is_kept_before_and_after_approval_and_said_on_the_page(client_of, sent, officer, approver):
    client, decider = client_of(officer), client_of(approver)
    assert "Bản giấy đã ký" in page(client)
    stream = io.BytesIO()
    Image.new("RGB", (50, 70)).save(stream, "PNG")
    assert client.post(ADD, {"file": pdf()}).status_code == 302
    services.approve_submission(submission=sent, actor=approver)
    decider.post(ADD, {"file": SimpleUploadedFile("b.png", stream.getvalue())})  # the paper came to the city by post
    first, second = SubmissionScan.objects.all()
    assert (first.ending, first.added_by, second.ending, second.added_by) == ("pdf", officer, "jpg", approver)
    address = reverse("submission_scan", args=[first.pk])
    for reader in (client, decider):
        assert address in page(reader)
        got = reader.get(address)
        assert (got.content, got.headers["Content-Type"]) == (PDF, "application/pdf")
        assert got.headers["Content-Disposition"].startswith("attachment")
    assert decider.get(reverse("submission_scan", args=[second.pk])).headers["Content-Type"] == "image/jpeg"
    told = AuditEntry.objects.filter(action="reports.submission.scan").order_by("pk")
    assert [(one.actor, one.detail["scan"]) for one in told] == [(officer, first.pk), (approver, second.pk)]


def test_the_paper_of_another_sending_than_the_page_showed_is_not_kept(client_of, sent, officer, approver):
    shown = version_of(sent)
    services.take_back_submission(submission=sent, actor=officer)
    services.save_submission(unit=sent.unit, half=H1, values={"chapters.total": 8}, texts={}, actor=officer)
    sent.refresh_from_db()
    services.submit_submission(submission=sent, actor=officer)
    assert client_of(approver).post(ADD, {"file": pdf(), "version": shown}).status_code == 409
    assert not SubmissionScan.objects.exists()
    sent.refresh_from_db()
    assert client_of(approver).post(ADD, {"file": pdf(), "version": version_of(sent)}).status_code == 302
    assert SubmissionScan.objects.count() == 1


def test_what_is_no_paper_is_refused_with_a_sentence(client_of, sent, officer):
    cut, locked = b"%PDF-1.7 x", PDF.replace(b"startxref", b"/Encrypt 4 0 R startxref")
    for name, content in (("c.exe", b"MZ"), ("d.pdf", cut), ("e.pdf", locked)):
        answer = client_of(officer).post(ADD, {"file": SimpleUploadedFile(name, content)}, follow=True)
        assert "Vui lòng chọn tệp PDF hoặc ảnh chụp bản giấy đã ký" in answer.content.decode(), name
    assert not SubmissionScan.objects.exists()


def test_only_what_is_sent_can_be_signed(client_of, city, officer, approver):
    made = services.save_submission(
        unit=city["LC"], half=H1, values={"communication.events": 5}, texts={}, actor=officer
    )
    with pytest.raises(ValidationError, match="gửi"):
        attach(made, officer)
    assert f'action="{ADD}"' not in page(client_of(officer))
    sent = services.submit_submission(submission=made, actor=officer)
    assert f'action="{ADD}"' in page(client_of(officer))
    attach(sent, officer)
    back = services.return_submission(submission=sent, reason="Xem lại số buổi", cells={}, actor=approver)
    with pytest.raises(ValidationError, match="gửi"):
        attach(back, officer)
    assert SubmissionScan.objects.count() == 1


def test_a_scan_of_an_earlier_sending_is_said_to_be_one(client_of, city, sent, officer, approver):
    attach(sent, officer)
    earlier = "đã được gửi lại"
    assert earlier not in page(client_of(officer))
    services.return_submission(submission=sent, reason="Xem lại số buổi", cells={}, actor=approver)
    assert earlier not in page(client_of(officer))
    attach(rows.declare(city["LC"], H1, officer, {"communication.events": 6}), officer)
    assert page(client_of(officer)).count(earlier) == 1


def test_who_reads_the_half_year_reads_its_scan_and_nobody_else(client, client_of, city, sent, officer):
    address = reverse("submission_scan", args=[attach(sent, officer).pk])
    auditor = factories.make_user("auditor.lc", role=Role.AUDITOR, unit=city["LC"])
    assert client_of(auditor).get(address).status_code == 200
    with pytest.raises(PermissionDenied):
        attach(sent, auditor)
    assert f'action="{ADD}"' not in page(client_of(auditor))
    stranger = rows.officer_of(city["NQ"], "officer.nq")
    assert client_of(stranger).get(address).status_code == 404
    with pytest.raises(PermissionDenied):
        attach(sent, stranger)
    assert client.get(address).status_code == 302  # to the sign-in page


def test_a_scan_never_changes_and_a_forged_one_is_found(sent, officer):
    scan = attach(sent, officer)
    assert found() == set()
    for change in (
        "UPDATE reports_submissionscan SET ending = 'jpg'", "DELETE FROM reports_submissionscan",
        "TRUNCATE reports_submissionscan CASCADE",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    forge("UPDATE reports_submissionscan SET content = '%PDF-1.7 forged'")
    assert found() == {("submission_scan", f"scan {scan.pk}")}
    forge(f"UPDATE reports_submissionscan SET content = decode('{PDF.hex()}', 'hex')")
    assert found() == set()
    forge("DELETE FROM reports_submissionscan")
    assert found() == {("submission_scan", f"scan {scan.pk}")}
