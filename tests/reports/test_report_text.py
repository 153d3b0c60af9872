"""The draft's text edited by hand: what stands, what fits no figure, two people, figures that move, numbering."""

import lxml.html
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from portal.lib.periods import HalfYear
from portal.models import AuditEntry, SiteProfile
from portal.services.refusals import ConflictError
from portal.services.versions import version_of
from reports import services
from reports.figures import Group
from reports.models import Report, SectionText
from reports.services import agenda
from reports.services.contents import key_of
from reports.services.editing import join_text, split_text
from reports.services.marking import KnownNumbers
from reports.services.rewriting import demand_settled, drop_section, find_section, keep_section, mark_of
from tests.reports import rows

H1 = HalfYear(2023, 1)
GIVING, TALK = "trao-hoc-bong-khen-thuong-va-ho-tro", "cong-tac-tuyen-truyen"
OWN = "Các cấp Hội đã trao 28 lượt học bổng.\n\nQuận Lê Chân có 19 lượt."


def keep(city, actor, text=OWN, section=GIVING, **more):
    return keep_section(unit=city["HP"], period=H1, section=section, text=text, actor=actor, **more)


def section(city, key=GIVING):
    return find_section(services.build(city["HP"], H1), key)


def test_edited_words_stand_in_the_draft_until_they_are_dropped(city, leader):
    written = services.build(city["HP"], H1).payload["narrative"]
    edit = keep(city, leader)
    payload = services.build(city["HP"], H1).payload
    assert "5. Trao học bổng" not in payload["narrative"].split("Các cấp Hội đã trao 28 lượt học bổng.")[1]
    assert "Quận Lê Chân có 19 lượt." in payload["narrative"]
    part = next(one for one in payload["sections"] if key_of(one["heading"]) == GIVING)
    assert part["paragraphs"] == split_text(OWN)
    drop_section(edit=edit, actor=leader)
    assert services.build(city["HP"], H1).payload["narrative"] == written
    entries = AuditEntry.objects.filter(action="reports.report.text")
    assert entries.count() == 2
    assert "28" not in str(list(entries.values_list("detail", flat=True)))


@pytest.fixture
def telling(city, leader):
    """What is marked in a text: asked of one city, so that it is set up once."""
    keep(city, leader)
    return services.build(city["HP"], H1)


STRANGE = [
    ("Đã trao 28 lượt với số tiền 2.800.123 đồng.", []),
    ("Đã trao 29 lượt.", ["29"]),
    ("Đã trao 28 lượt, hơn 2,8 triệu đồng.", []),
    ("Đã trao 28 lượt, hơn 9 triệu đồng.", ["9 triệu"]),
    ("Quận Lê Chân trao 19 lượt.", []),
    ("Quận Ngô Quyền trao 19 lượt.", ["19"]),
    ("Trong 6 tháng đầu năm 2023, ngày 05 tháng 6, theo Báo cáo số 12/BC-HKH: 28 lượt.", []),
    ("Tổng số 31 lượt; 99% là học sinh.", ["31", "99%"]),
    ("1. Đã trao 28 lượt.\n2) Đã trao 30 lượt.", ["30"]),
    ("Phát triển 4 hội viên.", ["4"]),
]


def test_a_number_that_no_figure_of_the_chapter_gives_is_marked(telling):
    edit = telling.edits[GIVING]
    for text, strange in STRANGE:
        edit.text = text
        read = find_section(telling, GIVING).marked
        assert [piece.text for piece in read.strange] == strange, text
        assert ["".join(piece.text for piece in pieces) for pieces in read.paragraphs] == split_text(text)


NEAREST = [
    ("Đã trao 29 lượt.", ("28", "Tổng số lượt trao", "")),
    ("Quận Lê Chân trao 20 lượt.", ("19", "Tổng số lượt trao", "Quận Lê Chân")),
    ("Hơn 3 triệu đồng.", ("hơn 2,8 triệu đồng", "Tổng số tiền đã trao", "")),
    ("Số tiền 2.800.132 đồng.", ("2.800.123", "Tổng số tiền đã trao", "")),
    ("Đã trao 70.000 lượt.", None),
    ("Trong đó 3.000 tỷ đồng.", None),
]


