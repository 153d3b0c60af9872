"""Batches: a unit's list on its way from the officer to the approver and into the fund book."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from django.db import connection, models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from intakes.models import Intake
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, format_money
from portal.models import ProposedChange, Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.models.period import half_check, half_field
from portal.permissions import Permission
from portal.steps import Machine, Step
from portal.vocabulary import BatchMode, BatchState

_ROWS_SHOWN = """
SELECT md5(string_agg(d::text, '|' ORDER BY d.id)), count(*) FILTER (WHERE d.reversed_at IS NULL),
  coalesce(sum(d.amount) FILTER (WHERE d.reversed_at IS NULL), 0)::bigint
FROM scholarships_disbursement d WHERE d.batch_id = %s
"""

#: How a list goes on its way. Approving one that was handed out already pays it in the same transaction.
BATCH_STEPS = Machine(
    Step("edit", (BatchState.DRAFT,), BatchState.DRAFT, (Permission.ENTER_BATCH,)),
    Step("edit", (BatchState.RETURNED,), BatchState.RETURNED, (Permission.ENTER_BATCH,)),
    Step("submit", (BatchState.DRAFT, BatchState.RETURNED), BatchState.SUBMITTED, (Permission.ENTER_BATCH,)),
    Step("take_back", (BatchState.SUBMITTED,), BatchState.DRAFT, (Permission.ENTER_BATCH,)),
    Step("return", (BatchState.SUBMITTED,), BatchState.RETURNED, (Permission.APPROVE_BATCH,)),
    Step("approve", (BatchState.SUBMITTED,), BatchState.APPROVED, (Permission.APPROVE_BATCH,), other_person=True),
    Step("pay", (BatchState.APPROVED,), BatchState.PAID, (Permission.APPROVE_BATCH,)),
    Step("pay", (BatchState.DRAFT,), BatchState.PAID, by_command=True),
    Step(
        "withdraw",
        (BatchState.DRAFT, BatchState.SUBMITTED, BatchState.RETURNED, BatchState.APPROVED),
        BatchState.WITHDRAWN,
        (Permission.ENTER_BATCH, Permission.APPROVE_BATCH),
    ),
    Step("reverse", (BatchState.PAID,), BatchState.REVERSED, (Permission.REVERSE_BATCH,)),
    Step("reverse_row", (BatchState.PAID,), BatchState.PAID, (Permission.REVERSE_BATCH,)),
)
#: What makes somebody a maker of a list, by the actions of its events.
MAKING = ("create", "edit", "submit")


def _sights_of(user: User) -> Any:
    sights = Batch.sights.rel.related_model._default_manager.filter(batch=OuterRef("pk"), user=user)
    return sights.filter(seen_at__gte=OuterRef("submitted_at"))


class BatchQuerySet(UnitScopedQuerySet):
    """Batches."""

    view_permission = Permission.VIEW_BATCH

    def with_totals(self) -> Self:
        """Annotate `turns` and `amount` of the rows that stand (reversed and withdrawn rows left out).

        Each batch asks its own rows alone, so that a page of batches costs the rows of that page.
        """
        rows = self.model.disbursements.rel.related_model._default_manager.filter(
            batch_id=OuterRef("pk"), reversed_at__isnull=True
        ).order_by()

        def summed(expression: Any) -> Coalesce:
            grouped = rows.values("batch_id").annotate(result=expression).values("result")
            return Coalesce(Subquery(grouped), 0, output_field=models.BigIntegerField())

        return self.annotate(turns=summed(Count("id")), amount=summed(Sum("amount")))

    def made_by(self, user: User) -> Self:
        """Batches of which the person entered, changed or submitted anything: these they never approve."""
        return self.filter(
            Q(entered_by=user)
            | Q(submitted_by=user)
            | models.Exists(Batch.objects.filter(pk=OuterRef("pk"), disbursements__entered_by=user))
            | models.Exists(BatchEvent.objects.filter(batch=OuterRef("pk"), action__in=MAKING, actor=user))
        )

    def waiting_for_approval(self) -> Self:
        """Batches that an approver must look at, oldest first."""
        return self.filter(state=Batch.State.SUBMITTED).order_by("submitted_at", "id")

    def seen_by(self, user: User) -> Self:
        """Batches that the person has opened since they were sent."""
        return self.filter(Exists(_sights_of(user)))

    def with_seen(self, user: User) -> Self:
        """Annotate `seen`: whether the person has opened the batch since it was sent."""
        return self.annotate(seen=Exists(_sights_of(user)))


class Batch(models.Model):
    """What a unit sends for one half-year: a list of disbursements with one state."""

    Mode = BatchMode
    State = BatchState

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="batches", verbose_name=_("unit"))
    half = half_field()
    mode = entry_field(_("kind of batch"), BatchMode, max_length=12)
    state = entry_field(_("state"), BatchState, max_length=12, default=BatchState.DRAFT)
    title = models.CharField(_("title"), max_length=200)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    by_command = models.BooleanField(default=False)  # taken in by a command on the server: no approver but the operator
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # withdrawn or reversed
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # of the last return, withdrawal or reversal

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "batch_in_its_unit": _("The unit does not exist yet in that half-year. Choose the unit of that time."),
        "batch_state": _("The batch has moved on in the meantime. Look at it again."),
        "batch_not_approved_by_its_maker": _("You cannot approve a batch that you entered or submitted yourself."),
        "batch_maker_stays": _("Who entered and who sent a batch stays as it was."),
    }

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ("-entered_at", "-id")
        indexes = [
            models.Index(fields=["unit", "half"], name="batch_unit_half"),
            models.Index(fields=["state", "submitted_at", "id"], name="batch_state_submitted"),
            models.Index(fields=["half", "id"], name="batch_half_id"),
        ]
        constraints = [
            days_check("batch_days", moments=("entered_at", "submitted_at", "approved_at", "paid_at", "closed_at")),
            seen_check("batch_title_seen", "title"),
            half_check("batch_half"),
            entry_check("batch_mode", "mode", BatchMode),
            entry_check("batch_state", "state", BatchState),
            models.CheckConstraint(
                name="batch_approved_by_somebody",
                condition=~Q(state__in=BatchState.those("needs_approver"))
                | Q(by_command=True)
                | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="batch_not_approved_by_its_maker",
                condition=Q(approved_by__isnull=True)
                | (
                    ~Q(approved_by=F("entered_by")) & (Q(submitted_by__isnull=True) | ~Q(approved_by=F("submitted_by")))
                ),
                violation_error_message=_("You cannot approve a batch that you entered or submitted yourself."),
            ),
            models.CheckConstraint(
                name="batch_paid_at",
                condition=~Q(state__in=BatchState.those("needs_payment")) | Q(paid_at__isnull=False),
            ),
            models.CheckConstraint(
                name="batch_reason_given",
                condition=~Q(state__in=BatchState.those("needs_reason")) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def half_year(self) -> HalfYear:
        """The half-year as a value with its days."""
        return HalfYear.parse(self.half)

    def version_parts(self) -> Iterator[tuple[str, str | None, str]]:
        """Return what a page shows of a list besides its own columns: every row as it stands (one query)."""
        with connection.cursor() as cursor:
            cursor.execute(_ROWS_SHOWN, [self.pk])
            rows, turns, amount = cursor.fetchone()
        told = ngettext("%(count)s turn", "%(count)s turns", turns) % {"count": format_int(turns)}
        yield str(_("rows")), rows, f"{told}, {format_money(amount)}"

    def count_paid_elsewhere(self) -> int:
        """Return how many rows are those of another unit's paid list: the same name, birth, day and amount."""
        count: int = self.disbursements.standing().paid_elsewhere().count()
        return count

    def rows_replaced(self) -> models.QuerySet[Any]:
        """Return the recorded gifts that this list's standing rows correct: its payment reverses them."""
        rows = self.disbursements
        return rows.model._default_manager.filter(replacements__in=rows.standing(), reversed_at__isnull=True)

    @property
    def is_editable(self) -> bool:
        """Whether rows may be added or changed."""
        return BatchState(self.state).is_editable

    @property
    def is_unsettled(self) -> bool:
        """Whether nothing was paid and something still may be."""
        return BatchState(self.state).is_unsettled

    def is_made_by(self, user: User) -> bool:
        """Whether the person entered, changed or submitted anything of the list."""
        return Batch.objects.filter(pk=self.pk).made_by(user).exists()

    def find_opener(self) -> User | None:
        """Return somebody who may approve the list and has opened it since it was sent, if anybody has."""
        sights = self.sights.filter(seen_at__gte=self.submitted_at).select_related("user")
        opened = (sight.user for sight in sights if sight.user.may(Permission.APPROVE_BATCH, self.unit))
        return next((user for user in opened if not self.is_made_by(user)), None)

    def actions_for(self, user: User) -> frozenset[str]:
        """Return the steps that the person may take now; the services decide again under lock."""
        return BATCH_STEPS.open_to(self.state, lambda right: user.may(right, self.unit), is_maker=self.is_made_by(user))

    def needs_another(self, user: User) -> bool:
        """Whether the person could approve the list had they not made it themselves."""
        return "approve" in BATCH_STEPS.kept_from_maker(
            self.state, lambda right: user.may(right, self.unit)
        ) and self.is_made_by(user)


class BatchFile(models.Model):
    """A file whose rows a list holds, or held: what it said in all, for comparing, and what of it is not in the list.

    With its `undone_at` the file was taken out of the list again.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="files")
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    corrects = models.BooleanField(default=False)  # it took the place of the list's rows
    rows = models.PositiveIntegerField()  # in the file,
    amount = models.BigIntegerField()  # and what they add up to, as far as it can be read;
    total_row = models.BigIntegerField(null=True, blank=True)  # what its total line says;
    known = models.PositiveIntegerField(default=0)  # of them recorded already,
    left_rows = models.PositiveIntegerField(default=0)  # of them refused and not in the list,
    left_amount = models.BigIntegerField(default=0)
    left_reason = models.CharField(max_length=300, blank=True)  # why they stay out
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["batch"], name="batch_file_batch")]
        constraints = [days_check("batch_file_days", moments=("taken_at", "undone_at"))]

    def __str__(self) -> str:
        return self.file_name


class BatchEvent(models.Model):
    """What happened to a batch, by whom and why; shown as its history."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=20)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=300, blank=True)
    proposal = models.ForeignKey(ProposedChange, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            days_check("batch_event_days", moments=("at",)),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.action}"
