"""The lists of the scholarships app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.models import Prefetch, Q, Sum
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property, lazy
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import filter_by_unit
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, format_money, short_date
from portal.lists import Column, ListFilter, ListTable, Nothing, choice, lines, link, muted, status, words
from portal.models import Unit, User
from portal.models.unit import SearchKey, holding
from portal.permissions import Permission
from portal.services.texts import longest
from scholarships.models import Allotment, Batch, Disbursement, Donation, Fund, Programme, RowRemark
from scholarships.services.findings import KINDS as FINDINGS
from scholarships.services.findings import SAMPLED, Findings
from scholarships.services.holding import find_low


def short_half(row: Any) -> str:
    """Return "6T đầu 2023" for a row of a half-year."""
    return HalfYear.parse(row.half).screen_short_label


def _muted(text: Any) -> Any:
    return muted(text) if text else ""


def _remarks(fund: Fund) -> str:
    low = fund.balance < max(fund.low_below or 0, fund.needed)  # type: ignore[attr-defined]  # annotated
    said = [(fund.is_main, gettext("main fund")), (fund.is_public, gettext("public")), (low, gettext("low"))]
    return ", ".join(word for holds, word in said if holds)


def _payer(programme: Programme) -> str:
    return programme.fund.name if programme.fund else gettext("each unit's own main fund")


def _amounts(programme: Programme) -> str:
    if programme.min_amount == programme.max_amount:
        return format_money(programme.max_amount)
    ends = {"least": format_int(programme.min_amount), "greatest": format_money(programme.max_amount)}
    return gettext("%(least)s to %(greatest)s") % ends


def _applications(programme: Programme) -> str:
    if not programme.is_public:
        return gettext("not public")
    if programme.closes_on:
        return gettext("until %(day)s") % {"day": short_date(programme.closes_on)}
    return gettext("at any time")


class BatchFilter(ListFilter):
    """Half-year, state and unit; offered is what occurs among the batches that the person may see."""

    half = choice(_("Half-year"), every=_("all half-years"))
    state = choice(_("State"), Batch.State.choices, every=_("all states"))

    def offer(self, rows: Any, user: User) -> None:
        """Offer the half-years and units that have batches."""
        batches = rows.order_by()
        halves = batches.values_list("half", flat=True).distinct().order_by("-half")
        units: Any = Unit.objects.filter(pk__in=batches.values("unit_id")).named_on(timezone.localdate())
        fields: dict[str, Any] = self.fields
        fields["half"].choices = [(half, HalfYear.parse(half).screen_label) for half in halves]
        fields["unit"] = filter_by_unit(
            units.order_by("code"), permission=Permission.VIEW_BATCH, label=_("Unit"), every=_("all units")
        )


class BatchTable(ListTable):
    """Batches, newest first; needs `with_totals` and `with_unit_name`."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("title", _("Batch")),
        Column("unit_name", _("Unit")),
        Column("half", _("Half-year"), value=short_half, sort=("half", "id"), css="nowrap"),
        Column("turns", _("Turns"), "int"),
        Column("amount", _("Amount (đồng)"), "money"),
        Column("state", _("State"), value=lambda row: row.get_state_display()),
        Column("entered_at", _("Entered"), "date", sort=("id",)),
    )
    order: ClassVar[tuple[str, ...]] = ("-id",)
    caption = _("Batches of scholarships, awards and support")
    filters: ClassVar[type[ListFilter]] = BatchFilter
    file_name = "danh-sach-trao"
    nothing = Nothing(
        _("No batch yet"), _("Send the workbook you have, as it is; the portal reads it and shows what needs a look.")
    )
    nothing_fits = Nothing(_("No batch matches"), _("Choose another half-year, state or unit."), "search")

    def href(self, row: Batch) -> str:
        """Lead to the list."""
        return reverse("batch_detail", args=[row.pk])

    def show_title(self, row: Batch) -> str:
        """Link the title."""
        return link(self.href(row), row.title)

    def show_state(self, row: Batch) -> str:
        """Return the state by colour, icon and word."""
        return status(row.state)


