"""Stylesheets written in small files and sent as one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

_PART = re.compile(r'@import url\("([\w-]+\.css)"\);\n?')
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def join_sheet(text: str, read: Callable[[str], str]) -> str:
    """Return a sheet with each `@import url("part.css");` replaced by what `read("part.css")` gives, without comments.

    A part imports nothing itself. Without any import the text comes back as it is.
    """
    if not _PART.search(text):
        return text
    return _COMMENT.sub("", _PART.sub(lambda match: read(match[1]), text))


class JoinedSheetsStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage that collects a sheet of imports as one file: a page asks for one sheet, not for sixteen.

    With DEBUG, where nothing is collected, the browser follows the imports itself.
    """

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Join the sheets, then name, compress and list all files as before."""
        if not dry_run:
            for name in [name for name in paths if name.endswith(".css")]:
                self._join(name, paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _join(self, name: str, paths: dict[str, Any]) -> None:
        def read(path: str) -> str:
            storage, where = paths[path]
            with storage.open(where) as file:
                return str(file.read(), "utf-8")

        text = read(name)
        joined = join_sheet(text, lambda part: read(posixpath.join(posixpath.dirname(name), part)))
        if joined != text:
            self.delete(name)
            self._save(name, ContentFile(joined.encode()))
            paths[name] = (self, name)
