"""HTML to PDF/UA-1 with WeasyPrint: tagged, with language and title, every font embedded.

What a document may load is what this project has: static files, media and data: addresses. Nothing is fetched from the
network, and no other file of the machine can be read.
"""

from __future__ import annotations

import contextlib
import gc
import io
import mimetypes
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from pypdfium2 import PdfDocument
from weasyprint import HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from portal.lib.charts import chart_data_uri

Folders = Mapping[str, Sequence[Path]]

_IMAGE_DPI = 200  # enough for paper; a camera's picture is made smaller
_VIEW_BOX = re.compile(r'viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"')
_one_at_a_time = threading.Lock()  # Pango's font map is not made for several threads
_SELDOM = (200_000, 20, 1_000)  # new objects before a look for garbage


class MissingFileError(RuntimeError):
    """A static file that the document's template names does not exist: our mistake, so nothing is rendered."""


class _StopError(FatalURLFetchingError):
    """What stops WeasyPrint; a BaseException there, so it never leaves this module."""


class ProjectFiles(URLFetcher):
    """Serves addresses below given prefixes from given folders, and data: addresses; refuses all else.

    A refused or lost picture is left out; a missing static file stops the rendering.
    """

    def __init__(self, base_url: str, folders: Folders, required: str = "") -> None:
        super().__init__(allowed_protocols=("data",))
        self._origin = urlsplit(base_url)[:2]
        self._folders = folders
        self._required = required

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """Return the response for an address, or raise ValueError where it is not ours."""
        parts = urlsplit(url)
        if parts[:2] != self._origin:
            return super().fetch(url, headers)  # data:, or a refusal
        for prefix, places in self._folders.items():
            if parts.path.startswith(prefix):
                return self._read(url, unquote(parts.path.removeprefix(prefix)), places, prefix)
        raise ValueError(f"documents load static files and media only, not {url}")

    def _read(self, url: str, name: str, places: Sequence[Path], prefix: str) -> URLFetcherResponse:
        for place in places:
            root = Path(place).resolve()
            path = (root / name).resolve()
            if path.is_relative_to(root) and path.is_file():
                kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
        if prefix == self._required:
            raise _StopError(f"no static file {name}")
        raise ValueError(f"no file {name}")


@cache
def _fonts() -> FontConfiguration:
    """Return the one font configuration of this process: fonts are read once, not once per document."""
    return FontConfiguration()


@contextlib.contextmanager
def _rendering() -> Iterator[None]:
    """Let one document be made at a time, with few looks for garbage: a fifth quicker, in a quarter more memory.

    Its boxes, hundreds of thousands, live until it is written, and every look goes through all of them in vain.
    """
    with _one_at_a_time:
        usual = gc.get_threshold()
        gc.set_threshold(*_SELDOM)
        try:
            yield
        finally:
            gc.set_threshold(*usual)


def render_pdf(
    html: str, *, title: str, lang: str = "vi", base_url: str | None = None, folders: Folders | None = None
) -> bytes:
    """Return the PDF/UA-1 of a whole HTML document (usually `templates/documents/*.html`).

    `title` and `lang` are the document's whatever the HTML says. `base_url` (SITE_URL) makes links absolute; `folders`
    (prefix -> folders) tells where files are, the project's static files and media by default. Every `<img>` needs an
    `alt` that is not empty, and a drawing comes as `<img src="data:...">`, never as inline SVG: PDF/UA asks for both.
    Raises MissingFileError where a stylesheet or font of ours is not there.
    """
    return render_pdf_in_parts([html], title=title, lang=lang, base_url=base_url, folders=folders) or b""


def render_pdf_in_parts(
    parts: Iterable[str],
    *,
    title: str,
    lang: str = "vi",
    base_url: str | None = None,
    folders: Folders | None = None,
    go_on: Callable[[int], bool] = lambda _parts: True,
) -> bytes | None:
    """Return one PDF of several HTML documents, one after another, each font embedded once.

    `go_on` is told how many parts are laid out and says whether to continue; None is returned when it does not. The
    rest is as in `render_pdf`.
    """
    base = f"{(base_url or settings.SITE_URL).rstrip('/')}/"
    fetcher = ProjectFiles(base, folders or _project_folders(), settings.STATIC_URL)
    options = {"pdf_variant": "pdf/ua-1", "dpi": _IMAGE_DPI}
    documents: list[Document] = []
    try:
        for number, html in enumerate(parts, start=1):
            with _rendering():
                source = HTML(string=html, base_url=base, url_fetcher=fetcher)
                documents.append(source.render(font_config=_fonts(), **options))
            if not go_on(number):
                return None
        with _rendering():
            whole = documents[0].copy([page for one in documents for page in one.pages])
            whole.metadata.title, whole.metadata.lang = title, lang
            pdf: bytes = whole.write_pdf(**options)
    except _StopError as stop:
        raise MissingFileError(str(stop)) from None
    return pdf


def render_drawings(drawings: Sequence[str], *, width: int = 1400) -> list[bytes]:
    """Return PNGs of SVG drawings with a `viewBox`, each `width` pixels wide, in the fonts of our papers.

    For documents that take no drawings, such as Word's.
    """
    if not drawings:
        return []
    sizes = [_VIEW_BOX.search(svg) for svg in drawings]
    rules = "".join(
        f"@page d{number} {{ size: {size['width']}px {size['height']}px; margin: 0; @top-center {{ content: none }} }} "
        f".d{number} {{ page: d{number} }} "
        for number, size in enumerate(sizes)
        if size
    )
    sheets = "".join(
        f'<div class="d{number}"><img src="{chart_data_uri(svg)}" alt="." style="display: block; width: 100%"></div>'
        for number, svg in enumerate(drawings)
    )
    css = f"{settings.STATIC_URL}css/document.css"
    html = f'<html lang="vi"><link rel="stylesheet" href="{css}"><style>{rules}</style>{sheets}</html>'
    pages = PdfDocument(render_pdf(html, title="-"))
    pngs = []
    for number in range(len(drawings)):
        stream = io.BytesIO()
        pages[number].render(scale=width / pages[number].get_width()).to_pil().save(stream, "PNG", optimize=True)
        pngs.append(stream.getvalue())
    return pngs


def _project_folders() -> Folders:
    """Return where this project's files are; collected static files first, for their names carry a hash."""
    return {
        settings.STATIC_URL: [Path(settings.STATIC_ROOT), *map(Path, settings.STATICFILES_DIRS)],
        settings.MEDIA_URL: [Path(settings.MEDIA_ROOT)],
    }
