"""What the limited child does with workbooks; see `portal.lib.limited`. Codes and values go back, never a sentence."""

from __future__ import annotations

import importlib
from typing import Any

from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.workbook import read_workbook
from intakes.reading.kept import pack_reading, pack_workbook, unpack_workbook
from intakes.reading.reading import understand
from intakes.reading.words.schemas import Schema


def open_workbook(asked: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Read a file and understand it: [the file] -> [its cells, its reading], or the code of why it is refused."""
    try:
        workbook = read_workbook(blobs[0], asked["file_name"])
    except WorkbookError as error:
        return {"refused": error.code, "params": error.params}, []
    cells = pack_workbook(workbook)
    return {}, [cells, _understood(workbook, asked)]


def read_again(asked: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Understand cells that were read before, with other answers: [cells] -> [reading]."""
    return {}, [_understood(unpack_workbook(blobs[0]), asked)]


def _understood(workbook: Any, asked: dict[str, Any]) -> bytes:
    module, _colon, name = asked["schema"].partition(":")
    schema: Schema = getattr(importlib.import_module(module), name)
    reading = understand(
        workbook,
        schema,
        mapping=asked["mapping"],
        repairs={(sheet, row): texts for sheet, row, texts in asked["repairs"]},
        dropped={(sheet, row) for sheet, row in asked["dropped"]},
    )
    return pack_reading(reading)
