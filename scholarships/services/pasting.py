"""Rows pasted from a spreadsheet: the clipboard's cells become an upload like any workbook, read by the same code."""

from __future__ import annotations

import csv
import io

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from intakes.models import Intake
from intakes.services.intakes import start_intake
from portal.lib.language import official_language
from portal.models import User
from portal.permissions import Permission
from portal.services.refusals import needs
from scholarships.models import Batch
from scholarships.services.files import lock_written
from scholarships.services.lists import DisbursementList

MOST_LETTERS = 2_000_000  # of what is pasted at once: some ten thousand rows


@needs(Permission.ENTER_BATCH, on="batch.unit")
def paste_rows(*, batch: Batch, text: str, actor: User) -> Intake:
    """Keep pasted cells for their preview; taken in, the rows join this draft or returned list.

    `text`: the clipboard of a spreadsheet, cells divided by tabs. ValidationError ({"text": ...}) for what is no block
    of cells, else as `start_intake`.
    """
    batch = lock_written(batch)
    rows = [cells for cells in csv.reader(io.StringIO(text, newline=""), dialect="excel-tab") if any(cells)]
    if max(map(len, rows), default=0) < 2:
        raise ValidationError(
            {"text": _("These are no cells of a spreadsheet. Mark the rows there, copy them, and paste them here.")}
        )
    content = io.StringIO()
    csv.writer(content, dialect="excel-tab").writerows(rows)
    now = timezone.localtime()
    with official_language():
        name = _("Pasted %(day)s at %(hour)s") % {"day": f"{now:%d-%m}", "hour": f"{now:%H.%M}"}
    intake = start_intake(
        kind=DisbursementList(), unit=batch.unit, half=batch.half, mode=batch.mode, file_name=f"{name}.tsv",
        content=content.getvalue().encode(), actor=actor,
    )  # fmt: skip
    intake.taken_into = batch.pk
    intake.save(update_fields=["taken_into"])
    return intake
