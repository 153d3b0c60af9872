"""Whatever button of the preview is pressed, what was typed into it is saved; leaving everything out is no dead end."""

from __future__ import annotations

import pytest
from django.urls import reverse

from intakes.models import Intake
from scholarships.models import Batch
from tests.scholarships import test_intake_preview as previews
from tests.scholarships.test_intake_preview import BAD, GOOD, preview_of, sent_back, token_of

pytestmark = pytest.mark.django_db
client, ready = previews.client, previews.ready  # the fixtures of the page's own tests
TYPED = {(5, "amount"): "500.000"}


@pytest.fixture
def url(client, ready):
    return preview_of(client, ready, [*GOOD, BAD[1]])


def press(page, **button):
    return {"token": token_of(page)} | sent_back(page.context, typed=TYPED, press=button)


def test_the_golden_button_saves_what_was_typed_and_takes_the_rows_in_when_pressed_again(client, url):
    intake = Intake.objects.get()
    commit, page = reverse("intake_commit", args=[intake.pk]), client.get(url)
    assert f'formaction="{commit}"' in page.content.decode()
    answer = client.post(commit, press(page), follow=True)
    assert not Batch.objects.exists()
    assert len(answer.context["plan"].accepted) == 4
    intake.refresh_from_db()
    assert intake.repairs == {"DS!5": {"amount": "500.000"}}
    page = client.get(url)
    client.post(commit, press(page))
    assert Batch.objects.get().disbursements.count() == 4


def test_with_nothing_typed_it_takes_the_rows_in_at_once(client, url):
    intake, page = Intake.objects.get(), client.get(url)
    client.post(
        reverse("intake_commit", args=[intake.pk]), {"token": token_of(page)} | sent_back(page.context, press={})
    )
    assert Batch.objects.get().disbursements.count() == 3


@pytest.mark.parametrize(
    "button", [{"answers": "1"}, {"map": "1"}, {"restore": "DS!2"}, {"drop": "0"}, {"meanings": "1"}]
)
def test_every_other_button_saves_it_too(client, url, button):
    client.post(url, press(client.get(url), **button))
    assert Intake.objects.get().repairs == {"DS!5": {"amount": "500.000"}}


def test_the_golden_button_says_what_cannot_be_kept_and_keeps_it_on_the_page(client, ready):
    url = preview_of(client, ready, [*GOOD, GOOD[0]])
    page = client.get(url)
    intake = Intake.objects.get()
    sent = {"token": token_of(page)} | sent_back(page.context, typed={(5, "full_name"): "A" * 400}, press={})
    answer = client.post(reverse("intake_commit", args=[intake.pk]), sent)
    assert answer.status_code == 200
    assert "A" * 400 in answer.content.decode()
    assert not Batch.objects.exists()


def test_a_file_of_which_everything_was_left_out_offers_its_rows_again(client, ready):
    url = preview_of(client, ready, BAD[:1])
    page = client.get(url)
    client.post(url, sent_back(page.context, press={"drop": "0"}))
    page = client.get(url).content.decode()
    assert 'name="restore_all"' in page
    assert "Không tìm thấy danh sách" not in page
    client.post(url, {"restore_all": "1"})
    assert Intake.objects.get().decisions == {}
    assert len(client.get(url).context["cards"]) == 1
