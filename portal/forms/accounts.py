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
from portal.forms.fields import DayField, LineField, NameField, PhoneField, TextField, UnitField
from portal.lib import identifiers
from portal.lib.vietnamese import PhoneError, comparable, parse_phone
from portal.models import Posting, ProposedChange, Unit, User
from portal.permissions import Permission
from portal.services.accounts import door_problems
from portal.services.kept import WAITING, forget_kept_input, name_awaited
from portal.services.texts import longest
from portal.vocabulary import SHORTEST_REASON, Role


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the caller's address as the middleware found it: behind a proxy all would share one limit."""
        address: str = getattr(request, "client_address", "") or request.META.get("REMOTE_ADDR", "")
        return address

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Whoever has a second factor is asked for it: the password alone does not answer for them."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [one for one in methods if one["id"].startswith("mfa")] or methods

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and forget what was kept for the person."""
        if isinstance(request.user, User):
            forget_kept_input(request.user)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        """Set it, and say so in the audit: sign-ins elsewhere end with it."""
        super().set_password(user, password)
        user.source = user.source or getattr(self.request, "client_address", "")
        audit.record(actor=user, action=audit.Action.ACCOUNT_PASSWORD, target=user, fields=["password"])


def display_name(user: User) -> str:
    """The name allauth shows."""
    return user.full_name


class SignInForm(LoginForm):
    """User name or phone number, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or phone number")
        self.fields["login"].widget = forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        )
        self.fields["password"].widget.attrs.pop("placeholder", None)
        if (
            self.request is not None
            and self.request.session.get(WAITING)
            and (name := name_awaited(self.request.session))
        ):
            self.fields["login"].initial = name
            self.fields["login"].widget.attrs.pop("autofocus")
            self.fields["password"].widget.attrs["autofocus"] = True

    def clean_login(self) -> str:
        """Return the user name that is meant: an exact one wins, else a phone becomes the name of its account."""
        return name_meant(str(super().clean_login()))


def name_meant(typed: str) -> str:
    """Return the user name that is meant: an exact one wins, else a phone number becomes the name of its account."""
    login = comparable(typed)
    named = User.objects.named(login).values_list("username", flat=True).first()
    if named is not None:
        return named
    try:
        phone = parse_phone(login)
    except PhoneError:
        return login
    return User.objects.filter(phone=phone).values_list("username", flat=True).first() or login


class UserNameField(LineField):
    """A user name, as it is stored and compared."""

    def __init__(self, **kwargs: Any) -> None:
        name = User._meta.get_field("username")
        super().__init__(label=_("User name"), max_length=name.max_length, validators=name.validators[:1], **kwargs)
        self.widget.attrs |= {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}

    def to_python(self, value: Any) -> Any:
        """Return the name in small letters."""
        return identifiers.user_name(super().to_python(value))


class AccountForm(forms.ModelForm):
    """A person's account."""

    username = UserNameField()
    full_name = NameField(label=_("Full name"), max_length=longest(User, "full_name"))
    phone = PhoneField(label=_("Phone"), required=False, help_text=_("May be used to sign in."))

    class Meta:
        model = User
        fields = ("username", "full_name", "phone", "email")
        help_texts = {"username": _("Short, without spaces, for example ward and name: lechan.hoa")}

    def clean(self) -> dict[str, Any]:
        """A number opens one door: a user name that reads as a phone is the account's own phone and nobody else's."""
        cleaned = super().clean() or {}
        own = self.instance if self.instance.pk else None
        ways = door_problems(username=cleaned.get("username"), phone=cleaned.get("phone"), but=own)
        for field, problem in ways.items():
            self.add_error(field, problem)
        return cleaned

    def clean_phone(self) -> str | None:
        """Empty is stored as nothing, so that many may have none."""
        return self.cleaned_data["phone"] or None


class AccountUpdateForm(AccountForm):
    """The same without the user name, which stays."""

    username: Any = None

    class Meta:
        model = User
        fields = ("full_name", "phone", "email")


class PostingForm(forms.Form):
    """A role on a unit for a time."""

    error_fields = {"both_roles": "role"}

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    both_roles = forms.BooleanField(
        label=_("Yes: this person enters and approves. Nobody approves what they entered themselves"), required=False
    )
    unit = UnitField(
        label=_("Unit"), permission=Permission.MANAGE_ACCOUNTS, help_text=_("Covers everything below it too.")
    )
    since = DayField(label=_("From"))
    until = DayField(label=_("Last day"), required=False, help_text=_("Leave empty when it is not known yet."))
    reason = TextField(
        label=_("Reason"), required=False, max_length=longest(Posting, "reason"),
        help_text=_(
            "Needed for an approver, leader or administrator, whom a second person confirms, and for a day in the past."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # a field declared above
        if not self.is_bound:
            self.fields["both_roles"].widget = forms.HiddenInput()

    def ask_again(self) -> None:
        """Offer the way past the question of both roles only once it is asked."""
        if not any(error.code == "both_roles" for error in self.errors.as_data().get("role", [])):
            self.fields["both_roles"].widget = forms.HiddenInput()


class LeaveForm(forms.Form):
    """The last day of somebody who leaves, and who goes on with the open work."""

    last_day = DayField(label=_("Last day"), help_text=_("From the next day on nobody signs in with this account."))
    work_goes_to = forms.ModelChoiceField(
        label=_("Who goes on with the open work"), queryset=User.objects.none(), empty_label=_("choose"),
        help_text=_("Somebody posted on the same units. Is nobody here? Add the posting first."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work_goes_to"].queryset = people  # type: ignore[attr-defined]  # a field declared above


class WhyForm(forms.Form):
    """Why something is proposed that a second person decides."""

    reason = TextField(
        label=_("Why"), min_length=SHORTEST_REASON, max_length=longest(ProposedChange, "reason"),
        help_text=_("A second person reads it and decides; it stays in the books."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """Why a proposal is refused."""

    reason = TextField(label=_("Why it is refused"), max_length=longest(ProposedChange, "answer"))


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

    username = LineField(
        label=_("User name or phone number"), max_length=longest(User, "username"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    code = LineField(
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

    def clean_username(self) -> str:
        """Return the user name that is meant, as when signing in."""
        return name_meant(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same."""
        cleaned = super().clean() or {}
        if cleaned.get("password1") and cleaned.get("password2") and cleaned["password1"] != cleaned["password2"]:
            self.add_error("password2", _("The two passwords are not the same."))
        return cleaned
