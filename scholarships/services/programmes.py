"""Programmes: kept by those who may, and found by what an officer's list calls them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import fold, normalize
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.refusals import demand, needs
from portal.services.search import drop_search_entry, keep_search_entry
from portal.services.texts import fitting
from portal.services.versions import lock_row
from portal.vocabulary import ProgrammeKind
from scholarships.models import Fund, Programme

PROGRAMME_FIELDS = (
    "name", "kind", "fund", "min_amount", "max_amount", "recurrence", "is_default", "is_active", "is_public",
    "opens_on", "closes_on", "purpose", "eligibility", "how_to_apply",
)  # fmt: skip


@needs(Permission.MANAGE_PROGRAMME, on=("unit", "fund.unit"))
def create_programme(
    *,
    unit: Unit,
    name: str,
    kind: str,
    fund: Fund | None = None,
    min_amount: int = 50_000,
    max_amount: int = 50_000_000,
    recurrence: str = Programme.Recurrence.UNLIMITED,
    is_default: bool = False,
    is_active: bool = True,
    is_public: bool = False,
    opens_on: datetime.date | None = None,
    closes_on: datetime.date | None = None,
    purpose: str = "",
    eligibility: str = "",
    how_to_apply: str = "",
    actor: User,
) -> Programme:
    """Set up a programme that the unit and every unit below it may use."""
    programme = Programme.objects.create(
        unit=unit, name=fitting(Programme, "name", name), kind=kind, fund=fund,
        min_amount=min_amount, max_amount=max_amount,
        recurrence=recurrence, is_default=is_default, is_active=is_active, is_public=is_public, opens_on=opens_on,
        closes_on=closes_on, purpose=purpose, eligibility=eligibility, how_to_apply=how_to_apply,
    )  # fmt: skip
    _keep_findable(programme)
    audit.record(
        actor=actor, action=audit.Action.PROGRAMME_CREATE, target=programme, unit=unit, fields=["name", "kind"]
    )
    return programme


@needs(Permission.MANAGE_PROGRAMME, on="programme.unit")
def update_programme(*, programme: Programme, version: str | None = None, actor: User, **values: Any) -> Programme:
    """Change a programme; `values` are names of PROGRAMME_FIELDS. What was given under it stays as it is."""
    programme = lock_row(Programme.objects.select_related("unit", "fund"), programme, version)
    if "name" in values:
        values["name"] = fitting(Programme, "name", values["name"])
    changed = [name for name in PROGRAMME_FIELDS if name in values and getattr(programme, name) != values[name]]
    if "kind" in changed and programme.disbursements.exists():
        raise ValidationError(
            {
                "kind": _(
                    "Gifts have been recorded under this programme: its kind cannot change. Set up a new programme."
                )
            }
        )
    if "fund" in changed and values["fund"] is not None:  # its money is then paid for other units' lists
        demand(actor, Permission.MANAGE_FUND, values["fund"].unit)
    for name in changed:
        setattr(programme, name, values[name])
    if changed:
        programme.save(update_fields=changed)
        _keep_findable(programme)
        audit.record(
            actor=actor,
            action=audit.Action.PROGRAMME_UPDATE,
            target=programme,
            unit=programme.unit,
            fields=changed,
        )
    return programme


def _keep_findable(programme: Programme) -> None:
    ref = f"scholarships.programme:{programme.pk}"
    if not (programme.is_public and programme.is_active):
        drop_search_entry(ref=ref)
        return
    keep_search_entry(
        kind="programme", ref=ref, title=programme.name, unit=programme.unit, visible_from=timezone.now(),
        text="\n".join(filter(None, (programme.purpose, programme.eligibility, programme.how_to_apply))),
        link=reverse("programme_detail", args=[programme.pk]),
    )  # fmt: skip


def resolve_programme(*, unit: Unit, half: HalfYear, kind: str | None, kind_text: str = "") -> Programme:
    """The programme that a list's kind column means: by name, else the default of the kind.

    ValidationError if unclear.
    """
    return ProgrammeFinder(unit=unit, half=half).find(kind, kind_text)


class ProgrammeFinder:
    """The programmes usable by a unit in a half-year, loaded by one query and asked for many rows."""

    def __init__(self, *, unit: Unit, half: HalfYear) -> None:
        last = half.last_day
        programmes: list[Any] = list(
            Programme.objects.filter(pk__in=Programme.objects.usable_by(unit, last).values("pk"))
            .annotate(
                distance=RawSQL(
                    "array_position(ARRAY(SELECT unit_ancestors(%s, %s)), scholarships_programme.unit_id)",
                    [unit.pk, last],
                )
            )
            .select_related("fund")
            .order_by("distance", "name")
        )
        self.programmes: list[Programme] = programmes  # nearest unit first
        self._known: dict[tuple[str | None, str], Programme | ValidationError] = {}

    def find(self, kind: str | None, kind_text: str = "") -> Programme:
        """As `resolve_programme`; what was asked before is answered without looking again."""
        key = (kind, kind_text)
        if key not in self._known:
            try:
                self._known[key] = self._find(kind, kind_text)
            except ValidationError as error:
                self._known[key] = error
        found = self._known[key]
        if isinstance(found, ValidationError):
            raise found
        return found

    def _find(self, kind: str | None, kind_text: str) -> Programme:
        wanted = _key(kind_text)
        by_name: dict[str, Programme] = {}
        for programme in self.programmes:
            by_name.setdefault(_key(programme.name), programme)  # of the same name: the nearest unit's
        if wanted in by_name:
            return by_name[wanted]
        inside = [name for name in by_name if name and f" {name} " in f" {wanted} "]
        longest = [name for name in inside if len(name) == max(map(len, inside))]
        if len(longest) == 1:
            return by_name[longest[0]]
        if kind is None:
            raise ValidationError(
                _("“%(value)s” is neither a kind nor a programme. Write one (%(kinds)s), or the name of a programme.")
                % {"value": kind_text, "kinds": ProgrammeKind.listed()}
            )
        return self._of_kind(kind, kind_text)

    def _of_kind(self, kind: str, kind_text: str) -> Programme:
        of_kind = [programme for programme in self.programmes if programme.kind == kind]
        default = next((programme for programme in of_kind if programme.is_default), None)
        if default is not None:
            return default
        if len(of_kind) == 1:
            return of_kind[0]
        label = str(Programme.Kind(kind).label)
        if not of_kind:
            raise ValidationError(
                _("There is no programme of the kind “%(kind)s” yet. Ask for one to be set up.") % {"kind": label}
            )
        names = "; ".join(programme.name for programme in of_kind)
        raise ValidationError(
            _("“%(value)s” may mean several programmes: %(names)s. Write the name of one.")
            % {"value": kind_text or label, "names": names}
        )

    def grouped(self) -> dict[str, list[Programme]]:
        """The programmes by kind, for a form's choices."""
        groups: dict[str, list[Programme]] = defaultdict(list)
        for programme in self.programmes:
            groups[programme.kind].append(programme)
        return groups


def _key(text: str) -> str:
    letters = "".join(letter if letter.isalnum() else " " for letter in fold(normalize(text)))
    return " ".join(letters.split())
