"""Letters to officers whose unit still owes the half-year: who, when, how often."""

import datetime as dt

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from portal.lib.periods import HalfYear
from portal.models import SiteProfile, User
from reports import services
from reports.models import Deadline, Reminder, Submission
from reports.services.reminding import remind_officers
from tests.reports import rows

H1 = HalfYear(2023, 1)  # due on 10 July
EARLY, SOON, LATE = dt.date(2023, 7, 2), dt.date(2023, 7, 4), dt.date(2023, 7, 12)
EVENTS = "communication.events"


@pytest.fixture
def officers(city):
    found = {}
    for code in ("LC", "NQ"):
        found[code] = rows.officer_of(city[code], f"officer.{code.lower()}")
        User.objects.filter(pk=found[code].pk).update(email=f"{code.lower()}@example.org")
        found[code].refresh_from_db()
    return found


def letters():
    return sorted(address for letter in mail.outbox for address in letter.to)


def test_once_before_the_deadline_and_once_after(city, officers):
    assert remind_officers(EARLY) == {"units": 0, "letters": 0}
    assert remind_officers(SOON)["units"] == 2
    assert letters() == ["lc@example.org", "nq@example.org"]
    first = next(letter for letter in mail.outbox if letter.to == ["lc@example.org"])
    assert "Quận Lê Chân" in first.subject
    for said in (
        "Kính gửi: Hội Khuyến học quận Lê Chân,",
        "10/07/2023 (còn 6 ngày)",
        reverse("submission_detail", args=[H1, "LC"]),
    ):
        assert said in first.body
    assert remind_officers(SOON + dt.timedelta(days=1))["letters"] == 0
    assert remind_officers(LATE)["letters"] == 2
    assert "đã quá hạn 2 ngày" in mail.outbox[-1].body
    assert remind_officers(LATE + dt.timedelta(days=9))["letters"] == 0
    Deadline.objects.create(half=str(H1), due_on=dt.date(2023, 7, 25), set_by=rows.system())
    assert remind_officers(dt.date(2023, 7, 22))["letters"] == 2  # another deadline


def test_who_has_sent_is_missing_or_has_ended_gets_none(city, officers, approver):
    services.save_submission(unit=city["LC"], half=H1, values={EVENTS: 5}, texts={}, actor=officers["LC"])
    sent = services.submit_submission(submission=Submission.objects.get(), actor=officers["LC"])
    services.mark_missing(unit=city["NQ"], half=H1, reason="Chưa có người làm", actor=approver)
    assert remind_officers(SOON)["letters"] == 0
    services.return_submission(submission=sent, reason="Xem lại số buổi", actor=approver)
    assert remind_officers(SOON)["letters"] == 1
    assert "đã được trả lại" in mail.outbox[-1].body
    Reminder.objects.all().delete()
    User.objects.filter(pk=officers["LC"].pk).update(is_active=False)
    assert remind_officers(LATE)["letters"] == 0
    User.objects.filter(pk=officers["LC"].pk).update(is_active=True, email="")
    assert remind_officers(LATE)["letters"] == 0
    assert not Reminder.objects.exists()  # whoever gets an address later is still reminded


def test_the_profile_decides_and_the_timer_tells(city, officers, client_of, approver, capsys):
    SiteProfile.objects.update(remind_days=0)
    assert remind_officers(LATE)["letters"] == 0
    SiteProfile.objects.update(remind_days=3)
    assert remind_officers(SOON)["letters"] == 0
    assert remind_officers(dt.date(2023, 7, 7))["letters"] == 2
    board = client_of(approver).get(reverse("half_board", args=[H1])).content.decode()
    assert "đã nhắc cán bộ của 2 đơn vị" in board
    call_command("remind_officers")
    assert capsys.readouterr().out.strip() == '{"units": 0, "letters": 0, "rechecks": 0}'  # nothing is due now


def test_a_letter_that_fails_is_tried_again(city, officers, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens
    with pytest.raises(OSError, match="refused"):
        remind_officers(SOON)
    assert not Reminder.objects.exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert remind_officers(SOON)["letters"] == 2


def test_one_address_that_is_refused_gives_the_others_of_the_unit_no_second_letter(city, officers, settings):
    settings.EMAIL_BACKEND = "tests.mail_servers.RefusesOne"
    another = rows.officer_of(city["LC"], "officer.lc2")
    User.objects.filter(pk=another.pk).update(email="tu-choi@example.org")
    with pytest.raises(OSError, match="refused"):
        remind_officers(SOON)
    assert remind_officers(SOON)["letters"] == 0
    assert letters() == ["lc@example.org", "nq@example.org"]
    User.objects.filter(pk=officers["LC"].pk).update(email="tu-choi-2@example.org")
    with pytest.raises(OSError, match="refused"):
        remind_officers(LATE)
    assert not Reminder.objects.filter(unit=city["LC"], is_late=True).exists()  # nobody had it: it is tried again
