"""The forms of the site's own facts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.models import Fanpage, SiteProfile


class SiteForm(forms.ModelForm):
    """The association's facts."""

    class Meta:
        model = SiteProfile
        exclude = ("id",)  # noqa: DJ006 - every fact is the administrator's to change
        widgets = {
            "recipients_of_documents": forms.Textarea(attrs={"rows": 3}),
            "legal_bases": forms.Textarea(attrs={"rows": 4}),
            "about": forms.Textarea(attrs={"rows": 5}),
        }


class FanpageForm(forms.ModelForm):
    """A page on a social network."""

    url = forms.URLField(label=_("Address"), max_length=300, assume_scheme="https")

    class Meta:
        model = Fanpage
        fields = ("name", "owner", "url")


FanpageFormSet = forms.modelformset_factory(Fanpage, form=FanpageForm, extra=1, can_delete=True)
