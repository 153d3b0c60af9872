"""Documents for everybody: what is said of them, their files, and the way back."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from news import services
from news.models import Document
from portal.models import AuditEntry
from portal.services.documents import take_in
from portal.services.versions import version_of
from portal.vocabulary import Role
from tests import factories

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\nstartxref\n9\n%%EOF\n"
SAID = {
    "kind": "plan", "number": "12/KH-HKH", "issuer": "Hội Khuyến học thành phố Hải Phòng", "issued_on": "05/06/2026",
    "effective_on": "", "abstract": "Kế hoạch tháng khuyến học năm 2026",
}  # fmt: skip


def packed(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return stream.getvalue()


def sent(content: bytes = PDF, name: str = "Kế hoạch 12.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def put_out(editor, tree):
    def put(**values) -> Document:
        said = (
            SAID | {"issued_on": dt.date(2026, 6, 5), "effective_on": None, "file": sent(), "unit": tree["HP"]} | values
        )
        return services.create_document(actor=editor, **said)

    return put


def test_a_document_is_put_out_read_and_found_put_right_and_taken_back(client, client_of, editor, tree, site_profile):
    desk = client_of(editor)
    form = SAID | {"unit": tree["HP"].pk, "file": sent()}
    assert desk.post(reverse("document_create"), form).status_code == 302
    document = Document.objects.get()
    page, file = document.get_absolute_url(), reverse("document_file", args=[document.pk])
    answer = client.get(file)
    assert (b"".join(answer.streaming_content), answer.headers["Content-Type"]) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("inline")
    lists = {"/van-ban/", "/van-ban/?kind=plan&year=2026&q=thang+khuyen+hoc", "/tim-kiem/?q=12+kh+hkh", "/sitemap.xml"}
    for url in lists:
        assert page in client.get(url).content.decode(), url
    assert "05/06/2026" in client.get(page).content.decode()
    for url in ("/van-ban/?kind=letter", "/van-ban/?year=2025", "/van-ban/?q=học+bổng", "/van-ban/?year=xyz"):
        assert page not in client.get(url).content.decode(), url
    change = reverse("document_update", args=[document.pk])
    assert desk.post(change, SAID | {"version": "x"}).status_code == 409
    said = SAID | {"abstract": "Kế hoạch năm 2026", "version": version_of(document), "file": sent(PDF + b"\n%%EOF")}
    assert desk.post(change, said).status_code == 302
    assert "Kế hoạch năm 2026" in client.get(page).content.decode()
    assert len(b"".join(client.get(file).streaming_content)) == len(PDF) + 6
    document.refresh_from_db()
    take_back = reverse("document_withdraw", args=[document.pk])
    assert desk.post(take_back, {"reason": "", "version": version_of(document)}).status_code == 200
    assert desk.post(take_back, {"reason": "Ban hành nhầm.", "version": version_of(document)}).status_code == 302
    gone = client.get(page)
    assert (gone.status_code, client.get(file).status_code) == (410, 410)
    assert "Ban hành nhầm." in gone.content.decode()
    for url in lists:
        assert page not in client.get(url).content.decode(), url
    actions = AuditEntry.objects.filter(action__startswith="news.document").order_by("pk")
    assert [one.action.rpartition(".")[2] for one in actions] == ["create", "update", "withdraw"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "không có nội dung"),
        (b"<html>", "không phải tệp PDF"),
        (PDF[:40], "bị hỏng"),
        (PDF.replace(b"/Catalog", b"/Catalog /Encrypt 5 0 R"), "mật khẩu"),
        (PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /JS (x) >>"), "chương trình"),
        (PDF.replace(b"endobj", b"/Type /ObjStm stream\n" + zlib.compress(b"<< /JavaScript (x) >>")), "chương trình"),
        (packed("xl/workbook.xml"), "không phải tệp PDF"),
        (packed("word/document.xml", "word/vbaProject.bin"), "chương trình"),
        (packed("word/document.xml")[:-30], "bị hỏng"),
    ],
)
def test_what_is_no_plain_document_is_refused_with_its_sentence_and_what_was_typed_stays(
    client_of, editor, tree, content, words
):
    form = SAID | {"unit": tree["HP"].pk, "file": sent(content or b" "[:0], "tep.pdf")}
    if not content:
        with pytest.raises(ValidationError, match=words):
            take_in(io.BytesIO(b""), name="tep.pdf")
        return
    answer = client_of(editor).post(reverse("document_create"), form)
    assert list(answer.context["form"].errors) == ["file"]
    assert words in answer.content.decode()
    assert "12/KH-HKH" in answer.content.decode()
    assert not Document.objects.exists()


def test_a_word_file_is_saved_and_not_opened(client, put_out, site_profile):
    document = put_out(file=sent(packed("[Content_Types].xml", "word/document.xml"), "Kế hoạch.docx"))
    answer = client.get(reverse("document_file", args=[document.pk]))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="van-ban-{document.pk}.docx"'
    assert document.file.name.endswith(".docx")
    assert client.get(f"/media/{document.file.name}").status_code == 404  # the page alone hands it out


def test_only_editors_of_the_unit_put_documents_out_and_no_document_twice(
    client_of, put_out, editor, contributor, tree
):
    document = put_out()
    ward = factories.make_user("bien.tap.nq", role=Role.EDITOR, unit=tree["NGOQUYEN"])
    change = reverse("document_update", args=[document.pk])
    assert client_of(contributor).post(change, SAID).status_code == 403
    assert client_of(ward).post(change, SAID).status_code == 404
    own = SAID | {"unit": tree["HP"].pk, "file": sent()}
    assert list(client_of(ward).post(reverse("document_create"), own).context["form"].errors) == ["unit"]
    again = client_of(editor).post(reverse("document_create"), own | {"file": sent()})
    assert "Văn bản này đã có" in again.content.decode()
    services.withdraw_document(document=document, reason="Nhầm.", actor=editor)
    assert client_of(editor).post(reverse("document_create"), own | {"file": sent()}).status_code == 302


@pytest.mark.parametrize(
    "change", ["kind = 'poem'", "number = ' '", "issued_on = '0026-01-01'", "withdrawn_at = now()", "kind = NULL"]
)
def test_the_database_holds_what_a_document_is(put_out, change):
    put_out()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE news_document SET {change}")


def test_who_issued_it_and_from_when_it_is_in_force_is_said_where_it_is_not_from_its_day_on(
    client, put_out, site_profile
):
    said = "Có hiệu lực từ"
    plain = client.get(put_out().get_absolute_url()).content.decode()
    assert "Hội Khuyến học thành phố Hải Phòng" in plain
    assert said not in plain
    later = put_out(number="13/KH-HKH", issuer="UBND thành phố", effective_on=dt.date(2026, 7, 1))
    page = client.get(later.get_absolute_url()).content.decode()
    assert "UBND thành phố" in page
    assert "01/07/2026" in page[page.index(said) :][:200]
    assert "UBND thành phố" in client.get("/van-ban/").content.decode()
