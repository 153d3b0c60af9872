"""What the bank says of a fund's account: statements, their lines, and which line of the book each one is."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.models import UnitScopedQuerySet, User
from portal.models.checks import days_check
from portal.models.closed import LONG_REASON
from portal.permissions import Permission
from scholarships.models.fund import Fund, LedgerEntry


class BankStatement(models.Model):
    """A file of the bank that was taken in; `mapping` is how its columns were called: field -> heading."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="statements", verbose_name=_("fund"))
    file_name = models.CharField(_("file"), max_length=200)
    mapping = models.JSONField(default=dict)
    lines_read = models.PositiveIntegerField(_("lines"))
    lines_new = models.PositiveIntegerField(_("new lines"))
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        constraints = [days_check("bank_statement_days", moments=("taken_at",))]

    def __str__(self) -> str:
        return self.file_name


class BankLineQuerySet(UnitScopedQuerySet["BankLine"]):
    """Lines of bank statements."""

    view_permission = Permission.VIEW_FUND
    unit_path = "fund__unit"

    def waiting(self) -> Self:
        """Lines that are no line of the book yet and were not set aside."""
        return self.filter(entry__isnull=True, reason="")


class BankLine(models.Model):
    """A line of a statement, the same one once: a line of the book (`entry`), set aside (`reason`), or it waits."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="bank_lines", verbose_name=_("fund"))
    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()  # its place in the file
    day = models.DateField(_("date"))
    amount = models.BigIntegerField(_("amount"))  # đồng, signed
    words = models.TextField(_("content"), blank=True)
    payer = models.TextField(_("who sent it"), blank=True)
    bank_reference = models.TextField(_("number at the bank"), blank=True)
    balance = models.BigIntegerField(_("balance at the bank"), null=True, blank=True)
    line_key = models.CharField(max_length=64)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="bank_line", null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="", db_default="")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "bank_line_stays": _("A line of a statement stays as the bank wrote it."),
        "bank_line_as_its_entry": _("The line of the book has another amount, or is of another fund."),
    }

    objects = BankLineQuerySet.as_manager()

    class Meta:
        ordering = ("day", "id")
        indexes = [models.Index(fields=["fund", "day", "id"], name="bank_line_of_fund")]
        constraints = [
            days_check("bank_line_days", days=("day",)),
            models.UniqueConstraint(fields=["fund", "line_key"], name="bank_line_once"),
            models.CheckConstraint(name="bank_line_moves", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="bank_line_one_answer",
                condition=Q(reason="") | Q(entry__isnull=True, reason__regex=LONG_REASON),
                violation_error_message=_("Say why the line is set aside, in at least ten letters."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.amount}"

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has to say what it is."""
        return self.entry_id is None and not self.reason
