"""The receipt of a gift as a document: number, giver, amount in figures and words; a cancelled one says so."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.lib.official import Closing, Head, Signature
from portal.lib.pdf import render_pdf
from portal.lib.vietnamese import money_in_words
from portal.models import SiteProfile
from scholarships.models import Donation


def render_receipt(donation: Donation, *, site_url: str) -> bytes:
    """Return the receipt as PDF, in the association's own language; `site_url` makes its links absolute."""
    site = SiteProfile.objects.first() or SiteProfile(name="", issuing_body="")
    owner = donation.unit.name_on(donation.received_on)
    is_root = not donation.unit.versions.filter(parent__isnull=False).exists()
    title = _("Receipt %(number)s") % {"number": donation}
    context = {
        "title": title, "lang": "vi", "donation": donation, "owner": owner,
        "words": money_in_words(donation.amount, site.zero_tens_word),
        "head": Head(
            superior=site.parent_body if is_root else site.issuing_body,
            issuer=site.issuing_body if is_root else owner.upper(),
            number=f"{donation.receipt_number:02d}/{donation.receipt_year}",
            place=site.document_place, date=donation.received_on, kind=_("Receipt"),
            subject=_("of a gift in kind") if donation.is_in_kind else _("of a gift of money"),
        ),
        "closing": Closing(Signature((_("For the fund"),), donation.recorded_by.full_name)),
    }  # fmt: skip
    return render_pdf(render_to_string("documents/receipt.html", context), title=title, base_url=site_url)
