"""Editing the text of a draft: staff's words under a heading stand instead of the portal's, until they are dropped."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.periods import Period, parse_period
from portal.lib.vietnamese import normalize_lines
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.refusals import REMOVED, ConflictError, needs
from portal.services.texts import length_problem, longest
from portal.services.versions import check_version, lock_row
from portal.vocabulary import ReportState
from reports.models import Report, SectionText
from reports.services.editing import EditedSection, join_text, list_sections, split_text
from reports.services.payloads import Draft, build, sha256_of

_WRITES = (Permission.APPROVE_SUBMISSION, Permission.ISSUE_REPORT)


def sections_of(draft: Draft) -> list[EditedSection]:
    """Return the headings of a draft with the words that stand, and what is to be looked at."""
    background = draft.background
    others = [other.figures for other in (background.previous, background.last_year) if other is not None]
    return list_sections(draft.written, draft.edits, draft.payload, draft.exact, others)


def find_section(draft: Draft, key: str) -> EditedSection | None:
    """Return one heading with its words; None where the draft has it not (any more)."""
    return next((one for one in sections_of(draft) if one.key == key), None)


def mark_of(section: EditedSection) -> str:
    """Return what tells that a page showed the present text written from the figures."""
    return sha256_of(join_text(section.written))


def is_frozen(unit: Unit, period: Period) -> bool:
    """Whether a version is numbered and waits to be signed: its text stands on paper."""
    return Report.objects.of(period).filter(unit=unit, state=ReportState.FROZEN).exists()


@needs(*_WRITES, on="unit")
def keep_section(
    *,
    unit: Unit,
    period: Period,
    section: str,
    text: str,
    mark: str | None = None,
    version: str | None = None,
    actor: User,
) -> SectionText:
    """Let the person's words stand under a heading of the draft; words that are the portal's own are no edit.

    `mark` says which text written from the figures the page showed beside them. Raises ConflictError when that or the
    edited text is another by now, or the heading is gone; ValidationError at "text", or where a numbered version waits.
    """
    _lock_draft(unit)
    one = _demand_section(unit, period, section)
    known = SectionText.objects.select_for_update(of=("self",)).filter(pk=one.edit.pk).first() if one.edit else None
    if known is None and one.edit is not None:
        raise ConflictError(REMOVED)
    check_version(known or SectionText(), version)
    if mark is not None and mark != mark_of(one):
        raise ConflictError(_("The figures have changed since you opened the page: look at the text once more."))
    words = join_text(split_text(normalize_lines(text)))
    if not words:
        raise ValidationError({"text": _("Write something here, or go back to the text of the portal.")})
    if problem := length_problem(words, longest(SectionText, "text")):
        raise ValidationError({"text": problem})
    kept = known or SectionText(unit=unit, period=period.code, section=section)
    if words == join_text(one.written):
        return _drop(kept, actor) if known else kept
    kept.text, kept.written, kept.edited_by = words, join_text(one.written), actor
    kept.save()
    _record(kept, ["text"], actor)
    return kept


@needs(*_WRITES, on="edit.unit")
def drop_section(*, edit: SectionText, version: str | None = None, actor: User) -> SectionText:
    """Let the text written from the figures stand again. Raises ConflictError, and ValidationError while frozen."""
    _lock_draft(edit.unit)
    edit = lock_row(SectionText.objects.select_related("unit"), edit, version)
    _demand_open(edit.unit, parse_period(edit.period))
    return _drop(edit, actor)


def _lock_draft(unit: Unit) -> None:
    """See to it that nobody numbers a report of the unit meanwhile."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


def _drop(edit: SectionText, actor: User) -> SectionText:
    _record(edit, ["text"], actor)
    SectionText.objects.filter(pk=edit.pk).delete()
    return edit


def _demand_section(unit: Unit, period: Period, key: str) -> EditedSection:
    _demand_open(unit, period)
    one = find_section(build(unit, period), key)
    if one is None:
        raise no_heading()
    return one


def no_heading() -> ConflictError:
    """Return what is said where the heading that a page showed is gone."""
    return ConflictError(_("The report has no such heading any more. Nothing was saved."))


def _demand_open(unit: Unit, period: Period) -> None:
    if is_frozen(unit, period):
        raise ValidationError(
            _("A version is numbered and waits to be signed: its text is frozen. Throw it away to change the text.")
        )


def _record(edit: SectionText, fields: list[str], actor: User) -> None:
    audit.record(
        actor=actor, action=audit.Action.REPORT_TEXT, target=edit, unit=edit.unit, fields=fields,
        detail={"period": edit.period, "section": edit.section},
    )  # fmt: skip


def demand_settled(shown: Draft, draft: Draft) -> None:
    """Refuse to number a draft whose edited text is older than its figures, or tells what it would leave out.

    `shown`: the same with nothing kept back by hand, as its text was edited.
    """
    if not draft.edits:
        return
    said = [_say_stale(one) for one in sections_of(shown) if one.is_stale]
    sentence = _("“%(heading)s” tells %(numbers)s, which is withheld: take it out of the edited text.")
    said += [
        sentence % {"heading": one.heading, "numbers": ", ".join(piece.text for piece in told)}
        for one in sections_of(draft)
        if (told := one.marked.told)
    ]
    if said:
        raise ValidationError(said)


def _say_stale(section: EditedSection) -> str:
    sentence = _("The figures of “%(heading)s” have changed since its text was edited: choose which text stands.")
    return sentence % {"heading": section.heading}
