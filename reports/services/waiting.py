"""What waits for a person: one sentence each, with a count and the page where it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intakes.models import Intake
from members.models import MembershipApplication
from members.services.moves import moves_told_to
from members.services.twins import joins_told_to
from news.models import Article, Recheck
from portal.lib.language import screen_date_line
from portal.lib.periods import HalfYear, Year, half_to_report
from portal.lib.vietnamese import short_date
from portal.models import ClosingException, ProposedChange, Unit, User
from portal.permissions import Permission
from portal.services.leaving import work_handed_to
from portal.services.notices import decided_lately, running_out
from portal.vocabulary import BatchState
from reports.figures import DatedTree, due_on
from reports.models import Report, Submission
from reports.services.submissions import units_owing
from scholarships.models import Batch, Fund
from scholarships.services.holding import find_low, say_low

State = Submission.State
MOST_LOW = 99  # funds counted on the home
MOST_TOLD = 5  # decisions on the home; the list of proposals holds all


@dataclass(frozen=True)
class WaitingItem:
    """One thing to do: a sentence, how many, where; `late` when its day has passed."""

    title: str
    url: str
    count: int = 0
    meta: str = ""
    icon: str = "tasks"
    late: bool = False


def waiting_for(user: User, today: dt.date) -> list[WaitingItem]:
    """Return what waits for the person today, what is late first, in a fixed number of queries."""
    held = user.permissions
    half = half_to_report(today)
    items: list[WaitingItem] = []
    if Permission.FILE_SUBMISSION in held or Permission.APPROVE_SUBMISSION in held or Permission.ISSUE_REPORT in held:
        tree = DatedTree(half.last_day)
        items += _list_half_year(user, half, today, tree)
    items += _list_dying_files(user) + _proposals(user) + _list_decisions(user)
    items += _list_taken_over(user)
    items += (
        _list_exceptions(user) + _list_batches(user) + _list_moves(user) + _list_low_funds(user) + _list_newsroom(user)
    )
    return sorted(items, key=lambda item: not item.late)


def _list_half_year(user: User, half: HalfYear, today: dt.date, tree: DatedTree) -> list[WaitingItem]:
    due, items = due_on(half), []
    states = dict(Submission.objects.of(half).values_list("unit_id", "state"))
    owing = [place.unit_id for place in units_owing(half, tree)]
    if Permission.FILE_SUBMISSION in user.permissions:
        items += _list_to_file(user, half, due, today, states, owing)
    if Permission.APPROVE_SUBMISSION in user.permissions:
        sent = Submission.objects.waiting_for_approval().within(user, Permission.APPROVE_SUBMISSION)
        sent = sent.exclude(pk__in=Submission.objects.made_by(user).order_by().values("pk"))
        for code, count in _count_per_half(sent):
            title = ngettext(
                "%(count)d half-year of a unit waits for your approval",
                "%(count)d half-years of units wait for your approval",
                count,
            )
            items.append(
                WaitingItem(
                    title % {"count": count},
                    f"{_link_board(code)}?state=submitted",
                    count,
                    HalfYear.parse(code).screen_label,
                    "inbox",
                )
            )
    if Permission.ISSUE_REPORT in user.permissions:
        items += _list_to_issue(user, half, due, today, states, tree)
    return items


def _list_to_file(
    user: User, half: HalfYear, due: dt.date, today: dt.date, states: dict[int, str], owing: list[int]
) -> list[WaitingItem]:
    items = []
    for one in (
        Submission.objects.within(user, Permission.FILE_SUBMISSION).filter(state=State.RETURNED).select_related("unit")
    ):
        url = reverse("submission_detail", args=[one.half, one.unit.code])
        items.append(
            WaitingItem(
                _("Your half-year was returned: %(reason)s") % {"reason": one.reason},
                url,
                1,
                one.half_year.screen_label,
                "return",
            )
        )
    due_units = [pk for pk in owing if states.get(pk, State.DRAFT) == State.DRAFT]
    mine = Unit.objects.covered_by(user, Permission.FILE_SUBMISSION).filter(pk__in=due_units).named_on(half.last_day)
    late = today > due
    for unit in mine.order_by("code"):
        title = _("The half-year of %(unit)s is overdue") if late else _("The half-year of %(unit)s is to be sent")
        items.append(
            WaitingItem(
                title % {"unit": unit},
                reverse("submission_edit", args=[half.code, unit.code]),
                1,
                _tell_due(half, due, today),
                "calendar",
                late,
            )
        )
    return items


def _list_dying_files(user: User) -> list[WaitingItem]:
    """Name the person's own files that will be erased within the week."""
    title = _("The file %(name)s will be erased on %(day)s unless it is imported")
    items = []
    for one in Intake.objects.own_unfinished(user).exclude(warned_at=None):
        half = HalfYear.parse(one.half).screen_label if one.half else ""
        said = title % {"name": one.file_name, "day": short_date(one.erased_on) if one.erased_on else ""}
        items.append(
            WaitingItem(
                said,
                reverse("intake_preview", args=[one.pk]),
                1,
                half,
                "clock",
                late=True,
            )
        )
    return items


