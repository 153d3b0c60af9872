"""Articles, their revisions and photos, and the sections they stand in."""

from news.models.article import Article, ArticleQuerySet, ArticleRevision, Category, CategoryQuerySet
from news.models.photo import Photo
from news.models.reading import Reading

__all__ = ["Article", "ArticleQuerySet", "ArticleRevision", "Category", "CategoryQuerySet", "Photo", "Reading"]
