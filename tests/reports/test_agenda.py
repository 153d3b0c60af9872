"""What a report sets and asks for comes back in the next one; targets; the meeting gives invitation and article."""

import datetime as dt
import io
import re

import lxml.html
import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.urls import reverse
from PIL import Image

from news.models import Category
from portal.lib.periods import HalfYear, Year
from portal.vocabulary import Role
from reports import services
from reports.models import Meeting, MeetingPhoto, ReportComment, ReportProposal, ReportTask
from reports.services import agenda
from reports.services.documents import render_report_pdf
from tests import factories
from tests.reports import rows

H1, H2 = HalfYear(2023, 1), HalfYear(2023, 2)


def picture(name="hoi-nghi.jpg", colour="red"):
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(stream, "JPEG")
    stream.name, _start = name, stream.seek(0)
    return stream


def text_of(pdf):
    return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(pdf))


def set_things(city, leader):
    task = agenda.add_task(
        unit=city["HP"], period=H1, text="Mở ba lớp tập huấn", responsible=city["LC"], due_on=dt.date(2023, 9, 30),
        actor=leader,
    )  # fmt: skip
    left = agenda.add_task(unit=city["HP"], period=H1, text="Lập hồ sơ mô hình học tập", actor=leader)
    asked = agenda.add_proposal(unit=city["HP"], period=H1, text="Hỗ trợ kinh phí cho Hội cấp xã", actor=leader)
    return task, left, asked


def test_what_one_report_sets_the_next_one_tells_done_or_not(city, leader):
    task, left, asked = set_things(city, leader)
    first = services.build(city["HP"], H1).payload["narrative"]
    assert "Mở ba lớp tập huấn (Quận Lê Chân, hạn 30/09/2023)." in first
    assert "Hỗ trợ kinh phí cho Hội cấp xã." in first
    assert "kỳ trước" not in first.split("III.")[0].split("II.")[1]
    agenda.decide_task(task=task, state="done", note="Đã mở bốn lớp", actor=leader)
    assert "Kiến nghị chưa có trả lời" in services.build(city["HP"], H2).payload["narrative"]
    agenda.answer_proposal(
        proposal=asked, answer="Đồng ý bố trí từ năm 2024", answered_on=dt.date(2023, 10, 2), actor=leader
    )
    payload = services.build(city["HP"], H2).payload
    printed = text_of(render_report_pdf(payload, "0" * 64))
    for said in (
        "3. Kết quả thực hiện nhiệm vụ, kiến nghị của kỳ trước",
        "Đã làm: Mở ba lớp tập huấn (Quận Lê Chân, hạn 30/09/2023). Đã mở bốn lớp.",
        "Chưa làm: Lập hồ sơ mô hình học tập.",
        "Trả lời: Đồng ý bố trí từ năm 2024.",
    ):
        assert said in payload["narrative"]
        assert said in printed
    assert left.state == "open"


def test_what_cannot_be_is_refused_in_words(city, leader):
    task, _left, asked = set_things(city, leader)
    with pytest.raises(ValidationError, match="sau nửa năm"):
        agenda.add_task(unit=city["HP"], period=H1, text="Việc", due_on=dt.date(2023, 6, 30), actor=leader)
    with pytest.raises(ValidationError, match="vì sao"):
        agenda.decide_task(task=task, state="dropped", actor=leader)
    with pytest.raises(ValidationError, match="chưa đến"):
        agenda.answer_proposal(proposal=asked, answer="Có", answered_on=dt.date(2098, 1, 1), actor=leader)
    with pytest.raises(ValidationError, match="lớn hơn 0"):
        agenda.set_target(unit=city["HP"], indicator="members.new", year=2023, value=0, actor=leader)
    officer = factories.make_user("officer.x", role=Role.OFFICER, unit=city["HP"])
    with pytest.raises(PermissionDenied):
        agenda.add_task(unit=city["HP"], period=H1, text="Việc", actor=officer)
    assert ReportTask.objects.count() == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_reporttask SET state = 'x'",
        "UPDATE reports_reporttask SET text = '  '",
        "UPDATE reports_reporttask SET period = '2023-H3'",
        "UPDATE reports_reportproposal SET answer = 'Có', answered_on = NULL",
        "UPDATE reports_reportproposal SET answer = '', answered_on = '2023-10-01'",
        (
            "INSERT INTO reports_target (unit_id, indicator, year, value, set_by_id, set_at) "
            "SELECT unit_id, 'members.new', 2023, 0, written_by_id, now() FROM reports_reporttask LIMIT 1"
        ),
    ],
)
def test_the_database_holds_it_too(city, leader, statement):
    set_things(city, leader)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_target_stands_beside_the_figure_and_in_the_summary(client_of, city, leader):
    agenda.set_target(unit=city["HP"], indicator="members.new", year=2023, value=3, actor=leader)
    agenda.set_target(unit=city["HP"], indicator="members.new", year=2023, value=8, actor=leader)
    payload = services.build(city["HP"], H1).payload
    assert payload["targets"] == {"members.new": 8}
    assert payload["against_targets"] == ["Hội viên mới: đạt 50% chỉ tiêu năm 2023."]
    assert "Chỉ tiêu 2023" in client_of(leader).get(reverse("report_detail", args=[H1, "HP"])).content.decode()


