"""What a half-year's report sets and asks for, what came of it until the next one, targets, and the review meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.language import official_language
from portal.lib.official import Closing, Head, Signature
from portal.lib.pdf import render_pdf
from portal.lib.periods import Period, parse_period
from portal.lib.vietnamese import document_date, format_int, normalize, short_date
from portal.models import Unit, User
from portal.models.unit import unit_name
from portal.permissions import Permission
from portal.services import pictures
from portal.services.refusals import needs
from portal.services.texts import fitting
from portal.services.versions import check_version, lock_row
from portal.vocabulary import TaskState
from reports.figures import INDICATORS, DatedTree, Figures
from reports.models import Meeting, MeetingPhoto, ReportProposal, ReportTask, Target
from reports.services.wording import name_review, write_share

_WRITES = (Permission.APPROVE_SUBMISSION, Permission.ISSUE_REPORT)
MOST_PHOTOS = 12


@dataclass(frozen=True)
class Agenda:
    """What a report says of tasks and proposals, as paragraphs: what was set before and came of it, what is set now."""

    followed: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    proposals: list[str] = field(default_factory=list)


def tasks_of(unit: Unit, period: Period) -> list[ReportTask]:
    """Return the tasks that the unit's report of the half-year sets, with the `name` of who does each."""
    rows = ReportTask.objects.filter(unit=unit, period=period.code)
    return list(rows.annotate(name=unit_name("responsible", period.next().last_day)))


def proposals_of(unit: Unit, period: Period) -> list[ReportProposal]:
    """Return what the unit's report of the half-year asks for."""
    return list(ReportProposal.objects.filter(unit=unit, period=period.code))


def targets_of(unit: Unit, year: int) -> Figures:
    """Return the unit's targets of the year by indicator."""
    return dict(Target.objects.filter(unit=unit, year=year).values_list("indicator", "value"))


def meeting_of(unit: Unit, period: Period) -> Meeting | None:
    """Return the unit's meeting that reviews the half-year, if it is entered."""
    return Meeting.objects.filter(unit=unit, period=period.code).first()


def read_agenda(unit: Unit, period: Period) -> Agenda:
    """Return what the unit's report of the half-year says of its tasks and proposals, and of the last one's."""
    before = period.previous()
    return Agenda(
        followed=[
            *(_say_done(one) for one in _by_state(tasks_of(unit, before))),
            *(_say_answered(one) for one in proposals_of(unit, before)),
        ],
        tasks=[_say_task(one) + "." for one in tasks_of(unit, period) if one.state != TaskState.DROPPED],
        proposals=[_end(one.text) for one in proposals_of(unit, period)],
    )


def _by_state(tasks: list[ReportTask]) -> list[ReportTask]:
    order = [TaskState.DONE.value, TaskState.OPEN.value, TaskState.DROPPED.value]
    return sorted(tasks, key=lambda one: order.index(one.state))


def _say_task(one: Any) -> str:
    about = [one.name] if one.name else []
    about += [f"hạn {short_date(one.due_on)}"] if one.due_on else []
    text: str = one.text.rstrip(".;")
    return f"{text} ({', '.join(about)})" if about else text


def _say_done(one: ReportTask) -> str:
    words = {TaskState.DONE: "Đã làm", TaskState.OPEN: "Chưa làm", TaskState.DROPPED: "Thôi không làm"}
    return f"{words[TaskState(one.state)]}: {_say_task(one)}" + (f". {_end(one.note)}" if one.note else ".")


def _say_answered(one: ReportProposal) -> str:
    if one.answered_on is None:
        return f"Kiến nghị chưa có trả lời: {_end(one.text)}"
    return f"Kiến nghị đã được trả lời ngày {short_date(one.answered_on)}: {_end(one.text)} Trả lời: {_end(one.answer)}"


def _end(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text.rstrip(';')}."


