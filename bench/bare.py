"""The limit that `bench_article.py` measures against: bare Django, one SELECT and a constant answer.

The answer has BENCH_BYTES bytes. BENCH_MIDDLEWARE=none leaves out what `startproject` puts around every view.
"""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal import database

BODY = b"x" * int(os.environ["BENCH_BYTES"])
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def page(request: HttpRequest) -> HttpResponse:
    """Answer after one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, slug, published_at FROM news_article LIMIT 1")
        cursor.fetchone()
    return HttpResponse(BODY)


urlpatterns = [path("", page)]
os.environ.pop("DJANGO_SETTINGS_MODULE", None)
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": database.configuration(os.environ["DATABASE_URL"], Path(os.environ["PORTAL_DATA"]))},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[] if os.environ.get("BENCH_MIDDLEWARE") == "none" else MIDDLEWARE,
    ROOT_URLCONF="bare",
    SECRET_KEY="bench",  # noqa: S106 - thrown away with the run
    USE_TZ=True,
)
application = get_wsgi_application()
