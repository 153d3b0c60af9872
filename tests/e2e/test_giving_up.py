"""A long workbook given up while the worker reads it: the question stays on the screen, and nothing is left behind."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from intakes.models import Intake
from intakes.services.intakes import plan_intake, start_intake
from portal.models import Unit, User
from portal.vocabulary import Role
from scholarships.models import Batch, Disbursement, Recipient
from scholarships.services.lists import DisbursementList
from tests import factories
from tests.scholarships.test_services_intakes import line, workbook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]


ROWS = 5


def send(officer: User) -> Intake:
    return start_intake(
        kind=DisbursementList(), unit=Unit.objects.get(code="LC"), half="2023-H1", mode="handed_out",
        file_name="ds.xlsx", content=workbook(*(line(f"Trần Thị {'ABCDE'[place]}") for place in range(ROWS))),
        actor=officer,
    )  # fmt: skip


@pytest.fixture
def being_read():
    """Return an officer and their workbook that the worker has not read yet."""
    tree = factories.make_tree()
    factories.make_site_profile()
    factories.make_system_account()
    factories.make_programmes(tree["HP"])
    factories.make_fund(tree["LC"])
    officer = factories.make_user("officer.lechan", role=Role.OFFICER, unit=tree["LECHAN"])
    intake = send(officer)
    Intake.objects.filter(pk=intake.pk).update(
        cells=None, reading=None, reading_key="", being_read_since=timezone.now()
    )
    return officer, intake


def test_a_file_is_given_up_while_it_is_read_and_may_be_sent_again(page_of, being_read):
    officer, intake = being_read
    page = page_of("officer.lechan", width=360)
    page.clock.install()
    page.goto(f"/lam-viec/tep/{intake.pk}/")
    with page.expect_navigation():  # it looks again by itself
        page.clock.run_for(2_500)
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Bỏ tệp này").click()
    page.clock.run_for(20_000)  # whoever reads slowly: the page does not go away below the question
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Bỏ tệp này").click()
    expect(page.get_by_text("Đã bỏ và xóa tệp")).to_be_visible()
    intake.refresh_from_db()
    assert (intake.content, intake.cells, intake.reading) == (None, None, None)
    assert not any(model.objects.exists() for model in (Batch, Disbursement, Recipient))
    again = send(officer)
    assert len(plan_intake(intake=again, actor=officer).accepted) == ROWS