@needs(*_WRITES, on="unit")
def add_task(
    *,
    unit: Unit,
    period: Period,
    text: str,
    responsible: Unit | None = None,
    due_on: dt.date | None = None,
    actor: User,
) -> ReportTask:
    """Keep a task for the half-year after; the same words twice are kept once. Raises ValidationError."""
    text = _demand(ReportTask, "text", text)
    if due_on is not None and due_on <= period.last_day:
        raise ValidationError({"due_on": _("Choose a day after the half-year that the report is about.")})
    task, created = ReportTask.objects.get_or_create(
        unit=unit, period=period.code, text=text,
        defaults={"responsible": responsible, "due_on": due_on, "written_by": actor},
    )  # fmt: skip
    if created:
        audit.record(actor=actor, action=audit.Action.REPORT_TASK, target=task, unit=unit)
    return task


@needs(*_WRITES, on="task.unit")
def decide_task(*, task: ReportTask, state: str, note: str = "", version: str | None = None, actor: User) -> ReportTask:
    """Say what became of a task; the next report tells it. Giving it up needs words."""
    task = lock_row(ReportTask.objects.select_related("unit"), task, version)
    note = fitting(ReportTask, "note", note)
    if state == TaskState.DROPPED and not note:
        raise ValidationError({"note": _("Say why it was given up.")})
    task.state, task.note = TaskState(state).value, note
    task.save(update_fields=["state", "note"])
    audit.record(actor=actor, action=audit.Action.REPORT_TASK, target=task, unit=task.unit, fields=["state", "note"])
    return task


@needs(*_WRITES, on="unit")
def add_proposal(*, unit: Unit, period: Period, text: str, actor: User) -> ReportProposal:
    """Keep what the report asks for; the same words twice are kept once."""
    text = _demand(ReportProposal, "text", text)
    one, created = ReportProposal.objects.get_or_create(
        unit=unit, period=period.code, text=text, defaults={"written_by": actor}
    )
    if created:
        audit.record(actor=actor, action=audit.Action.REPORT_PROPOSAL, target=one, unit=unit)
    return one


@needs(*_WRITES, on="proposal.unit")
def answer_proposal(
    *, proposal: ReportProposal, answer: str, answered_on: dt.date, version: str | None = None, actor: User
) -> ReportProposal:
    """Keep the answer that came; it may be put right later."""
    proposal = lock_row(ReportProposal.objects.select_related("unit"), proposal, version)
    if answered_on > timezone.localdate():
        raise ValidationError({"answered_on": _("This day is still to come.")})
    proposal.answer, proposal.answered_on = _demand(ReportProposal, "answer", answer), answered_on
    proposal.save(update_fields=["answer", "answered_on"])
    audit.record(
        actor=actor, action=audit.Action.REPORT_PROPOSAL, target=proposal, unit=proposal.unit, fields=["answer"]
    )
    return proposal


@needs(*_WRITES, on="unit")
def set_target(*, unit: Unit, indicator: str, year: int, value: int, actor: User) -> Target:
    """Set what the unit wants to reach in the year; setting it again replaces it."""
    if indicator not in INDICATORS or not INDICATORS[indicator].can_be_aimed_at:
        raise ValidationError({"indicator": _("Choose a figure.")})
    if value <= 0:
        raise ValidationError({"value": _("A target is more than 0.")})
    target, _created = Target.objects.update_or_create(
        unit=unit, indicator=indicator, year=year, defaults={"value": value, "set_by": actor}
    )
    audit.record(
        actor=actor, action=audit.Action.REPORT_TARGET, target=target, unit=unit,
        detail={"indicator": indicator, "year": year},
    )  # fmt: skip
    return target


@needs(*_WRITES, on="unit")
def keep_meeting(
    *,
    unit: Unit,
    period: Period,
    values: dict[str, Any],
    photo: Any = None,
    caption: str = "",
    version: str | None = None,
    actor: User,
) -> Meeting:
    """Enter the review meeting, or change it, with one more photo where there is one: both are kept, or neither.

    Raises ValidationError naming "photo" or "caption".
    """
    known = Meeting.objects.select_for_update(of=("self",)).filter(unit=unit, period=period.code).first()
    if known is not None:
        check_version(known, version)
    meeting = known or Meeting(unit=unit, period=period.code, entered_by=actor)
    for name in ("held_at", "place", "chair", "delegates", "guests", "programme"):
        setattr(meeting, name, values[name])
    meeting.save()
    audit.record(actor=actor, action=audit.Action.REPORT_MEETING, target=meeting, unit=unit, fields=sorted(values))
    if photo:
        _add_photo(meeting, photo, caption, actor)
    return meeting