def test_beside_a_number_that_no_figure_gives_the_nearest_one_is_offered(telling):
    for text, offered in NEAREST:
        strange = find_section(telling, GIVING).mark(text).strange
        assert len(strange) == 1, text
        (piece,) = strange
        nearest = piece.mark.nearest
        assert (nearest and (nearest.text, str(nearest.label), nearest.unit)) == offered, text


def numbers(units, by_unit, withheld):
    """What a text may tell beside the names of these units."""
    shown = {
        code: {name: value for name, value in figures.items() if name not in withheld.get(code, ())}
        for code, figures in by_unit.items()
    }
    payload = {"unit": "HP", "unit_name": "Thành phố Hải Phòng", "figures": {}, "targets": {}, "units": units}
    payload |= {"by_unit": shown, "withheld": withheld}
    return KnownNumbers(tuple(Group), [], payload, {"figures": {}, "by_unit": by_unit}, [])


def test_a_unit_is_not_named_where_its_name_is_part_of_another():
    turns = "disbursements.turns"
    known = numbers(
        {"A": "Xã An", "L": "Xã An Lão", "S": "Quận Lê Chân (đã kết thúc, chưa bàn giao)"},
        {"A": {turns: 3}, "L": {turns: 35}, "S": {turns: 4}},
        {"A": [turns], "S": [turns]},
    )
    for text, told, strange in (
        ("Xã An Lão có 35 lượt, 3 buổi.", [], ["3"]),
        ("Xã An có 35 lượt, xã Ân có 3 lượt.", ["3"], ["35"]),
        ("Xã An Lão 35 lượt; xã An 3 lượt.", ["3"], []),
        ("Xã Anh có 3 lượt.", [], ["3"]),
        ("Quận Lê Chân có 4 lượt.", ["4"], []),  # it has ended: nobody writes so behind its name
    ):
        (read,) = [known.mark([text])]
        assert ([one.text for one in read.told], [one.text for one in read.strange]) == (told, strange), text


ALONE = [
    ("Hải An có 3 lượt.", ["3"]),  # of the two that are called so one withholds it
    ("Tại Hải An có 3 lượt; HẢI AN đứng đầu.", ["3"]),
    ("Quỹ còn ít. “Riêng Hải An có 3 lượt”.", ["3"]),
    ("Hội Khuyến học Hải An trao 3 lượt.", ["3"]),
    ("Hội Hải An trao 3 lượt, Q.Hải An nhiều nhất.", ["3"]),
    ("Phường Hải An có 3 lượt.", []),  # there it is public
    ("Q. Hải An có 3 lượt.", ["3"]),
    ("Phải an toàn khi hải an có 3 lượt.", []),  # no name without its capitals
    ("Trường Hải An có 3 lượt.", []),  # a school, a street, a person, another place
    ("Đường phố Hải An có 3 lượt, xã Hải An có 3.", []),
    ("Em Nguyễn Hải An và thầy Hải An nhận 3 lượt.", []),
    ("Hải An Đông có 3 lượt.", []),
    ("Cát Hải có 4 lượt.", ["4"]),
    ("Cát Hải An có 4 lượt.", []),
    ("Hạ Lũng có 5 lượt.", []),  # not one of the report's
    ("Chúng tôi mở 1 lớp ở Một.", []),  # one syllable is a word like any other
]


def test_a_unit_is_recognised_by_its_proper_name_alone():
    turns = "disbursements.turns"
    known = numbers(
        {"Q": "Quận Hải An", "P": "Phường Hải An", "C": "Đặc khu Cát Hải", "M": "Xã Một"},
        {"Q": {turns: 3}, "P": {turns: 3}, "C": {turns: 4}, "M": {turns: 1}},
        {"Q": [turns], "C": [turns], "M": [turns]},
    )
    for text, told in ALONE:
        assert [one.text for one in known.mark([text]).told] == told, text


