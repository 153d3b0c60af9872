"""Forms of the newsroom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget

from news.models import Article, ArticleRevision, Category, Document, Photo, ReaderNote, Tag
from news.models.document import DocumentQuerySet
from news.models.photo import FOCUS_STEPS
from portal.forms.fields import DayField, LineField, MomentField, NameField, TextField
from portal.forms.files import DOCUMENTS, PICTURES, UploadField, UploadsField
from portal.lib.numbers import whole_number
from portal.lib.vietnamese import FIRST_DAY, normalize, slugify
from portal.models import Unit, User
from portal.models.unit import SearchKey, holding
from portal.services.texts import longest
from portal.vocabulary import LONGEST_REASON, Role

MOST_PHOTOS_AT_ONCE = 30
MOST_FILES_AT_ONCE = 10
END_OF_DAY = dt.time(23, 59)
#: The places of FOCUS_STEPS in words.
ACROSS = (
    _("at the left edge"), _("left of the middle"), _("in the middle"), _("right of the middle"),
    _("at the right edge"),
)  # fmt: skip
DOWN = (_("at the top"), _("above the middle"), _("in the middle"), _("below the middle"), _("at the bottom"))
EDITOR = {
    "Bold": True, "Italic": True, "Subscript": True, "Superscript": True, "Heading": {"levels": [2, 3, 4]},
    "BulletList": True, "OrderedList": True, "ListItem": True, "Blockquote": True, "HardBreak": True,
    "Link": {"enableTarget": False}, "Table": True, "TableRow": True, "TableHeader": True, "TableCell": True,
    "History": True, "Fullscreen": True,
}  # fmt: skip


class StoryEditor(ProseEditorWidget):
    """The prose editor, to which our own script adds photos; without scripts it is a plain text area."""

    def __init__(self) -> None:
        super().__init__(
            config={"extensions": EDITOR},
            preset="configurable",
            attrs={"rows": 18, "data-story-body": "", "class": "form-control"},
        )

    def get_config(self) -> dict[str, Any]:
        """Add what our script brings."""
        config: dict[str, Any] = super().get_config()
        config["extensions"] = {**config["extensions"], "Photo": True, "FilePlace": True, "VideoPlace": True}
        config["js_modules"] = [static("js/newsroom_editor.js")]
        return config


#: The words of the editor's own dialogs; its script asks `window.gettext` for them.
EDITOR_WORDS = {
    "Heading 2": _("Heading 2"),
    "Heading 3": _("Heading 3"),
    "Heading 4": _("Heading 4"),
    "heading 2": _("Heading 2"),
    "heading 3": _("Heading 3"),
    "heading 4": _("Heading 4"),
    "paragraph": _("Paragraph"),
    "Paragraph": _("Paragraph"),
    "unordered list": _("Bullets"),
    "ordered list": _("Numbered list"),
    "blockquote": _("Quotation"),
    "bold": _("Bold"),
    "italic": _("Italic"),
    "subscript": _("Subscript"),
    "superscript": _("Superscript"),
    "insert link": _("Insert link"),
    "remove link": _("Remove link"),
    "undo": _("Undo"),
    "redo": _("Redo"),
    "Add column": _("Add a column"),
    "Delete column": _("Delete the column"),
    "Add row": _("Add a row"),
    "Delete row": _("Delete the row"),
    "Delete table": _("Delete the table"),
    "Insert table": _("Insert Table"),
    "Merge cells": _("Merge cells"),
    "Split cell": _("Split the cell"),
    "Toggle header cell": _("Make it a heading cell, or not"),
    "Bullets": _("Bullets"),
    "Cancel": _("Cancel"),
    "Columns": _("Columns"),
    "Decimal numbers": _("Decimal numbers"),
    "Edit Link": _("Edit Link"),
    "Include header row": _("Include header row"),
    "Insert": _("Insert"),
    "Insert Table": _("Insert Table"),
    "List properties": _("List properties"),
    "List type": _("List type"),
    "Lowercase Roman numerals": _("Lowercase Roman numerals"),
    "Lowercase letters": _("Lowercase letters"),
    "Rows": _("Rows"),
    "Start at": _("Start at"),
    "Table Properties": _("Table Properties"),
    "table caption": _("Caption of the table, if it has one"),
    "Title": _("Title"),
    "Toggle fullscreen": _("Toggle fullscreen"),
    "URL": _("Address of the link"),
    "Update": _("Update"),
    "Yes": pgettext_lazy("a table has a heading row", "Yes"),
    "No": _("No"),
    "Uppercase Roman numerals": _("Uppercase Roman numerals"),
    "Uppercase letters": _("Uppercase letters"),
}


class TagsField(LineField):
    """Names separated by commas; the form is also given tags."""

    def prepare_value(self, value: Any) -> Any:
        """Return the names in one line."""
        return value if value is None or isinstance(value, str) else name_tags(value)

    def clean(self, value: Any) -> list[Any]:
        """Return the names, each once; what is named as a tag already is that tag."""
        text = super().clean(self.prepare_value(value))
        names = list(dict.fromkeys(name for part in text.split(",") if (name := normalize(part))))
        known = {one.slug: one for one in Tag.objects.filter(slug__in=[slugify(name) for name in names])}
        return sorted(dict.fromkeys(known.get(slugify(name), name) for name in names), key=str)


def name_tags(tags: Iterable[Tag | str]) -> str:
    """Return the names of tags in one line, as their field takes them."""
    return ", ".join(str(tag) for tag in tags)


class TagForm(forms.Form):
    """A tag, or a series."""

    name = NameField(label=_("Name"), max_length=longest(Tag, "name"))
    description = LineField(label=_("Description"), max_length=longest(Tag, "description"), required=False)
    is_series = forms.BooleanField(
        label=_("A series: articles that tell one matter on, set beside each other first"), required=False
    )


class ArticleForm(forms.Form):
    """An article's text, and photos to bring in."""

    title = LineField(label=_("Title"), max_length=longest(Article, "title"))
    category = forms.ModelChoiceField(label=_("Category"), queryset=Category.objects.all(), empty_label=None)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    lead = LineField(
        label=_("Lead"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences: what, who, where, when. Shown in bold above the text."),
    )  # fmt: skip
    body = forms.CharField(label=_("Text of the article"), required=False, widget=StoryEditor)
    byline = LineField(label=_("Byline"), required=False, max_length=longest(ArticleRevision, "byline"))
    source = LineField(
        label=_("Source"), required=False, max_length=longest(ArticleRevision, "source"),
        help_text=_("Whose article it is, where it comes from elsewhere."),
    )  # fmt: skip
    tags = TagsField(
        label=_("Tags and series"), required=False, max_length=600,
        help_text=_("Separated by commas. Articles with the same words are shown beside each other."),
    )  # fmt: skip
    cover = forms.ModelChoiceField(
        label=_("Cover photo"), queryset=Photo.objects.none(), required=False, empty_label=_("choose")
    )
    is_photo_story = forms.BooleanField(
        label=_("A photo story: its photos are shown large, one below the other, each with its number"), required=False
    )
    new_photos = UploadsField(label=_("Photos"), required=False, most=MOST_PHOTOS_AT_ONCE)
    new_files = UploadsField(
        label=_("Files for readers (PDF or Word)"), required=False, most=MOST_FILES_AT_ONCE, accept=DOCUMENTS
    )
    form_key = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, units: QuerySet[Unit], photos: QuerySet[Photo], article: Article | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        unit = cast("forms.ModelChoiceField", self.fields["unit"])
        cover = cast("forms.ModelChoiceField", self.fields["cover"])
        cover.queryset = photos
        if article is None:
            unit.queryset = units
            unit.label_from_instance = lambda one: one.name_on(timezone.localdate())  # type: ignore[method-assign,assignment]  # as Django documents it
        else:
            del self.fields["unit"]


class PhotoForm(forms.Form):
    """What is said about one photo."""

    caption = LineField(label=_("Caption"), required=False, max_length=longest(Photo, "caption"))
    alt = LineField(
        label=_("Description for people who cannot see it"), required=False, max_length=longest(Photo, "alt"),
        help_text=_("What the picture shows, not the caption once more."),
    )  # fmt: skip
    decorative = forms.BooleanField(label=_("A decorative photo: it needs no description"), required=False)
    credit = LineField(label=_("Photo by"), required=False, max_length=longest(Photo, "credit"))


class PhotoUploadForm(forms.Form):
    """One photo that is brought in while the text is written."""

    file = UploadField(label=_("Photo"), accept=PICTURES)
    form_key = LineField(max_length=36, required=False, widget=forms.HiddenInput)


class LibraryUploadForm(forms.Form):
    """Photos for the library of a unit, for no article yet."""

    pictures = UploadsField(label=_("Photos"), most=MOST_PHOTOS_AT_ONCE)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = cast("forms.ModelChoiceField", self.fields["unit"])
        unit.queryset = units
        unit.label_from_instance = lambda one: one.name_on(timezone.localdate())  # type: ignore[method-assign,assignment]  # as Django documents it


class LibraryPhotoForm(PhotoForm):
    """What the library knows of a photo. Whether it is decorative depends on the article."""

    decorative = None  # type: ignore[assignment]  # as Django documents it

    focus_x = forms.TypedChoiceField(
        label=_("What matters lies, across"), coerce=int, choices=list(zip(FOCUS_STEPS, ACROSS, strict=True)),
        help_text=_("On the home page and in shared links the photo is cut around this place."),
    )  # fmt: skip
    focus_y = forms.TypedChoiceField(
        label=_("What matters lies, down"), coerce=int, choices=list(zip(FOCUS_STEPS, DOWN, strict=True))
    )
    rights = LineField(
        label=_("Rights"), required=False, max_length=longest(Photo, "rights"),
        help_text=_("Whose photo it is, and who allowed us to show it. Readers do not see it."),
    )  # fmt: skip
    shows_children = forms.BooleanField(label=_("Children can be recognised in it"), required=False)
    consent = LineField(
        label=_("Who agreed to its being shown"), required=False, max_length=longest(Photo, "consent"),
        help_text=_("For example the parents, on what day, on what paper. Readers do not see it."),
    )  # fmt: skip


class PhotoReplaceForm(forms.Form):
    """The file that comes in a photo's place."""

    file = UploadField(label=_("New file"), accept=PICTURES)


class FileUploadForm(forms.Form):
    """One file that is brought in while the text is written."""

    file = UploadField(label=_("File (PDF or Word)"), accept=DOCUMENTS)
    form_key = LineField(max_length=36, required=False, widget=forms.HiddenInput)


class PublishForm(forms.Form):
    """When readers get an article."""

    at = MomentField(
        label=_("Publish at"), required=False,
        help_text=_("Vietnam time. Empty: at once."),
    )  # fmt: skip
    back_dated = forms.BooleanField(label=_("Yes, this article belongs to an earlier day"), required=False)
    until = MomentField(label=_("Show until"), required=False, without_time=END_OF_DAY, help_text=_("Empty: for good."))
    pinned_until = MomentField(
        label=_("Lead the home page until"),
        required=False,
        without_time=END_OF_DAY,
        help_text=_("Empty: by its date alone."),
    )

    urgent_reason = TextField(
        label=_("Why it cannot wait for somebody else's approval"), required=False, rows=2, max_length=LONGEST_REASON,
        help_text=_("Nobody else has approved this text. Published so, it waits to be approved afterwards."),
    )  # fmt: skip

    def __init__(self, *args: Any, is_alone: bool = False, may_lead: bool = True, **kwargs: Any) -> None:
        """`is_alone`: a second person must approve, and nobody has; `may_lead`: the home page is theirs to steer."""
        super().__init__(*args, **kwargs)
        if not may_lead:
            del self.fields["pinned_until"]
        if not is_alone:
            del self.fields["urgent_reason"]

    def clean(self) -> dict[str, Any]:
        """Ask for a yes where the time has passed: it may be a slip of the pen."""
        data = super().clean() or {}
        at, until = data.get("at"), data.get("until")
        if at and at < timezone.now() - dt.timedelta(minutes=2) and not data.get("back_dated"):
            self.add_error(
                "back_dated", gettext("This time has passed. Tick here if the article should really carry it.")
            )
        if at and until and until <= at:
            self.add_error("until", gettext("The end must lie after the time of publishing."))
        return data


class ReviewForm(forms.Form):
    """What becomes of a text that waits, and why it is returned."""

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = TextField(
        label=_("What should be changed"), max_length=LONGEST_REASON, rows=3, required=False,
        help_text=_("Needed when the text is returned; its writer reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, urgent: bool = False, **kwargs: Any) -> None:
        """`urgent`: it is published already, and waits to be approved afterwards."""
        super().__init__(*args, **kwargs)
        waiting = [("approve", _("Approve it")), ("return", _("Return it to its writer"))]
        decision = cast("forms.ChoiceField", self.fields["decision"])
        decision.choices = [("confirm", _("Approve it afterwards"))] if urgent else waiting
        decision.initial = decision.choices[0][0] if urgent else None


class LeadForm(forms.Form):
    """Which article leads the home page, and how long."""

    article = forms.ModelChoiceField(label=_("Article"), queryset=Article.objects.none(), empty_label=None)
    until = MomentField(
        label=_("Lead the home page until"), without_time=END_OF_DAY,
        help_text=_("Then it goes back to its place by date by itself."),
    )  # fmt: skip

    def __init__(self, *args: Any, articles: QuerySet[Article], **kwargs: Any) -> None:
        """`articles`: what may be chosen, newest first."""
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["article"]).queryset = articles


class MendForm(forms.Form):
    """The words of a live article, each piece of its text in a field of its own."""

    title = LineField(label=_("Title"), max_length=longest(Article, "title"))
    lead = LineField(label=_("Lead"), widget=forms.Textarea(attrs={"rows": 3}))
    urgent_reason = TextField(
        label=_("Why it cannot wait for somebody else's approval"), rows=2, max_length=LONGEST_REASON,
        help_text=_("Readers have the correction at once; it waits to be approved afterwards."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, revision: ArticleRevision, parts: dict[int, str], needs_second: bool, **kwargs: Any
    ) -> None:
        """`parts`: the words of the text by their place; `needs_second`: a second person must approve."""
        kwargs["initial"] = {"title": revision.title, "lead": revision.lead}
        super().__init__(*args, **kwargs)
        self.places, self.photos = list(parts), revision.shown_photo_ids
        urgent = self.fields.pop("urgent_reason")
        for number, (place, words) in enumerate(parts.items(), start=1):
            label = gettext("Piece %(number)d of the text") % {"number": number}
            widget = forms.Textarea(attrs={"rows": min(8, 1 + len(words) // 60)})
            self.fields[f"text-{place}"] = LineField(label=label, required=False, widget=widget, initial=words)
        for place, photo in enumerate(self.photos, start=1):
            label = gettext("Caption of photo %(number)d") % {"number": place}
            self.fields[f"photo-{photo}-caption"] = LineField(
                label=label, required=False, max_length=longest(Photo, "caption"),
                initial=revision.words_of(photo)["caption"],
            )  # fmt: skip
        if needs_second:
            self.fields["urgent_reason"] = urgent

    def values(self, revision: ArticleRevision) -> dict[str, Any]:
        """Return what the service takes; what is said of photos besides their captions stays."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "lead": data["lead"],
            "texts": {place: data[f"text-{place}"] for place in self.places},
            "photo_words": {
                photo: revision.words_of(photo) | {"caption": data[f"photo-{photo}-caption"]} for photo in self.photos
            },
            "urgent_reason": data.get("urgent_reason", ""),
        }


class DayForm(forms.Form):
    """The news of one day."""

    day = DayField(label=_("News of the day"), required=False, last=timezone.localdate)


class NoteForm(forms.Form):
    """What a reader writes to the editors. The field `website` is out of people's sight: only robots fill it."""

    text = TextField(label=_("What you want to say"), rows=5)
    name = LineField(label=_("Your name"), max_length=longest(ReaderNote, "name"), required=False)
    contact = LineField(
        label=_("Your phone or e-mail"), max_length=longest(ReaderNote, "contact"), required=False,
        help_text=_("Only if you would like an answer. Only the editors see it."),
    )  # fmt: skip
    website = LineField(
        required=False, label=_("Leave this empty"), max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip


class RemarkForm(NoteForm):
    """What somebody without an account says of a draft that they were shown."""

    name = LineField(label=_("Your name"), max_length=longest(ReaderNote, "name"))
    text = TextField(label=_("What should be changed"), rows=5)


class CategoryForm(forms.Form):
    """A section of the news."""

    name = NameField(label=_("Name"), max_length=longest(Category, "name"))
    slug = LineField(
        label=_("Address"),
        max_length=longest(Category, "slug"),
        required=False,
        help_text=_("Empty: made from the name. It never changes."),
    )
    description = LineField(label=_("Description"), max_length=longest(Category, "description"), required=False)
    position = forms.IntegerField(label=_("Order"), min_value=0, max_value=999, initial=0)
    is_notice = forms.BooleanField(label=_("Shown as notices on the home page"), required=False)
    recheck_months = forms.IntegerField(
        label=_("Check its articles again after (months)"), min_value=1, max_value=60, required=False,
        help_text=_(
            "For guides and pages that should stay right; those that readers have now are counted from today. "
            "Empty: only articles given a day of their own."
        ),
    )  # fmt: skip
    editors = forms.ModelMultipleChoiceField(
        label=_("Only these people publish in it"), queryset=User.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Nobody ticked: every editor."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        editors = cast("forms.ModelMultipleChoiceField", self.fields["editors"])
        editors.queryset = User.objects.filter(postings__role=Role.EDITOR).distinct().order_by("full_name")
        editors.label_from_instance = lambda one: one.full_name  # type: ignore[method-assign,assignment]  # as Django documents it


class DocumentForm(forms.Form):
    """A document for everybody, and its file."""

    kind = forms.ChoiceField(label=_("Kind of document"), choices=[("", _("Choose …")), *Document.Kind.choices])
    number = LineField(
        label=_("Number and symbol"), max_length=longest(Document, "number"),
        help_text=_("As it stands on the document."),
    )  # fmt: skip
    issuer = LineField(label=_("Issued by"), max_length=longest(Document, "issuer"))
    issued_on = DayField(label=_("Issued on"), last=timezone.localdate)
    effective_on = DayField(label=_("In force from"), required=False, help_text=_("Empty: from the day it was issued."))
    abstract = LineField(
        label=_("What it is about"), max_length=longest(Document, "abstract"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    file = UploadField(label=_("File (PDF or Word)"), accept=DOCUMENTS)

    def __init__(self, *args: Any, units: QuerySet[Unit] | None = None, **kwargs: Any) -> None:
        """`units`: for which a new document may be put out; without them the form changes one that is there."""
        super().__init__(*args, **kwargs)
        if units is None:
            del self.fields["unit"]
            self.fields["file"].required = False
            self.fields["file"].help_text = _("Empty: the file stays as it is.")
        else:
            unit = cast("forms.ModelChoiceField", self.fields["unit"])
            unit.queryset = units
            unit.label_from_instance = lambda one: one.name_on(timezone.localdate())  # type: ignore[method-assign,assignment]  # as Django documents it


class DocumentSearchForm(forms.Form):
    """Which documents a reader looks for."""

    kind = forms.ChoiceField(
        label=_("Kind of document"), choices=[("", _("All kinds")), *Document.Kind.choices], required=False
    )
    year = LineField(
        label=_("Year"), required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )  # fmt: skip
    q = LineField(label=_("Number or words"), required=False, max_length=100)

    def clean_year(self) -> int | None:
        """Return the year, or say that it is none."""
        text = self.cleaned_data["year"]
        year = whole_number(text, least=FIRST_DAY.year, most=2099) if text else None
        if text and year is None:
            raise forms.ValidationError(gettext("“%(value)s” is no year: write it as 2026.") % {"value": text})
        return year

    @property
    def asked(self) -> dict[str, str]:
        """What narrows the list, for an address."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}

    def narrow(self, documents: DocumentQuerySet) -> DocumentQuerySet:
        """Return the documents that fit; none where something cannot be meant."""
        if not self.is_valid():
            return documents.none()
        data = self.cleaned_data
        if data["kind"]:
            documents = documents.filter(kind=data["kind"])
        if data["year"]:
            documents = documents.filter(issued_on__year=data["year"])
        if data["q"]:
            text = Concat("number", Value(" "), "issuer", Value(" "), "abstract")
            documents = documents.alias(key=SearchKey(text))
            for word in data["q"].split():
                documents = documents.filter(holding(word))
        return documents
