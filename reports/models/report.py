"""Reports: numbered and frozen with their files, drafts as files, comments, and the article made of one."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Func, OuterRef, Q, Value
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _

from news.models import Article
from portal.lib.periods import Period, parse_period
from portal.models import BackgroundFile, Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check, seen_check
from portal.models.closed import LONG_REASON, entry_check, entry_field
from portal.models.period import period_check, period_field
from portal.permissions import Permission
from portal.steps import Machine, Step
from portal.vocabulary import ReportFileKind, ReportState
from reports.models.submission import SignedScan

_NOT_DISCARDED = ~Q(state=ReportState.DISCARDED.value)


class ReportQuerySet(UnitScopedQuerySet):
    """Issued reports."""

    view_permission = Permission.VIEW_REPORT

    def of(self, period: Period) -> Self:
        """Return reports on the half-year or year."""
        return self.filter(period=period.code)

    def newest_first(self) -> Self:
        """Order by what they are about, the latest end first: a year before the half-year that ends with it."""
        return self.order_by(Func(F("period"), 7, Value("-H3"), function="rpad").desc(), "unit__code", "-version")

    def without_files(self) -> Self:
        """For lists: the texts are not fetched (files are rows of their own)."""
        return self.defer("canonical", "payload", "exact")

    def with_replacement(self) -> Self:
        """For lists of every version: without files, and whether a newer one replaces it (`is_replaced`)."""
        return self.without_files().annotate(is_replaced=self._has_newer())

    def was_public(self) -> Self:
        """Return versions that readers could read, those revoked since among them."""
        return self.filter(state__in=ReportState.those("was_public"))

    def standing(self) -> Self:
        """Return versions that were numbered and not thrown away."""
        return self.exclude(state=ReportState.DISCARDED)

    def latest_versions(self) -> Self:
        """Return the issued reports that no newer version replaces: what readers find."""
        return self.filter(~self._has_newer(), state=ReportState.ISSUED)

    @staticmethod
    def _has_newer() -> models.Exists:
        return models.Exists(Report.objects.was_public().filter(replaces=OuterRef("pk")))


_ISSUE = (Permission.ISSUE_REPORT,)
#: How a report goes: numbered and frozen, signed on paper, then issued; or thrown away before it is.
REPORT_STEPS = Machine(
    Step("issue", (ReportState.FROZEN,), ReportState.ISSUED, _ISSUE),
    Step("discard", (ReportState.FROZEN,), ReportState.DISCARDED, _ISSUE),
    Step("revoke", (ReportState.ISSUED,), ReportState.REVOKED, _ISSUE),
)


class Report(models.Model):
    """A numbered report on a half-year or a year: payload, hash and files, frozen. A newer one says why it replaces it.

    Nothing of it changes but its state, and who decided that when and why.
    """

    State = ReportState

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports", verbose_name=_("unit"))
    period = period_field()
    version = models.PositiveSmallIntegerField(_("version"))
    number = models.PositiveIntegerField(_("number"))  # "Số 12/BC-HKH", unique within unit and year of issue
    symbol = models.CharField(max_length=30)
    code = models.CharField(max_length=16, unique=True)  # of /xac-minh/<code>/, printed beside the QR code
    payload = models.JSONField()  # what is public: figures of fewer than five people are not broken down in it
    exact = models.JSONField()  # {"figures", "by_unit", "own"} in full, for the association's own eyes
    canonical = models.TextField()  # the payload as canonical JSON (sorted keys, no spaces): what the hash is over
    sha256 = models.CharField(max_length=64)
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(_("reason of the new version"), max_length=300, blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, related_name="newer", null=True, blank=True)
    state = entry_field(_("state"), ReportState, max_length=10, default=ReportState.FROZEN)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Earlier versions of which this one would tell single people: their files are for staff once this one is issued.
    hides = models.JSONField(default=list)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-period", "unit", "-version")
        constraints = [
            days_check("report_days", days=("issued_on",), moments=("issued_at", "decided_at")),
            models.UniqueConstraint(
                fields=["unit", "period", "version"], name="report_version_once", condition=_NOT_DISCARDED
            ),
            models.UniqueConstraint(
                F("unit"), F("issued_on__year"), F("number"), name="report_number_once", condition=_NOT_DISCARDED
            ),
            models.UniqueConstraint(fields=["replaces"], name="report_replaced_once", condition=_NOT_DISCARDED),
            entry_check("report_state", "state", ReportState),
            models.CheckConstraint(
                name="report_decision_reason",
                condition=~Q(state__in=ReportState.those("needs_reason")) | Q(decision_reason__regex=LONG_REASON),
            ),
            period_check("report_period"),
            models.CheckConstraint(
                name="report_version_reason",
                condition=Q(version=1, replaces__isnull=True)
                | (Q(version__gt=1, replaces__isnull=False, reason__regex=LONG_REASON)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:02d}/{self.symbol}"

    @property
    def period_value(self) -> Period:
        """What it is about, as a value with its days."""
        return parse_period(self.period)

    def content_of(self, kind: str) -> bytes:
        """Return the bytes of one of its files as they were issued. Raises ReportFile.DoesNotExist without one."""
        return bytes(self.files.only("content").get(kind=kind).content)


class ReportFile(models.Model):
    """One file of a numbered report, made when it was issued: what readers get is these bytes, and nothing newer."""

    Kind = ReportFileKind

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    kind = entry_field(_("kind"), ReportFileKind, max_length=8)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("report", "id")
        constraints = [
            models.UniqueConstraint(fields=["report", "kind"], name="report_file_once"),
            entry_check("report_file_kind", "kind", ReportFileKind),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.kind}"


class DraftFile(BackgroundFile):
    """A draft as a file, made by the worker once for everybody who sees the same figures, and kept for a day."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = period_field()
    kind = entry_field(_("kind"), ReportFileKind, max_length=8)
    sha256 = models.CharField(max_length=64)  # of the payload
    canonical = models.TextField()  # the payload that is written, as canonical JSON
    content = models.BinaryField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["unit", "period", "kind", "sha256"], name="draft_file_once"),
            days_check("draft_file_days", moments=("asked_at",)),
            period_check("draft_file_period"),
            entry_check("draft_file_kind", "kind", ReportFileKind),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period} {self.kind}"

    @property
    def is_made(self) -> bool:
        """Whether it is there."""
        return self.content is not None


