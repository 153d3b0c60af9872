"""How money reaches a fund by bank: its account, the reference that comes back in the statement, the VietQR code."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.lib.qr import qr_data_uri, qr_png, qr_svg
from portal.lib.vietnamese import fold, format_money
from portal.lib.vietqr import BANKS, VietQRError, build
from scholarships.models import Fund, Programme

#: Amounts that the public page offers at a touch, in đồng.
OFFERED_AMOUNTS = (100_000, 200_000, 500_000, 1_000_000, 2_000_000)

# Banks drop blanks, add words of their own, or write it small: "IBFT uh q7ct3 GD 123".
_REFERENCE = re.compile(r"(?<![a-z])uh ?q(?P<fund>[0-9]{1,9})(?: ?ct(?P<programme>[0-9]{1,9}))?(?![0-9])")


@dataclass(frozen=True)
class Transfer:
    """A transfer to a fund as a giver sends it. `payload` is "" where a banking app could not read the account."""

    fund: Fund
    reference: str
    payload: str
    programme: Programme | None = None
    amount: int | None = None
    since: datetime.datetime | None = None

    @property
    def bank(self) -> str:
        """The bank's name; its number where this portal does not know it."""
        return BANKS[self.fund.bank_bin].name if self.fund.bank_bin in BANKS else self.fund.bank_bin

    @property
    def title(self) -> str:
        """What the code is for, as its accessible name says it."""
        words = _("VietQR code of %(name)s") % {"name": self.fund.name}
        return f"{words}, {format_money(self.amount)}" if self.amount else words

    @property
    def code(self) -> SafeString | str:
        """The code as SVG markup; "" without a payload."""
        return _draw_code(self.payload, self.title) if self.payload else ""

    @property
    def png(self) -> bytes:
        """The code as a picture to save, large enough for a poster."""
        return qr_png(self.payload, scale=16)

    @property
    def data_uri(self) -> str:
        """The code for a document; paper is folded and stained, so a quarter of it may be lost."""
        return qr_data_uri(self.payload, title=self.title, correction="Q")


def transfer_to(
    fund: Fund,
    *,
    programme: Programme | None = None,
    amount: int | None = None,
    since: datetime.datetime | None = None,
) -> Transfer | None:
    """Return how to send money to a fund (for a programme, an amount); None where it has no bank account."""
    if not fund.bank_account:
        return None
    reference = reference_of(fund, programme)
    try:
        payload = build(fund.bank_bin, fund.bank_account, amount=amount, memo=reference)
    except VietQRError:
        payload = ""
    return Transfer(fund, reference, payload, programme, amount, since)


def reference_of(fund: Fund, programme: Programme | None = None) -> str:
    """Return what a giver writes into the transfer, so that the statement says where the money belongs: "UH Q7 CT3"."""
    return f"UH Q{fund.pk}" + (f" CT{programme.pk}" if programme is not None else "")


def read_reference(text: str) -> tuple[int, int | None] | None:
    """Return (fund's id, programme's id or None) that the words of a bank line name; None where they name none.

    Two references that differ in one line name none: a person looks.
    """
    words = re.sub(r"[^a-z0-9]+", " ", fold(text))
    found = {(int(one["fund"]), int(one["programme"] or 0) or None) for one in _REFERENCE.finditer(words)}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=500)
def _draw_code(payload: str, title: str) -> SafeString:
    return mark_safe(qr_svg(payload, title=title))  # noqa: S308 - our own markup, the title is escaped there # nosec B308 B703
