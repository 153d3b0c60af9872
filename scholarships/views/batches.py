"""Lists of disbursements ("danh sách"): found, looked at, exported; a new one begun."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from intakes.models import Intake, IntakeQuerySet
from intakes.reading.writing import blank_form
from intakes.services.intakes import start_intake
from intakes.services.opening import warm_up
from intakes.services.proposing import open_halves, usual_half, usual_unit
from portal.addresses import takes_form
from portal.lib.language import official_language
from portal.lib.numbers import whole_number
from portal.lib.periods import HalfYear
from portal.models import ProposedChange, Unit, User
from portal.permissions import Permission, requires
from portal.views.attempts import attempt
from portal.views.downloads import send_file
from portal.views.lists import show_list
from portal.views.staff import user_of
from portal.vocabulary import BatchState
from scholarships.forms.batches import BatchForm, PickedFileForm
from scholarships.models import Batch, BatchEvent, BatchFile, Disbursement, DisbursementSum, RowRemark
from scholarships.models.batch import BATCH_STEPS, MAKING
from scholarships.schema import DISBURSEMENTS
from scholarships.services import batches
from scholarships.services.checking import look_over
from scholarships.services.effects import effect_of
from scholarships.services.lists import DisbursementList
from scholarships.services.papers import export_batch
from scholarships.services.reviewing import see_batch
from scholarships.tables import BatchQueueTable, BatchRowTable, BatchTable

MOST_TAKEN_OUT = 50  # rows named below a list because they were taken out of it


@require_safe
@requires(Permission.VIEW_BATCH)
def batch_list(request: HttpRequest) -> HttpResponseBase:
    """The lists within the person's scope; where one half-year or unit is chosen, with what they add up to."""
    table = BatchTable(request, Batch.objects.visible_to(user_of(request)))
    is_small = bool(table.filter.chosen.keys() & {"half", "unit"}) and not table.filter.errors
    totals = Disbursement.objects.sums_of(table.rows) if is_small else None
    table.rows = table.rows.with_totals().with_unit_name()
    unfinished = Intake.objects.waiting_for(user_of(request), DisbursementList.code, DisbursementList.permission)
    return show_list(request, table, "scholarships/batch_list.html", {"totals": totals, "unfinished": unfinished})


@require_safe
@requires(Permission.APPROVE_BATCH)
def batch_queue(request: HttpRequest) -> HttpResponseBase:
    """The lists that wait for an approver, oldest first; one's own are marked: another approves them."""
    rows = Batch.objects.within(user_of(request), Permission.APPROVE_BATCH).waiting_for_approval()
    rows = rows.with_totals().with_unit_name().with_seen(user_of(request)).select_related("submitted_by")
    return show_list(request, BatchQueueTable(request, rows), "scholarships/batch_queue.html")


