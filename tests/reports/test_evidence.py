"""Lines under a declared figure whose sum it is, notes at figures that jump, and checks while one types."""

import json

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation

from portal.lib.periods import HalfYear
from portal.services.refusals import ConflictError
from reports import services
from reports.figures import INDICATORS
from reports.models import ApprovedValue, Submission
from reports.services.submissions import declared_lines, declared_values, keep_evidence, submit_submission
from tests.reports import rows

H1 = HalfYear(2023, 1)
EVENTS, RADIO, POLICY = "communication.events", "communication.radio", "funds.topup_policy"
TURNS, AMOUNT = "unlisted.turns.award", "unlisted.amount.award"
TALKS = [("Tọa đàm gia đình học tập", 12), ("Ngày hội đọc sách", 30)]


@pytest.fixture
def officer(city):
    return rows.officer_of(city["LC"], "officer.lc")


def sent_lines(lines, shown=()):
    data = {"opened": json.dumps(list(shown))}
    for place, (text, amount) in enumerate(lines, 1):
        data |= {f"text_{place}": text, f"amount_{place}": str(amount)}
    return data


def test_the_sum_of_the_lines_is_the_figure_and_goes_with_it_to_the_drill_down(client_of, city, officer, approver):
    page, grid = reverse("submission_evidence", args=[H1, "LC", EVENTS]), reverse("submission_edit", args=[H1, "LC"])
    client = client_of(officer)
    assert client.get(page).status_code == 200
    assert client.post(page, sent_lines(TALKS)).headers["Location"] == grid
    submission = Submission.objects.get(unit=city["LC"], half=str(H1))
    assert declared_values(submission) == {EVENTS: 42}
    shown = client.get(grid).content.decode()
    assert "readonly" in shown
    assert "Sửa các dòng" in shown
    assert "Ngày hội đọc sách" in client.get(reverse("submission_detail", args=[H1, "LC"])).content.decode()
    submit_submission(submission=submission, actor=officer)
    services.approve_submission(submission=submission, actor=approver)
    assert ApprovedValue.objects.get().evidence == [{"text": text, "amount": amount} for text, amount in TALKS]
    drill = reverse("figure_detail", args=[H1, "HP", EVENTS])
    told = client_of(approver).get(drill, {"unit": "LC"}).content.decode()
    assert "Tọa đàm gia đình học tập: 12" in told


def test_a_figure_with_lines_is_not_typed_over_and_without_them_can_be(city, officer):
    keep = {"unit": city["LC"], "half": H1, "actor": officer}
    submission = keep_evidence(indicator=EVENTS, lines=TALKS, **keep)
    for value in (50, None):
        with pytest.raises(ValidationError, match="tổng các dòng"):
            services.save_submission(values={EVENTS: value}, texts={}, **keep)
    services.save_submission(values={EVENTS: 42, RADIO: 3}, texts={}, **keep)  # the same figure is no change
    keep_evidence(indicator=EVENTS, lines=[], **keep)
    assert (declared_values(submission)[EVENTS], declared_lines(submission)) == (42, {})
    services.save_submission(values={EVENTS: 50}, texts={}, **keep)
    assert declared_values(submission) == {EVENTS: 50, RADIO: 3}


def test_of_two_people_the_second_sees_the_firsts_lines(client_of, city, officer):
    other = rows.officer_of(city["LC"], "officer.lc.2")
    page = reverse("submission_evidence", args=[H1, "LC", EVENTS])
    keep_evidence(unit=city["LC"], half=H1, indicator=EVENTS, lines=TALKS, opened=[], actor=other)
    answer = client_of(officer).post(page, sent_lines([("Hội thi kể chuyện", 5)]))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Ngày hội đọc sách: 30" in text
    assert 'value="Hội thi kể chuyện"' in text
    again = client_of(officer).post(page, sent_lines([("Hội thi kể chuyện", 5)], TALKS))
    assert again.status_code == 302
    assert declared_values(Submission.objects.get()) == {EVENTS: 5}
    with pytest.raises(ConflictError):
        keep_evidence(unit=city["LC"], half=H1, indicator=EVENTS, lines=TALKS, opened=[], actor=other)


def test_lines_that_cannot_be_are_refused_beside_them(client_of, city, officer, approver):
    page, client = reverse("submission_evidence", args=[H1, "LC", EVENTS]), client_of(officer)
    for data, said in (
        ({"text_1": "Tọa đàm", "amount_1": ""}, "Vui lòng ghi là bao nhiêu"),
        ({"text_1": "", "amount_1": "5"}, "Vui lòng ghi đó là gì"),
        ({"text_1": "Tọa đàm", "amount_1": "-5"}, "problem"),
    ):
        answer = client.post(page, data)
        assert answer.status_code == 200
        assert said in answer.content.decode()
    assert not Submission.objects.exists()
    assert client.get(reverse("submission_evidence", args=[H1, "LC", POLICY])).status_code == 404
    for indicator in (POLICY, "members.new", "x"):
        with pytest.raises(ValidationError):
            keep_evidence(unit=city["LC"], half=H1, indicator=indicator, lines=TALKS, actor=officer)
    with pytest.raises(PermissionDenied):
        keep_evidence(unit=city["LC"], half=H1, indicator=EVENTS, lines=TALKS, actor=approver)
    submission = keep_evidence(unit=city["LC"], half=H1, indicator=EVENTS, lines=TALKS, actor=officer)
    submit_submission(submission=submission, actor=officer)
    with pytest.raises(ValidationError, match="đã gửi"):
        keep_evidence(unit=city["LC"], half=H1, indicator=EVENTS, lines=[], actor=officer)


