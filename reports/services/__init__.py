"""Writes of the reports app, split by noun: submissions, reports, the documents made of them, draft articles."""

from reports.services.articles import draft_article_from_report
from reports.services.commenting import comment_report, settle_comment
from reports.services.issuing import (
    discard_report,
    free_numbers,
    freeze_report,
    hindrances,
    issue_report,
    next_number,
    publish_report,
    revoke_report,
)
from reports.services.payloads import Draft, build, canonical_json, sha256_of, with_exact_figures
from reports.services.reopening import propose_exception
from reports.services.submissions import (
    approve_submission,
    batches_open,
    declared_values,
    is_closed,
    last_declared,
    mark_missing,
    return_submission,
    save_submission,
    see_submission,
    set_deadline,
    submit_submission,
    take_back_submission,
    units_owing,
)

__all__ = [
    "Draft",
    "approve_submission",
    "batches_open",
    "build",
    "canonical_json",
    "comment_report",
    "declared_values",
    "discard_report",
    "draft_article_from_report",
    "free_numbers",
    "freeze_report",
    "hindrances",
    "is_closed",
    "issue_report",
    "last_declared",
    "mark_missing",
    "next_number",
    "propose_exception",
    "publish_report",
    "return_submission",
    "revoke_report",
    "save_submission",
    "see_submission",
    "set_deadline",
    "settle_comment",
    "sha256_of",
    "submit_submission",
    "take_back_submission",
    "units_owing",
    "with_exact_figures",
]