@takes_form
@requires(Permission.ENTER_BATCH)
def batch_create(request: HttpRequest) -> HttpResponse:
    """Begin a list: a workbook goes to its preview, typing to the first row."""
    units = own_units(user_of(request))
    initial = _fill_initial(request, units)
    form = BatchForm(request.POST or None, request.FILES or None, units=units, halves=open_halves(), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        about = {"unit": given["unit"], "mode": given["mode"], "actor": user_of(request)}
        if given["way"] == "upload":
            file = given["content"]
            sent = {"kind": DisbursementList(), "file_name": file.name, "content": file.read()}
            intake = attempt(form, start_intake, half=given["half"].code, **sent, **about)
            if intake is not None:
                return redirect("intake_preview", intake.pk)
        elif batch := attempt(form, batches.create_batch, half=given["half"], **about):
            if batch.half != given["half"].code:
                messages.warning(
                    request,
                    _("%(closed)s is closed, so this batch counts in %(half)s; its rows are marked late.")
                    % {"closed": given["half"].screen_label, "half": batch.half_year.screen_label},
                )
            return redirect("batch_paste" if given["way"] == "paste" else "batch_entry", batch.pk)
    warm_up()
    return render(request, "scholarships/batch_create.html", {"form": form})


@require_safe
@requires(Permission.VIEW_BATCH)
def batch_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A batch: its state and history, its sums, its rows, and what may be done with it now."""
    batch = get_object_or_404(
        Batch.objects.visible_to(user_of(request))
        .with_totals()
        .select_related("unit", "entered_by", "submitted_by", "approved_by"),
        pk=pk,
    )
    if kind := request.GET.get("file"):
        attempt(request, export_batch, batch=batch, what="rows", kind=kind[:10], actor=user_of(request))
    attempt(request, see_batch, batch=batch, actor=user_of(request))
    rights, kinds = rights_on(batch, user_of(request)), batch.disbursements.sums_by_kind()
    context = {
        "batch": batch,
        "kinds": kinds,
        "takes": takes_from_funds(batch),
        "paid_elsewhere": batch.count_paid_elsewhere() if rights["approve"] else 0,
        "rights": rights,
        "corrected_file": PickedFileForm(auto_id="corrected_%s")["content"],
        "waiting_file": waiting_files(batch).with_open_questions().first(),
        "files": files_beside(batch),
        "to_check": look_over(batch, user_of(request)) if rights["submit"] and batch.turns else [],
        "is_opened": bool(batch.state == BatchState.SUBMITTED and batch.find_opener()),
        "unit_name": batch.unit.name_on(batch.half_year.last_day),
        "events": history_of(batch),
        "late": batch.disbursements.not_taken_out().exclude(late_for="").count(),
        "remarks": remarks_for(batch) if rights["edit"] else [],
        "taken_out": batch.disbursements.taken_out_again().select_related("recipient")[:MOST_TAKEN_OUT],
        "pay_effect": effect_of(batch, "pay") if rights["pay"] else None,
        "proposals": ProposedChange.objects.on(batch).waiting().select_related("proposed_by"),
        "halves_before": set_beside_before(batch, kinds) if rights["approve"] else [],
    }
    table = BatchRowTable(request, batch, may_edit=rights["edit"], may_reverse=rights["reverse_row"])
    return show_list(request, table, "scholarships/batch_detail.html", context)


@require_safe
@requires(Permission.ENTER_BATCH)
@official_language()
def batch_form(request: HttpRequest) -> HttpResponse:
    """Hand out the blank form to fill in on a computer or on paper."""
    return send_file(blank_form(DISBURSEMENTS), "mau-danh-sach-hoc-bong.xlsx")


def _fill_initial(request: HttpRequest, units: QuerySet[Unit]) -> dict[str, Any]:
    """Propose unit and half-year, never ones that would be refused together; the address may name either."""
    asked_unit, asked_half = whole_number(request.GET.get("unit")), request.GET.get("half")
    halves = [half for half in open_halves() if half.code == asked_half] or [
        usual_half(units.values_list("pk", flat=True)),
        *open_halves(),
    ]
    for half in halves:
        usual = usual_unit(user_of(request), Permission.ENTER_BATCH, half.last_day)
        if usual is not None or asked_unit:
            return {
                "unit": asked_unit or (usual.pk if usual else None),
                "half": half.code,
                "way": request.GET.get("way") or "upload",
            }
    return {"half": halves[0].code}


def own_units(user: Any) -> QuerySet[Unit]:
    """Return the units for which the person may enter lists, named; those whose tasks passed to theirs are `ended`."""
    today = timezone.localdate()
    ended = ~Exists(Unit.objects.in_force(today).filter(pk=OuterRef("pk")))
    units = Unit.objects.covered_by(user, Permission.ENTER_BATCH)
    return units.named_on(today).annotate(ended=ended).order_by("ended", "code")


def waiting_files(batch: Batch) -> IntakeQuerySet:
    """Return the files of the list that still have questions, or rows that are not in it."""
    found: IntakeQuerySet = Intake.objects.unfinished().taken_into_list(Intake.Kind.DISBURSEMENTS, batch.pk)
    return found


def files_beside(batch: Batch) -> list[BatchFile]:
    """Return the files whose rows the list holds, the last first; `waits`: its left rows can still be mended."""
    files = list(batch.files.filter(undone_at=None).select_related("taken_by").order_by("-id"))
    waiting = set(waiting_files(batch).values_list("pk", flat=True))
    for file in files:
        file.waits = file.intake_id in waiting  # type: ignore[attr-defined]  # for the template
    return files


def remarks_for(batch: Batch) -> list[RowRemark]:
    """Return what the approver said beside rows of a returned list: these rows an officer looks at first."""
    if batch.state != BatchState.RETURNED:
        return []
    return list(RowRemark.objects.of_last_return(batch).select_related("row__recipient", "row__programme"))


def takes_from_funds(batch: Batch) -> list[dict[str, Any]]:
    """Return what an unpaid list takes from each fund: {"fund_id", "name", "balance", "amount", "left"}."""
    if batch.state not in BatchState.those("is_unsettled"):
        return []
    return batch.disbursements.sums_by_fund()


def history_of(batch: Batch) -> list[dict[str, Any]]:
    """Return what happened to the list, newest first, as the timeline shows it."""
    words = {
        "create": ("plus", _("Begun")),
        "edit": ("edit", _("Rows changed")),
        "submit": ("send", _("Submitted")),
        "take_back": ("return", _("Taken back")),
        "return": ("return", _("Returned")),
        "approve": ("check", _("Approved")),
        "pay": ("money", _("Paid")),
        "withdraw": ("x-circle", _("Withdrawn")),
        "reverse": ("reversal", _("Reversed")),
        "reverse_row": ("reversal", _("A row reversed")),
    }
    return [
        {
            "icon": words.get(event.action, ("info", ""))[0],
            "title": words.get(event.action, ("", event.action))[1],
            "who": event.actor,
            "at": event.at,
            "note": f"{event.reason} ({tell_agreement(event)})" if event.proposal_id else event.reason,
        }
        for event in batch.events.select_related("actor", "proposal__decided_by").order_by("-id")
    ]


def tell_agreement(event: BatchEvent) -> str:
    """Return who agreed to what two persons did."""
    return _("agreed by %(name)s") % {"name": event.proposal.decided_by if event.proposal else ""}


def makers_of(batch: Batch) -> list[User]:
    """Return who entered, changed or sent the list."""
    makers = {pk for pk in (batch.entered_by_id, batch.submitted_by_id) if pk is not None}
    makers |= set(batch.disbursements.order_by().values_list("entered_by_id", flat=True).distinct())
    makers |= set(batch.events.filter(action__in=MAKING).values_list("actor_id", flat=True))
    return list(User.objects.filter(pk__in=[pk for pk in makers if pk]).order_by("full_name"))


def set_beside_before(batch: Batch, kinds: list[dict[str, Any]]) -> list[HalfYear]:
    """Put into each kind's row, as `before`, the unit's sums of the last half-year and of the same one a year ago."""
    halves = [batch.half_year.previous(), batch.half_year.same_last_year()]
    sums = DisbursementSum.objects.filter(unit_id=batch.unit_id, half__in=[half.code for half in halves]).order_by()
    found = {
        (row["half"], row["kind"]): row
        for row in sums.values("half", kind=F("programme__kind")).annotate(turns=Sum("turns"), amount=Sum("amount"))
    }
    for row in kinds:
        row["before"] = [(half, found.get((half.code, row["kind"]))) for half in halves]
    return halves


def rights_on(batch: Batch, user: Any) -> dict[str, bool]:
    """Return what the person may do with the list in its present state; the services decide again under lock."""
    open_now = batch.actions_for(user)
    verbs = {step.verb for step in BATCH_STEPS.steps}
    return {verb: verb in open_now for verb in verbs} | {"approve_by_another": batch.needs_another(user)}