def test_the_pages_keep_and_refuse(client_of, city, leader):
    client, page = client_of(leader), reverse("report_agenda", args=[H1, "HP"])
    sent = {"what": "task", "task-text": "Tổ chức Tuần lễ học tập", "task-responsible": "LC", "task-due_on": "1/6/2023"}
    refused = client.post(page, sent)
    assert "sau nửa năm" in refused.content.decode()
    assert "Tổ chức Tuần lễ học tập" in refused.content.decode()  # what was typed is kept
    saved = client.post(page, sent | {"task-due_on": "1/10/2023"}, follow=True).content.decode()
    assert "Chủ Nhật, 01/10/2023 không phải ngày làm việc" in saved
    task = ReportTask.objects.get()
    client.post(reverse("report_task_decide", args=[H1, "HP", task.pk]), {"state": "done", "note": "Xong"})
    task.refresh_from_db()
    assert (task.state, task.responsible.code) == ("done", "LC")
    client.post(page, {"what": "proposal", "proposal-text": "Bố trí kinh phí"})
    asked = ReportProposal.objects.get()
    address = reverse("report_proposal_answer", args=[H1, "HP", asked.pk])
    client.post(address, {"answer": "Đồng ý", "answered_on": "khi nào đó"})
    asked.refresh_from_db()
    assert asked.answer == ""
    client.post(address, {"answer": "Đồng ý", "answered_on": "2/10/2023"})
    asked.refresh_from_db()
    assert asked.answer == "Đồng ý"


def test_the_meeting_gives_the_invitation_and_the_draft_article(client_of, city, leader):
    client, page = client_of(leader), reverse("meeting_edit", args=[H1, "HP"])
    meeting = {
        "held_at": "21/07/2023 8:30", "place": "Hội trường Thành ủy", "chair": "Chủ tịch Hội", "delegates": "120",
        "guests": "Chủ tịch Hội Khuyến học các quận, huyện", "programme": "Khai mạc\nBáo cáo sơ kết\nThảo luận",
    }  # fmt: skip
    no_caption = client.post(page, meeting | {"photo": picture()})
    assert "ảnh chụp cảnh gì" in no_caption.content.decode()
    assert not Meeting.objects.exists()
    for caption, colour in (("Quang cảnh Hội nghị.", "red"), ("Các đại biểu tham gia ý kiến.", "blue")):
        assert client.post(page, meeting | {"photo": picture(colour=colour), "caption": caption}).status_code == 302
    assert MeetingPhoto.objects.count() == 2
    printed = text_of(client.get(reverse("meeting_invitation", args=[H1, "HP"])).content)
    for said in (
        "GIẤY MỜI",
        "08 giờ 30, ngày 21 tháng 7 năm 2023",
        "Hội trường Thành ủy",
        "2. Báo cáo sơ kết",
        "GM-HKH",
    ):
        assert said in printed
    Category.objects.create(name="Tin", slug="tin")
    report = rows.freeze(city["HP"], H1, leader)
    article = services.draft_article_from_report(report=report, actor=leader)
    revision = article.working_revision
    assert "ngày 21/7/2023 tại Hội trường Thành ủy, do Chủ tịch Hội chủ trì, với 120 đại biểu tham dự." in revision.lead
    photos = list(article.photos.order_by("pk"))
    assert [photo.caption for photo in photos] == ["Quang cảnh Hội nghị.", "Các đại biểu tham gia ý kiến."]
    assert all(f'data-photo="{photo.pk}"' in revision.body for photo in photos)
    assert 'data-photo=""' not in revision.body
    client.post(reverse("meeting_photo_remove", args=[H1, "HP", MeetingPhoto.objects.first().pk]))
    assert MeetingPhoto.objects.count() == 1


