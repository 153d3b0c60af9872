"""The lists of the ground floor: accounts, units, the audit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.acts import Act
from portal.forms.fields import DayField
from portal.lib.language import written
from portal.lib.vietnamese import format_phone
from portal.lists import Column, ListFilter, ListTable, Nothing, choice, lines, link, muted, status, words
from portal.lists.paging import KeyPage
from portal.models import AuditEntry, ProposedChange, Reorganisation, Unit, User
from portal.models.unit import SearchKey, holding
from portal.templatetags.portal import audit_action
from portal.vocabulary import ProposalState, SuccessionKind


class AccountFilter(ListFilter):
    """By name without accents, user name or phone."""

    q = words(_("Name, user name or phone"))

    def narrow_q(self, rows: QuerySet[User], value: str) -> QuerySet[User]:
        """Return the people whose name, user name or phone holds what is typed."""
        found = holding(value) | Q(username__icontains=value)
        if digits := value.lstrip("0").replace(" ", ""):
            found |= Q(phone__contains=digits)
        return rows.alias(key=SearchKey("full_name")).filter(found)


class AccountTable(ListTable):
    """Accounts with their postings, by user name; needs `postings` prefetched with their `unit_name`."""

    columns = (
        Column("full_name", _("Full name")),
        Column("username", _("User name"), sort=("username",)),
        Column("phone", _("Phone"), "code", value=lambda row: format_phone(row.phone) if row.phone else ""),
        Column(
            "postings",
            _("Postings"),
            value=lambda row: ", ".join(f"{one.role_label} ({one.unit_name})" for one in row.postings.all()),
        ),
        Column("state", _("State"), value=lambda row: _("Active") if row.is_active else _("Closed")),
    )
    order = ("username",)
    caption = _("Accounts")
    filters = AccountFilter
    file_name = "tai-khoan"
    nothing_fits = Nothing(_("No account matches"), _("Try another name, or make a new account."), "search")

    def show_full_name(self, row: User) -> str:
        """Link the name."""
        return link(reverse("account_detail", args=[row.pk]), row.full_name)

    def show_state(self, row: User) -> str:
        """Return whether the account may be used."""
        return status("active" if row.is_active else "closed")


class UnitFilter(ListFilter):
    """By name or code, in the tree of a day."""

    q = words(_("Name or code"))
    day = DayField(label=_("On the day"))

    def narrow(self, rows: Any) -> Any:
        """Return the units of the day, named as on it."""
        if self.errors:
            return rows.none()
        day = self.chosen.get("day") or timezone.localdate()
        found = rows.standing_on(day)
        return found.called(self.chosen["q"]) if "q" in self.chosen else found


class UnitTable(ListTable):
    """Units of a day, the highest level first."""

    columns = (Column("name", _("Name")), Column("code", _("Code"), "code"), Column("level_name", _("Level")))
    order = ("level_rank", "code")
    caption = _("Units")
    filters = UnitFilter
    file_name = "don-vi"
    nothing_fits = Nothing(_("No unit matches"), _("Try another name or another day."), "search")

    def show_name(self, row: Unit) -> str:
        """Link the name."""
        return link(reverse("unit_detail", args=[row.code]), str(row))


class AuditFilter(ListFilter):
    """By who did it and by what was done."""

    person = words(_("User name"))
    action = choice(_("What it was about"), audit.SUBJECTS, every=_("everything"))
    lookups = {"action": "action__startswith"}

    def narrow_person(self, rows: QuerySet[AuditEntry], value: str) -> QuerySet[AuditEntry]:
        """Return what people of this user name did."""
        return rows.filter(actor__in=User.objects.filter(username__icontains=value))


def _target(entry: AuditEntry) -> str:
    name = getattr(entry, "target_name", "") or (f"#{entry.target_id}" if entry.target_id else "")
    return f"{name} ({entry.unit_name})" if entry.unit else name  # type: ignore[attr-defined]  # annotated


class AuditTable(ListTable):
    """Entries of the audit, newest first; on the page their rows are called by their names."""

    columns = (
        Column("at", _("Time"), "moment", css="nowrap", sort=("id",)),
        Column("actor", _("Person"), value=lambda row: row.actor.full_name),
        Column("action", _("Action"), value=lambda row: audit_action(row.action)),
        Column("target", _("Row"), value=_target),
        Column("move", _("From → to"), value=audit.word_move, on_screen=False),
        Column("reason", _("Reason"), value=lambda row: row.reason, on_screen=False),
        Column("fields", _("Fields"), value=audit.word_fields),
        Column("source", _("From where")),
    )
    order = ("-id",)
    caption = _("Audit")
    filters = AuditFilter
    file_name = "nhat-ky"

    @cached_property
    def page(self) -> KeyPage[AuditEntry]:
        """The entries of this page, with the names of their rows."""
        page = super().page
        audit.name_targets(page.rows, self.user)
        audit.read_reasons(page.rows)
        return page

    def rows_of_file(self) -> Iterator[AuditEntry]:
        """Yield the entries of the file with their reasons, so many at a time."""
        rows = super().rows_of_file()
        while some := list(islice(rows, 500)):
            audit.read_reasons(some)
            yield from some

    def show_target(self, row: AuditEntry) -> str:
        """Link the row for those who may see it."""
        url: str = row.target_url  # type: ignore[attr-defined]  # set by `page`
        reason: str = row.reason  # type: ignore[attr-defined]  # the same
        said = muted(format_html("{}: {}", _("Reason"), written(reason))) if reason else ""
        return lines(link(url, _target(row)) if url else written(_target(row)), said)

    def show_action(self, row: AuditEntry) -> str:
        """Say what was done, and from which state to which the row was moved by it."""
        move = audit.word_move(row)
        return lines(audit_action(row.action), muted(move) if move else "")


class ProposalFilter(ListFilter):
    """By what it is and how it stands."""

    act = choice(_("What"), Act.choices, every=_("all"))
    state = choice(_("State"), ProposalState.choices, every=_("all states"))

    def narrow_state(self, rows: QuerySet[ProposedChange], value: str) -> QuerySet[ProposedChange]:
        """Return what stands so now; what has run out waits no longer, though nobody has noted it."""
        run_out = Q(state=ProposalState.PENDING, expires_at__lte=timezone.now())
        if value == ProposalState.EXPIRED:
            return rows.filter(run_out | Q(state=value))
        return rows.filter(state=value).exclude(run_out)


class ProposalTable(ListTable):
    """Proposed changes, newest first; needs `unit_name` and the persons."""

    columns = (
        Column("title", _("Proposed change"), value=lambda row: row.title),
        Column("unit_name", _("Unit")),
        Column("proposed_by", _("Proposed by"), value=lambda row: row.proposed_by.full_name),
        Column("proposed_at", _("Sent"), "moment", css="nowrap", sort=("id",)),
        Column("expires_at", _("Runs out"), "moment", css="nowrap"),
        Column("state", _("State"), value=lambda row: str(ProposalState(row.shown_state).label)),
        Column("decided_by", _("Decided by"), value=lambda row: row.decided_by.full_name if row.decided_by else ""),
    )
    order = ("-id",)
    caption = _("Proposed changes")
    filters = ProposalFilter
    file_name = "de-nghi"
    nothing = Nothing(_("No proposal"), _("What two persons decide together stands here."), "inbox")

    def show_title(self, row: ProposedChange) -> str:
        """Link the proposal."""
        return link(reverse("proposal_detail", args=[row.pk]), row.title)

    def show_state(self, row: ProposedChange) -> str:
        """Show how it stands."""
        return status(row.shown_state, ProposalState(row.shown_state).label)


class ReorganisationTable(ListTable):
    """Reorganisations, the latest decided first."""

    columns = (
        Column("summary", _("What becomes what")),
        Column("kind", _("Kind"), value=lambda row: str(SuccessionKind(row.kind).label)),
        Column("on_date", _("In force from"), "date", css="nowrap"),
        Column("decision", _("Number of the decision")),
        Column("issuer", _("Issued by")),
        Column("state", _("State"), value=lambda row: str(_("undone")) if row.undone_at else str(_("in force"))),
    )
    order = ("-id",)
    caption = _("Reorganisations")
    file_name = "sap-xep-don-vi"
    nothing = Nothing(_("No reorganisation"), _("Mergers, splits, new names and dissolutions stand here."), "tree")

    def show_summary(self, row: Reorganisation) -> str:
        """Link what becomes what."""
        return link(reverse("reorganisation_detail", args=[row.pk]), row.summary)