def _tell_due(half: HalfYear, due: dt.date, today: dt.date) -> str:
    """Say until when it is due and how many days that leaves."""
    said = _("%(half)s, due on %(day)s") % {"half": half.screen_label, "day": short_date(due)}
    left = (due - today).days
    if left <= 0:
        return said
    days = ngettext("%(count)d day left", "%(count)d days left", left) % {"count": left}
    return f"{said} · {days}"


def _list_to_issue(
    user: User, half: HalfYear, due: dt.date, today: dt.date, states: dict[int, str], tree: DatedTree
) -> list[WaitingItem]:
    roots = {place.unit_id: place for place in tree.roots()}
    mine = Unit.objects.covered_by(user, Permission.ISSUE_REPORT).filter(pk__in=roots).values_list("pk", flat=True)
    numbered = Report.objects.standing().without_files().select_related("unit")
    frozen = numbered.filter(unit_id__in=roots, state=Report.State.FROZEN).newest_first()
    known = set(numbered.filter(unit_id__in=roots).values_list("unit_id", "period"))
    items = [
        _link_report(_("A numbered report waits to be signed and issued"), one) for one in frozen if one.unit_id in mine
    ]
    for pk in mine:
        if (pk, half.code) in known:
            year = Year(half.year)
            if (pk, year.code) not in known and all((pk, one.code) in known for one in year.halves):
                url = reverse("report_detail", args=[year.code, roots[pk].code])
                told = _("The report is ready to be issued")
                items.append(WaitingItem(told, url, 1, year.screen_label, "file-check"))
            continue
        children = tree.children_of(pk)
        open_units = sum(states.get(child.unit_id) not in State.those("is_settled") for child in children)
        url = reverse("report_detail", args=[half.code, roots[pk].code])
        if not open_units:
            items.append(WaitingItem(_("The report is ready to be issued"), url, 1, half.screen_label, "file-check"))
            continue
        title = ngettext(
            "%(count)d unit is still out before the report",
            "%(count)d units are still out before the report",
            open_units,
        )
        items.append(
            WaitingItem(
                title % {"count": open_units},
                _link_board(half.code),
                open_units,
                half.screen_label,
                "clock",
                today > due,
            )
        )
    return items


def _link_report(title: str, report: Report) -> WaitingItem:
    url = reverse("report_detail", args=[report.period, report.unit.code])
    return WaitingItem(title, url, 1, report.period_value.screen_label, "file-check")


def _proposals(user: User) -> list[WaitingItem]:
    if not {Permission.DECIDE_CHANGE, Permission.DECIDE_POSTING} & user.permissions:
        return []
    found = list(ProposedChange.objects.decidable_by(user).order_by("id").values_list("pk", flat=True))
    if not found:
        return []
    title = ngettext(
        "%(count)d proposal waits for your decision", "%(count)d proposals wait for your decision", len(found)
    )
    url = reverse("proposal_detail", args=found) if len(found) == 1 else f"{reverse('proposal_list')}?state=pending"
    return [WaitingItem(title % {"count": len(found)}, url, len(found), "", "users")]


