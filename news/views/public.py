"""The public's pages: home, lists of articles, about the association."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from news.forms import DayForm
from news.models import Article, Category
from news.views.caching import public_response, render_public
from portal.lib.numbers import whole_number
from portal.models import Highlight, Posting, Unit
from portal.vocabulary import Role

STORIES_PER_PAGE = 20
LEADS = 5
PER_SECTION = 4
NOTICES = 5
OPEN_NOW = 6


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """The home page: lead articles, figures, categories, notices."""
    now = timezone.now()
    articles = list(Article.objects.published(now).for_home(now, LEADS + PER_SECTION).as_cards().newest_first())
    stories = [one for one in articles if not one.category.is_notice]
    leads = sorted(stories, key=lambda one: _place_of(one, now))[:LEADS]
    sections: dict[Category, list[Article]] = {}
    notices: list[Article] = []
    for article in articles:
        if article.category.is_notice:
            notices.append(article)
        elif article not in leads:
            sections.setdefault(article.category, []).append(article)
    context = {
        "lead": leads[0] if leads else None,
        "more_leads": leads[1:],
        "sections": [(one, sections[one][:PER_SECTION]) for one in sorted(sections, key=lambda one: one.position)],
        "notices": notices[:NOTICES],
        "highlights": list(Highlight.objects.current(now).filter(is_line=False)),
        "open_now": list(Highlight.objects.current(now).ending_first()[:OPEN_NOW]),
    }
    until = Article.objects.next_change(now)
    return public_response(request, render_public("news/home.html", context, path="/"), until=until, now=now)


@require_safe
def article_list(request: HttpRequest) -> HttpResponseBase:
    """All articles, newest first."""
    return _list_articles(request, "")


@require_safe
def category_detail(request: HttpRequest, category: str) -> HttpResponseBase:
    """The articles of one category, newest first."""
    return _list_articles(request, category)


@require_safe
def about(request: HttpRequest) -> HttpResponseBase:
    """The page about the association."""
    today = timezone.localdate()
    root = Unit.objects.roots(today).named_on(today).first()
    below: Any = Unit.objects.children_of(root, today).named_on(today) if root else Unit.objects.none()
    below = below.order_by("level_rank", "name", "code") if root else below
    leaders = Posting.objects.in_force(today).filter(unit=root, role=Role.LEADER, user__is_active=True)
    context = {
        "root": root,
        "leaders": list(leaders.order_by("user__full_name").values_list("user__full_name", flat=True)),
        "levels": [(level, list(units)) for level, units in groupby(below, key=lambda one: one.level_name)],
    }
    return public_response(request, render_public("news/about.html", context, path=request.path), now=timezone.now())


def _place_of(article: Article, now: dt.datetime) -> tuple[bool, int]:
    """Return what puts the articles that editors chose first, in their order, and leaves the others in theirs."""
    leads = article.pinned_until is not None and article.pinned_until > now
    return not leads, article.pinned_order if leads else 0


def _list_articles(request: HttpRequest, slug: str) -> HttpResponseBase:
    now = timezone.now()
    categories = list(Category.objects.all())
    category = next((one for one in categories if one.slug == slug), None)
    if slug and category is None:
        raise Http404
    articles = Article.objects.published(now)
    if category is not None:
        articles = articles.filter(category=category)
    form = DayForm(request.GET if "day" in request.GET else None)
    day = form.cleaned_data["day"] if form.is_bound and form.is_valid() else None
    beside = articles.days_beside(day) if day else (None, None)
    articles = articles.published_on(day) if day else articles
    number = whole_number(request.GET.get("page", "1"), least=1)
    paginator = Paginator(articles.as_cards().newest_first(), STORIES_PER_PAGE)
    if number is None or number > paginator.num_pages:
        raise Http404
    asked = ([("day", day.isoformat())] if day else []) + ([("page", str(number))] if number > 1 else [])
    path = f"{request.path}?{urlencode(asked)}" if asked else request.path
    context = {
        "category": category,
        "categories": categories,
        "page": paginator.page(number),
        "form": form,
        "day": day,
        "day_before": beside[0],
        "day_after": beside[1],
        "crumbs": [(category.name if category else "", "")],
        "path": path,
    }
    template = "news/article_list.html" if category is None else "news/category_detail.html"
    until = Article.objects.next_change(now)
    return public_response(request, render_public(template, context, path=path), until=until, now=now)
