"""Fields for files, with words of our own: the browser's "Choose file" speaks the browser's language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.services import pictures

WORKBOOKS = ".xlsx,.xls,.ods,.fods,.csv"
DOCUMENTS = ".pdf,.docx,application/pdf"
PICTURES = "image/jpeg,image/png,image/webp,image/*"


class _PlainInput(forms.FileInput):
    """The bare control: one file, or several."""

    def __init__(self, attrs: dict[str, Any], *, many: bool) -> None:
        self.allow_multiple_selected = many
        super().__init__(attrs)


class FileInput(forms.ClearableFileInput):
    """A button that says what to do, the name and size of what was chosen, and what is taken.

    Without scripts the browser's own control is there; with them it is only heard, and the button is seen.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, *, accept: str, many: bool = False) -> None:
        self.allow_multiple_selected = many
        super().__init__({"accept": accept, **({"multiple": True} if many else {}), **(attrs or {})})

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return the control inside our own frame; of a file that is there already its name and a way to remove it."""
        context = self.get_context(name, value, attrs)["widget"]
        plain = _PlainInput(self.build_attrs(self.attrs, attrs), many=self.allow_multiple_selected)
        plain.attrs["data-limit"] = settings.UPLOAD_LIMIT
        plain.attrs["data-too-large"] = too_large("{name}", settings.UPLOAD_LIMIT)
        control = plain.render(name, None, None, renderer)
        many = self.allow_multiple_selected
        button = gettext("Choose files") if many else gettext("Choose a file")
        none = gettext("No files chosen yet") if many else gettext("No file chosen yet")
        kept: SafeString | str = ""
        if context.get("is_initial"):
            kept = format_html('<p class="file-kept"><a href="{}">{}</a></p>', value.url, value.name.rpartition("/")[2])
            if not self.is_required:
                kept += format_html(
                    '<label class="file-kept"><input type="checkbox" name="{}" id="{}"> {}</label>',
                    context["checkbox_name"], context["checkbox_id"], gettext("Remove this file"),
                )  # fmt: skip
        return format_html(
            '<div class="file" data-file>{}{}<label class="btn btn-secondary file-button" for="{}">{}</label> '
            '<span class="file-name" role="status" data-none="{}">{}</span></div>',
            kept, control, context["attrs"].get("id", ""), button, none, none,
        )  # fmt: skip


class PickInput(FileInput):
    """A button alone, for a form that goes off as soon as a file is chosen (`data-autosubmit`); it needs scripts."""

    def __init__(self, *, label: Any, accept: str) -> None:
        super().__init__({"class": "visually-hidden"}, accept=accept)
        self.label = label

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return the control, which is only heard, and its label as a button."""
        control = _PlainInput(self.build_attrs(self.attrs, attrs), many=False).render(name, None, None, renderer)
        icon = render_to_string("components/_icon.html", {"name": "upload"})
        label = '{}<label class="btn btn-secondary needs-js" for="{}">{}{}</label>'
        return format_html(label, control, (attrs or {}).get("id", ""), icon, self.label)


def too_large(name: str, limit: int) -> str:
    """Return the sentence for a file that is larger than what is taken."""
    return gettext("“%(name)s” is larger than %(limit)s. Choose a smaller file.") % {
        "name": name,
        "limit": filesizeformat(limit),
    }


class UploadField(forms.FileField):
    """One file, not larger than what is read. What is in it is the service's question."""

    def __init__(self, *, accept: str = WORKBOOKS, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FileInput(accept=accept))
        kwargs.setdefault("error_messages", {"required": _("Choose the file on your computer or phone.")})
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the file, or say by name that it is too large."""
        file = super().clean(data, initial)
        if file and getattr(file, "size", 0) > settings.UPLOAD_LIMIT and file is not initial:
            raise ValidationError(too_large(file.name, settings.UPLOAD_LIMIT), code="too_big")
        return file


class PictureField(UploadField):
    """One picture; clean data is a new file of its pixels alone (`portal.services.pictures`)."""

    def __init__(self, *, shape: pictures.Shape = pictures.Shape.EMBLEM, **kwargs: Any) -> None:
        super().__init__(accept=PICTURES, **kwargs)
        self.shape = shape

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the picture made anew, or say why it is not taken."""
        file = super().clean(data, initial)
        if not isinstance(file, UploadedFile):
            return file
        name = file.name or ""
        picture = pictures.take_in(file, name=name, shape=self.shape)
        stem = slugify(name.rpartition(".")[0])[:60] or "picture"
        return SimpleUploadedFile(stem + self.shape.ending, picture.content, self.shape.media_type)


class UploadsField(UploadField):
    """Several files; clean data is a list in the order they were chosen."""

    def __init__(self, *, most: int, accept: str = PICTURES, **kwargs: Any) -> None:
        super().__init__(widget=FileInput(accept=accept, many=True), **kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files sent."""
        files = list(data) if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > self.most:
            said = ngettext("At most %(count)d file at once.", "At most %(count)d files at once.", self.most)
            raise ValidationError(said % {"count": self.most})
        return [super(UploadsField, self).clean(one, initial) for one in files]
