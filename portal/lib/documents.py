"""Documents that no one trusts, looked at before they are handed on: a job for `portal.lib.limited`.

What is taken is a whole PDF or a Word file, without a lock, without programs and without other files in it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any

MOST_PARTS = 5_000
MOST_UNPACKED = 200_000_000
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia)(?![A-Za-z])")
_STREAM = re.compile(rb"stream\r?\n")
_PROGRAMS = ("vbaproject.bin", "activex", "embeddings/")

Answer = tuple[dict[str, Any], list[bytes]]


def look(params: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Return the `kind` of the file ("pdf", "docx"), or as `refused` the code of why it is not taken."""
    content = blobs[0]
    if not content:
        return {"refused": "empty"}, []
    if b"%PDF-" in content[:1024]:
        refused = _refuse_pdf(content)
        return ({"refused": refused} if refused else {"kind": "pdf"}), []
    if content[:2] == b"PK":
        refused = _refuse_word(content)
        return ({"refused": refused} if refused else {"kind": "docx"}), []
    return {"refused": "not_a_document"}, []


def _refuse_pdf(content: bytes) -> str:
    if b"%%EOF" not in content[-2048:] or b"startxref" not in content[-2048:]:
        return "damaged"
    if re.search(rb"/Encrypt\s+\d+\s+\d+\s+R", content):
        return "locked"
    if _ACTIVE.search(content):
        return "active"
    left = MOST_UNPACKED
    for found in _STREAM.finditer(content):
        if b"/ObjStm" not in content[max(0, found.start() - 400) : found.start()]:
            continue  # names stand in plain objects, or in streams of objects
        unpacker = zlib.decompressobj()
        try:
            objects = unpacker.decompress(content[found.end() :], max(1, left))
        except zlib.error:
            return "damaged"
        left -= len(objects)
        if left <= 0:
            return "damaged"
        if _ACTIVE.search(objects):
            return "active"
    return ""


def _refuse_word(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = [part.filename.lower() for part in parts]
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                return "damaged"
            if "word/document.xml" not in names:
                return "not_a_document"
            if any(mark in name for name in names for mark in _PROGRAMS):
                return "active"
            if any(part.flag_bits & 1 for part in parts):
                return "locked"
            return "damaged" if archive.testzip() else ""
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, ValueError):
        return "damaged"
