"""A file that nobody takes in is announced for a week and then erased, with an audit entry."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from intakes.models import Intake
from intakes.services.abandoned import erase_abandoned
from portal.models import AuditEntry, User
from tests import factories
from tests.intakes.test_intake_create import drop, titled

pytestmark = pytest.mark.django_db


@pytest.fixture
def left(client_of, officer_lc, tree, site_profile):
    factories.make_system_account()
    factories.make_programmes(tree["HP"])
    drop(client_of(officer_lc), ("cu.xlsx", titled("6 THÁNG ĐẦU NĂM 2023")))
    return Intake.objects.get()


def age(intake, **days: int) -> None:
    values = {name: timezone.now() - dt.timedelta(days=count) for name, count in days.items()}
    Intake.objects.filter(pk=intake.pk).update(**values)


def sweep() -> dict[str, int]:
    return erase_abandoned(actor=User.objects.system())


def test_a_file_is_announced_and_a_week_later_erased(client_of, officer_lc, left):
    assert sweep() == {"announced": 0, "erased": 0}
    age(left, uploaded_at=24)
    assert sweep() == {"announced": 1, "erased": 0}
    home = client_of(officer_lc).get(reverse("work_home")).content.decode()
    assert "Tệp cu.xlsx sẽ bị xóa ngày" in home
    age(left, uploaded_at=31, warned_at=7)
    assert sweep() == {"announced": 0, "erased": 1}
    left.refresh_from_db()
    assert (left.content, left.cells, left.reading) == (None, None, None)
    assert AuditEntry.objects.get(action="intakes.intake.expire").target_id == left.pk
    assert sweep() == {"announced": 0, "erased": 0}


def test_nothing_is_erased_without_its_notice_however_late(left, capsys):
    age(left, uploaded_at=400)
    call_command("erase_abandoned")
    assert json.loads(capsys.readouterr().out) == {"announced": 1, "erased": 0}
    assert sweep() == {"announced": 0, "erased": 0}
    left.refresh_from_db()
    assert left.content is not None


def test_what_was_taken_in_or_given_up_is_left_alone(client_of, officer_lc, left):
    client_of(officer_lc).post(reverse("intake_discard", args=[left.pk]))
    age(left, uploaded_at=40, warned_at=10)
    assert sweep() == {"announced": 0, "erased": 0}
