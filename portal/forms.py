"""Forms of the ground floor, and how allauth is told our rules (no sign-up, sign in by user name or phone)."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.lib.vietnamese import PhoneError, parse_phone
from portal.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


def display_name(user: User) -> str:
    """The name allauth shows."""
    return user.full_name


class SignInForm(LoginForm):
    """User name or phone number, and password."""

    def __init__(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN002,ANN003
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or phone number")
        self.fields["login"].widget = forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        """A phone number in any usual way of writing becomes the user name of its account."""
        login = str(super().clean_login()).strip()  # type: ignore[no-untyped-call]
        try:
            phone = parse_phone(login)
        except PhoneError:
            return login
        known = User.objects.filter(phone=phone).values_list("username", flat=True).first()
        return known or login
