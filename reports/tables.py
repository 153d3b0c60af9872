"""The lists of the reports app: the board of a half-year, issued reports, the rows behind a figure."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, format_phone, initials, short_date
from portal.lists import Column, ListFilter, ListTable, Nothing, choice, icon, lines, link, muted, status
from portal.models import ClosingException, User
from portal.permissions import Permission
from portal.vocabulary import Badge, LearningModel, ReportState
from reports.figures import EXPECTED
from reports.models import ApprovedValue, Report, Submission
from reports.services.board import BoardRow, count_groups, word_groups
from reports.services.rows import Rows

State = Submission.State


class ExceptionFilter(ListFilter):
    """Those that run, or that are over."""

    state = choice(_("State"), [("running", _("Open now")), ("over", _("Over"))], every=_("all states"))

    def narrow_state(self, rows: Any, value: str) -> Any:
        """Return what runs now, or what does no longer."""
        running = rows.model.objects.running()
        return rows.filter(pk__in=running) if value == "running" else rows.exclude(pk__in=running)


def _exception_state(row: ClosingException) -> str:
    if row.is_running:
        return gettext("Open now")
    return gettext("Ended early") if row.ended_at else gettext("Run out")


class ExceptionTable(ListTable):
    """Closed half-years opened for one person, newest first; needs `unit_name` and the persons."""

    columns = (
        Column("unit_name", _("Unit")),
        Column("half", _("Half-year"), value=lambda row: row.half_year.screen_short_label),
        Column("person", _("Opened for"), value=lambda row: row.person.full_name),
        Column("until", _("Open until"), "moment", css="nowrap"),
        Column("state", _("State"), value=_exception_state),
        Column("reason", _("Why")),
        Column("granted_by", _("Proposed by"), value=lambda row: row.granted_by.full_name),
        Column("agreed_by", _("Decided by"), value=lambda row: row.agreed_by.full_name if row.agreed_by else ""),
    )
    order = ("-id",)
    caption = _("Closed half-years opened")
    filters = ExceptionFilter
    file_name = "mo-ky-da-khoa"
    nothing = Nothing(_("Nothing has been opened"), _("What two persons open again stands here."), "inbox")

    def show_state(self, row: ClosingException) -> str:
        """Show how it stands; while it runs, with the way to end it."""
        shown = status("active" if row.is_running else "closed", _exception_state(row))
        if not row.is_running or Permission.APPROVE_SUBMISSION not in self.user.permissions:
            return shown
        return lines(shown, link(reverse("exception_end", args=[row.pk]), gettext("End it now")))


_SENT_LATE = "sent_late"


class BoardFilter(ListFilter):
    """By the groups of the bar, and those that sent too late; each choice says how many units are in it."""

    state = choice(_("State"), every=_("All"))

    def offer(self, rows: list[BoardRow], user: User) -> None:
        """Offer each group with its number of units, and those that sent too late."""
        counts = count_groups(rows)
        field: Any = self.fields["state"]
        groups = [(state, f"{word} ({counts[state]})") for state, word in word_groups().items()]
        sent_late, word = sum(row.is_sent_late for row in rows), gettext("Sent late")
        field.choices = [*groups, (_SENT_LATE, f"{word} ({sent_late})")]

    def narrow_state(self, rows: list[BoardRow], value: str) -> list[BoardRow]:
        """Return the units in the group."""
        return [row for row in rows if (row.is_sent_late if value == _SENT_LATE else row.group == value)]


def _state_words(row: BoardRow) -> str:
    state = State(row.state).label if row.submission else gettext("Not begun")
    late = gettext("Overdue") if row.is_overdue else gettext("Late") if row.is_late else ""
    return ", ".join(str(word) for word in (state, late) if word)


class BoardTable(ListTable):
    """Units that owe a half-year, in the order of the tree."""

    columns = (
        Column("unit", _("Unit"), value=lambda row: row.place.name),
        Column("state", _("State"), value=_state_words),
        Column("sent", _("Sent"), "moment", value=lambda row: row.submission and row.submission.submitted_at),
        Column(
            "sent_by",
            _("Sent by"),
            value=lambda row: row.submission and row.submission.submitted_by and row.submission.submitted_by.full_name,
            on_screen=False,
        ),
        Column("filled", _("Figures declared"), "int"),
        Column("officer", _("Officer"), value=lambda row: row.contact.name),
        Column("phone", _("Phone"), value=lambda row: row.contact.phone, on_screen=False),
        Column("actions", _("Actions"), css="actions", in_files=False),
    )
    caption = _("Units and the state of their half-year")
    filters = BoardFilter
    nothing = Nothing(
        _("No unit here"), _("In this half-year no unit of yours reports, or none is in the chosen state.")
    )
    nothing_fits = nothing

    def __init__(self, request: HttpRequest, rows: list[BoardRow], half: HalfYear) -> None:
        super().__init__(request, rows)
        self.half = half
        self.file_name = f"tinh-hinh-gui-{half.code.lower()}"

    def key(self, row: BoardRow) -> str:
        """Return the unit's code."""
        return row.place.code

    def show_unit(self, row: BoardRow) -> str:
        """Link the unit to its half-year."""
        return link(reverse("submission_detail", args=[self.half, row.place.code]), row.place.name)

    def show_state(self, row: BoardRow) -> str:
        """Return the state, and whether it is late."""
        state = status(row.state) if row.submission else status(State.DRAFT, gettext("Not begun"))
        days = ngettext("%(count)d day late", "%(count)d days late", row.days_late) % {"count": row.days_late}
        if row.is_overdue and row.state == State.DRAFT:  # one badge: on a phone nine rows stand on a screen
            word = gettext("Not begun") if row.submission is None else State(row.state).label
            return status("late", f"{word}, {days[:1].lower()}{days[1:]}")
        late = status("late", days if row.is_overdue else "") if row.is_late else ""
        return format_html('<div class="cell-stack">{} {}</div>', state, late)

    def show_sent(self, row: BoardRow) -> str:
        """When, and by whom."""
        if row.submission is None or row.submission.submitted_at is None:
            return ""
        column = next(one for one in self.columns if one.name == "sent")
        who = row.submission.submitted_by
        return lines(column.text(column.of(row)), muted(who.full_name) if who else "")

    def show_officer(self, row: BoardRow) -> str:
        """Whom to ring: a tap calls."""
        name, phone = row.contact.name, row.contact.phone
        if not phone:
            return muted(name) if name else ""
        return lines(name, format_html('<a class="nowrap" href="tel:{}">{}</a>', phone, format_phone(phone)))

    def show_filled(self, row: BoardRow) -> str:
        """How many of the figures that a unit declares."""
        return f"{row.filled}/{len(EXPECTED)}"

    def show_actions(self, row: BoardRow) -> str:
        """Fill it in, or look at it."""
        fills = row.is_open and Permission.FILE_SUBMISSION in self.user.permissions
        return _button(
            reverse("submission_edit" if fills else "submission_detail", args=[self.half, row.place.code]),
            gettext("Fill in") if fills else gettext("Open"),
            row.place.name,
            css="btn-secondary" if fills else "btn-ghost",
        )