class BatchQueueTable(BatchTable):
    """Batches that wait for an approver, oldest first (`with_seen`); one's own are marked: another approves them."""

    columns = (
        Column("title", _("Batch")),
        Column("unit_name", _("Unit")),
        Column("half", _("Half-year"), value=short_half, css="nowrap"),
        Column("mode", _("Kind of batch"), value=lambda row: row.get_mode_display()),
        Column("turns", _("Turns"), "int"),
        Column("amount", _("Amount (đồng)"), "money"),
        Column("submitted_at", _("Sent"), "date"),
        Column("submitted_by", _("Sent by"), value=lambda row: row.submitted_by.full_name),
        Column("seen", _("Seen"), value=lambda row: gettext("seen") if row.seen else ""),
    )
    order = ("submitted_at", "id")
    caption = _("Waiting for approval")
    filters = ListFilter
    file_name = ""
    nothing = Nothing(_("Nothing waits for you"), _("Batches appear here as soon as a unit sends them."), "done")

    def is_mine(self, row: Batch) -> bool:
        """Whether the person made the list."""
        return self.user.pk in {row.entered_by_id, row.submitted_by_id}

    def href(self, row: Batch) -> str:
        """Lead to the approver's screen; one's own to the list."""
        return reverse("batch_detail" if self.is_mine(row) else "batch_approve", args=[row.pk])

    def show_title(self, row: Batch) -> str:
        """Link the title; say of one's own that somebody else approves it."""
        mine = self.is_mine(row)
        own = muted(gettext("yours: somebody else approves it")) if mine else ""
        return lines(link(self.href(row), row.title), own)


class RowFilter(ListFilter):
    """By the recipient's name; only one kind of programme, or only those in hardship."""

    q = words(_("Full name"))
    kind = choice(_("Only"), [*Programme.Kind.choices, ("hardship", _("in hardship"))], every=_("all rows"))

    def narrow_q(self, rows: Any, value: str) -> Any:
        """Return the rows of people called so."""
        return rows.of_people_called(value)

    def narrow_kind(self, rows: Any, value: str) -> Any:
        """Return the rows of programmes of one kind, or of people in hardship."""
        return rows.filter(is_hardship=True) if value == "hardship" else rows.filter(programme__kind=value)


