"""Acts that one person alone may not do: how many persons each needs, who decides, what is asked of them. Pure.

Beside `permissions.py`: that table says who may begin an act, this one who must agree. An act of two persons is a
`ProposedChange`, decided by somebody else whose right covers the object's unit: where a unit has nobody else, the unit
above decides by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.lib.closed_lists import ClosedList
from portal.permissions import GRANTS, MONEY_RIGHTS, Permission
from portal.vocabulary import Role


class Act(ClosedList):
    """What one person proposes and another decides; `ACTS` says who may and what is asked."""

    FUND_ACCOUNT = "fund_account", _("Bank account of a fund")
    FUND_PUBLIC = "fund_public", _("A fund shown to the public, or no longer")
    PROGRAMME_FUND = "programme_fund", _("Fund of a programme")
    ALLOTMENT = "allotment", _("Allotment of a programme to a unit")
    GIFT = "gift", _("Large gift")
    GIFT_REVERSAL = "gift_reversal", _("Gift put right")
    HAND_OVER = "hand_over", _("Hand-over between funds")
    BATCH_WITHDRAWAL = "batch_withdrawal", _("Approved batch taken back")
    BATCH_REVERSAL = "batch_reversal", _("Paid batch reversed")
    ROW_REVERSAL = "row_reversal", _("Paid row reversed")
    POSTING = "posting", _("Posting of an approver, leader or administrator")
    CLOSING_EXCEPTION = "closing_exception", _("Closed half-year opened for one person")
    HANDOVER_CODE = "handover_code", _("One-time code for an approver, leader or administrator")
    REORGANISATION = "reorganisation", _("Reorganisation of units")
    REORGANISATION_UNDO = "reorganisation_undo", _("Reorganisation undone")


#: The roles that move money or give rights: their postings, and codes for accounts that have one, need two persons.
MONEY_ROLES = tuple(role for role in Role if GRANTS[role] & MONEY_RIGHTS)
#: A gift of so many đồng and more is recorded by two persons.
LARGE_GIFT = 500_000_000
#: A proposal that nobody decides runs out.
PROPOSAL_LIFETIME = timedelta(days=14)


@dataclass(frozen=True)
class Rule:
    """What an act needs: how many persons, who decides, whether the password is asked again (15 minutes), who is told.

    `one_at_a_time`: while one proposal waits for an object, there is no second one. `told` are the roles on the unit to
    which the decision is shown besides the two persons.
    """

    persons: int
    decided_by: Permission
    asks_password: bool = True
    one_at_a_time: bool = True
    told: tuple[Role, ...] = (Role.APPROVER, Role.LEADER)


ACTS: dict[Act, Rule] = {
    Act.FUND_ACCOUNT: Rule(2, Permission.DECIDE_CHANGE),
    Act.FUND_PUBLIC: Rule(2, Permission.DECIDE_CHANGE),
    Act.PROGRAMME_FUND: Rule(2, Permission.DECIDE_CHANGE),
    Act.ALLOTMENT: Rule(2, Permission.DECIDE_CHANGE, one_at_a_time=False),
    Act.GIFT: Rule(2, Permission.DECIDE_CHANGE, one_at_a_time=False),
    Act.GIFT_REVERSAL: Rule(2, Permission.DECIDE_CHANGE),
    Act.HAND_OVER: Rule(2, Permission.DECIDE_CHANGE, one_at_a_time=False),
    Act.BATCH_WITHDRAWAL: Rule(2, Permission.DECIDE_CHANGE),
    Act.BATCH_REVERSAL: Rule(2, Permission.DECIDE_CHANGE),
    Act.ROW_REVERSAL: Rule(2, Permission.DECIDE_CHANGE),
    Act.POSTING: Rule(2, Permission.DECIDE_POSTING, one_at_a_time=False, told=(Role.LEADER, Role.ADMINISTRATOR)),
    Act.CLOSING_EXCEPTION: Rule(2, Permission.DECIDE_CHANGE, one_at_a_time=False),
    Act.HANDOVER_CODE: Rule(2, Permission.DECIDE_POSTING, told=(Role.LEADER, Role.ADMINISTRATOR)),
    Act.REORGANISATION: Rule(
        2, Permission.DECIDE_POSTING, one_at_a_time=False, told=(Role.LEADER, Role.ADMINISTRATOR)
    ),  # with the units go the rights on them
    Act.REORGANISATION_UNDO: Rule(2, Permission.DECIDE_POSTING, told=(Role.LEADER, Role.ADMINISTRATOR)),
}