class ReportTable(ListTable):
    """Issued reports, every version, newest first."""

    columns = (
        Column("number", _("Number"), value=str),
        Column("period", _("Period"), value=lambda row: capfirst(row.period_value.screen_label)),
        Column("unit", _("Unit"), "code", value=lambda row: row.unit.code),
        Column("version", _("Version"), "int"),
        Column("issued_on", _("Issued"), "date"),
        Column("issued_by", _("Issued by"), value=lambda row: row.issued_by.full_name, on_screen=False),
        Column("state", _("State"), value=lambda row: _find_state(row).label),
        Column("actions", _("Actions"), css="actions", in_files=False),
    )
    order = ("-id",)
    caption = _("Issued reports")
    file_name = "bao-cao-da-ban-hanh"
    nothing = Nothing(
        _("No report has been issued yet"),
        _("A report can be issued when every unit is approved or listed as missing."),
        "file",
    )

    def show_number(self, row: Report) -> str:
        """Link the number to the report."""
        url = reverse("report_public", args=[row.period, row.unit.code])
        return link(f"{url}?version={row.version}", row)

    def show_issued_on(self, row: Report) -> str:
        """When, and by whom."""
        return lines(short_date(row.issued_on), muted(row.issued_by.full_name))

    def show_state(self, row: Report) -> str:
        """Return whether a newer version replaces it."""
        return status(_find_state(row).value)

    def show_actions(self, row: Report) -> str:
        """The PDF."""
        return _button(reverse("report_file", args=[row.pk, "pdf"]), format_html("{}PDF", icon("download")), row)


def _find_state(row: Report) -> Badge | ReportState:
    """Return the state of a version; an issued one may have been replaced."""
    is_replaced = row.state == Report.State.ISSUED and getattr(row, "is_replaced", False)
    return Badge.SUPERSEDED if is_replaced else ReportState(row.state)


def _button(url: str, text: Any, of: Any, css: str = "btn-ghost") -> SafeString:
    return format_html(
        '<a class="btn {} btn-sm" href="{}">{}<span class="visually-hidden">: {}</span></a>', css, url, text, of
    )


class FigureRowTable(ListTable):
    """The rows behind a figure; people by their initials."""

    nothing = Nothing(_("No rows"), _("Nothing was recorded for this figure."))

    def show_batch(self, row: Any) -> str:
        """Link the list."""
        return link(reverse("batch_detail", args=[row.batch_id]), row.batch.title)


class DisbursementRows(FigureRowTable):
    """Disbursements counted in a half-year; or, for what was taken back of an earlier one, those reversed in it."""

    columns = (
        Column("given_on", _("Given on"), "date"),
        Column("recipient", _("Recipient"), value=lambda row: initials(row.recipient.full_name)),
        Column("programme", _("Programme"), value=lambda row: row.programme.name),
        Column("batch", _("Batch"), value=lambda row: row.batch.title),
        Column("amount", _("Amount (đồng)"), "money"),
    )
    order = ("given_on", "id")