def test_a_number_public_of_all_that_its_sentence_names_is_not_refused():
    turns, new = "disbursements.turns", "members.new"
    known = numbers(
        {"A": "Xã An", "L": "Xã An Lão", "T": "Xã Tiên Lãng"},
        {"A": {turns: 3}, "L": {turns: 3}, "T": {turns: 50, new: 3}},
        {"A": [turns], "T": [new]},
    )
    for text, told in (
        ("Xã An có quỹ riêng. Xã An Lão có 3 lượt.", []),
        ("Xã An có quỹ riêng; An Lão có 3 lượt.", []),
        ("Xã An có 3 lượt. Xã An Lão có 3 lượt.", ["3"]),
        ("Xã An và xã An Lão có 3 lượt.", ["3"]),  # the sentence may speak of either
        ("Xã An Lão đứng đầu. Xã An có 3 lượt.", ["3"]),
        ("Xã An có quỹ riêng. Có 3 lượt.", ["3"]),  # it names none: the paragraph speaks
        ("Xã An có quỹ riêng. Tiên Lãng có 50 lượt, 3 hội viên.", ["3"]),
    ):
        assert [one.text for one in known.mark([text]).told] == told, text


def test_a_reports_own_total_that_is_withheld_is_not_told_under_its_chapter(city, approver):
    """Of a district with three new members no edited text says so, whether it names the district or not."""
    draft = services.build(city["LC"], H1)
    assert "members.new" in draft.payload["withheld"]["LC"]
    members = "phat-trien-to-chuc-hoi-va-hoi-vien"
    for key, text, told in (
        (members, "Phát triển mới 3 hội viên.", ["3"]),
        (members, "Phát triển mới 4 hội viên.", []),
        (GIVING, "Trao 3 suất lớn.", []),  # of another chapter a three is no member
        ("danh-gia-chung", "Quận Lê Chân có thêm 3 hội viên.", ["3"]),
        ("danh-gia-chung", "Các đơn vị mở 3 lớp.", []),
    ):
        assert [one.text for one in find_section(draft, key).mark(text).told] == told, text
    assert find_section(draft, members).marked.told == []
    keep_section(unit=city["LC"], period=H1, section=members, text="Phát triển mới 3 hội viên.", actor=approver)
    draft = services.build(city["LC"], H1)
    with pytest.raises(ValidationError, match="không công bố"):
        demand_settled(draft, draft)


def marks_of(answer):
    """The marked numbers of a page, each with what a screen reader says of it."""
    page = lxml.html.document_fromstring(answer.content.decode())
    return [" ".join(mark.text_content().split()) for mark in page.iter("mark")]


def test_it_is_marked_where_it_stands_on_every_page_of_the_draft_and_never_in_what_is_frozen(
    client_of, city, leader, approver
):
    rows.approve_all(city, H1, approver)
    page, client = reverse("report_text_edit", args=[H1, "HP", GIVING]), client_of(leader)
    marked = "29 (không khớp số liệu nào của báo cáo; số liệu gần nhất: 28, Tổng số lượt trao)"
    shown = {"mark": mark_of(section(city)), "version": version_of(SectionText), "text": "Đã trao 29 <b>lượt</b>."}
    looked = client.post(page, shown | {"look": "1"})
    assert marks_of(looked) == [marked]
    assert "chưa lưu" in looked.content.decode()
    assert "<b>lượt" not in looked.content.decode()
    refused = client.post(page, shown | {"text": "Đã trao 29 lượt. " + "x" * 8000})
    assert marks_of(refused) == [marked]
    assert not SectionText.objects.exists()
    assert marks_of(client.get(page)) == []
    assert client.post(page, shown).status_code == 302
    for name, args in (("report_text", ()), ("report_text_edit", (GIVING,)), ("report_detail", ())):
        assert marks_of(client.get(reverse(name, args=[H1, "HP", *args]))) == [marked], name
    report = rows.freeze(city["HP"], H1, leader)
    assert "Đã trao 29 <b>lượt</b>." in report.payload["narrative"]
    assert "mark" not in str(report.payload["sections"])
    assert marks_of(client.get(reverse("report_public", args=[H1, "HP"]))) == []


