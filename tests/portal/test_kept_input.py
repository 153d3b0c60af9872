"""Typed text outlives its session: it comes back to its writer and to nobody else; acts are pressed anew."""

from __future__ import annotations

import datetime as dt
import html
import json
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.models import KeptInput
from scholarships.models import Disbursement
from tests import factories
from tests.scholarships.lists import make_batch

pytestmark = pytest.mark.django_db
ROW = {
    "full_name": "Phạm Thị Giữ Lại", "birth": "2012", "school_class": "5A", "school": "TH Kim Đồng",
    "amount": "500.000", "given_on": "21/05/2023", "source": "fund",
}  # fmt: skip


@pytest.fixture
def draft(tree, officer_lc, site_profile):
    factories.make_fund(tree["LC"])
    programme = factories.make_programmes(tree["HP"])["scholarship"]
    batch = make_batch(tree["LC"], officer_lc, rows=1, programme=programme)
    ROW["programme"] = str(programme.pk)
    return batch


def hidden(page: str, name: str) -> str:
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


def typed_by(client: Client, page: str) -> dict[str, str]:
    return {"typed_by": hidden(client.get(page).content.decode(), "typed_by")}


def put_back(page) -> list[list[str]]:
    script = re.search(r'<script id="put-back" type="application/json">(.*?)</script>', page.content.decode())
    return json.loads(script[1])["fields"]


def end_session(client: Client) -> None:
    del client.cookies[settings.SESSION_COOKIE_NAME]


def sign_in(client: Client, answer, username: str):
    """Sign in on the page that an answer leads to; what is shown after it."""
    page = client.get(answer.url)
    onward = hidden(page.content.decode(), "next")
    data = {"login": username, "password": factories.PASSWORD, "next": onward}
    return client.post(reverse("account_login"), data, follow=True)


def test_a_row_typed_after_the_session_is_saved_once_its_writer_signs_in(client_of, officer_lc, draft):
    client, page = client_of(officer_lc), reverse("batch_entry", args=[draft.pk])
    sent = ROW | typed_by(client, page)
    end_session(client)
    answer = client.post(page, sent)
    assert answer.url.startswith(reverse("account_login"))
    assert "Giữ" not in answer.url
    asked = client.get(answer.url)
    assert asked.context["form"]["login"].value() == officer_lc.username
    assert "vẫn được giữ" in asked.content.decode()
    shown = sign_in(client, answer, officer_lc.username)
    form = re.search(r"<form[^>]*data-send-now.*?</form>", shown.content.decode(), re.DOTALL)[0]
    again = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form))
    assert re.search(r'action="([^"]*)"', form)[1] == page
    saved = client.post(page, {name: html.unescape(value) for name, value in again.items()})
    assert saved.status_code == 302, saved.context["form"].errors
    assert Disbursement.objects.filter(batch=draft, recipient__full_name="Phạm Thị Giữ Lại").count() == 1
    assert not KeptInput.objects.exists()


def test_another_person_never_sees_it(client_of, officer_lc, officer_nq, draft):
    client, page = client_of(officer_lc), reverse("batch_entry", args=[draft.pk])
    sent = ROW | typed_by(client, page)
    end_session(client)
    answer = client.post(page, sent)
    shown = sign_in(client, answer, officer_nq.username)
    assert shown.redirect_chain[-1][0] == reverse("work_home")
    assert "Giữ Lại" not in shown.content.decode()
    assert "thuộc tài khoản khác" in shown.content.decode()
    assert KeptInput.objects.of(officer_lc).count() == 1
    # nor does the writer's own text come to a browser that did not send it
    elsewhere = client_of(officer_lc).get(reverse("kept_input", args=[KeptInput.objects.get().pk]), follow=True)
    assert "Giữ Lại" not in elsewhere.content.decode()


def test_an_act_is_shown_again_and_not_done(client_of, approver, officer_lc, draft):
    client_of(officer_lc).post(reverse("batch_submit", args=[draft.pk]))
    client, page = client_of(approver), reverse("batch_return", args=[draft.pk])
    sent = {"reason": "Thiếu chữ ký của trường."} | typed_by(client, page)
    end_session(client)
    answer = client.post(page, sent)
    shown = sign_in(client, answer, approver.username)
    assert shown.redirect_chain[-1][0] == page
    assert "Chưa có gì được thực hiện" in shown.content.decode()
    assert ["reason", "Thiếu chữ ký của trường."] in put_back(shown)
    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert "Thiếu chữ ký" not in client.get(page).content.decode()  # once


