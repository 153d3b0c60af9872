"""The administrator's accounts and postings, and the page where a person sets a password with the printed code."""

from __future__ import annotations

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from portal.addresses import takes_form, takes_post
from portal.forms.accounts import AccountForm, AccountUpdateForm, ActivationForm, LeaveForm, PostingForm, WhyForm
from portal.lib.sealing import seal, unseal
from portal.models import Posting, ProposedChange, Unit, User
from portal.models.unit import unit_name
from portal.permissions import Permission, requires
from portal.services import accounts, leaving
from portal.services.proposals import said_after
from portal.tables import AccountTable
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import names_of, user_of

_SHEET = "code_sheet"  # in the session of whoever made a code: the sheet to print, sealed
_SHEET_STANDS = 15 * 60  # seconds

manages_accounts = requires(Permission.MANAGE_ACCOUNTS)


@require_safe
@manages_accounts
def account_list(request: HttpRequest) -> HttpResponseBase:
    """The accounts that the administrator may manage."""
    named = Prefetch("postings", Posting.objects.annotate(unit_name=unit_name("unit")))
    users = User.objects.manageable_by(user_of(request)).prefetch_related(named)
    return show_list(request, AccountTable(request, users), "portal/account_list.html")


@takes_form
@manages_accounts
def account_create(request: HttpRequest) -> HttpResponse:
    """Make an account; the next page gives it a posting and a code."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"unit": _keeping_unit(user_of(request)), "actor": user_of(request)}
        if user := attempt(form, accounts.create_account, **values):
            messages.success(request, _("The account has been made. Give it a posting, then print its code."))
            return redirect("account_detail", user.pk)
    return render(request, "portal/account_create.html", {"form": form})


@require_safe
@manages_accounts
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A person with postings and what may be done."""
    person = get_object_or_404(User.objects.manageable_by(user_of(request)), pk=pk)
    today = timezone.localdate()
    postings = list(person.postings.select_related("unit", "proposal__proposed_by", "proposal__decided_by"))
    names = names_of([posting.unit_id for posting in postings], today)
    open_ones = {p.pk for p in postings if p.valid.upper is None or p.valid.upper > today}
    context = {"person": person, "postings": postings, "names": names, "open_ones": open_ones}
    context["is_closed"] = person.is_closed_on(today)
    context["proposals"] = ProposedChange.objects.on(person).waiting().select_related("proposed_by")
    return render(request, "portal/account_detail.html", context)


@takes_form
@manages_accounts
def account_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person's name, phone or e-mail."""
    person = get_object_or_404(User.objects.manageable_by(user_of(request)), pk=pk)
    form = AccountUpdateForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, accounts.update_account, user=person, **values):
            messages.success(request, _("Saved."))
            return redirect("account_detail", person.pk)
    return render(request, "portal/account_update.html", {"form": form, "person": User.objects.get(pk=pk)})


@takes_post("account_detail")
@manages_accounts
def account_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """End an account today, or open it again."""
    person = get_object_or_404(User.objects.manageable_by(user_of(request)), pk=pk)
    values = {"active": request.POST.get("active") == "1", "version": shown_version(request)}
    attempt(request, accounts.set_account_active, user=person, actor=user_of(request), **values)
    return redirect("account_detail", person.pk)


@takes_form
@manages_accounts
def account_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody leave from a day on: all postings end, the account is closed, the open work has a name."""
    person = get_object_or_404(User.objects.manageable_by(user_of(request)), pk=pk)
    today = timezone.localdate()
    form = LeaveForm(request.POST or None, people=leaving.who_may_go_on(person), initial={"last_day": today})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, leaving.leave_office, user=person, **values):
            messages.success(request, _("All postings end with that day, and the account is closed from then on."))
            return redirect("account_detail", person.pk)
    context = {
        "form": form, "person": User.objects.get(pk=pk), "waiting": leaving.waiting_of(person).select_related("unit"),
        "postings": person.postings.in_force(today).annotate(unit_name=unit_name("unit")),
    }  # fmt: skip
    return render(request, "portal/account_leave.html", context)


@takes_post("account_detail")
@manages_accounts
def account_stay(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a leaving back before its day."""
    person = get_object_or_404(User.objects.manageable_by(user_of(request)), pk=pk)
    values = {"version": shown_version(request), "actor": user_of(request)}
    if attempt(request, leaving.stay_in_office, user=person, **values):
        messages.success(request, _("The postings go on as before."))
    return redirect("account_detail", person.pk)


