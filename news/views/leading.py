"""The home page as editors steer it: which articles lead it, in which order, how long."""

from __future__ import annotations

import datetime as dt
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from news import services
from news.forms import END_OF_DAY, LeadForm
from news.models import Article
from portal.addresses import takes_form, takes_post
from portal.models import User
from portal.permissions import ROOT, Permission, requires
from portal.views.attempts import attempt, shown_version

OFFERED = 60  # of the newest articles
USUAL_DAYS = 7
STEPS = {"up": -1, "down": 1}


@takes_form
@requires(Permission.PUBLISH_ARTICLE, on=ROOT)
def lead_list(request: HttpRequest) -> HttpResponse:
    """What leads the home page now; POST lets one article more lead it."""
    now = timezone.now()
    leading = list(Article.objects.leading(now).with_state(now).select_related("category"))
    others = (
        Article.objects.published(now).exclude(pk__in=[one.pk for one in leading]).filter(category__is_notice=False)
    )
    newest = others.newest_first().values_list("pk", flat=True)[:OFFERED]
    articles = Article.objects.filter(pk__in=list(newest)).newest_first()
    week = dt.datetime.combine(timezone.localdate() + dt.timedelta(days=USUAL_DAYS), END_OF_DAY)
    form = LeadForm(request.POST or None, articles=articles, initial={"until": timezone.make_aware(week)})
    values = form.cleaned_data | {"actor": _person(request)} if form.is_valid() else None
    if values is not None and attempt(form, services.pin_article, **values) is not None:
        messages.success(request, _("Readers see it at the head of the home page now."))
        return redirect("lead_list")
    return render(request, "news/lead_list.html", {"leading": leading, "form": form, "most": services.MOST_LEADING})


@takes_post("lead_list", keep=())
@requires(Permission.PUBLISH_ARTICLE, on=ROOT)
def lead_update(request: HttpRequest, number: int) -> HttpResponse:
    """Move an article that leads the home page, or take it off."""
    article = get_object_or_404(Article, pk=number)
    values = {"article": article, "version": shown_version(request), "actor": _person(request)}
    step = STEPS.get(request.POST.get("step", ""))
    if step is None:
        done = attempt(request, services.unpin_article, **values)
    else:
        done = attempt(request, services.move_pin, step=step, **values)
    if done is not None:
        messages.success(request, _("The home page is changed."))
    return redirect("lead_list")


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
