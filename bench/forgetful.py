"""The portal that keeps no finished page of an article: every request renders it anew. For `bench_article.py`."""

from portal.wsgi import application  # isort: skip - Django is set up here

from news.views import article
from news.views.caching import Memo

__all__ = ["application"]

article._pages = Memo(0)
