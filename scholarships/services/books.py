"""What the book of a fund says of a time: held at its beginning, received, paid, held at its end."""

from __future__ import annotations

from django.db.models import Q, Sum

from portal.lib.periods import HalfYear
from scholarships.models import Fund


def book_sums(fund: Fund, half: HalfYear | None = None) -> dict[str, int]:
    """Return `opening`, `received`, `spent` and `closing` of the half-year, or of the whole book, in đồng.

    They are sums of lines: what was taken back in the half-year stands on both sides.
    """
    here = Q(half=half.code) if half else Q()
    earlier = Q(half__lt=half.code) if half else Q(pk__isnull=True)
    found: dict[str, int] = fund.entries.aggregate(
        opening=Sum("amount", filter=earlier, default=0),
        received=Sum("amount", filter=here & Q(amount__gt=0), default=0),
        spent=Sum("amount", filter=here & Q(amount__lt=0), default=0),
    )
    spent = -found["spent"]
    return found | {"spent": spent, "closing": found["opening"] + found["received"] - spent}