def test_when_figures_move_both_texts_stand_side_by_side_and_numbering_waits(city, leader, client_of, approver):
    keep(city, leader)
    assert not section(city).is_stale
    rows.give(city, "NQ", count=3, start=50)
    rows.approve_all(city, H1, approver)
    moved = section(city)
    assert moved.is_stale
    assert "31" in " ".join(moved.changed[1])
    page = client_of(leader).get(reverse("report_text_edit", args=[H1, "HP", GIVING])).content.decode()
    for said in ("Các cấp Hội đã trao 28 lượt học bổng.", "31 lượt", "Giữ lời văn đã sửa", "Dùng lời văn này"):
        assert said in page, said
    assert "Chọn lời văn" in client_of(leader).get(reverse("report_text", args=[H1, "HP"])).content.decode()
    with pytest.raises(ValidationError, match="vui lòng chọn"):
        services.freeze_report(unit=city["HP"], period=H1, actor=leader)
    assert not Report.objects.exists()
    keep(city, leader, OWN.replace("28", "31"))
    draft = services.build(city["HP"], H1)
    demand_settled(draft, draft)  # nothing stands in the way of numbering; the next test numbers an edited text
    assert "Các cấp Hội đã trao 31 lượt học bổng." in draft.payload["narrative"]


def test_a_numbered_text_is_frozen_and_a_page_shown_before_an_edit_does_not_number(city, leader, approver, client_of):
    rows.approve_all(city, H1, approver)
    shown = services.issuing.version_of_draft(services.build(city["HP"], H1))
    edit = keep(city, leader)
    with pytest.raises(ConflictError):
        services.freeze_report(unit=city["HP"], period=H1, version=shown, actor=leader)
    shown = services.issuing.version_of_draft(services.build(city["HP"], H1))
    agenda.add_task(unit=city["HP"], period=H1, text="Mở ba lớp tập huấn", actor=approver)  # no figure, yet in the text
    with pytest.raises(ConflictError):
        services.freeze_report(unit=city["HP"], period=H1, version=shown, actor=leader)
    SiteProfile.objects.update(signature_name="Trần Thị Bình")  # on the paper
    shown = services.issuing.version_of_draft(services.build(city["HP"], H1))
    report = services.freeze_report(unit=city["HP"], period=H1, version=shown, actor=leader)
    for refused in (lambda: keep(city, leader, "Khác."), lambda: drop_section(edit=edit, actor=leader)):
        with pytest.raises(ValidationError, match="đã đánh số"):
            refused()
    page = client_of(leader).get(reverse("report_text_edit", args=[H1, "HP", GIVING])).content.decode()
    assert 'form="words"' not in page
    services.discard_report(report=report, reason="Sửa lời văn trước khi ký", actor=leader)
    keep(city, leader, "Đã trao 28 lượt, lời khác.")
    report.refresh_from_db()
    assert "Quận Lê Chân có 19 lượt." in report.payload["narrative"]


def test_of_two_people_the_second_sees_the_firsts_words(client_of, city, leader, approver):
    page = reverse("report_text_edit", args=[H1, "HP", GIVING])
    client = client_of(leader)
    mark = mark_of(section(city))
    empty = version_of(SectionText)
    keep(city, approver, "Lời của người duyệt: 28 lượt.")
    answer = client.post(page, {"text": "Lời của lãnh đạo: 28 lượt.", "mark": mark, "version": empty})
    told = answer.content.decode()
    assert answer.status_code == 409
    assert "Lời của người duyệt: 28 lượt." in told
    assert "Lời của lãnh đạo: 28 lượt." in told
    assert SectionText.objects.get().text == "Lời của người duyệt: 28 lượt."
    again = {"text": "Lời của lãnh đạo: 28 lượt.", "mark": mark, "version": version_of(SectionText.objects.get())}
    assert client.post(page, again).status_code == 302
    rows.give(city, "NQ", count=3, start=50)  # the figures move while a third page is open
    late = client.post(page, again | {"version": version_of(SectionText.objects.get()), "text": "Lời muộn: 28 lượt."})
    assert late.status_code == 409
    assert "Lời muộn: 28 lượt." in late.content.decode()
    assert "Người khác" not in late.content.decode()  # what stands was the person's own
    assert SectionText.objects.get().text == "Lời của lãnh đạo: 28 lượt."


