"""The sections of the news: adding one and changing one are two pages."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from news import services
from news.forms import CategoryForm
from news.models import Category
from portal.addresses import takes_form
from portal.models import User
from portal.permissions import ROOT, Permission, requires
from portal.views.attempts import attempt, shown_version


@takes_form
@requires(Permission.PUBLISH_ARTICLE, on=ROOT)
def category_list(request: HttpRequest) -> HttpResponse:
    """The categories of the news; POST adds one and changes none."""
    form = CategoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = cast("User", request.user)
        if attempt(form, services.create_category, actor=person, **form.cleaned_data) is not None:
            messages.success(request, _("The category has been added."))
            return redirect("category_list")
    return render(request, "news/category_list.html", {"form": form, "categories": Category.objects.all()})


@takes_form
@requires(Permission.PUBLISH_ARTICLE, on=ROOT)
def category_update(request: HttpRequest, slug: str) -> HttpResponse:
    """Change one category; its address stays."""
    category = get_object_or_404(Category, slug=slug)
    initial = {name: getattr(category, name) for name in CategoryForm.base_fields}
    initial["editors"] = category.editors.all()
    form = CategoryForm(request.POST or None, initial=initial)
    del form.fields["slug"]
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": cast("User", request.user)}
        if attempt(form, services.update_category, category=category, **values) is not None:
            messages.success(request, _("The category has been saved."))
            return redirect("category_list")
    return render(request, "news/category_update.html", {"form": form, "category": category})
