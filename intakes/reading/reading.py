"""A workbook understood: its tables, rows, totals, and everything the officer should know about how it was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from intakes.reading.columns.headers import HeaderBlock, Headings, find_headers
from intakes.reading.files.sheets import Row, Sheet, Workbook, collector_paused
from intakes.reading.rows.asking import ask_once
from intakes.reading.rows.belonging import leave_out
from intakes.reading.rows.results import Reading
from intakes.reading.rows.sheet_reader import Repairs, SheetReader
from intakes.reading.rows.statements import say_what_differs
from intakes.reading.words.schemas import Schema
from portal.lib.vietnamese.fonts import from_tcvn3, from_vni
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
    garbled: dict[str, AbstractSet[str]] = {}
    if not any(found.values()):
        garbled = _ungarble(workbook, headings, found)
    headless = not any(found.values())
    for sheet in workbook.sheets:
        SheetReader(
            reading,
            workbook,
            sheet,
            headings,
            repairs or {},
            dropped or frozenset(),
            garbled.get(sheet.name, frozenset()),
        ).read(found[sheet.name], headless)
    leave_out(reading, workbook)
    ask_once(reading)
    say_what_differs(reading, workbook)
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


def _ungarble(
    workbook: Workbook, headings: Headings, found: dict[str, list[HeaderBlock]]
) -> dict[str, AbstractSet[str]]:
    """Convert the sheets typed in an old font, whose headings are only found then; return the texts that changed."""
    garbled: dict[str, AbstractSet[str]] = {}
    for position, sheet in enumerate(workbook.sheets):
        for convert in (from_tcvn3, from_vni):
            if not find_headers(_converted(sheet, sheet.rows[:_PROBED], convert, set()), headings):
                continue
            changed: set[str] = set()
            converted = _converted(sheet, sheet.rows, convert, changed)
            found[sheet.name] = find_headers(converted, headings)
            workbook.sheets[position] = converted
            garbled[sheet.name] = changed
            break
    return garbled


_PROBED = 5000  # rows in which the headings are sought


def _converted(sheet: Sheet, rows: list[Row], convert: Callable[[str], str], changed: set[str]) -> Sheet:
    """Return the sheet with its texts converted, those that are Unicode already as they are."""
    known: dict[str, str] = {}

    def text_of(value: Any) -> Any:
        if value.__class__ is not str or value.isascii():
            return value
        meant = known.get(value)
        if meant is None:
            meant = value if any(ord(letter) > 0xFF for letter in value) else convert(value)
            known[value] = meant
            if meant != value:
                changed.add(meant)
        return meant

    return replace(sheet, rows=[Row(row.number, row.hidden, [text_of(value) for value in row.cells]) for row in rows])