def test_under_a_heading_that_the_portal_leaves_empty_words_may_stand(client_of, city, leader):
    key, client = key_of("II. ĐÁNH GIÁ CHUNG"), client_of(leader)
    page = reverse("report_text_edit", args=[H1, "HP", key])
    assert page in client.get(reverse("report_text", args=[H1, "HP"])).content.decode()
    given = {"text": "Phong trào có bước tiến.", "mark": mark_of(section(city, key))}
    assert client.post(page, given).status_code == 302
    draft = services.build(city["HP"], H1)
    assert "II. ĐÁNH GIÁ CHUNG\n\nPhong trào có bước tiến.\n\n1. " in draft.payload["narrative"]
    assert not find_section(draft, key).is_stale
    assert "Cổng không viết gì ở đây." in client.get(page).content.decode()


def test_what_cannot_be_kept_is_refused_beside_the_field_and_typing_stays(client_of, city, leader):
    page, client = reverse("report_text_edit", args=[H1, "HP", GIVING]), client_of(leader)
    shown = {"mark": mark_of(section(city)), "version": version_of(SectionText)}
    for text in ("", " \n ", "x" * 8001):
        answer = client.post(page, shown | {"text": text})
        assert answer.status_code == 200
        assert "is-invalid" in answer.content.decode()
    assert not SectionText.objects.exists()
    assert client.get(reverse("report_text_edit", args=[H1, "HP", "khong-co"])).status_code == 404
    with pytest.raises(ConflictError):
        keep(city, leader, section="khong-co")
    with pytest.raises(PermissionDenied):
        keep(city, rows.officer_of(city["LC"], "officer.lc"))


def test_an_edited_text_tells_nothing_that_is_withheld_later(city, leader, approver):
    rows.approve_all(city, H1, approver)
    keep(city, leader, "Đã trao 28 lượt; quận Ngô Quyền có 9 lượt.")
    with pytest.raises(ValidationError, match="không công bố"):
        services.freeze_report(unit=city["HP"], period=H1, withhold=["NQ:disbursements.turns"], actor=leader)
    keep(city, leader, "Đã trao 28 lượt.")


def test_the_portals_own_words_are_no_edit(client_of, city, leader):
    page, client = reverse("report_text_edit", args=[H1, "HP", GIVING]), client_of(leader)
    own = join_text(section(city).written)
    shown = {"mark": mark_of(section(city)), "text": own.replace("\n", "\r\n")}
    assert client.post(page, shown | {"version": version_of(SectionText)}).status_code == 302
    assert not SectionText.objects.exists()
    edit = keep(city, leader)
    assert client.post(page, shown | {"version": version_of(edit)}).status_code == 302
    assert not SectionText.objects.exists()


def test_what_was_typed_under_a_heading_that_is_gone_comes_back(client_of, city, leader, approver):
    task = agenda.add_task(unit=city["HP"], period=H1.previous(), text="Mở ba lớp tập huấn", actor=leader)
    rows.approve_all(city, H1, approver)
    gone = next(one for one in services.build(city["HP"], H1).written if "nhiệm vụ, kiến nghị" in one["heading"])
    page, client = reverse("report_text_edit", args=[H1, "HP", key_of(gone["heading"])]), client_of(leader)
    assert client.get(page).status_code == 200
    task.delete()
    assert client.get(page).status_code == 404
    late = client.post(page, {"text": "Lời đã gõ", "mark": "x", "version": version_of(SectionText)})
    assert late.status_code == 409
    assert "không còn" in late.content.decode()


def test_the_database_keeps_one_text_for_a_heading(city, leader):
    keep(city, leader)
    with connection.cursor() as cursor:
        for change in (
            "UPDATE reports_sectiontext SET text = '  '", "UPDATE reports_sectiontext SET period = '2023-H3'",
            "UPDATE reports_sectiontext SET text = NULL", "UPDATE reports_sectiontext SET edited_at = '2200-01-01'",
            (
                "INSERT INTO reports_sectiontext (unit_id, period, section, text, written, edited_by_id, edited_at) "
                "SELECT unit_id, period, section, text, written, edited_by_id, edited_at FROM reports_sectiontext"
            ),
        ):  # fmt: skip
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(change)
