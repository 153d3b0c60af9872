"""Accounts, postings and signing in, and how allauth is told our rules (no sign-up, sign in by user name or phone)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal import audit
from portal.forms.fields import DateInput, PhoneField, UnitField
from portal.lib.vietnamese import PhoneError, parse_phone
from portal.models import Unit, User
from portal.vocabulary import Role


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the caller's address as the middleware found it: behind a proxy all would share one limit."""
        address: str = getattr(request, "client_address", "") or request.META.get("REMOTE_ADDR", "")
        return address

    def set_password(self, user: User, password: str) -> None:
        """Set it, and say so in the audit: sign-ins elsewhere end with it."""
        super().set_password(user, password)
        user.source = user.source or getattr(self.request, "client_address", "")
        audit.record(actor=user, action="portal.account.password", target=user, fields=["password"])


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
        login = str(super().clean_login()).strip()  # type: ignore[no-untyped-call]  # allauth has no types
        try:
            phone = parse_phone(login)
        except PhoneError:
            return login
        known = User.objects.filter(phone=phone).values_list("username", flat=True).first()
        return known or login


class AccountForm(forms.ModelForm):
    """A person's account."""

    phone = PhoneField(label=_("Phone"), required=False, max_length=20, help_text=_("May be used to sign in."))

    class Meta:
        model = User
        fields = ("username", "full_name", "phone", "email")
        help_texts = {"username": _("Short, without spaces, for example ward and name: lechan.hoa")}

    def clean_phone(self) -> str | None:
        """Empty is stored as nothing, so that many may have none."""
        return self.cleaned_data["phone"] or None


class AccountUpdateForm(AccountForm):
    """The same without the user name, which stays."""

    class Meta:
        model = User
        fields = ("full_name", "phone", "email")


class PostingForm(forms.Form):
    """A role on a unit for a time."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = UnitField(label=_("Unit"), help_text=_("Covers everything below it too."))
    since = forms.DateField(label=_("From"), widget=DateInput())
    until = forms.DateField(
        label=_("Last day"), widget=DateInput(), required=False, help_text=_("Leave empty when it is not known yet.")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # a field declared above


#: Sentences of Django's password rules that its own Vietnamese catalogue lacks; named here so that ours brings them.
_DJANGO_SAYS = (
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
)


class ActivationForm(forms.Form):
    """Setting a password with the printed code."""

    username = forms.CharField(
        label=_("User name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    code = forms.CharField(
        label=_("Code on your sheet"), max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )  # fmt: skip
    password1 = forms.CharField(
        label=_("New password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )  # fmt: skip
    password2 = forms.CharField(
        label=_("New password, once more"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same."""
        cleaned = super().clean() or {}
        if cleaned.get("password1") and cleaned.get("password2") and cleaned["password1"] != cleaned["password2"]:
            self.add_error("password2", _("The two passwords are not the same."))
        return cleaned