def _list_decisions(user: User) -> list[WaitingItem]:
    """What has been decided of proposals that the person made or is told of, and own ones that run out."""
    items = [
        WaitingItem(
            f"{one.title}: {one.state_label}", reverse("proposal_detail", args=[one.pk]), 1,
            _("decided by %(who)s") % {"who": one.decided_by}, "bell",
        )
        for one in decided_lately(user)[:MOST_TOLD]
    ]  # fmt: skip
    for one in running_out(user)[:MOST_TOLD]:
        sentence = (
            _("Your proposal “%(what)s” runs out: %(moment)s")
            if one.is_waiting
            else _("Your proposal “%(what)s” has run out: %(moment)s")
        )
        said = sentence % {"what": one.title, "moment": screen_date_line(one.expires_at)}
        items.append(WaitingItem(said, reverse("proposal_detail", args=[one.pk]), 1, "", "clock", True))
    return items


def _list_taken_over(user: User) -> list[WaitingItem]:
    """Whose open work is the person's, from which day on: both before it and for some days after."""
    today, items = timezone.localdate(), []
    page = reverse("unit_tree" if Permission.VIEW_MEMBERS in user.permissions else "work_home")
    for one in work_handed_to(user):
        names = "; ".join(sorted({posting.unit.name_on(today) for posting in one.postings.all()}))
        if one.locked_from and one.locked_from > today:
            said = _("From %(day)s on the open work of %(name)s is yours")
        else:
            said = _("Since %(day)s the open work of %(name)s is yours")
        title = said % {"day": short_date(one.locked_from or today), "name": one.full_name}
        items.append(WaitingItem(title, page, 1, names, "users"))
    return items


def _list_exceptions(user: User) -> list[WaitingItem]:
    """What of closed half-years is open for the person, and until when."""
    running = ClosingException.objects.running().filter(person=user).select_related("unit")
    return [
        WaitingItem(
            _("%(half)s of %(unit)s is open for you until %(moment)s")
            % {
                "half": one.half_year.screen_label, "unit": one.unit.name_on(timezone.localdate()),
                "moment": screen_date_line(one.until),
            },
            reverse("half_board", args=[one.half]), 1, one.reason, "unlock",
        )
        for one in running.order_by("until", "pk")
    ]  # fmt: skip


def _list_moves(user: User) -> list[WaitingItem]:
    """Who asks to join; and members who moved into or out of the person's units in the last days: both are told."""
    if Permission.MANAGE_MEMBERS not in user.permissions:
        return []
    today, items = timezone.localdate(), []
    waiting = MembershipApplication.objects.within(user, Permission.MANAGE_MEMBERS).waiting().count()
    if waiting:
        title = ngettext("%(count)d person asks to join", "%(count)d people ask to join", waiting)
        url = f"{reverse('application_list')}?state=sent"
        items.append(WaitingItem(title % {"count": waiting}, url, waiting, "", "user-plus"))
    for join in joins_told_to(user)[:MOST_TOLD]:
        said = _("Two entries of %(name)s are one member now") % {"name": join.kept.full_name}
        meta = _("%(day)s, by %(who)s") % {
            "day": short_date(timezone.localdate(join.decided_at)), "who": join.decided_by,
        }  # fmt: skip
        items.append(WaitingItem(said, reverse("member_detail", args=[join.other_id]), 1, meta, "users"))
    for move in moves_told_to(user)[:MOST_TOLD]:
        units = {"old": move.from_unit.name_on(today) if move.from_unit else "", "new": move.unit.name_on(today)}
        said = _("%(name)s has moved from %(old)s to %(new)s") % {"name": move.member.full_name, **units}
        meta = _("%(day)s, by %(who)s") % {"day": short_date(move.valid.lower), "who": move.recorded_by}
        items.append(WaitingItem(said, reverse("member_detail", args=[move.member_id]), 1, meta, "users"))
    return items


_Sentence = Callable[[int], str]

_BATCHES_TO_DECIDE: tuple[tuple[str, _Sentence, str], ...] = (
    (
        Batch.State.SUBMITTED,
        lambda n: ngettext("%(count)d batch waits for your approval", "%(count)d batches wait for your approval", n),
        "sheet",
    ),
    (
        Batch.State.APPROVED,
        lambda n: ngettext(
            "%(count)d approved batch waits for its payment", "%(count)d approved batches wait for their payment", n
        ),
        "money",
    ),
)
_BATCHES_TO_ENTER: tuple[tuple[str, _Sentence, str], ...] = (
    (
        Batch.State.RETURNED,
        lambda n: ngettext(
            "%(count)d batch was returned to be corrected", "%(count)d batches were returned to be corrected", n
        ),
        "return",
    ),
    (
        Batch.State.DRAFT,
        lambda n: ngettext("%(count)d batch is not sent yet", "%(count)d batches are not sent yet", n),
        "edit",
    ),
)


