"""The one way to write an audit entry; called by every service inside its transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.lib.closed_lists import ClosedList, Entry
from portal.models import AuditEntry, ProposedChange, Unit, User
from portal.permissions import Permission

#: Words for the parts of an action.
_NOUNS = {
    "account": _("Account"),
    "application": _("Application to join"),
    "topup": _("Yearly top-up"), "allotment": _("Allotment"), "article": _("Article"), "batch": _("Batch"),
    "card": _("Member's card"),
    "category": _("Category"), "note": _("Reader's note"),
    "criteria": _("Criteria of a learning model"), "title": _("Learning title"),
    "deadline": _("Deadline"), "disbursement": _("Row of a batch"), "donation": _("Donation"),
    "attachment": _("Attached file"), "document": _("Document"), "fund": _("Fund"),
    "file": _("File of a list"), "paper": _("Paper of a batch"), "recipient": _("Recipient"),
    "intake": _("Uploaded file"), "member": _("Member"), "period": _("Half-year"), "photo": _("Photo"),
    "posting": _("Posting"),
    "proposal": _("Proposed change"),
    "reorganisation": _("Reorganisation"),
    "level": _("Level of units"),
    "request": _("Request"), "programme": _("Programme"), "report": _("Report"), "site": _("The site"),
    "tag": _("Tag"),
    "statement": _("Bank statement"), "submission": _("Half-year of a unit"), "unit": _("Unit"),
}  # fmt: skip
_VERBS = {
    "stay": pgettext_lazy("audit", "leaving taken back"),
    "quit": pgettext_lazy("audit", "leaving recorded"),
    "accept": pgettext_lazy("audit", "agreed to"),
    "apply": _("put into force"),
    "assign": _("assigned to an heir"),
    "undo": _("undone"),
    "add": _("added"),
    "approve": pgettext_lazy("audit", "approved"),
    "change": pgettext_lazy("audit", "changed"),
    "commit": _("imported"),
    "correct_name": _("name put right"),
    "count": _("number of people, households … recorded"),
    "correct": _("aimed at the list it corrects"),
    "create": _("made"),
    "describe": _("described"),
    "discard": _("given up"),
    "restart": _("started again"),
    "draft_article": _("made into a draft article"),
    "edit": pgettext_lazy("audit", "changed"),
    "end": _("ended"),
    "end_exception": _("opening ended early"),
    "comment": _("commented on"),
    "fanpages": _("fanpages set"),
    "freeze": _("numbered and frozen"),
    "revoke": _("revoked"),
    "grant": _("granted"),
    "hand_over": _("money handed over"),
    "issue": _("issued"),
    "issue_code": _("one-time code made"),
    "lock": _("closed"),
    "missing": _("listed as missing"),
    "move": _("step taken"),
    "print": _("printed"),
    "register": _("registered"),
    "open": _("opened"),
    "password": _("password changed"),
    "pay": pgettext_lazy("audit", "paid"),
    "publish": pgettext_lazy("audit", "published"),
    "record": _("recorded"),
    "propose": _("proposed"),
    "refuse": pgettext_lazy("audit", "refused"),
    "remove": _("removed"),
    "reopen": _("opened again"),
    "restore": _("put back"),
    "return": _("returned"),
    "reverse": _("reversed"),
    "save": _("saved"),
    "see": pgettext_lazy("audit", "opened to read"),
    "export": pgettext_lazy("audit", "saved as a file"),
    "set": _("set"),
    "start": _("uploaded"),
    "submit": pgettext_lazy("audit", "submitted"),
    "leave_rows": _("rows of its file given up"),
    "take_back": _("taken back"),
    "settle": _("dealt with"),
    "share": _("link to the draft made"),
    "unshare": _("link to the draft ended"),
    "take_in": _("imported"),
    "unpin": _("leads the home page no more"),
    "unname": _("name taken off the public page"),
    "undo_file": _("a file taken out again"),
    "update": pgettext_lazy("audit", "changed"),
    "replace": pgettext_lazy("audit", "replaced by another"),
    "use_code": _("password set with the code"),
    "withdraw": _("withdrawn"),
    "decide": pgettext_lazy("audit", "decided"),
    "erase": _("data erased on request"),
    "hand_out": _("data handed out on request"),
    "leave": _("left the association"),
    "mend": _("quickly mended while live"),
    "recheck": _("found still right"),
    "recheck_day": _("day of the next check set"),
    "recheck_end": _("need not be checked again"),
    "move_pin": _("moved on the home page"),
    "pin": _("let lead the home page"),
    "position_add": _("office given"),
    "position_end": _("office ended"),
    "return_again": _("taken in again"),
    "reveal": _("citizen number looked at"),
    "find": _("looked for by citizen number"),
    "transfer": _("moved to another unit"),
    "undo_transfer": _("move taken back"),
    "mapping": _("columns settled"),
    "repairs": _("rows corrected"),
    "decisions": _("rows decided on"),
    "answers": _("questions answered"),
    "about": _("unit and half-year settled"),
    "expire": _("erased after thirty days"),
    "search": _("list opened"),
    "consent": _("consent recorded"),
    "consent_end": _("consent withdrawn"),
    "join": _("joined with another as one person"),
    "part": _("told apart from another person"),
    "task": _("task written or decided"),
    "text": _("text edited by hand"),
    "proposal": _("proposal written or answered"),
    "target": _("target set"),
    "meeting": _("meeting entered"),
    "scan": _("signed paper attached"),
    "undo_verdict": _("joining or telling apart taken back"),
}


def _join(noun: Promise, verb: Promise) -> str:
    return f"{noun}: {verb}"


_join_later = lazy(_join, str)


def _words(code: str) -> Entry:
    """Return an action with its words; a noun or verb without words stops the portal."""
    _app, noun, verb = code.split(".")
    return Entry(code, _join_later(_NOUNS[noun], _VERBS[verb]))


class Action(ClosedList):
    """Everything that is recorded, as "<app>.<noun>.<verb>"; a new one is a line here (and words above)."""

    INTAKE_COMMIT = _words("intakes.intake.commit")
    INTAKE_CORRECT = _words("intakes.intake.correct")
    INTAKE_DISCARD = _words("intakes.intake.discard")
    INTAKE_ABOUT = _words("intakes.intake.about")
    INTAKE_EXPIRE = _words("intakes.intake.expire")
    INTAKE_START = _words("intakes.intake.start")
    INTAKE_MAPPING = _words("intakes.intake.mapping")
    INTAKE_REPAIRS = _words("intakes.intake.repairs")
    INTAKE_DECISIONS = _words("intakes.intake.decisions")
    INTAKE_ANSWERS = _words("intakes.intake.answers")
    MEMBER_ADD = _words("members.member.add")
    APPLICATION_DECIDE = _words("members.application.decide")
    MEMBER_CONSENT = _words("members.member.consent")
    MEMBER_FIND = _words("members.member.find")
    MEMBER_ERASE = _words("members.member.erase")
    MEMBER_HAND_OUT = _words("members.member.hand_out")
    MEMBER_WITHDRAW_CONSENT = _words("members.member.consent_end")
    MEMBER_JOIN = _words("members.member.join")
    MEMBER_PART = _words("members.member.part")
    MEMBER_UNJOIN = _words("members.member.undo_verdict")
    MEMBER_LEAVE = _words("members.member.leave")
    MEMBER_POSITION_ADD = _words("members.member.position_add")
    MEMBER_POSITION_END = _words("members.member.position_end")
    MEMBER_REVEAL = _words("members.member.reveal")
    MEMBER_RETURN = _words("members.member.return_again")
    MEMBER_ASSIGN = _words("members.member.assign")
    MEMBER_TAKE_IN = _words("members.member.take_in")
    MEMBER_TRANSFER = _words("members.member.transfer")
    MEMBER_UNDO_TRANSFER = _words("members.member.undo_transfer")
    MEMBER_UPDATE = _words("members.member.update")
    CARD_END = _words("members.card.end")
    CARD_PRINT = _words("members.card.print")
    CRITERIA_SAVE = _words("members.criteria.save")
    TITLE_ERASE = _words("members.title.erase")
    TITLE_MOVE = _words("members.title.move")
    TITLE_PRINT = _words("members.title.print")
    TITLE_REGISTER = _words("members.title.register")
    TITLE_TAKE_IN = _words("members.title.take_in")
    TITLE_UPDATE = _words("members.title.update")
    ARTICLE_APPROVE = _words("news.article.approve")
    ARTICLE_CREATE = _words("news.article.create")
    ARTICLE_MEND = _words("news.article.mend")
    ARTICLE_MOVE_PIN = _words("news.article.move_pin")
    ARTICLE_PIN = _words("news.article.pin")
    ARTICLE_PUBLISH = _words("news.article.publish")
    ARTICLE_RECHECK = _words("news.article.recheck")
    ARTICLE_RECHECK_DAY = _words("news.article.recheck_day")
    ARTICLE_RECHECK_END = _words("news.article.recheck_end")
    ARTICLE_REPLACE = _words("news.article.replace")
    ARTICLE_RETURN = _words("news.article.return")
    ARTICLE_SAVE = _words("news.article.save")
    ARTICLE_SHARE = _words("news.article.share")
    ARTICLE_SUBMIT = _words("news.article.submit")
    ARTICLE_UNPIN = _words("news.article.unpin")
    ARTICLE_UNSHARE = _words("news.article.unshare")
    ARTICLE_WITHDRAW = _words("news.article.withdraw")
    ATTACHMENT_ADD = _words("news.attachment.add")
    CATEGORY_CHANGE = _words("news.category.change")
    CATEGORY_CREATE = _words("news.category.create")
    DOCUMENT_CREATE = _words("news.document.create")
    DOCUMENT_RECHECK = _words("news.document.recheck")
    DOCUMENT_RECHECK_DAY = _words("news.document.recheck_day")
    DOCUMENT_RECHECK_END = _words("news.document.recheck_end")
    DOCUMENT_UPDATE = _words("news.document.update")
    DOCUMENT_WITHDRAW = _words("news.document.withdraw")
    NOTE_SETTLE = _words("news.note.settle")
    PHOTO_ADD = _words("news.photo.add")
    PHOTO_DESCRIBE = _words("news.photo.describe")
    PHOTO_REPLACE = _words("news.photo.replace")
    TAG_CHANGE = _words("news.tag.change")
    TAG_CREATE = _words("news.tag.create")
    ACCOUNT_CREATE = _words("portal.account.create")
    ACCOUNT_END = _words("portal.account.end")
    ACCOUNT_ISSUE_CODE = _words("portal.account.issue_code")
    ACCOUNT_LEAVE = _words("portal.account.quit")
    ACCOUNT_OPEN = _words("portal.account.open")
    ACCOUNT_STAY = _words("portal.account.stay")
    ACCOUNT_PASSWORD = _words("portal.account.password")
    ACCOUNT_UPDATE = _words("portal.account.update")
    ACCOUNT_USE_CODE = _words("portal.account.use_code")
    FILE_EXPORT = _words("portal.file.export")
    PERIOD_END_EXCEPTION = _words("portal.period.end_exception")
    PERIOD_LOCK = _words("portal.period.lock")
    PERIOD_REOPEN = _words("portal.period.reopen")
    POSTING_ADD = _words("portal.posting.add")
    POSTING_END = _words("portal.posting.end")
    PROPOSAL_ACCEPT = _words("portal.proposal.accept")
    PROPOSAL_PROPOSE = _words("portal.proposal.propose")
    PROPOSAL_REFUSE = _words("portal.proposal.refuse")
    PROPOSAL_WITHDRAW = _words("portal.proposal.withdraw")
    REORGANISATION_APPLY = _words("portal.reorganisation.apply")
    REORGANISATION_UNDO = _words("portal.reorganisation.undo")
    REQUEST_REFUSE = _words("portal.request.refuse")
    SITE_FANPAGES = _words("portal.site.fanpages")
    SITE_UPDATE = _words("portal.site.update")
    UNIT_ASSIGN = _words("portal.unit.assign")
    UNIT_CORRECT = _words("portal.unit.correct_name")
    UNIT_COUNT = _words("portal.unit.count")
    UNIT_REMOVE = _words("portal.unit.remove")
    LEVEL_CHANGE = _words("portal.level.change")
    LEVEL_CREATE = _words("portal.level.create")
    UNIT_CHANGE = _words("portal.unit.change")
    UNIT_CREATE = _words("portal.unit.create")
    DEADLINE_SET = _words("reports.deadline.set")
    REPORT_DRAFT_ARTICLE = _words("reports.report.draft_article")
    REPORT_COMMENT = _words("reports.report.comment")
    REPORT_DISCARD = _words("reports.report.discard")
    REPORT_FREEZE = _words("reports.report.freeze")
    REPORT_ISSUE = _words("reports.report.issue")
    REPORT_REVOKE = _words("reports.report.revoke")
    REPORT_TASK = _words("reports.report.task")
    REPORT_PROPOSAL = _words("reports.report.proposal")
    REPORT_TARGET = _words("reports.report.target")
    REPORT_SCAN = _words("reports.report.scan")
    REPORT_MEETING = _words("reports.report.meeting")
    REPORT_TEXT = _words("reports.report.text")
    REPORT_SETTLE = _words("reports.report.settle")
    SUBMISSION_APPROVE = _words("reports.submission.approve")
    SUBMISSION_MISSING = _words("reports.submission.missing")
    SUBMISSION_REOPEN = _words("reports.submission.reopen")
    SUBMISSION_RETURN = _words("reports.submission.return")
    SUBMISSION_SAVE = _words("reports.submission.save")
    SUBMISSION_SCAN = _words("reports.submission.scan")
    SUBMISSION_SEE = _words("reports.submission.see")
    SUBMISSION_SUBMIT = _words("reports.submission.submit")
    SUBMISSION_TAKE_BACK = _words("reports.submission.take_back")
    BATCH_APPROVE = _words("scholarships.batch.approve")
    BATCH_CREATE = _words("scholarships.batch.create")
    BATCH_EDIT = _words("scholarships.batch.edit")
    BATCH_PAY = _words("scholarships.batch.pay")
    BATCH_RETURN = _words("scholarships.batch.return")
    BATCH_REVERSE = _words("scholarships.batch.reverse")
    BATCH_SEE = _words("scholarships.batch.see")
    BATCH_EXPORT = _words("scholarships.batch.export")
    BATCH_SUBMIT = _words("scholarships.batch.submit")
    BATCH_LEAVE_ROWS = _words("scholarships.batch.leave_rows")
    BATCH_TAKE_BACK = _words("scholarships.batch.take_back")
    BATCH_UNDO_FILE = _words("scholarships.batch.undo_file")
    BATCH_TAKE_IN = _words("scholarships.batch.take_in")
    BATCH_WITHDRAW = _words("scholarships.batch.withdraw")
    DISBURSEMENT_ADD = _words("scholarships.disbursement.add")
    DISBURSEMENT_REMOVE = _words("scholarships.disbursement.remove")
    DISBURSEMENT_RESTORE = _words("scholarships.disbursement.restore")
    DISBURSEMENT_REVERSE = _words("scholarships.disbursement.reverse")
    DISBURSEMENT_UPDATE = _words("scholarships.disbursement.update")
    DONATION_REVERSE = _words("scholarships.donation.reverse")
    DONATION_RECORD = _words("scholarships.donation.record")
    DONATION_UNNAME = _words("scholarships.donation.unname")
    STATEMENT_DECIDE = _words("scholarships.statement.decide")
    STATEMENT_TAKE_IN = _words("scholarships.statement.take_in")
    FUND_OPEN = _words("scholarships.fund.open")
    FUND_UPDATE = _words("scholarships.fund.update")
    FUND_HAND_OVER = _words("scholarships.fund.hand_over")
    TOP_UP_RECORD = _words("scholarships.topup.record")
    ALLOTMENT_GRANT = _words("scholarships.allotment.grant")
    PAPER_CREATE = _words("scholarships.paper.create")
    PAPER_EXPORT = _words("scholarships.paper.export")
    PAPER_DISCARD = _words("scholarships.paper.discard")
    PAPER_RESTART = _words("scholarships.paper.restart")
    PAPER_EXPIRE = _words("scholarships.paper.expire")
    RECIPIENT_SEE = _words("scholarships.recipient.see")
    RECIPIENT_SEARCH = _words("scholarships.recipient.search")
    RECIPIENT_EXPORT = _words("scholarships.recipient.export")
    RECIPIENT_UPDATE = _words("scholarships.recipient.update")
    RECIPIENT_CONSENT = _words("scholarships.recipient.consent")
    RECIPIENT_CONSENT_END = _words("scholarships.recipient.consent_end")
    RECIPIENT_JOIN = _words("scholarships.recipient.join")
    RECIPIENT_PART = _words("scholarships.recipient.part")
    RECIPIENT_UNDO_VERDICT = _words("scholarships.recipient.undo_verdict")
    PROGRAMME_CREATE = _words("scholarships.programme.create")
    PROGRAMME_UPDATE = _words("scholarships.programme.update")


#: What actions are about, by what their codes begin with, in the order of the words.
SUBJECTS = tuple(
    (f"{start}.", _NOUNS[start.partition(".")[2]])
    for start in dict.fromkeys(code.rpartition(".")[0] for code in Action.values)
)

#: The page of a row, by its model; a page belongs to a higher app, so it is known here by its address's name, and
#: linked for those who may see it.
_PAGES = {
    "scholarships.batch": ("batch_detail", Permission.VIEW_BATCH),
    "scholarships.recipient": ("recipient_detail", Permission.VIEW_BATCH),
    "scholarships.fund": ("fund_detail", Permission.VIEW_FUND),
    "members.member": ("member_detail", Permission.VIEW_MEMBERS),
    "portal.proposedchange": ("proposal_detail", Permission.VIEW_PROPOSAL),
    "portal.reorganisation": ("reorganisation_detail", Permission.VIEW_PROPOSAL),
}  # fmt: skip
#: Whose fields are told of a row too: what is written of an article stands in its saved states.
_WRITTEN_IN = {"news.article": "news.articlerevision"}
_NAMED_BY = ("title", "full_name", "name", "file_name", "code", "summary")


def word_fields(entry: AuditEntry) -> str:
    """Return the fields of an entry as their forms call them; a name of which the row's model knows no field stays.

    Those of a proposal are fields of the row that it changes; what is none of them, its own page says in words.
    """
    proposed = str(entry.detail.get("target", "")) if entry.target_type == ProposedChange._meta.label_lower else ""
    label = proposed.partition(":")[0] or entry.target_type
    labels = [one for one in (_WRITTEN_IN.get(label), label) if one]
    fields: list[Any] = [field for one in labels for field in apps.get_model(one)._meta.get_fields()]
    known = {getattr(field, "attname", field.name): field for field in fields} | {field.name: field for field in fields}
    names = [name for name in entry.fields if name in known] if proposed else entry.fields
    return ", ".join(_word_field(known.get(name), name) for name in names)


def _word_field(field: Any, name: str) -> str:
    if field is not None and field.one_to_one and field.auto_created:  # what stands in a table of its own
        return str(field.related_model._meta.verbose_name)
    return str(getattr(field, "verbose_name", name))


def name_targets(entries: Iterable[AuditEntry], reader: User) -> None:
    """Set `target_name` and `target_url` on the entries: what their rows are called now, by one query for each model.

    A row without a name of its own is called by its half-year; one that is gone by its number.
    """
    found: dict[str, list[AuditEntry]] = {}
    for entry in entries:
        found.setdefault(entry.target_type, []).append(entry)
    for label, group in found.items():
        model = apps.get_model(label) if label else None
        ids = {entry.target_id for entry in group if entry.target_id is not None}
        rows = model._base_manager.in_bulk(ids) if model is not None else {}
        for entry in group:
            row = rows.get(entry.target_id)
            own = next((getattr(row, field) for field in _NAMED_BY if getattr(row, field, "")), "")
            half = getattr(row, "half", "")
            entry.target_name = own or half or (f"#{entry.target_id}" if entry.target_id else "")  # type: ignore[attr-defined]  # annotated
            page, right = _PAGES.get(label, ("", None))
            may_see = row is not None and right in reader.permissions
            entry.target_url = reverse(page, args=[entry.target_id]) if may_see else ""  # type: ignore[attr-defined]  # the same


def state_of(row: models.Model) -> str:
    """Return the state a row is in now, of a kind that has states; "" else."""
    state = getattr(row, "state_now", None) or getattr(row, "state", "") if hasattr(row, "State") else ""
    return str(getattr(state, "value", state))


def note_state(row: models.Model) -> None:
    """Remember the state in which a row is found under lock: what is recorded of it next says how it was moved."""
    row.state_noted = state_of(row)  # type: ignore[attr-defined]  # of this object, not of the table


def _tell_move(row: models.Model | None) -> dict[str, str]:
    before, after = getattr(row, "state_noted", ""), state_of(row) if row is not None else ""
    if row is None or not before or before == after:
        return {}
    note_state(row)
    return {"state_before": before, "state_after": after}


def word_move(entry: AuditEntry) -> str:
    """Return from which state to which the row was moved, in words; "" where it stayed."""
    codes = [str(entry.detail.get(name, "")) for name in ("state_before", "state_after")]
    if not all(codes):
        return ""
    labels = dict(apps.get_model(entry.target_type).State.choices)  # what has states names them so
    return " → ".join(str(labels.get(code, code)) for code in codes)


def _name_reason(row: models.Model, field: str) -> list[Any]:
    """Return where a reason stands, and a mark by which it is known that it still is the same."""
    return [row._meta.label_lower, row.pk, field, _mark_of(getattr(row, field))]


def _mark_of(reason: str) -> str:
    return blake2b(reason.encode(), digest_size=4).hexdigest()


def read_reasons(entries: Iterable[AuditEntry]) -> None:
    """Set `reason` on the entries: what was given where the row of it still holds it; one query for each model."""
    named: dict[tuple[str, str], dict[int, list[AuditEntry]]] = {}
    for entry in entries:
        entry.reason = ""  # type: ignore[attr-defined]  # annotated
        label, pk, field, _mark = entry.detail.get("reason_in") or ("", 0, "", "")
        if label:
            named.setdefault((label, field), {}).setdefault(pk, []).append(entry)
    for (label, field), by_row in named.items():
        rows = apps.get_model(label)._base_manager.filter(pk__in=by_row).values_list("pk", field)
        for pk, reason in rows:
            for entry in by_row[pk]:
                is_same = entry.detail["reason_in"][3] == _mark_of(reason)
                entry.reason = reason if is_same else str(_("(another one was given since)"))  # type: ignore[attr-defined]  # annotated


def record(
    *,
    actor: User,
    action: Action,
    target: models.Model | None = None,
    unit: Unit | None = None,
    fields: Iterable[str] = (),
    detail: dict[str, Any] | None = None,
    reason_in: tuple[models.Model, str] | None = None,
) -> AuditEntry:
    """Write who did what on which row, and by itself from which state to which. `fields` are names, `detail` ids.

    Personal values have no place here: a person must stay erasable while this table never changes. So a reason stays
    in the row and column `reason_in`, where the page and the file of the audit read it.
    """
    detail = (detail or {}) | _tell_move(target)
    if reason_in is not None and getattr(*reason_in):
        detail["reason_in"] = _name_reason(*reason_in)
    return AuditEntry.objects.create(
        actor=actor,
        action=Action(action).value,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        unit=unit,
        fields=sorted(fields),
        detail=detail,
        source=actor.source,
    )


#: So many refusals of one person are written down in an hour; the last says that there were more.
MOST_REFUSALS = 60


def record_refusal(person: User, *, detail: dict[str, Any], target: models.Model | None = None) -> AuditEntry | None:
    """Write down what a person tried and was refused: which act or page, on which row; never what was typed.

    Returns None when the person's refusals of this hour are full, so that nobody floods the audit.
    """
    mine = AuditEntry.objects.filter(actor=person, action=Action.REQUEST_REFUSE)
    lately = list(mine.order_by("-id").values_list("at", flat=True)[:MOST_REFUSALS])
    count = sum(at > timezone.now() - timedelta(hours=1) for at in lately)
    if count >= MOST_REFUSALS:
        return None
    full = {"many": True} if count == MOST_REFUSALS - 1 else {}
    unit = target if isinstance(target, Unit) else getattr(target, "unit", None)
    return record(
        actor=person, action=Action.REQUEST_REFUSE, target=target, unit=unit if isinstance(unit, Unit) else None,
        detail=detail | full,
    )  # fmt: skip