class BatchRowTable(ListTable):
    """The rows of one batch, by the Vietnamese order of names."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("number", _("No."), "int", on_screen=False),
        Column("name", _("Full name"), value=lambda row: row.recipient.full_name, sort=("recipient__sort_key", "id")),
        Column("birth", _("Born"), "code", value=lambda row: row.recipient.birth_text, on_screen=False),
        Column("where", _("Class, school"), in_files=False),
        Column("school_class", _("Class"), on_screen=False),
        Column("school", _("School"), on_screen=False),
        Column(
            "circumstance",
            _("Circumstance"),
            value=lambda row: row.circumstance_text or row.get_circumstance_display(),
        ),
        Column("programme", _("Programme"), value=lambda row: row.programme.name),
        Column("given_on", _("Given on"), "date", sort=("given_on", "id"), css="nowrap"),
        Column("amount", _("Amount (đồng)"), "money", summed=True, sort=("amount", "id")),
        Column("note", _("Note"), on_screen=False),
        Column(
            "late_for",
            _("Meant for"),
            value=lambda row: HalfYear.parse(row.late_for).screen_label if row.late_for else None,
            on_screen=False,
        ),
        Column("reversed", _("Reversed"), value=lambda row: row.reversal_reason or None, on_screen=False),
        Column("actions", _("Actions"), css="actions", in_files=False),
    )
    order = ("recipient__sort_key", "id")
    filters = RowFilter
    is_short = True
    anchor = "rows"
    nothing = Nothing(_("No row yet"))
    nothing_fits = Nothing(_("No row matches"), "", "search")

    def __init__(
        self, request: HttpRequest, batch: Batch, *, may_edit: bool = False, may_reverse: bool = False
    ) -> None:
        self.batch, self.may_edit, self.may_reverse = batch, may_edit, may_reverse
        rows = batch.disbursements.not_taken_out().select_related("recipient", "programme")
        super().__init__(request, rows)
        self.caption = lazy(lambda: f"{batch.title} – {batch.half_year.screen_label}", str)()
        self.sheet_name = lazy(lambda: batch.half_year.screen_short_label, str)()
        self.file_name = f"danh-sach-{batch.half.lower()}-{batch.pk}"

    def is_struck(self, row: Disbursement) -> bool:
        """Whether the row was reversed."""
        return row.reversed_at is not None

    def row_attributes(self, row: Disbursement) -> dict[str, str]:
        """Strike out what was reversed."""
        return {"class": "row-reversed" if row.reversed_at else ""}

    def show_name(self, row: Disbursement) -> str:
        """Name and birth."""
        return lines(format_html("<strong>{}</strong>", row.recipient.full_name), _muted(row.recipient.birth_text))

    @cached_property
    def screen_columns(self) -> list[Column]:
        """Leave out what may be done with a row where the person may do nothing."""
        return [one for one in super().screen_columns if one.name != "actions" or self.may_edit or self.may_reverse]

    def show_actions(self, row: Disbursement) -> str:
        """Change or take out a row of a list that is being written; link the way to reverse a paid one."""
        if self.may_edit:
            place = urlencode({"list": self.request.GET.urlencode()}) if self.request.GET else ""
            context = {"row": row, "pk": self.batch.pk, "place": place}
            return render_to_string("scholarships/_row_actions.html", context, self.request)
        if row.reversed_at is not None:
            return gettext("reversed")
        url = reverse("row_reverse", args=[self.batch.pk, row.pk])
        hidden = format_html('<span class="visually-hidden"> {}</span>', row.recipient.full_name)
        return link(url, format_html("{}{}", gettext("Reverse …"), hidden))

    def show_where(self, row: Disbursement) -> str:
        """Class and school."""
        return ", ".join(part for part in (row.school_class, row.school) if part)

    def show_programme(self, row: Disbursement) -> str:
        """The programme; by whom it was paid, and why a second time on one day."""
        facts = {"number": row.repeat_no, "reason": row.repeat_reason}
        again = gettext("turn %(number)s of the day: %(reason)s") % facts if row.repeat_reason else ""
        source = "" if row.source == Disbursement.Source.FUND else row.get_source_display()
        return lines(row.programme.name, _muted(source), _muted(again))

    def show_given_on(self, row: Disbursement) -> str:
        """The day; whether the row is late."""
        if not row.late_for:
            return short_date(row.given_on)
        late = gettext("supplement to %(half)s") % {"half": HalfYear.parse(row.late_for).screen_label}
        return lines(short_date(row.given_on), format_html('<span class="badge">{}</span>', late))

    def rows_of_file(self) -> Iterator[Disbursement]:
        """Yield the rows, numbered."""
        for number, row in enumerate(super().rows_of_file(), start=1):
            row.number = number
            yield row

    def total(self) -> list[Any] | None:
        """Return the sum of the rows in the file that stand: what is struck through is not in it."""
        amount = self.rows.standing().aggregate(amount=Sum("amount", default=0))["amount"]
        return [
            gettext("Total") if column.name == "name" else amount if column.summed else None
            for column in self.file_columns
        ]


class ReviewFilter(RowFilter):
    """As the filter of a list's rows, and by what is worth looking at."""

    only = choice(_("Worth looking at"), [(one.code, one.label) for one in (*FINDINGS, SAMPLED)], every=_("all rows"))

    def narrow_only(self, rows: Any, value: str) -> Any:
        """Return the rows as they are: what is worth looking at depends on the list, which the table knows."""
        return rows


