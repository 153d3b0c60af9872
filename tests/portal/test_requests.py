"""Around every request: where it comes from, how often it may guess, what no address may hold, who may keep the answer."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from portal.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limit_reached_yet():
    cache.clear()
    yield
    cache.clear()


def test_failed_sign_ins_behind_a_proxy_stop_their_own_address_only(client, settings, site_profile):
    settings.TRUSTED_PROXY = "10.0.0.1"
    factories.make_user("hoa")

    def sign_in(login: str, password: str, forwarded: str) -> int:
        return client.post(
            reverse("account_login"), {"login": login, "password": password},
            REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded,
        ).status_code  # fmt: skip

    for attempt in range(12):  # each names another victim, and invents another address before the proxy's own entry
        sign_in(f"ai-do-{attempt}", "sai", f"1.2.3.{attempt}, 203.0.113.9")
    assert sign_in("hoa", factories.PASSWORD, "203.0.113.9") == 200
    assert sign_in("hoa", factories.PASSWORD, "198.51.100.7") == 302


def test_codes_can_be_guessed_only_so_often_from_one_address(client, site_profile):
    answer = {
        "username": "ai-do",
        "code": "AAAAA-AAAAA",
        "password1": "sen-hong-mua-ha",  # pragma: allowlist secret - of people made for a test
        "password2": "sen-hong-mua-ha",
    }
    seen = {client.post(reverse("account_activate"), answer).status_code for _attempt in range(20)}
    assert seen == {200}
    assert client.post(reverse("account_activate"), answer).status_code == 429
    assert client.get(reverse("account_activate")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/lam-viec/quan-tri/tai-khoan/?q=a%00", "/lam-viec/quan-tri/nhat-ky/?action=%00", "/tin-tuc/%00/"]
)
def test_a_null_character_is_a_bad_request(client_of, administrator, path, site_profile):
    assert client_of(administrator).get(path).status_code == 400


@pytest.mark.parametrize(
    "path",
    [f"/media/site/{'9' * 3000}", f"/media/photos/2023/07/{'9' * 3000}.jpg", "/sitemap-99999999999999999999999.xml"],
)
def test_names_that_cannot_be_are_not_found(client, path, site_profile):
    assert client.get(path).status_code == 404


def test_nobody_keeps_what_a_signed_in_person_was_shown(client_of, officer_lc, site_profile):
    person = client_of(officer_lc)
    assert person.get(reverse("programme_list")).headers["Cache-Control"] == "private, no-cache"
    assert person.get(reverse("work_home")).headers["Cache-Control"] == "private, no-store"
    assert "private" not in client_of(None).get(reverse("programme_list")).headers.get("Cache-Control", "")


def test_a_changed_password_is_audited_and_ends_other_sign_ins(client_of, officer_lc, site_profile):
    here, elsewhere = client_of(officer_lc), client_of(officer_lc)
    new = {
        "oldpassword": factories.PASSWORD,
        "password1": "sen-hong-mua-ha",
        "password2": "sen-hong-mua-ha",
    }  # pragma: allowlist secret - of people made for a test
    assert here.post(reverse("account_change_password"), new).status_code == 302
    assert here.get(reverse("work_home")).status_code == 200
    assert elsewhere.get(reverse("work_home")).status_code == 302
    entry = AuditEntry.objects.get(action="portal.account.password")
    assert (entry.actor, entry.fields, entry.source) == (officer_lc, ["password"], "127.0.0.1")


def test_a_page_loads_nothing_from_elsewhere_and_stands_in_no_frame(client, client_of, officer_lc, site_profile):
    for answer in (
        client.get("/"),
        client.get("/tim-kiem/?q=a"),
        client_of(officer_lc).get("/lam-viec/"),
        client.get("/x/"),
    ):
        said = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
        assert said["default-src"] == said["frame-ancestors"] == said["base-uri"] == said["object-src"] == "'none'"
        assert said["style-src"] == said["form-action"] == said["connect-src"] == "'self'"
        assert "unsafe" not in str(said)