def test_what_became_of_a_task_and_an_answer_stay_in_their_form_when_they_are_refused(client_of, city, leader):
    task = agenda.add_task(unit=city["HP"], period=H1, text="Mở lớp", actor=leader)
    asked = agenda.add_proposal(unit=city["HP"], period=H1, text="Xin thêm sách", actor=leader)
    client = client_of(leader)
    refused = client.post(reverse("report_task_decide", args=[H1, "HP", task.pk]), {"state": "dropped", "note": " "})
    page = lxml.html.document_fromstring(refused.content)
    (form,) = page.xpath(f"//form[contains(@action, '/nhiem-vu/{task.pk}/')]")
    assert refused.status_code == 200
    assert form.xpath(".//option[@selected]/@value") == ["dropped"]
    assert form.xpath("ancestor::details/@open") == [""]
    assert form.find_class("invalid-feedback") or form.find_class("is-invalid")
    sent = {"answered_on": "31/02/2023", "answer": "Đồng ý cấp 500 cuốn"}
    refused = client.post(reverse("report_proposal_answer", args=[H1, "HP", asked.pk]), sent)
    page = lxml.html.document_fromstring(refused.content)
    (form,) = page.xpath(f"//form[contains(@action, '/kien-nghi/{asked.pk}/')]")
    assert "Đồng ý cấp 500 cuốn" in form.text_content()
    assert form.xpath(".//input[@name='answered_on']/@value") == ["31/02/2023"]
    for other in page.xpath("//main//form[.//input[@name='what']]"):
        assert other.get("action").endswith("/nhiem-vu/"), "sent from this address too, it goes where it belongs"
    task.refresh_from_db()
    asked.refresh_from_db()
    assert (task.state, asked.answer) == ("open", "")


def test_a_number_that_no_column_takes_is_refused_beside_its_field(client_of, city, leader):
    sent = {"held_at": "10/07/2023 08:00", "place": "Hội trường", "chair": "Chủ tịch", "delegates": "99.999.999.999"}
    page = client_of(leader).post(reverse("meeting_edit", args=[H1, "HP"]), sent)
    assert "delegates" in page.context["form"].errors
    assert "99.999.999.999" in page.content.decode()


def test_a_meeting_is_not_half_kept_where_its_photo_is_refused(client_of, city, leader):
    """The page that comes back saves: nothing was kept behind the person's back, and nobody else has changed it."""
    client, page = client_of(leader), reverse("meeting_edit", args=[H1, "HP"])
    meeting = {"held_at": "21/07/2023 8:30", "place": "Hội trường Thành ủy", "chair": "Chủ tịch Hội"}
    for place in ("Hội trường Thành ủy", "Nhà văn hóa"):  # entered, then changed
        given = meeting | {"place": place, "caption": "Quang cảnh Hội nghị."}
        refused = client.post(page, given | {"photo": SimpleUploadedFile("hoi-nghi.jpg", b"no picture")})
        assert refused.status_code == 200
        assert "hoi-nghi.jpg" in refused.content.decode()
        assert not Meeting.objects.filter(place=place).exists()
        version = re.search(r'name="version" value="([^"]*)"', refused.content.decode())[1]
        assert client.post(page, given | {"photo": picture(), "version": version}).status_code == 302
        assert Meeting.objects.get().place == place
    assert MeetingPhoto.objects.count() == 2


@pytest.mark.parametrize(
    ("period", "name", "other"), [(H1, "Hội nghị sơ kết", "tổng kết"), (Year(2023), "Hội nghị tổng kết", "sơ kết")]
)
def test_a_half_year_is_reviewed_in_a_so_ket_and_a_year_in_a_tong_ket(client_of, city, leader, period, name, other):
    client, page = client_of(leader), reverse("meeting_edit", args=[period, "HP"])
    meeting = {"held_at": "21/01/2024 8:30", "place": "Hội trường Thành ủy", "chair": "Chủ tịch Hội"}
    assert client.post(page, meeting).status_code == 302
    for address in (page, reverse("report_agenda", args=[period, "HP"])):
        text = client.get(address).content.decode()
        assert name in text
        assert f"Hội nghị {other}" not in text
    printed = text_of(client.get(reverse("meeting_invitation", args=[period, "HP"])).content)
    assert name in printed
    assert other not in printed


def test_the_same_words_of_two_at_once_are_kept_once(city, leader):
    """Two who found nothing at the same moment both write: the database keeps one, and the next asking finds it."""
    written = {"unit": city["HP"], "period": H1.code, "text": "Mở ba lớp tập huấn", "written_by": leader}
    for model in (ReportTask, ReportProposal, ReportComment):
        model.objects.create(**written)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**written)
    comment = services.comment_report(unit=city["HP"], period=H1, text=written["text"], actor=leader)
    services.settle_comment(comment=comment, actor=leader)
    assert services.comment_report(unit=city["HP"], period=H1, text=written["text"], actor=leader) != comment
