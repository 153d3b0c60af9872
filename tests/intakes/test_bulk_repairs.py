"""Equal errors mended at once, and proposed with the unit's next file of the layout."""

from __future__ import annotations

import pytest
from django.urls import reverse

from intakes.models import Intake
from scholarships.models import Batch
from tests.scholarships.test_intake_preview import GOOD, preview_of, sent_back, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of, officer_lc, programmes, fund_lc, site_profile):
    return client_of(officer_lc)


def with_years(year, *names):
    return [
        [9, name, "2011", "6A", "", "", "Học bổng", 500000, f"{day + 3:02d}/03/{year}"]
        for day, name in enumerate(names)
    ]


def equal(client, url):
    return client.get(url).context["equal"]


def test_days_of_the_year_before_are_changed_all_at_once_each_keeping_its_day(client, tree):
    url = preview_of(client, tree["LC"], [*GOOD, *with_years(2022, "Lê An", "Lê Bình", "Lê Chi")])
    (group,) = equal(client, url)
    assert (group.text, group.meant, group.is_year, len(group.cells)) == ("2022", "2023", True, 3)
    assert "3 dòng ghi 2022 (Ngày trao): đổi tất cả thành" in client.get(url).content.decode()
    client.post(url, {"all": group.id, f"to-{group.id}": "2023", f"was-to-{group.id}": "2023"})
    plan = client.get(url).context["plan"]
    assert (plan.rejected, len(plan.accepted)) == ([], 6)
    assert {f"{row.given_on:%d/%m/%Y}" for row in plan.accepted[3:]} == {"03/03/2023", "04/03/2023", "05/03/2023"}


def test_a_text_that_several_rows_say_is_changed_by_what_is_typed_and_remembered(client, tree):
    rows = [
        [place, f"Lê Văn {name}", "2011", "6A", "", "", "Quà Tết", 500000, "20/05/2023"]
        for place, name in enumerate("AB")
    ]
    url = preview_of(client, tree["LC"], [*GOOD, *rows])
    (group,) = equal(client, url)
    assert (group.text, group.meant, group.was_answered) == ("Quà Tết", "", False)
    client.post(url, {"all": group.id, f"to-{group.id}": "Hỗ trợ"})
    assert client.get(url).context["plan"].rejected == []
    client.post(reverse("intake_discard", args=[Intake.objects.get().pk]))
    again = preview_of(client, tree["LC"], [*GOOD, *rows])
    (group,) = equal(client, again)
    assert (group.meant, group.was_answered) == ("Hỗ trợ", True)
    assert "Như đơn vị đã sửa lần trước." in client.get(again).content.decode()
    assert len(client.get(again).context["plan"].rejected) == 2  # proposed, not done by itself


def test_one_row_alone_is_no_group_and_the_golden_button_saves_what_was_typed(client, tree):
    url = preview_of(client, tree["LC"], [*GOOD, *with_years(2022, "Lê An")])
    assert equal(client, url) == []
    url = preview_of(client, tree["LC"], [*GOOD, *with_years(2022, "Lê An", "Lê Bình")])
    page = client.get(url)
    (group,) = page.context["equal"]
    intake = Intake.objects.latest("id")
    sent = sent_back(page.context, press={f"to-{group.id}": "2024", f"was-to-{group.id}": "2023"})
    client.post(reverse("intake_commit", args=[intake.pk]), {"token": token_of(page)} | sent)
    assert not Batch.objects.exists()
    intake.refresh_from_db()
    assert intake.repairs["DS!5"] == {"given_on": "03/03/2024"}


def test_a_text_for_all_rows_that_is_refused_stays_in_its_field(client, tree):
    url = preview_of(client, tree["LC"], [*GOOD, *with_years(2022, "Lê An", "Lê Bình")])
    (group,) = equal(client, url)
    text = "2023 " + "x" * 1000
    page = client.post(url, {f"to-{group.id}": text, f"was-to-{group.id}": group.meant})
    assert page.status_code == 200
    assert Intake.objects.get().repairs == {}
    assert f'name="to-{group.id}" id="to-{group.id}" value="{text}"' in page.content.decode()
    assert f'name="was-to-{group.id}" value="{group.meant}"' in page.content.decode(), "sent again it is still typed"


def test_a_group_that_is_not_there_changes_nothing(client, tree):
    url = preview_of(client, tree["LC"], [*GOOD, *with_years(2022, "Lê An", "Lê Bình")])
    assert client.post(url, {"all": "khong-co", "to-khong-co": "2023"}).status_code == 302
    assert Intake.objects.get().repairs == {}


@pytest.mark.parametrize("typed", ["\\1", "\\", "\\g<0>"])
def test_a_year_that_is_typed_as_oddly_as_can_be_stands_in_the_cells_as_it_was_typed(client, tree, typed):
    url = preview_of(client, tree["LC"], [*GOOD, *with_years(2022, "Lê An", "Lê Bình")])
    (group,) = equal(client, url)
    assert client.post(url, {"all": group.id, f"to-{group.id}": typed}).status_code == 302
    assert Intake.objects.get().repairs["DS!5"] == {"given_on": f"03/03/{typed}"}
