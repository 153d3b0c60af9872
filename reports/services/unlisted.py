"""What a unit gave without a list: turns and amount of each programme, as lines under the two figures of its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.lib.periods import HalfYear
from portal.models import Unit
from portal.vocabulary import ProgrammeKind
from reports.figures import INDICATORS, Figures, Remark, unlisted_kind, unlisted_pair
from scholarships.models import Programme


def name_programmes(unit: Unit, half: HalfYear, indicator: str) -> list[str]:
    """Return the programmes of which the lines under the figure speak, by name; [] where lines are free."""
    kind = unlisted_kind(indicator)
    if kind is None:
        return []
    usable = Programme.objects.usable_by(unit, half.last_day).filter(kind=kind)
    return list(usable.order_by("name").values_list("name", flat=True).distinct())


def demand_programmes_named(unit: Unit, half: HalfYear, indicator: str, texts: Iterable[str]) -> None:
    """Raise ValidationError unless each line under what was given without a list names a programme, each one once."""
    if unlisted_kind(indicator) is None:
        return
    names, said = name_programmes(unit, half, indicator), list(texts)
    for text in said:
        if text not in names:
            sentence = _("“%(text)s” is no programme of this kind. Write one of these: %(names)s.")
            raise ValidationError(sentence % {"text": text, "names": ", ".join(names) or _("none is in use")})
        if said.count(text) > 1:
            raise ValidationError(_("“%(text)s” stands on two lines. Write one line for it.") % {"text": text})


def find_unnamed(
    unit: Unit, half: HalfYear, values: Figures, lines: Mapping[str, list[dict[str, Any]]]
) -> list[Remark]:
    """Return what is missing for each total to be one programme's: its lines, or the same programmes on both figures.

    Where there is one programme of the kind, the total alone is that programme's.
    """
    found = []
    for kind in ProgrammeKind:
        pair = unlisted_pair(kind)
        named = [{line["text"] for line in lines.get(code, [])} for code in pair]
        for code, mine, other in zip(pair, named, named[::-1], strict=True):
            if not values.get(code):
                continue
            if not mine and (other or len(name_programmes(unit, half, code)) > 1):
                sentence = _("“%(label)s”: say of which programmes. Open its lines and write one for each.")
                found.append(Remark(code, sentence % {"label": INDICATORS[code].label}, True))
            elif other and mine - other:
                sentence = _("“%(label)s” names %(names)s, the other figure of the kind does not. Write both.")
                told = {"label": INDICATORS[code].label, "names": ", ".join(sorted(mine - other))}
                found.append(Remark(code, sentence % told, True))
    return found
