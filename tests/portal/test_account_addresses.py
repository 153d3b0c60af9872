"""What there is below /tai-khoan/: one door for passwords, no letters, no sign-up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver, reverse

from tests import factories

pytestmark = pytest.mark.django_db

PAGES = {
    "account_login": "account/login.html",
    "account_logout": "account/logout.html",
    "account_inactive": "account/account_inactive.html",
    "account_reauthenticate": "account/reauthenticate.html",
    "account_change_password": "account/password_change.html",
    "account_set_password": "account/password_set.html",
    "mfa_index": "mfa/index.html",
    "mfa_authenticate": "mfa/authenticate.html",
    "mfa_reauthenticate": "mfa/reauthenticate.html",
    "mfa_activate_totp": "mfa/totp/activate_form.html",
    "mfa_deactivate_totp": "mfa/totp/deactivate_form.html",
    "mfa_view_recovery_codes": "mfa/recovery_codes/index.html",
    "mfa_generate_recovery_codes": "mfa/recovery_codes/generate.html",
    "mfa_download_recovery_codes": None,  # a file of the codes themselves
}


def names_of_allauth(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names_of_allauth(pattern)
        elif pattern.callback.__module__.startswith("allauth."):
            yield pattern.name


def test_of_allauth_there_is_only_what_has_a_page_of_ours(settings):
    assert set(names_of_allauth()) == set(PAGES)
    for template in filter(None, PAGES.values()):
        assert get_template(template).origin.name.startswith(str(settings.BASE_DIR / "templates"))


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "password/reset/done/", "password/reset/key/1-x/"]
)
def test_there_is_no_second_door(client, path, site_profile):
    assert client.get(f"/tai-khoan/{path}").status_code == 404
    assert client.post(f"/tai-khoan/{path}", {"email": "ai.do@example.org"}).status_code == 404


@pytest.mark.parametrize("address", ["hoa@example.org", "nguoi.la@example.org"])
def test_a_forgotten_password_sends_no_letter(client, address, site_profile):
    user = factories.make_user("hoa")
    user.email = "hoa@example.org"
    user.save()
    page = client.get(reverse("account_reset_password"))
    assert "mã nhận tài khoản mới" in page.content.decode()
    assert client.post(reverse("account_reset_password"), {"email": address}).status_code == 405
    assert mail.outbox == []


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_counts_one_half_minute_before_and_after(client, steps, right, site_profile, monkeypatch):
    now = 1_790_000_000
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: now))
    user = factories.make_user("hoa")
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    client.post(reverse("account_login"), {"login": "hoa", "password": factories.PASSWORD})
    code = totp.format_hotp_value(totp.hotp_value(secret, now // 30 + steps))
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert ("_auth_user_id" in client.session) is right
