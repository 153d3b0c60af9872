"""The portal that keeps no finished page of an article: every request renders it anew. For `bench_article.py`."""

from news.views import article
from news.views.caching import Memo
from portal.wsgi import application

__all__ = ["application"]

article._pages = Memo(0)