class ReviewRowTable(BatchRowTable):
    """The rows of a list that waits for approval, each with a place to say what is to be looked at again."""

    columns = (
        *(one for one in BatchRowTable.columns if one.name != "reverse"),
        Column("remark", _("Return it, because"), in_files=False),
    )
    filters = ReviewFilter

    def __init__(self, request: HttpRequest, batch: Batch, findings: Findings) -> None:
        super().__init__(request, batch)
        self.findings = findings
        self.rows = self.rows.standing().prefetch_related(
            Prefetch("remarks", RowRemark.objects.order_by("id"), to_attr="all_remarks")
        )
        if only := self.filter.chosen.get("only"):
            self.rows = findings.narrow(only, self.rows)
        self.file_name = ""

    @cached_property
    def screen_columns(self) -> list[Column]:
        """Every column, in a state in which remarks can be made."""
        open_now = self.batch.state == Batch.State.SUBMITTED
        return [one for one in self.columns if one.on_screen and (one.name != "remark" or open_now)]

    def show_amount(self, row: Disbursement) -> str:
        """The amount; how often it is the usual one."""
        times = self.findings.times(row)
        told = gettext("%(times)s times the usual") % {"times": format_int(times)} if times > 1 else ""
        return lines(format_int(row.amount), told and format_html('<span class="badge">{}</span>', told))

    def show_remark(self, row: Disbursement) -> str:
        """The field for a remark; what was said with an earlier return."""
        written = {one.event_id is None: one.text for one in row.all_remarks}  # type: ignore[attr-defined]  # prefetched
        before = gettext("last time: %(text)s") % {"text": written[False]} if False in written else ""
        field = format_html(
            '<input class="form-control remark" type="text" name="remark-{}" value="{}" form="remarks"'
            ' list="remarks-usual" maxlength="{}" autocomplete="off" aria-label="{}">',
            row.pk, written.get(True, ""), longest(RowRemark, "text"),
            gettext("What is to be looked at again: %(name)s") % {"name": row.recipient.full_name},
        )  # fmt: skip
        return lines(field, _muted(before))


class FundFilter(ListFilter):
    """By the name of the fund or of its unit."""

    q = words(_("Ward, commune or name of the fund"))
    only = choice(_("Only"), [("low", _("funds that are low"))], every=_("all funds"))

    @property
    def shown_fields(self) -> Any:
        """Both fields: there is one kind to choose, and all."""
        return list(self)

    def narrow_q(self, rows: Any, value: str) -> Any:
        """Return the funds called so."""
        return rows.called(value)

    def narrow_only(self, rows: Any, _value: str) -> Any:
        """Return the funds that are low."""
        return find_low(rows)


class FundTable(ListTable):
    """Funds, those of the highest units first; needs `ranked`, `with_unit_name` and `with_needs`."""

    columns = (
        Column("name", _("Fund")),
        Column("unit_name", _("Unit")),
        Column("balance", _("Balance (đồng)"), "money"),
        Column("remarks", _("Remarks"), value=_remarks),
    )
    order = ("rank", "unit__code", "-is_main", "name", "id")
    caption = _("Funds")
    filters = FundFilter
    file_name = "quy"
    nothing = Nothing(_("No fund yet"), _("The city's association opens funds; ask it for one."))
    nothing_fits = Nothing(_("No fund matches"), _("Try another name."), "search")

    def href(self, row: Fund) -> str:
        """Lead to the fund."""
        return reverse("fund_detail", args=[row.pk])

    def show_name(self, row: Fund) -> str:
        """Link the name."""
        return link(self.href(row), row.name)


class DonationFilter(ListFilter):
    """By giver, kind of giver and what became of it."""

    q = words(_("Who gave"))
    source = choice(_("Kind of giver"), Donation.Source.choices, every=_("Every kind"))

    def narrow_q(self, rows: Any, value: str) -> Any:
        """Return the gifts of givers called so."""
        return rows.called(value)


