"""Who may do what: one table from role to permissions, one decorator. Pure: knows no model.

Three questions, three places: may this role (here), is this row mine (`visible_to` on the QuerySet, outside it is 404),
does the state allow it (the service, under lock).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from portal.vocabulary import Role

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


#: The place on which a right is asked for what belongs to the whole site: the unit above all others.
ROOT: Final = "the root unit"


class Permission(StrEnum):
    """Every right there is, alphabetical; the value is `<app>.<verb>_<noun>`."""

    APPROVE_BATCH = "scholarships.approve_batch"
    APPROVE_SUBMISSION = "reports.approve_submission"
    DECIDE_CHANGE = "portal.decide_change"
    DECIDE_POSTING = "portal.decide_posting"
    ENTER_BATCH = "scholarships.enter_batch"
    FILE_SUBMISSION = "reports.file_submission"
    FOUND_UNIT = "portal.found_unit"
    ISSUE_REPORT = "reports.issue_report"
    MANAGE_ACCOUNTS = "portal.manage_accounts"
    MANAGE_FUND = "scholarships.manage_fund"
    MANAGE_MEMBERS = "members.manage_members"
    MANAGE_PROGRAMME = "scholarships.manage_programme"
    MANAGE_SITE = "portal.manage_site"
    MANAGE_UNITS = "portal.manage_units"
    PUBLISH_ARTICLE = "news.publish_article"
    RECOGNISE_TITLE = "members.recognise_title"
    REVERSE_BATCH = "scholarships.reverse_batch"
    VIEW_AUDIT = "portal.view_audit"
    VIEW_BATCH = "scholarships.view_batch"
    VIEW_FUND = "scholarships.view_fund"
    VIEW_MEMBERS = "members.view_members"
    VIEW_NEWSROOM = "news.view_newsroom"
    VIEW_PROPOSAL = "portal.view_proposal"
    VIEW_REPORT = "reports.view_report"
    VIEW_SUBMISSION = "reports.view_submission"
    WRITE_ARTICLE = "news.write_article"


_READING = frozenset(
    {
        Permission.VIEW_BATCH,
        Permission.VIEW_FUND,
        Permission.VIEW_MEMBERS,
        Permission.VIEW_PROPOSAL,
        Permission.VIEW_REPORT,
        Permission.VIEW_SUBMISSION,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.CONTRIBUTOR: frozenset({Permission.VIEW_NEWSROOM, Permission.WRITE_ARTICLE}),
    Role.EDITOR: frozenset({Permission.VIEW_NEWSROOM, Permission.WRITE_ARTICLE, Permission.PUBLISH_ARTICLE}),
    Role.OFFICER: _READING
    | {Permission.ENTER_BATCH, Permission.FILE_SUBMISSION, Permission.FOUND_UNIT, Permission.MANAGE_MEMBERS},
    Role.APPROVER: _READING
    | {
        Permission.APPROVE_BATCH,
        Permission.APPROVE_SUBMISSION,
        Permission.DECIDE_CHANGE,
        Permission.MANAGE_FUND,
        Permission.MANAGE_PROGRAMME,
        Permission.RECOGNISE_TITLE,
        Permission.REVERSE_BATCH,
    },
    Role.LEADER: _READING
    | {
        Permission.APPROVE_SUBMISSION,
        Permission.DECIDE_CHANGE,
        Permission.DECIDE_POSTING,
        Permission.ISSUE_REPORT,
        Permission.VIEW_NEWSROOM,
    },
    Role.AUDITOR: _READING | {Permission.VIEW_AUDIT},
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.MANAGE_ACCOUNTS,
            Permission.MANAGE_SITE,
            Permission.MANAGE_UNITS,
            Permission.VIEW_AUDIT,
            Permission.VIEW_PROPOSAL,
        }
    ),
}

#: A role that has one of these moves money or gives rights: `portal.acts` asks two persons for its postings.
MONEY_RIGHTS = frozenset(
    {
        Permission.APPROVE_BATCH,
        Permission.DECIDE_CHANGE,
        Permission.DECIDE_POSTING,
        Permission.MANAGE_ACCOUNTS,
        Permission.MANAGE_FUND,
        Permission.REVERSE_BATCH,
    }
)


class SignInNeeded(Exception):  # noqa: N818 - no error: the session of whoever sent a form is over
    """A form was sent by nobody who is signed in; the middleware keeps what it held and asks to sign in."""


def roles_granting(permission: Permission) -> list[str]:
    """Return the roles whose holders have the right, in a fixed order (used in SQL parameters)."""
    return sorted(role.value for role, granted in GRANTS.items() if permission in granted)


def permissions_of(roles: set[str]) -> frozenset[Permission]:
    """Return every right that a set of role names gives together; unknown names give none."""
    return frozenset().union(*(granted for role, granted in GRANTS.items() if role.value in roles))


def requires(
    *permissions: Permission, on: str | None = None
) -> Callable[[Callable[Concatenate[HttpRequest, P], R]], Callable[Concatenate[HttpRequest, P], R | HttpResponse]]:
    """Let a view be seen only by a signed-in person with one of the rights; with no argument any staff member may.

    `on=ROOT`: what the page shows or changes belongs to the whole site, so the right must be held on the root unit.
    Signed out: to the sign-in page and back, with what a form held kept meanwhile (SignInNeeded).
    Signed in without the right: 403.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], R],
    ) -> Callable[Concatenate[HttpRequest, P], R | HttpResponse]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
            user: Any = request.user
            if not user.is_authenticated and request.method == "POST":
                raise SignInNeeded
            if not user.is_authenticated:
                return HttpResponseRedirect(
                    f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
                )
            held = user.permissions
            if not held or (permissions and not held.intersection(permissions)):
                raise PermissionDenied
            if on is ROOT and not any(user.may_at_root(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_permissions = permissions  # type: ignore[attr-defined]  # read by the access matrix test
        guarded.required_on = on  # type: ignore[attr-defined]  # read by the access matrix test
        return guarded

    return decorate