class ReportScan(SignedScan):
    """The paper of a numbered report, signed."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="scans")

    def __str__(self) -> str:
        return f"{self.report_id}.{self.ending}"


class ReportComment(models.Model):
    """What a leader says of a draft before it is numbered; settled by whoever has seen to it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = period_field()
    text = models.CharField(_("comment"), max_length=1000)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            days_check("report_comment_days", moments=("written_at", "settled_at")),
            period_check("report_comment_period"),
            models.UniqueConstraint(
                "unit",
                "period",
                "written_by",
                MD5("text"),
                name="report_comment_once",
                condition=Q(settled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="report_comment_settled",
                condition=Q(settled_by__isnull=True, settled_at__isnull=True)
                | Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period}"


class SectionText(models.Model):
    """What staff wrote under one heading of a draft's text, and what the portal had written there at that moment.

    It stands in the draft instead of the portal's own words until it is dropped; a numbered report keeps its copy.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = period_field()
    section = models.CharField(max_length=80)  # of which heading, as in the address of its page
    text = models.TextField(_("text"), max_length=8000)  # a line is a paragraph
    written = models.TextField(_("text written from the figures"))
    edited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            days_check("section_text_days", moments=("edited_at",)),
            period_check("section_text_period"),
            seen_check("section_text_seen", "text"),
            models.UniqueConstraint(fields=["unit", "period", "section"], name="section_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period} {self.section}"


class ReportArticle(models.Model):
    """A draft article made from a report: one click, one draft, so that a second click leads to the first."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="draft")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            days_check("report_article_days", moments=("created_at",)),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.article_id}"
