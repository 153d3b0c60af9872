"""Writes of the reports app, split by noun: submissions, reports, the documents made of them, draft articles."""

from reports.services.articles import draft_article_from_report
from reports.services.issuing import hindrances, issue_report, next_number
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
    "declared_values",
    "draft_article_from_report",
    "hindrances",
    "is_closed",
    "issue_report",
    "last_declared",
    "mark_missing",
    "next_number",
    "propose_exception",
    "return_submission",
    "save_submission",
    "see_submission",
    "set_deadline",
    "sha256_of",
    "submit_submission",
    "take_back_submission",
    "units_owing",
    "with_exact_figures",
]