WRONG = [
    ('[{"text": "a", "amount": 3}]', 4), ('[{"text": "a"}]', 4), ('[{"text": "", "amount": 4}]', 4), ("{}", 4),
    ('[{"text": "a", "amount": null}]', 0), ('[{"text": "a", "amount": "x"}]', 4), ("null", 4), ('"a"', 4),
    ('[{"text": "a", "amount": -1}, {"text": "b", "amount": 5}]', 4), ("[[]]", 4), (None, 4),
]  # fmt: skip


@pytest.mark.parametrize(
    "bent",
    ["[" * 100_000, '[["a", Infinity]]', "[[1, 2, 3]]", '{"a": 1}', "7", '{"communication.events": [1]}'],
)
def test_hidden_fields_that_were_bent_on_their_way_break_nothing(client_of, city, officer, approver, bent):
    """What the form says of itself may come back as anything; two entries of one figure then ask whose stands."""
    client = client_of(officer)
    services.save_submission(unit=city["LC"], half=H1, values={EVENTS: 7}, texts={}, actor=officer)
    for page in (
        reverse("submission_edit", args=[H1, "LC"]), reverse("submission_check", args=[H1, "LC"]),
        reverse("submission_evidence", args=[H1, "LC", EVENTS]),
    ):  # fmt: skip
        sent = {"opened": bent, "communication__events": "9", "text_1": "Tọa đàm", "amount_1": "9", "clash": EVENTS}
        assert client.post(page, sent).status_code in {200, 302, 409}
    assert Submission.objects.get(unit=city["LC"]).values.get(indicator=EVENTS).value in {7, 9}


def test_the_database_adds_the_lines_up(city, officer):
    services.save_submission(unit=city["LC"], half=H1, values={EVENTS: 5}, texts={}, actor=officer)
    change = "UPDATE reports_declaredvalue SET evidence = %s::jsonb, value = %s"
    with connection.cursor() as cursor:
        for evidence, value in WRONG:
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(change, [evidence, value])
        cursor.execute(change, ['[{"text": "a", "amount": 1}, {"text": "b", "amount": 3}]', 4])
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("UPDATE reports_declaredvalue SET value = 5")


def test_ten_times_the_last_figure_is_sent_with_a_note_only(client_of, city, officer):
    keep = {"unit": city["LC"], "texts": {}, "actor": officer}
    services.save_submission(half=H1, values={EVENTS: 5, RADIO: 30}, **keep)
    half, client = H1.next(), client_of(officer)
    submission = services.save_submission(half=half, values={EVENTS: 50, RADIO: 100}, **keep)
    with pytest.raises(ValidationError, match="gấp mười lần"):
        submit_submission(submission=submission, actor=officer)
    client.post(reverse("submission_submit", args=[half, "LC"]), {"version": "x"})
    submission.refresh_from_db()
    assert submission.state == "draft"
    grid = reverse("submission_edit", args=[half, "LC"])
    assert "gấp mười lần" in client.get(grid).content.decode()
    shown = {
        "opened": json.dumps({EVENTS: 50, RADIO: 100}),
        "communication__events": "50",
        "communication__radio": "100",
    }
    answer = client.post(grid, shown | {"communication__events__note": "Cả quận cùng mở hội thảo"})
    assert answer.status_code == 302
    assert "Cả quận cùng mở hội thảo" in client.get(answer.headers["Location"]).content.decode()
    assert submit_submission(submission=submission, actor=officer).state == "submitted"


def test_while_one_types_the_server_says_what_is_odd(client_of, city, officer):
    services.save_submission(unit=city["LC"], half=H1, values={EVENTS: 5}, texts={}, actor=officer)
    address = reverse("submission_check", args=[H1.next(), "LC"])
    typed = {
        "communication__events": "60", "unlisted__turns__award": "3", "communication__radio": "nhiều",
    }  # fmt: skip
    remarks = client_of(officer).post(address, typed).json()["remarks"]
    assert remarks["communication__events"]["asks_note"]
    assert remarks["unlisted__turns__award"]["refuses"]
    assert remarks["communication__radio"]["refuses"]
    rich = {"unlisted__turns__award": "3", "unlisted__amount__award": "900.000.000.000"}
    assert (
        "không có danh sách"
        in client_of(officer).post(address, rich).json()["remarks"]["unlisted__amount__award"]["sentence"]
    )
    poor = {"unlisted__turns__award": "3", "unlisted__amount__award": "100000"}
    assert client_of(officer).post(address, poor).json()["remarks"] == {}
    assert Submission.objects.count() == 1  # nothing is saved


def test_the_paper_to_sign_says_what_a_sum_is_made_of(client_of, city, officer):
    keep_evidence(unit=city["LC"], half=H1, indicator=EVENTS, lines=TALKS, actor=officer)
    pdf = client_of(officer).get(reverse("submission_print", args=[H1, "LC"])).content
    printed = " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(pdf))
    assert "– Tọa đàm gia đình học tập 12" in printed
    assert "– Ngày hội đọc sách 30" in printed


def test_the_paper_to_sign_says_what_is_counted_and_what_the_unit_notes(client_of, city, officer):
    given = {"unit": city["LC"], "half": H1, "actor": officer}
    services.save_submission(values={RADIO: 71}, texts={}, notes={RADIO: "Thêm đài của bốn phường"}, **given)
    pdf = client_of(officer).get(reverse("submission_print", args=[H1, "LC"])).content
    printed = " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(pdf))
    assert "Ghi chú: Thêm đài của bốn phường" in printed
    assert "Hội Khuyến học quận Lê Chân báo cáo số liệu" in printed
    with translation.override("vi"):
        for code in (RADIO, "chapters.total"):
            assert str(INDICATORS[code].definition) in printed
