"""The one way in which a view meets a refusal: `attempt`. A ConflictError is answered 409 by the middleware."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest

from portal import audit
from portal.services.refusals import ConflictError, ForbiddenError

R = TypeVar("R")


def attempt(where: forms.BaseForm | HttpRequest, service: Callable[..., R | None], **values: Any) -> R | None:
    """Call a service; None when it refuses, its sentences then stand in the form (or above the next page).

    What was not the person's to do (ForbiddenError) is written into the audit; what the page did not even offer is a
    ConflictError.

    Beside which field a sentence stands is said by the service; a form whose fields are called otherwise names them in
    `error_fields` (what the service names, or the error's code -> field).
    """
    try:
        return service(**values)
    except ValidationError as error:
        if isinstance(error, ForbiddenError) and error.is_offered_nowhere:
            raise ConflictError(" ".join(error.messages)) from error
        if isinstance(error, ForbiddenError):
            target = next((one for name, one in values.items() if name != "actor" and isinstance(one, Model)), None)
            audit.record_refusal(values["actor"], detail={"act": service.__name__}, target=target)
        if isinstance(where, HttpRequest):
            for sentence in error.messages:
                messages.error(where, sentence)
        else:
            take_errors(where, error)
        return None


def take_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put a service's refusal beside the form's fields; what names another field stands above the form."""
    fields: dict[str, str] = getattr(form, "error_fields", {})
    if not hasattr(error, "error_dict"):
        for one in error.error_list:
            form.add_error(fields.get(one.code or ""), one)
        return
    for name, errors in error.error_dict.items():
        field = fields.get(name, name)
        form.add_error(field if field in form.fields and not form.fields[field].widget.is_hidden else None, errors)


def shown_version(request: HttpRequest) -> str:
    """Return the version that the form showed (`{% version row %}`); "" when it showed none, which fits no row."""
    return request.POST.get("version", "")
