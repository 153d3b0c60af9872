"""The criteria by which each learning model is judged: data with their days and legal basis, for decrees change."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from members.models import CriteriaSet, LearningTitle
from portal import audit
from portal.models import User
from portal.permissions import ROOT, Permission
from portal.services.refusals import needs
from portal.services.texts import fitting
from portal.services.versions import lock_row


@needs(Permission.MANAGE_SITE, on=ROOT)
def save_criteria(
    *, criteria: CriteriaSet | None = None, model: str, name: str, legal_basis: str, least_score: int,
    since: datetime.date, until: datetime.date | None = None, version: str | None = None, actor: User,
) -> CriteriaSet:  # fmt: skip
    """Record criteria, or correct them; `until` is the last day. Where titles stand by them, model and score stay."""
    row = CriteriaSet() if criteria is None else lock_row(CriteriaSet.objects.all(), criteria, version)
    if until is not None and until < since:
        raise ValidationError({"until": _("The last day lies before the first one.")})
    if row.pk and LearningTitle.objects.filter(criteria=row).exists():
        _demand_unchanged(row, model, least_score)
        _demand_days_of_titles(row, since, until)
    row.model, row.least_score = model, least_score
    row.name, row.legal_basis = fitting(CriteriaSet, "name", name), fitting(CriteriaSet, "legal_basis", legal_basis)
    row.valid = DateRange(since, until + datetime.timedelta(days=1) if until else None)
    row.save()
    audit.record(actor=actor, action=audit.Action.CRITERIA_SAVE, target=row)
    return row


def _demand_unchanged(row: CriteriaSet, model: str, least_score: int) -> None:
    said = _("Titles were registered by these criteria. Give them a last day, and record new ones from the day after.")
    wrong = {"model": row.model != model, "least_score": row.least_score != least_score}
    if found := {field: said for field, changed in wrong.items() if changed}:
        raise ValidationError(found)


def _demand_days_of_titles(row: CriteriaSet, since: datetime.date, until: datetime.date | None) -> None:
    days = LearningTitle.objects.filter(criteria=row).order_by("registered_on").values_list("registered_on", flat=True)
    first, last = days[0], days.reverse()[0]
    said = _("A title was registered by these criteria on a day outside.")
    if first < since:
        raise ValidationError({"since": said})
    if until is not None and last > until:
        raise ValidationError({"until": said})
