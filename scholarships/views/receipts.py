"""The receipt of a list that was sent: a page, and a picture for a chat."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.lib.language import official_language, screen_date_line
from portal.lib.receipt_card import draw_receipt
from portal.lib.vietnamese import format_int, format_money
from portal.models import SiteProfile
from portal.permissions import Permission, requires
from portal.views.staff import user_of
from scholarships.models import Batch
from scholarships.services.checking import equals_total_row


@require_safe
@requires(Permission.VIEW_BATCH)
def batch_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """What has been received of the unit, in one sentence, with the picture of it."""
    batch = _find_sent(request, pk)
    return render(request, "scholarships/batch_receipt.html", {"batch": batch, **tell_receipt(batch)})


@require_safe
@requires(Permission.VIEW_BATCH)
@official_language()
def batch_receipt_png(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt as a picture."""
    batch = _find_sent(request, pk)
    told, profile = tell_receipt(batch), SiteProfile.objects.first()
    content = draw_receipt(_("Receipt of a batch"), told["main"], told["facts"], profile.name if profile else "")
    answer = HttpResponse(content, content_type="image/png")
    answer.headers["Content-Disposition"] = f'inline; filename="bien-nhan-{batch.pk}.png"'
    return answer


def tell_receipt(batch: Batch) -> dict[str, Any]:
    """Return the sentence of a receipt and its facts: {"main", "facts"}."""
    main = _("Received: %(turns)s turns, %(amount)s") % {
        "turns": format_int(batch.turns),  # type: ignore[attr-defined]  # annotated
        "amount": format_money(batch.amount),  # type: ignore[attr-defined]  # the same
    }
    if equals_total_row(batch):
        main += ", " + _("equal to the total line")
    facts = [
        (_("Unit"), batch.unit.name_on(batch.half_year.last_day)),
        (_("Half-year"), batch.half_year.screen_label),
        (_("Batch"), f"{batch.title} (#{batch.pk})"),
        (_("Sent by"), str(batch.submitted_by)),
        (_("At"), screen_date_line(batch.submitted_at) if batch.submitted_at else ""),
        (_("State"), batch.get_state_display()),
    ]
    return {"main": main + ".", "facts": facts}


_SENT = (Batch.State.SUBMITTED, Batch.State.APPROVED, Batch.State.PAID)


def _find_sent(request: HttpRequest, pk: int) -> Batch:
    found = Batch.objects.visible_to(user_of(request)).with_totals().select_related("unit", "submitted_by")
    batch: Batch = get_object_or_404(found, pk=pk)
    if batch.submitted_at is None or batch.state not in _SENT:
        raise Http404
    return batch