def _add_photo(meeting: Meeting, file: Any, caption: str, actor: User) -> None:
    """Keep a picture, made anew, with its caption; the meeting is locked, so that no more come than are counted."""
    caption = _demand(MeetingPhoto, "caption", caption)
    if meeting.photos.count() >= MOST_PHOTOS:
        raise ValidationError({"photo": _("At most %(count)d photos.") % {"count": MOST_PHOTOS}})
    try:
        picture = pictures.take_in(file, name=str(file.name), shape=pictures.Shape.PHOTO)
    except ValidationError as error:
        raise ValidationError({"photo": error.messages})
    MeetingPhoto.objects.create(meeting=meeting, content=picture.content, caption=caption)
    audit.record(actor=actor, action=audit.Action.REPORT_MEETING, target=meeting, unit=meeting.unit, fields=["photos"])


@needs(*_WRITES, on="photo.meeting.unit")
def remove_meeting_photo(*, photo: MeetingPhoto, version: str | None = None, actor: User) -> Meeting:
    """Take a picture of the meeting out; articles made before keep theirs. `version` is the meeting's."""
    meeting: Meeting = lock_row(Meeting.objects.select_related("unit"), photo.meeting, version)
    photo.delete()
    audit.record(actor=actor, action=audit.Action.REPORT_MEETING, target=meeting, unit=meeting.unit, fields=["photos"])
    return meeting


def _demand(model: Any, name: str, text: str) -> str:
    text = normalize(text)
    if not text:
        raise ValidationError({name: _("Write something here.")})
    return fitting(model, name, text)


def print_invitation(meeting: Meeting, facts: dict[str, Any], name: str) -> bytes:
    """Return the invitation to the meeting in the official layout (Nghị định 30/2020/NĐ-CP); `facts`: `make_head`."""
    period = parse_period(meeting.period)
    head = Head(
        superior=facts["superior"], issuer=facts["issuer"], symbol="GM-HKH", place=facts["place"], kind="Giấy mời",
        subject=f"Dự Hội nghị {name_review(period)} công tác khuyến học {period.label}",
    )  # fmt: skip
    at = timezone.localtime(meeting.held_at)
    items = [line.strip() for line in meeting.programme.splitlines() if line.strip()]
    context = {
        "title": head.subject, "lang": "vi", "head": head, "meeting": meeting, "period": period, "items": items,
        "review": name_review(period),
        "when": f"{at:%H} giờ {at:%M}, {document_date(at.date())}",
        "closing": Closing(Signature(tuple(facts["authority"]), facts["signer"]), ("Như trên", f"Lưu: VT, {name}")),
    }  # fmt: skip
    with official_language():
        html = render_to_string("reports/invitation_document.html", context)
        return render_pdf(html, title=head.subject, lang="vi", base_url=settings.SITE_URL)


def say_meeting(meeting: Meeting) -> str:
    """Return when and where the meeting was, who presided and how many came, as the lead of an article says it."""
    at = timezone.localtime(meeting.held_at)
    came = f", với {format_int(meeting.delegates)} đại biểu tham dự" if meeting.delegates else ""
    return f"Hội nghị diễn ra ngày {at.day}/{at.month}/{at.year} tại {meeting.place}, do {meeting.chair} chủ trì{came}"


def say_targets(targets: Figures, figures: Figures, year: int) -> list[str]:
    """Return for each target how far the half-year's figure has come: "Hội viên mới: đạt 62% chỉ tiêu năm 2026"."""
    return [
        f"{INDICATORS[code].label}: đạt {write_share(figures[code], target)} chỉ tiêu năm {year}."
        for code, target in targets.items()
        if code in figures
    ]


def responsible_units(unit: Unit, period: Period) -> Iterable[int]:
    """Return the ids of the units that a task of the unit's report may name: itself and those below it."""
    tree = DatedTree(period.last_day)
    return {unit.pk, *(place.unit_id for place in tree.children_of(unit.pk))}
