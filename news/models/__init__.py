"""Articles, their revisions and photos, the sections they stand in, and what a reader's page needs of them."""

from news.models.article import Article, ArticleQuerySet, ArticleRevision, Category, CategoryQuerySet, Tag
from news.models.attachment import Attachment
from news.models.document import Document
from news.models.letters import DraftLink, DraftOpening, ReaderNote
from news.models.photo import Photo, PhotoWords
from news.models.reading import LIVE, Reading, frame_version
from news.models.reads import ReadCount
from news.models.recheck import Recheck
from news.models.review import ReviewStep
from news.models.unsaved import UnsavedText

__all__ = [
    "LIVE",
    "Article",
    "ArticleQuerySet",
    "ArticleRevision",
    "Attachment",
    "Category",
    "CategoryQuerySet",
    "Document",
    "DraftLink",
    "DraftOpening",
    "Photo",
    "PhotoWords",
    "ReadCount",
    "ReaderNote",
    "Reading",
    "Recheck",
    "ReviewStep",
    "Tag",
    "UnsavedText",
    "frame_version",
]
