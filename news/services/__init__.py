"""Writes of the newsroom, split by noun: articles, photos, and the markup they are made of."""

from news.services.articles import create_article, publish_article, save_article, text_problems
from news.services.attachments import add_attachment
from news.services.categories import create_category, update_category
from news.services.contents import with_anchors
from news.services.documents import create_document, update_document, withdraw_document
from news.services.figures import FigureWarning, figure_warnings
from news.services.leading import MOST_LEADING, move_pin, pin_article, unpin_article
from news.services.letters import make_draft_link, open_draft_link, revoke_draft_link, send_note, settle_note
from news.services.markup import clean_body, plain_text
from news.services.mending import mend_article, text_parts
from news.services.pasting import left_out_sentence
from news.services.photos import add_photo, describe_photo, photo_problems
from news.services.reads import count_reads
from news.services.rechecking import next_day, recheck_article, recheck_document, recheck_of, recheck_today
from news.services.reminding import remind_editors
from news.services.replacing import Replaced, replace_photo
from news.services.review import (
    approve_article,
    confirm_article,
    needs_second_person,
    return_article,
    review_kind,
    submit_article,
    unconfirmed_step,
)
from news.services.tags import create_tag, update_tag
from news.services.unsaved import drop_unsaved_text, keep_unsaved_text, unsaved_text
from news.services.withdrawing import replace_article, withdraw_article

__all__ = [
    "MOST_LEADING",
    "FigureWarning",
    "Replaced",
    "add_attachment",
    "add_photo",
    "approve_article",
    "clean_body",
    "confirm_article",
    "count_reads",
    "create_article",
    "create_category",
    "create_document",
    "create_tag",
    "describe_photo",
    "drop_unsaved_text",
    "figure_warnings",
    "keep_unsaved_text",
    "left_out_sentence",
    "make_draft_link",
    "mend_article",
    "move_pin",
    "needs_second_person",
    "next_day",
    "open_draft_link",
    "photo_problems",
    "pin_article",
    "plain_text",
    "publish_article",
    "recheck_article",
    "recheck_document",
    "recheck_of",
    "recheck_today",
    "remind_editors",
    "replace_article",
    "replace_photo",
    "return_article",
    "review_kind",
    "revoke_draft_link",
    "save_article",
    "send_note",
    "settle_note",
    "submit_article",
    "text_parts",
    "text_problems",
    "unconfirmed_step",
    "unpin_article",
    "unsaved_text",
    "update_category",
    "update_document",
    "update_tag",
    "with_anchors",
    "withdraw_article",
    "withdraw_document",
]