def test_a_button_leads_back_to_its_page_and_not_to_an_empty_405(client_of, officer_lc, draft):
    client = client_of(officer_lc)
    sent = typed_by(client, reverse("batch_detail", args=[draft.pk]))
    end_session(client)
    shown = sign_in(client, client.post(reverse("batch_submit", args=[draft.pk]), sent), officer_lc.username)
    assert shown.redirect_chain[-1][0] == reverse("batch_detail", args=[draft.pk])
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_sending_a_half_year_is_only_saved(client_of, officer_lc, draft):
    client, page = client_of(officer_lc), reverse("submission_edit", args=["2023-H1", "LC"])
    sent = {"submit": "1", "difficulties": "Thiếu kinh phí."} | typed_by(client, page)
    end_session(client)
    form = sign_in(client, client.post(page, sent), officer_lc.username).content.decode()
    assert 'value="Thiếu kinh phí."' in form
    assert 'name="submit"' not in form


def test_signing_out_forgets_it_and_so_does_time(client_of, officer_lc, draft):
    client, page = client_of(officer_lc), reverse("batch_entry", args=[draft.pk])
    sent = ROW | typed_by(client, page)
    end_session(client)
    client.post(page, sent)
    client.post(page, sent)
    assert KeptInput.objects.count() == 2
    KeptInput.objects.filter(pk=KeptInput.objects.first().pk).update(kept_at=timezone.now() - dt.timedelta(hours=3))
    assert KeptInput.objects.of(officer_lc).count() == 1
    client_of(officer_lc).post(reverse("account_logout"))
    assert not KeptInput.objects.exists()


def test_at_most_five_forms_and_no_endless_text_are_kept(client_of, officer_lc, draft):
    client, page = client_of(officer_lc), reverse("batch_entry", args=[draft.pk])
    sent = ROW | typed_by(client, page)
    end_session(client)
    for _time in range(7):
        client.post(page, sent)
    assert KeptInput.objects.count() == 5
    KeptInput.objects.all().delete()
    answer = client.post(page, sent | {"school": "x" * 1_100_000})
    assert not KeptInput.objects.exists()
    assert "không giữ được" in client.get(answer.url).content.decode()


def test_a_forged_writer_is_nobody(client_of, officer_lc, draft):
    client = client_of(None)
    client.post(reverse("batch_entry", args=[draft.pk]), ROW | {"typed_by": f"{officer_lc.pk}:1:x"})
    assert not KeptInput.objects.exists()


def test_a_page_older_than_the_sign_in_elsewhere_is_taken_too(officer_lc, officer_nq, draft):
    """Two tabs: in the second one the person signed in anew, which changed the token of the first."""
    client, page = Client(enforce_csrf_checks=True), reverse("batch_entry", args=[draft.pk])
    client.force_login(officer_lc)
    sent = ROW | typed_by(client, page) | {"csrfmiddlewaretoken": "a" * 64}
    ours = {"HTTP_ORIGIN": "http://testserver"}
    answer = client.post(page, sent, **ours)
    assert answer.url == reverse("kept_input", args=[KeptInput.objects.get().pk])
    assert "Giữ Lại" in client.get(answer.url).content.decode()
    assert client.post(page, sent, HTTP_ORIGIN="http://evil.example").status_code == 403
    assert client.post(page, sent).status_code == 403
    client.force_login(officer_nq)  # somebody else at the same computer
    assert client.post(page, sent, **ours).status_code == 403


def test_a_row_typed_while_another_tab_sent_the_batch_waits_for_its_opening(client_of, officer_lc, approver, draft):
    client, page = client_of(officer_lc), reverse("batch_entry", args=[draft.pk])
    client.post(reverse("batch_submit", args=[draft.pk]))
    answer = client.post(page, ROW)
    assert answer.status_code == 409
    assert "sẽ có sẵn trong các ô" in answer.content.decode()
    client_of(approver).post(reverse("batch_return", args=[draft.pk]), {"reason": "Bổ sung một em."})
    assert ["full_name", "Phạm Thị Giữ Lại"] in put_back(client.get(page))
