"""The administrator's accounts and postings, and the page where a person sets a password with the printed code."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from portal.forms.accounts import AccountForm, AccountUpdateForm, ActivationForm, PostingForm
from portal.models import Posting, Unit, User
from portal.permissions import Permission, requires
from portal.services import accounts
from portal.tables import AccountTable
from portal.views.lists import show_list
from portal.views.staff import names_of, user_of

manages_accounts = requires(Permission.MANAGE_ACCOUNTS)


@manages_accounts
def account_list(request: HttpRequest) -> HttpResponseBase:
    """The accounts that the administrator may manage."""
    users = User.objects.manageable_by(user_of(request)).prefetch_related("postings__unit")
    return show_list(request, AccountTable(request, users), "portal/account_list.html")


@manages_accounts
def account_create(request: HttpRequest) -> HttpResponse:
    """Make an account; the next page gives it a posting and a code."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = accounts.create_account(actor=user_of(request), **form.cleaned_data)
        messages.success(request, _("The account has been made. Give it a posting, then print its code."))
        return redirect("account_detail", user.pk)
    return render(request, "portal/account_create.html", {"form": form})


@manages_accounts
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A person with postings and what may be done."""
    person = get_object_or_404(User.objects.manageable_by(user_of(request)), pk=pk)
    today = timezone.localdate()
    postings = list(person.postings.select_related("unit"))
    names = names_of([posting.unit_id for posting in postings], today)
    open_ones = {p.pk for p in postings if p.valid.upper is None or p.valid.upper > today}
    context = {"person": person, "postings": postings, "names": names, "open_ones": open_ones}
    return render(request, "portal/account_detail.html", context)


@manages_accounts
def account_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person's name, phone or e-mail."""
    person = get_object_or_404(User.objects.manageable_by(user_of(request)), pk=pk)
    form = AccountUpdateForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.update_account(user=User(pk=person.pk), actor=user_of(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("account_detail", person.pk)
    return render(request, "portal/account_update.html", {"form": form, "person": User.objects.get(pk=pk)})


@manages_accounts
@require_POST
def account_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """End an account today, or open it again."""
    person = get_object_or_404(User.objects.manageable_by(user_of(request)), pk=pk)
    try:
        accounts.set_account_active(user=person, active=request.POST.get("active") == "1", actor=user_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("account_detail", person.pk)


@manages_accounts
@require_POST
@never_cache
def account_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a one-time code and show its sheet to print; the code is shown this once."""
    person = get_object_or_404(User.objects.manageable_by(user_of(request)), pk=pk)
    try:
        code = accounts.issue_handover_code(user=person, actor=user_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("account_detail", person.pk)
    days = accounts.CODE_LIFETIME.days
    return render(request, "portal/account_code.html", {"person": person, "code": code, "days": days})


@manages_accounts
def posting_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a role on a unit."""
    person = get_object_or_404(User.objects.manageable_by(user_of(request)), pk=pk)
    units = Unit.objects.covered_by(user_of(request), Permission.MANAGE_ACCOUNTS)
    form = PostingForm(request.POST or None, units=units, initial={"since": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            accounts.add_posting(user=person, actor=user_of(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The posting has been added."))
            return redirect("account_detail", person.pk)
    return render(request, "portal/posting_create.html", {"form": form, "person": person})


@manages_accounts
@require_POST
def posting_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a posting end after today."""
    scope = Unit.objects.covered_by(user_of(request), Permission.MANAGE_ACCOUNTS)
    posting = get_object_or_404(Posting.objects.filter(unit__in=scope), pk=pk)
    try:
        accounts.end_posting(posting=posting, last_day=timezone.localdate(), actor=user_of(request))
        messages.success(request, _("The posting ends after today."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("account_detail", posting.user_id)


@require_safe
def account_reset_password(request: HttpRequest) -> HttpResponse:
    """Say how a forgotten password is replaced: with a printed code, never by a link in a mail."""
    return render(request, "account/password_reset.html")


@sensitive_post_parameters("code", "password1", "password2")
@never_cache
def account_activate(request: HttpRequest) -> HttpResponse:
    """Set a password with the printed one-time code, then sign in; one address may only guess so often."""
    if refusal := ratelimit.consume_or_429(request, action="activate_account"):
        return refusal
    form = ActivationForm(request.POST or None, initial={"username": request.GET.get("ten", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            accounts.use_handover_code(username=data["username"], code=data["code"], password=data["password1"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your password is set. Sign in with it now."))
            return redirect("account_login")
    return render(request, "portal/account_activate.html", {"form": form})