@takes_form
@manages_accounts
@never_cache
def account_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a one-time code by POST; its sheet stands at the address for a while, however often that is loaded again.

    For an account that approves, leads or administers the form asks why, and somebody else decides.
    """
    person = get_object_or_404(User.objects.manageable_by(user_of(request)), pk=pk)
    asks = accounts.needs_agreement(person) and accounts.agreed_code(person, user_of(request)) is None
    form = WhyForm(request.POST if request.method == "POST" and "reason" in request.POST else None)
    if request.method == "POST" and (not asks or form.is_valid()):
        reason = form.cleaned_data["reason"] if asks else ""
        values = {"reason": reason, "version": shown_version(request), "actor": user_of(request)}
        code = attempt(request, accounts.issue_handover_code, user=person, **values)
        if isinstance(code, ProposedChange):
            messages.success(request, said_after(code))
        if not isinstance(code, str):
            return redirect("account_detail", person.pk)
        sealed = seal(code, secret=settings.SECRET_KEY, purpose=_SHEET)
        request.session[_SHEET] = {"pk": person.pk, "sealed": sealed}
        return redirect("account_code", person.pk)
    code = _find_sheet(request, person)
    context = {
        "person": person,
        "code": code,
        "has_live": accounts.has_live_code(person),
        "days": accounts.CODE_LIFETIME.days,
        "form": form if asks else None,
    }
    return render(request, "portal/account_code.html", context)


@takes_form
@manages_accounts
def posting_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a role on a unit; an approver, leader or administrator is confirmed by a second person."""
    person = get_object_or_404(User.objects.manageable_by(user_of(request)), pk=pk)
    units = Unit.objects.covered_by(user_of(request), Permission.MANAGE_ACCOUNTS)
    form = PostingForm(request.POST or None, units=units, initial={"since": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        values = {"user": person, "actor": user_of(request), **form.cleaned_data}
        done = attempt(form, accounts.add_posting, **values)
        if done is not None:
            said = said_after(done) if isinstance(done, ProposedChange) else _("The posting has been added.")
            messages.success(request, said)
            return redirect("account_detail", person.pk)
    if request.method == "POST":
        form.ask_again()
    return render(request, "portal/posting_create.html", {"form": form, "person": person})


@takes_post("account_list", keep=())
@manages_accounts
def posting_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a posting end after today."""
    scope = Unit.objects.covered_by(user_of(request), Permission.MANAGE_ACCOUNTS)
    posting = get_object_or_404(Posting.objects.filter(unit__in=scope), pk=pk)
    values = {"last_day": timezone.localdate(), "version": shown_version(request), "actor": user_of(request)}
    if attempt(request, accounts.end_posting, posting=posting, **values):
        messages.success(request, _("The posting ends after today."))
    return redirect("account_detail", posting.user_id)


@require_safe
def account_reset_password(request: HttpRequest) -> HttpResponse:
    """Say how a forgotten password is replaced: with a printed code, never by a link in a mail."""
    return render(request, "account/password_reset.html")


@takes_form
@sensitive_post_parameters("code", "password1", "password2")
@never_cache
def account_activate(request: HttpRequest) -> HttpResponse:
    """Set a password with the printed one-time code, and be signed in; one address may only guess so often."""
    refusal: HttpResponse | None = ratelimit.consume_or_429(request, action="activate_account")
    if refusal is not None:
        return refusal
    form = ActivationForm(request.POST or None, initial={"username": request.GET.get("user", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        answer = {"username": data["username"], "code": data["code"], "password": data["password1"]}
        person = attempt(form, accounts.use_handover_code, **answer)
        if person is not None:
            messages.success(request, _("Your password is set, and you are signed in."))
            welcome: HttpResponse = perform_login(request, person, email_verification="none")
            return welcome
    return render(request, "portal/account_activate.html", {"form": form})


def _find_sheet(request: HttpRequest, person: User) -> str:
    """Return the code whose sheet still stands, while it is the person's live one; "" afterwards."""
    sheet = request.session.get(_SHEET)
    if sheet is None or sheet["pk"] != person.pk:
        return ""
    code = unseal(sheet["sealed"], secret=settings.SECRET_KEY, purpose=_SHEET, seconds=_SHEET_STANDS)
    if not code or not accounts.is_live_code(person, code):
        del request.session[_SHEET]
        return ""
    return code


def _keeping_unit(administrator: User) -> Unit | None:
    """Return the unit that keeps the accounts which the administrator makes, until they have a posting."""
    scope = Unit.objects.covered_by(administrator, Permission.MANAGE_ACCOUNTS)
    return scope.filter(pk__in=[posting.unit_id for posting in administrator.current_postings]).order_by("code").first()
