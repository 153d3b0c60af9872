"""Programmes: kept by those who may, and found by what an officer's list calls them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.acts import Act
from portal.lib.language import official_language
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import fold, format_money, normalize
from portal.models import ProposedChange, Unit, User
from portal.permissions import Permission
from portal.services.highlights import keep_open_line
from portal.services.namesakes import ask_about_namesake
from portal.services.proposals import Change, Line, demand_of_proposer, propose
from portal.services.refusals import demand, needs
from portal.services.search import drop_search_entry, keep_search_entry
from portal.services.texts import fitting
from portal.services.versions import lock_row
from portal.vocabulary import ProgrammeKind
from scholarships.models import Fund, Programme
from scholarships.models.programme import ProgrammeQuerySet

PROGRAMME_FIELDS = (
    "name", "kind", "fund", "min_amount", "max_amount", "recurrence", "is_default", "is_active", "is_public",
    "opens_on", "closes_on", "hands_over_on", "places", "purpose", "eligibility", "how_to_apply",
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
    hands_over_on: datetime.date | None = None,
    places: int | None = None,
    purpose: str = "",
    eligibility: str = "",
    how_to_apply: str = "",
    reason: str = "",
    same_name: bool = False,
    actor: User,
) -> Programme:
    """Set up a programme that the unit and every unit below it may use.

    One that pays from a fund of its own is proposed to a second person: it comes into use when they agree.
    `same_name` says that it is another one than the unit's programme that is called so as well.
    """
    waits = fund is not None and not actor.is_system
    name = fitting(Programme, "name", name)
    _ask_about_sister(name, Programme.objects.filter(unit=unit), same=same_name)
    programme = Programme.objects.create(
        unit=unit, name=name, kind=kind, fund=None if waits else fund,
        min_amount=min_amount, max_amount=max_amount, recurrence=recurrence, is_default=is_default,
        is_active=is_active and not waits, is_public=is_public, opens_on=opens_on,
        closes_on=closes_on, hands_over_on=hands_over_on, places=places,
        purpose=purpose, eligibility=eligibility, how_to_apply=how_to_apply,
    )  # fmt: skip
    _keep_findable(programme, actor)
    audit.record(
        actor=actor, action=audit.Action.PROGRAMME_CREATE, target=programme, unit=unit, fields=["name", "kind"]
    )
    if waits and fund is not None:
        with official_language():
            why = reason or _("A new programme that pays from a fund of its own.")
        propose(
            act=Act.PROGRAMME_FUND, target=programme, unit=fund.unit, before={"fund_id": None, "is_active": False},
            after={"fund_id": fund.pk, "is_active": is_active}, reason=why, actor=actor,
        )  # fmt: skip
    return programme


@needs(Permission.MANAGE_PROGRAMME, on="programme.unit")
def update_programme(
    *, programme: Programme, reason: str = "", same_name: bool = False, version: str | None = None, actor: User,
    **values: Any,
) -> Programme:  # fmt: skip
    """Change a programme; `values` are names of PROGRAMME_FIELDS. What was given under it stays as it is.

    Another fund becomes a proposal to a second person, with the reason; the rest changes at once.
    """
    programme = lock_row(Programme.objects.select_related("unit", "fund"), programme, version)
    if "name" in values:
        values["name"] = fitting(Programme, "name", values["name"])
    changed = [name for name in PROGRAMME_FIELDS if name in values and getattr(programme, name) != values[name]]
    if "name" in changed:
        others = Programme.objects.filter(unit=programme.unit).exclude(pk=programme.pk)
        _ask_about_sister(values["name"], others, same=same_name)
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
    if "fund" in changed and not actor.is_system:
        changed.remove("fund")
        new, old = values["fund"], programme.fund
        owner = (new or old or programme).unit
        propose(
            act=Act.PROGRAMME_FUND, target=programme, unit=owner, before={"fund_id": old.pk if old else None},
            after={"fund_id": new.pk if new else None}, reason=reason, actor=actor,
        )  # fmt: skip
    for name in changed:
        setattr(programme, name, values[name])
    if changed:
        programme.save(update_fields=changed)
        _keep_findable(programme, actor)
        audit.record(
            actor=actor,
            action=audit.Action.PROGRAMME_UPDATE,
            target=programme,
            unit=programme.unit,
            fields=changed,
        )
    return programme


def _ask_about_sister(name: str, others: ProgrammeQuerySet, *, same: bool) -> None:
    """Ask about another programme of the unit that is called so; the very same name is refused by the database."""
    sentence = _("“%(name)s” is a programme of this unit already. Tick the box if this is another one.")
    ask_about_namesake(others.exclude(name=name), name, sentence, same_name=same)


class ProgrammeFundChange(Change):
    """The fund that a programme pays from, for its own unit's lists and those below."""

    page = "programme_update"

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Change it; whoever proposed it must still keep the programme and the fund."""
        programme = Programme.objects.select_related("unit").get(pk=target.pk)
        demand_of_proposer(change, Permission.MANAGE_PROGRAMME, programme.unit)
        fund = Fund.objects.select_related("unit").filter(pk=change.after["fund_id"] or 0).first()
        if fund is not None:
            demand_of_proposer(change, Permission.MANAGE_FUND, fund.unit)
        programme.fund, fields = fund, ["fund"]
        if "is_active" in change.after:
            programme.is_active = change.after["is_active"]
            fields.append("is_active")
        programme.save(update_fields=fields)
        _keep_findable(programme, change.proposed_by)
        audit.record(
            actor=change.decided_by or change.proposed_by, action=audit.Action.PROGRAMME_UPDATE, target=programme,
            unit=programme.unit, fields=fields, detail={"proposal": change.pk, "proposed_by": change.proposed_by_id},
        )  # fmt: skip

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """The funds by their names."""
        names = dict(
            Fund.objects.filter(
                pk__in=[one["fund_id"] for one in (change.before, change.after) if one.get("fund_id")]
            ).values_list("pk", "name")
        )
        nothing = _("each unit's own main fund")
        before, after = (names.get(one["fund_id"], nothing) for one in (change.before, change.after))
        found = [Line(_("Fund"), before, after)]
        allotted = target.allotments.aggregate(total=Sum("amount", default=0))["total"]
        if allotted:
            found.append(Line(_("Allotted to other units"), format_money(allotted), _("will come out of the new fund")))
        if "is_active" in change.after:
            found.append(Line(_("In use"), _("no"), _("yes") if change.after["is_active"] else _("no")))
        return found


def _keep_findable(programme: Programme, actor: User) -> None:
    ref, link = f"scholarships.programme:{programme.pk}", reverse("programme_detail", args=[programme.pk])
    keep_open_line(
        key=ref, unit=programme.unit, title=programme.name, link=link, since=_begin(programme.opens_on),
        until=_begin(programme.closes_on, days=1), is_shown=programme.is_public and programme.is_active, actor=actor,
    )  # fmt: skip
    if not (programme.is_public and programme.is_active):
        drop_search_entry(ref=ref)
        return
    keep_search_entry(
        kind="programme", ref=ref, title=programme.name, unit=programme.unit, visible_from=timezone.now(),
        text="\n".join(filter(None, (programme.purpose, programme.eligibility, programme.how_to_apply))),
        link=link,
    )  # fmt: skip


def _begin(day: datetime.date | None, days: int = 0) -> datetime.datetime | None:
    """Return the first moment of a day, or of one some days later."""
    if day is None:
        return None
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=days), datetime.time()))


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
        """Return the programme that a list's kind column means: by name, else the default of the kind.

        Raises ValidationError when that is unclear. The same question is answered once and remembered.
        """
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
