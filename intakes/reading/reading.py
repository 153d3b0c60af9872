"""A workbook understood: its tables, rows, totals, and everything the officer should know about how it was read."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from intakes.reading.columns.headers import HeaderBlock, Headings, find_headers
from intakes.reading.files.sheets import Row, Workbook, collector_paused
from intakes.reading.rows.results import Reading
from intakes.reading.rows.sheet_reader import Repairs, SheetReader
from intakes.reading.words.fonts import from_tcvn3, from_vni
from intakes.reading.words.schemas import Schema
from portal.vocabulary import Gender, ProgrammeKind


@collector_paused()
def understand(
    workbook: Workbook,
    schema: Schema,
    *,
    mapping: Mapping[str, str] | None = None,
    repairs: Repairs | None = None,
    dropped: AbstractSet[tuple[str, int]] | None = None,
) -> Reading:
    """Return what the workbook says, as rows of `schema`.

    `mapping`: heading (or column letter) -> field, "amount.<kind>", "amount:thousand" or "ignore". `repairs`: (sheet,
    row) -> field (or column letter) -> the text that shall stand there. `dropped`: rows to leave out.
    """
    reading = Reading(schema)
    headings = Headings(schema, mapping)
    found = {sheet.name: find_headers(sheet, headings) for sheet in workbook.sheets}
    garbled: set[str] = set()
    if not any(found.values()):
        garbled = _ungarble(workbook, headings, found)
    headless = not any(found.values())
    for sheet in workbook.sheets:
        SheetReader(
            reading, workbook, sheet, headings, repairs or {}, dropped or frozenset(), sheet.name in garbled
        ).read(found[sheet.name], headless)
    for heading, target in (mapping or {}).items():
        if not _is_target(schema, target):
            reading.note("mapping_unknown", heading=heading, field=target)
        elif heading not in headings.used:
            reading.note("mapping_unused", heading=heading, field=target)
    if workbook.macros:
        reading.note("macros")
    if workbook.links:
        reading.note("links")
    return reading


def _is_target(schema: Schema, target: str) -> bool:
    name, _colon, unit = target.partition(":")
    name, _dot, kind = name.partition(".")
    known = schema.field(name) is not None or name in ("kind_mark", "kind_text")
    return (
        known
        and unit in ("", "dong", "thousand", "million")
        and kind.partition(".")[0] in ("", *ProgrammeKind, *Gender)
    )


def _ungarble(workbook: Workbook, headings: Headings, found: dict[str, list[HeaderBlock]]) -> set[str]:
    """Sheets typed in an old font: their headings are only found once the text is converted."""
    garbled = set()
    for position, sheet in enumerate(workbook.sheets):
        for convert in (from_tcvn3, from_vni):
            rows = [
                Row(
                    row.number, row.hidden, [convert(value) if value.__class__ is str else value for value in row.cells]
                )
                for row in sheet.rows[:5000]
            ]
            converted = replace(sheet, rows=rows)
            blocks = find_headers(converted, headings)
            if blocks:
                found[sheet.name] = blocks
                workbook.sheets[position] = converted
                garbled.add(sheet.name)
                break
    return garbled