class DonationTable(ListTable):
    """Gifts, newest first; needs `with_unit_name`."""

    columns = (
        Column("received_on", _("Received on"), "date", css="nowrap"),
        Column("receipt", _("Receipt"), value=str, css="nowrap"),
        Column("donor_name", _("Who gave"), value=lambda row: f"{row.donor_name}{row.goods and f' ({row.goods})'}"),
        Column("source", _("Kind of giver"), value=lambda row: row.get_source_display()),
        Column("amount", _("Amount or value (đồng)"), "money"),
        Column("fund", _("Fund"), value=lambda row: f"{row.fund.name} ({row.unit_name})"),
        Column("state", _("Remarks"), value=lambda row: gettext("cancelled") if row.reversed_at else ""),
    )
    order = ("-received_on", "-id")
    caption = _("Gifts")
    filters = DonationFilter
    file_name = "khoan-ung-ho"
    nothing = Nothing(_("No gift yet"), _("Gifts are recorded on the page of their fund."))
    nothing_fits = Nothing(_("No gift matches"), _("Try another name."), "search")

    def row_attributes(self, row: Donation) -> dict[str, str]:
        """Strike cancelled gifts through."""
        return {"class": "row-known" if row.reversed_at else ""}

    def show_receipt(self, row: Donation) -> str:
        """Link the number to the paper."""
        return link(reverse("donation_receipt", args=[row.pk]), str(row))

    def show_fund(self, row: Any) -> str:
        """Link the fund by its unit's name, which is shorter."""
        return link(reverse("fund_detail", args=[row.fund_id]), row.unit_name)


class ProgrammeTable(ListTable):
    """Programmes, those in use first; needs `with_unit_name`."""

    columns = (
        Column("name", _("Programme")),
        Column("kind", _("Kind"), value=lambda row: row.get_kind_display()),
        Column("unit_name", _("Unit")),
        Column("amounts", _("Amount"), value=_amounts),
        Column(
            "fund",
            _("Paid from"),
            value=_payer,
        ),
        Column("applications", _("Applications"), value=_applications),
        Column("state", _("State"), value=lambda row: gettext("Active") if row.is_active else gettext("Closed")),
    )
    order = ("-is_active", "kind", "name", "id")
    caption = _("Programmes")
    file_name = "chuong-trinh"
    nothing = Nothing(_("No programme yet"), _("Add the first one: a list can only be imported for a programme."))

    def href(self, row: Programme) -> str:
        """Lead to the form."""
        return reverse("programme_update", args=[row.pk])

    def show_name(self, row: Programme) -> str:
        """Link the name."""
        by_default = muted("({})".format(gettext("by default"))) if row.is_default else ""
        return format_html("{} {}", link(self.href(row), row.name), by_default)

    def show_state(self, row: Programme) -> str:
        """Return whether the programme is in use."""
        return status("active" if row.is_active else "closed")


class AllotmentFilter(ListFilter):
    """By the programme's name or the unit's."""

    q = words(_("Programme or unit"))

    def narrow_q(self, rows: Any, value: str) -> Any:
        """Return the allotments whose programme or unit is called so, accents or not."""
        units = Unit.objects.called(value).values("pk")
        return rows.alias(key=SearchKey("programme__name")).filter(holding(value) | Q(unit__in=units))


class AllotmentTable(ListTable):
    """Allotments with what is given and left; needs `unit_name` and `given`."""

    columns = (
        Column("programme", _("Programme"), value=lambda row: row.programme.name),
        Column("unit_name", _("Unit")),
        Column("amount", _("Allotted"), "money"),
        Column("given", _("Given so far"), "money"),
        Column("left", _("Left"), "money", value=lambda row: row.amount - row.given),
        Column("fund", _("Paid from"), value=lambda row: _payer(row.programme)),
        Column("granted_by", _("Proposed by"), value=lambda row: row.granted_by.full_name),
        Column("agreed_by", _("Decided by"), value=lambda row: row.agreed_by.full_name if row.agreed_by else ""),
        Column("granted_at", _("Since"), "moment", css="nowrap"),
    )
    order = ("-id",)
    caption = _("Allotments")
    filters = AllotmentFilter
    file_name = "han-muc"
    nothing = Nothing(
        _("No allotment yet"),
        _("Without one, the unit of the fund decides on every batch that another unit gives out of it."),
    )

    @cached_property
    def managed(self) -> set[int]:
        """The units whose programmes the reader keeps (one query)."""
        return set(Unit.objects.covered_by(self.user, Permission.MANAGE_PROGRAMME).values_list("pk", flat=True))

    def show_programme(self, row: Allotment) -> str:
        """Link the programme for those who may change the allotment."""
        if row.programme.unit_id not in self.managed:
            return row.programme.name
        return link(reverse("allotment_update", args=[row.pk]), row.programme.name)