class RecipientRows(FigureRowTable):
    """People who received, each once."""

    columns = (
        Column("recipient", _("Recipient"), value=lambda row: initials(row["person_full_name"])),
        Column("school", _("School"), value="person_school"),
        Column("given", _("Amount (đồng)"), "money"),
    )
    order = ("person_sort_key", "person_id")


class LedgerRows(FigureRowTable):
    """Lines of fund books."""

    columns = (
        Column("occurred_on", _("Date"), "date"),
        Column("fund", _("Fund"), value=lambda row: row.fund.name),
        Column("kind", _("Kind"), value=lambda row: row.get_kind_display()),
        Column("batch", _("For"), value=lambda row: row.batch.title if row.batch else row.reason),
        Column("signed", _("Amount (đồng)"), "money"),
    )
    order = ("-occurred_on", "-id")

    def show_batch(self, row: Any) -> str:
        """Link the list; without one, say the reason."""
        return super().show_batch(row) if row.batch else row.reason


class GoodsRows(FigureRowTable):
    """Gifts in kind."""

    columns = (
        Column("received_on", _("Received on"), "date"),
        Column("fund", _("Fund"), value=lambda row: row.fund.name),
        Column("goods", _("Given in kind")),
        Column("amount", _("Value (đồng)"), "money"),
    )
    order = ("-received_on", "-id")


class MembershipRows(FigureRowTable):
    """Memberships; needs `with_unit_name`."""

    columns = (
        Column("joined_on", _("Joined on"), "date"),
        Column("member", _("Member"), value=lambda row: initials(row.member.full_name)),
        Column("unit_name", _("Unit")),
    )
    order = ("joined_on", "id")


def _name_of_holder(row: Any) -> str:
    name: str = row.subject.name
    return initials(name) if LearningModel(row.model).is_people else name


class TitleRows(FigureRowTable):
    """Learning titles; citizens by their initials. Needs `with_unit_name`."""

    columns = (
        Column("registered_on", _("Registered on"), "date"),
        Column("name", _("Name"), value=_name_of_holder),
        Column("unit_name", _("Unit")),
        Column("state", _("State"), value=lambda row: row.get_state_display()),
    )
    order = ("registered_on", "id")

    def show_name(self, row: Any) -> str:
        """Link the title."""
        return link(reverse("title_detail", args=[row.pk]), _name_of_holder(row))


class ArticleRows(FigureRowTable):
    """Articles published in a half-year."""

    columns = (Column("published_at", _("Date"), "date"), Column("title", _("Title")))
    order = ("published_at", "id")

    def show_title(self, row: Any) -> str:
        """Link the title."""
        return link(row.get_absolute_url(), row.title)


def _tell_evidence(row: ApprovedValue) -> str:
    """Return the lines whose sum a declared figure is, and what the unit says beside it."""
    lines = [f"{line['text']}: {format_int(line['amount'])}" for line in row.evidence]
    return "; ".join([*lines, *([row.note] if row.note else [])])


class DeclaredRows(FigureRowTable):
    """What units declared."""

    columns = (
        Column("unit_name", _("Unit")),
        Column("submitted_by", _("Submitted by"), value=lambda row: str(row.submission.submitted_by or "")),
        Column("evidence", _("Made of"), value=_tell_evidence),
        Column("value", _("Figure"), "int"),
    )
    order = ("submission__unit__code", "id")

    def show_unit_name(self, row: Any) -> str:
        """Link the unit to its half-year."""
        one = row.submission
        return link(reverse("submission_detail", args=[one.half, one.unit.code]), row.unit_name)


class TopUpRows(FigureRowTable):
    """What the register of yearly top-ups says."""

    columns = (
        Column("unit_name", _("Unit")),
        Column("answer", _("Policy"), value=lambda row: row.get_answer_display()),
        Column("decision", _("Decision")),
        Column("amount", _("Amount (đồng)"), "money"),
    )
    order = ("unit__code", "id")


class CountRows(FigureRowTable):
    """Numbers of people on units' pages."""

    columns = (
        Column("unit_name", _("Unit")),
        Column("on_date", _("As of"), "date"),
        Column("source", _("Source")),
        Column("value", _("Number"), "int"),
    )
    order = ("unit__code", "id")

    def show_unit_name(self, row: Any) -> str:
        """Link the unit, where its numbers stand."""
        return link(reverse("unit_detail", args=[row.unit.code]), row.unit_name)


ROW_TABLES: dict[str, type[FigureRowTable]] = {
    "disbursements": DisbursementRows,
    "recipients": RecipientRows,
    "ledger": LedgerRows,
    "goods": GoodsRows,
    "members": MembershipRows,
    "titles": TitleRows,
    "articles": ArticleRows,
    "declared": DeclaredRows,
    "topups": TopUpRows,
    "counts": CountRows,
}


def table_behind(request: HttpRequest, rows: Rows, *, title: Any, file_name: str) -> FigureRowTable:
    """Return the table of the rows behind a figure."""
    table = ROW_TABLES[rows.kind](request, rows.lines)
    table.caption, table.file_name = title, file_name
    return table