def _list_batches(user: User) -> list[WaitingItem]:
    items = []
    counted = []
    if Permission.APPROVE_BATCH in user.permissions:
        own = Batch.objects.waiting_for_approval().made_by(user).order_by().values("pk")
        rows = Batch.objects.within(user, Permission.APPROVE_BATCH).exclude(pk__in=own)
        counted.append((_count_states(rows), _BATCHES_TO_DECIDE))
    if Permission.ENTER_BATCH in user.permissions:
        counted.append((_count_states(Batch.objects.within(user, Permission.ENTER_BATCH)), _BATCHES_TO_ENTER))
    for counts, steps in counted:
        for state, sentence, icon in steps:
            if count := counts.get(state, 0):
                items.append(WaitingItem(sentence(count) % {"count": count}, _link_batches(state), count, "", icon))
    return items


def _list_low_funds(user: User) -> list[WaitingItem]:
    """Return that funds of the person's units are low, for those who give out of them and those who answer for them."""
    if not user.permissions.intersection({Permission.ENTER_BATCH, Permission.MANAGE_FUND, Permission.ISSUE_REPORT}):
        return []
    low = list(find_low(Fund.objects.visible_to(user)).order_by("pk")[: MOST_LOW + 1])
    if len(low) == 1:
        return [WaitingItem(say_low(low[0]), reverse("fund_detail", args=[low[0].pk]), 1, "", "wallet")]
    if not low:
        return []
    many = len(low) > MOST_LOW
    title = _("More than %(count)d funds are low") if many else _("%(count)d funds are low")
    meta = ", ".join(fund.name for fund in low[:2])
    return [
        WaitingItem(title % {"count": min(len(low), MOST_LOW)}, f"{reverse('fund_list')}?only=low", 1, meta, "wallet")
    ]


def _list_newsroom(user: User) -> list[WaitingItem]:
    items = []
    if Permission.PUBLISH_ARTICLE in user.permissions:
        drafts = (
            Article.objects.visible_to(user).filter(published_revision__isnull=True, withdrawn_at__isnull=True).count()
        )
        if drafts:
            title = ngettext(
                "%(count)d article has not been published", "%(count)d articles have not been published", drafts
            )
            items.append(WaitingItem(title % {"count": drafts}, reverse("newsroom_list"), drafts, "", "news"))
        items += _list_rechecks(user)
    if Permission.WRITE_ARTICLE in user.permissions:
        latest = (
            Report.objects.within(user, Permission.WRITE_ARTICLE)
            .without_files()
            .latest_versions()
            .newest_first()
            .first()
        )
        if (
            latest is not None
            and not Report.objects.filter(unit=latest.unit_id, period=latest.period, draft__isnull=False).exists()
        ):
            url = reverse("report_draft_article", args=[latest.period, latest.unit.code])
            items.append(
                WaitingItem(
                    _("A report was issued; its article can be drafted in one click"),
                    url,
                    1,
                    latest.period_value.screen_label,
                    "file-text",
                )
            )
    return items


def _list_rechecks(user: User) -> list[WaitingItem]:
    """Guides and documents whose day has come to be looked at again, for who may say that they are still right."""
    due = Recheck.objects.decided_by(user).read_now().filter(due_on__lte=timezone.localdate()).count()
    if not due:
        return []
    title = ngettext(
        "%(count)d article or document is due to be checked again",
        "%(count)d articles or documents are due to be checked again",
        due,
    )
    return [WaitingItem(title % {"count": due}, f"{reverse('recheck_list')}?when=late", due, "", "refresh", late=True)]


def _count_per_half(submissions: QuerySet[Any]) -> list[tuple[str, int]]:
    return list(submissions.order_by("half").values_list("half").annotate(Count("id")))


def _count_states(batches: QuerySet[Batch]) -> dict[str, int]:
    unsettled = batches.filter(state__in=BatchState.those("is_unsettled")).order_by()
    return dict(unsettled.values_list("state").annotate(count=Count("pk")))


def _link_board(half: str) -> str:
    return reverse("half_board", args=[half])


def _link_batches(state: str) -> str:
    return reverse("batch_queue") if state == Batch.State.SUBMITTED else f"{reverse('batch_list')}?state={state}"
