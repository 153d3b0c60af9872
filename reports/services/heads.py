"""What stands at head and foot of a unit's papers: whose they are, under whom, from where, and who signs them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils import timezone

from members.models import Position
from portal.models import SiteProfile, Unit
from portal.vocabulary import LevelWord, PositionTitle
from reports.figures import DatedTree, Place, unit_kind
from reports.services.wording import lower_name

#: Nghị định 30/2020/NĐ-CP: "TM." where a body decides together, "KT." where a deputy signs in the head's place.
_TOGETHER, _IN_PLACE_OF = "TM. BAN THƯỜNG VỤ", "KT. "
_ASSOCIATION = ("CHỦ TỊCH", "PHÓ CHỦ TỊCH")
#: What has no standing committee, by the word with which its name begins: its head signs alone.
_SMALL: dict[str, tuple[str, str]] = {
    LevelWord.CHAPTER: ("CHI HỘI TRƯỞNG", "CHI HỘI PHÓ"),
    LevelWord.COMMITTEE: ("TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"),
}
_LONGEST_TERM = 6  # years: a term is five, and a congress may come late
_HEADS, _DEPUTIES = (PositionTitle.CHAIR, PositionTitle.HEAD), (PositionTitle.VICE_CHAIR, PositionTitle.DEPUTY)


def make_head(unit: Unit, name: str, tree: DatedTree) -> dict[str, Any]:
    """Return head and closing of the paper; a unit below the city has its own on it, under those of the unit above.

    The city's stand in the site's facts; a unit's follow from its name, its place in the tree and who holds its
    offices today, for it is today that the paper is signed.
    """
    site = SiteProfile.objects.first() or SiteProfile(name="", issuing_body="")
    facts = {
        "association": site.name,
        "superior": site.parent_body,
        "issuer": site.issuing_body,
        "place": site.document_place,
        "symbol": site.report_symbol or "BC-HKH",
        "legal_bases": _split_lines(site.legal_bases),
        "authority": [line for line in (site.signature_authority, site.signature_title) if line],
        "signer": site.signature_name,
        "recipients": _split_lines(site.recipients_of_documents),
    }
    roots = {place.unit_id for place in tree.roots()}
    if unit.pk in roots:
        return facts
    here = tree.places.get(unit.pk)
    above = tree.places.get(here.parent_id) if here and here.parent_id else None
    # The city's line in the head may be in capitals; its name as sentences write it stands among the recipients.
    superior, reported_to = site.issuing_body, site.name or site.issuing_body
    if above is not None and above.unit_id not in roots:
        superior = reported_to = name_issuer(above.name)
    authority, signer = _find_signer(unit, name)
    return facts | {
        "superior": superior,
        "issuer": name_issuer(name),
        "place": _name_place(name, above, tree, roots) or site.document_place,
        "authority": authority,
        "signer": signer,
        "recipients": [*([f"{reported_to} (để báo cáo)"] if reported_to else []), "Lưu: VT"],
    }


def name_issuer(name: str) -> str:
    """Return the association of a ground by its full name; a chapter or committee has its name already."""
    return name if _small_word(name) else f"Hội Khuyến học {lower_name(name)}"


def _small_word(name: str) -> str:
    return next((word for word in _SMALL if name.lower().startswith(f"{word} ")), "")


def _name_place(name: str, above: Place | None, tree: DatedTree, roots: set[int]) -> str:
    """Return the ground as a date line names it: "Lê Chân", but "Phường 5"; a chapter writes that of the unit above."""
    while not (kind := unit_kind(name)):
        if above is None or above.unit_id in roots:
            return ""
        name, above = above.name, tree.places.get(above.parent_id) if above.parent_id else None
    own = name[len(kind) :].strip()
    return name if own[:1].isdigit() else own


def _find_signer(unit: Unit, name: str) -> tuple[list[str], str]:
    """Return the lines above the name, and the name: the head's; while there is none, a deputy's in their place.

    A name stands only where the offices leave no doubt who it is: of several deputies any may sign, and one whose term
    is over, with no end recorded, may long have left.
    """
    word = _small_word(name)
    head, deputy = _SMALL.get(word, _ASSOCIATION)
    together = [] if word else [_TOGETHER]
    today = timezone.localdate()
    held = Position.objects.in_force(today).filter(unit=unit, member__erased_at__isnull=True).select_related("member")
    # Two heads on one day are an end not yet recorded: who came last signs.
    rows = list(held.order_by("-valid__startswith", "-pk"))
    heads = [_name_holder(one, today) for one in rows if one.title in _HEADS]
    deputies = [_name_holder(one, today) for one in rows if one.title in _DEPUTIES]
    if heads or not deputies:
        return [*together, head], heads[0] if heads else ""
    return [*together, f"{_IN_PLACE_OF}{head}", deputy], deputies[0] if len(deputies) == 1 else ""


def _name_holder(position: Position, today: dt.date) -> str:
    """Return who holds the office; "" where its end was never recorded and its term is over."""
    if position.valid.upper is None:
        years = re.findall(r"\d{4}", position.term)
        last_year = int(years[-1]) if len(years) > 1 else position.valid.lower.year + _LONGEST_TERM
        if today.year > last_year:
            return ""
    return position.member.full_name


def _split_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
