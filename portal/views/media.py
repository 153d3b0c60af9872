"""Pictures of the site itself, which everybody may see: its logo. Others have views that ask who may."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Send a file; a name that no disk can hold is as unknown as any other."""
    try:
        return serve(request, path, document_root=str(settings.MEDIA_ROOT / "site"))
    except OSError:
        raise Http404
