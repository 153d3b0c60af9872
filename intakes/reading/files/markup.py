"""XML that nobody trusts, as a stream of tags: in UTF-8 whatever it was written in, without DTD, not nested endlessly.

The tokenizer is expat, which takes time and memory in proportion to the text; nothing looks for tags by itself.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from intakes.reading.files.errors import WorkbookError

MOST_NESTED = 200  # elements within each other; spreadsheet programs need twenty

_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
    (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"),
)  # fmt: skip
_DECLARATION = re.compile(rb"\s{0,99}<\?xml\b([^>]{0,199})\?>")
_ENCODING = re.compile(rb"""\bencoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})["']""")
_SINGLE_BYTES = {"iso-8859-1", "latin1", "windows-1252", "windows-1258"}
_TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")  # only where expat has found one

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]


def as_utf8(part: bytes) -> bytes:
    """Return a part in UTF-8 without mark and foreign declaration; WorkbookError for a DTD or an unknown encoding."""
    if part.startswith(b"\xef\xbb\xbf"):
        part = part[3:]
    encoding = next((name for mark, name in _MARKS if part.startswith(mark)), "")
    declared = _DECLARATION.match(part)
    if not encoding and declared is not None and (named := _ENCODING.search(declared[1])):
        name = named[1].decode("ascii").lower()
        if name in _SINGLE_BYTES:
            encoding = name
        elif name not in {"utf-8", "utf8", "us-ascii", "ascii"}:
            raise WorkbookError("corrupt")
    if encoding:
        try:
            part = part.decode(encoding).lstrip("\ufeff").encode()
        except UnicodeError as error:
            raise WorkbookError("corrupt") from error
        part = _DECLARATION.sub(b"", part, count=1)
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise WorkbookError("corrupt")
    return part


def parser_for(*, namespaces: bool = False) -> Any:
    """Return an expat parser that refuses a DTD. With `namespaces` names are "uri}name", else as they were written."""
    parser = expat.ParserCreate(namespace_separator="}" if namespaces else None)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def parse(parser: Any, part: bytes) -> None:
    """Run a part through a parser; WorkbookError when it is no XML."""
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError, OverflowError) as error:
        if isinstance(error, WorkbookError):
            raise
        raise WorkbookError("corrupt") from error


def read_tags(part: bytes, start: Start) -> None:
    """Call `start` with the name, without prefix, and the attributes of every element."""
    parser = parser_for()
    parser.StartElementHandler = lambda name, attributes: start(local(name), attributes)
    parse(parser, part)


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def opening_tag(name: str, attributes: Attributes) -> bytes:
    """Write an opening tag."""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{written}>".encode()


def without_counts(part: bytes, *, root_only: bool) -> bytes:
    """Return a part without the numbers that announce how much follows: a reader would reserve room for as much."""
    found: list[tuple[int, str, Attributes]] = []
    parser = parser_for()

    def start(name: str, attributes: Attributes) -> None:
        if not attributes.keys().isdisjoint(_COUNTS):
            found.append((parser.CurrentByteIndex, name, attributes))
        if root_only:
            raise _FoundError

    parser.StartElementHandler = start
    with contextlib.suppress(_FoundError):
        parse(parser, part)
    pieces: list[bytes] = []
    at = 0
    for index, name, attributes in found:
        tag = _TAG.match(part, index)
        if tag is None:
            raise WorkbookError("corrupt")
        kept = {key: value for key, value in attributes.items() if key not in _COUNTS}
        opened = opening_tag(name, kept)
        pieces += (part[at:index], opened[:-1] + b"/>" if tag[0].endswith(b"/>") else opened)
        at = tag.end()
    return b"".join([*pieces, part[at:]])


_COUNTS = frozenset({"count", "uniqueCount"})


class _FoundError(Exception):
    """The tag that was sought has been found."""


def _refuse(*_told: Any) -> None:
    raise WorkbookError("corrupt")
