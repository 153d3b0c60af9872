"""Forms with which an article is taken back, and another is named in its place."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from news.models import Article
from portal.forms.fields import LineField, TextField
from portal.lib.vietnamese import normalize
from portal.models import SearchEntry
from portal.services.texts import longest

_TITLES = lazy(lambda: f"{reverse('search_suggest')}?kind=article", str)()


class ArticleField(LineField):
    """An article that readers have: by its title, words of it, or its address; several that fit are listed."""

    ADDRESS = re.compile(r"(?:^|/|\()t/(\d{1,18})/?\)?$|/tin-tuc/[^?#]*-(\d{1,18})/?(?:[?#].*)?$")
    FITTING = 6

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=400, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "data-suggest": _TITLES}

    def prepare_value(self, value: Any) -> Any:
        """Return an article as its title and short address."""
        return f"{value.title} (t/{value.pk})" if isinstance(value, Article) else value

    def clean(self, value: Any) -> Article | None:
        """Return the article (None for an empty field that may be empty)."""
        text = normalize(super().clean(value) or "")
        if not text:
            return None
        public = Article.objects.published()
        if address := self.ADDRESS.search(text):
            found = list(public.filter(pk=int(address[1] or address[2])))
        else:
            found = list(public.filter(published_revision__title__iexact=text).newest_first()[: self.FITTING])
            if not found:
                entries = SearchEntry.objects.visible().filter(kind="article")
                refs = SearchEntry.objects.filter(pk__in=entries.best(text, self.FITTING)).values_list("ref", flat=True)
                found = list(public.filter(pk__in=[ref.rpartition(":")[2] for ref in refs]).newest_first())
        if len(found) == 1:
            return found[0]
        if found:
            names = "; ".join(str(self.prepare_value(one)) for one in found)
            sentence = gettext("“%(words)s” fits several articles: %(names)s. Copy the line of the one you mean.")
            raise forms.ValidationError(sentence % {"words": text, "names": names})
        sentence = gettext("Readers have no article “%(words)s”. Type words of its title, or paste its address.")
        raise forms.ValidationError(sentence % {"words": text})


class ReplaceForm(forms.Form):
    """What the readers of a withdrawn article are led to."""

    replacement = ArticleField(
        label=_("What is read instead"), required=False,
        help_text=_("Words of the title, or the address, of an article that readers have. Empty: none."),
    )  # fmt: skip
    answer = forms.ChoiceField(
        label=_("The old address"), required=False, widget=forms.RadioSelect, initial="say",
        choices=[
            ("say", _("says that this article was withdrawn, and where to read on")),
            ("lead", _("leads straight to the other article: the two are one now")),
        ],
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        return {"replacement": data.get("replacement"), "is_merged": data.get("answer") == "lead"}


class WithdrawForm(forms.Form):
    """Why something is taken back."""

    reason = TextField(
        label=_("Reason"), max_length=longest(Article, "withdrawn_reason"), rows=2,
        help_text=_("Readers who have the link see it, with the day."),
    )  # fmt: skip


class ArticleWithdrawForm(ReplaceForm, WithdrawForm):
    """Why an article is taken back, and what is read instead."""

    field_order = ("reason", "replacement", "answer")

    def __init__(self, *args: Any, was_read: bool, **kwargs: Any) -> None:
        """`was_read`: readers have it; of one that is scheduled nothing is read instead."""
        super().__init__(*args, **kwargs)
        if not was_read:
            del self.fields["replacement"], self.fields["answer"]
