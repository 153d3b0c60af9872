"""A report's payload as PDF, DOCX, XLSX, CSV and JSON. All of them show the same tables, columns and figures."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.lib.charts import bar_chart, chart_data_uri, share_chart, short_number
from portal.lib.docx import OfficialDocument
from portal.lib.language import official_language
from portal.lib.official import Closing, Head, Signature, Verification
from portal.lib.pdf import render_pdf
from portal.lib.periods import HalfYear
from portal.lib.tables import Column, Table, WorkbookWriter
from portal.lib.vietnamese import format_int
from portal.vocabulary import ProgrammeKind
from reports.figures import INDICATORS, Annex, Figures, Measure, by_annex
from reports.services.payloads import Payload

WITHHELD = "*"  # stands for a figure of fewer than five people, and for the neighbour that would reveal it
NOTE_BLANK = "Ô để trống: đơn vị chưa báo cáo, không phải bằng 0."
NOTE_WITHHELD = "(*) Số liệu dưới 5 người và số liệu có thể suy ra số đó không được công bố chi tiết."
TOTAL = "Tổng cộng"
UNIT = "Đơn vị"
_MOST_BARS = 20
_ALT = "Mã QR dẫn đến trang xác minh báo cáo"
_INSTRUCTION = "Quét mã QR, hoặc gõ địa chỉ và mã dưới đây, để đối chiếu bản giấy này với bản lưu."


@dataclass(frozen=True)
class Row:
    """A line of a table: a unit with its figures and the codes withheld."""

    name: str
    figures: Figures
    withheld: frozenset[str]

    def cell(self, code: str) -> int | str | None:
        """Return the figure, the sign for a withheld one, or None for what was not reported."""
        return WITHHELD if code in self.withheld else self.figures.get(code)


class FigureColumn(Column):
    """A column of figures, in which a cell may also be withheld."""

    def of(self, row: Any) -> Any:
        """Return an int, the sign for withheld, or None."""
        return row.cell(self.name)


class FigureTable(Table):
    """Units under indicators; the total row is the report's own, not added up here (cells may be withheld)."""

    def __init__(self, *, caption: str, codes: Iterable[str], rows: list[Row], total: Row) -> None:
        columns = [Column("name", UNIT), *(FigureColumn(code, _column_label(code), kind="int") for code in codes)]
        super().__init__(columns, rows, caption=caption, row_header="name", total_label=TOTAL)
        self.total_row = total

    def total(self) -> list[Any] | None:
        """Return the report's own totals."""
        return [TOTAL, *(self.total_row.cell(column.name) for column in self.columns[1:])]

    @property
    def is_wide(self) -> bool:
        """Whether it needs a landscape page."""
        return len(self.columns) > 7


def _column_label(code: str) -> str:
    return str(INDICATORS[code].label)


def tables_of(payload: Payload) -> list[FigureTable]:
    """Return the annex tables in Vietnamese, each with every unit below; those without any figure are left out."""
    with official_language():
        hidden = {code: frozenset(codes) for code, codes in payload["withheld"].items()}
        units, by_unit = payload["units"], payload["by_unit"]
        rows = [Row(units[code], by_unit[code], hidden.get(code, frozenset())) for code in payload["order"]]
        own_codes = hidden.get(payload["unit"], frozenset())
        own = Row(payload["unit_name"], payload["own"], own_codes)
        total = Row(TOTAL, payload["figures"], own_codes - frozenset(payload["figures"]))
        tables: list[FigureTable] = []
        for annex, indicators in by_annex().items():
            figures = [payload["figures"], payload["own"], *by_unit.values()]
            codes = [
                indicator.code
                for indicator in indicators
                if not indicator.is_rare or any(row.get(indicator.code) for row in figures)
            ]
            if any(payload["figures"].get(code) for code in codes):
                caption = f"Biểu {len(tables) + 1}. {annex}"
                given = [own] if any(own.cell(code) for code in codes) else []  # by the unit itself, without any child
                tables.append(FigureTable(caption=caption, codes=codes, rows=rows + given, total=total))
        return tables


def notes_of(payload: Payload) -> list[str]:
    """Return what the tables' blanks and signs mean, as far as they occur."""
    reported = {
        code
        for code, indicator in INDICATORS.items()
        if indicator.annex is not Annex.DATA_ONLY and payload["figures"].get(code) is not None
    }
    blank = any(
        code not in figures and code not in payload["withheld"].get(unit, ())
        for unit, figures in payload["by_unit"].items()
        for code in reported
    )
    return [NOTE_BLANK] * blank + [NOTE_WITHHELD] * bool(payload["withheld"])


@dataclass(frozen=True)
class Chart:
    """A chart for page and document: SVG markup, and what it says in words."""

    svg: str
    alt: str
    caption: str

    @property
    def src(self) -> str:
        """The chart as a data URI."""
        return chart_data_uri(self.svg)


def charts_of(payload: Payload, *, width: int = 640) -> list[Chart]:
    """Return the report's charts: turns by unit, amount by unit, and turns by kind. `width` about 360 for a phone.

    They speak the language that is on; documents put the official one on.
    """
    half = {"half": HalfYear.parse(payload["half"]).screen_label}
    turns_word = _("turns")
    by_turns = _("Turns of scholarships, awards and support by unit, %(half)s") % half
    by_amount = _("Amount of scholarships, awards and support by unit, %(half)s") % half
    charts = []
    for code, caption, unit, written in (
        ("disbursements.turns", by_turns, turns_word, format_int),
        ("disbursements.amount", by_amount, "đồng", short_number),
    ):
        items = [(payload["units"][child], payload["by_unit"][child].get(code)) for child in payload["order"]]
        items = sorted(items, key=lambda item: -(item[1] or 0))
        if any(value for _name, value in items) and all((value or 0) >= 0 for _name, value in items):
            more = _(" (the %(count)d largest units)") % {"count": _MOST_BARS} if len(items) > _MOST_BARS else ""
            charts.append(_bars(items[:_MOST_BARS], caption + more, unit, written, width))
    kinds = [(str(kind.label), payload["figures"].get(f"disbursements.turns.{kind}")) for kind in ProgrammeKind]
    parts = [(word, value) for word, value in kinds if value is not None]
    if (
        len(parts) == len(kinds)
        and any(value > 0 for _word, value in parts)
        and all(value >= 0 for _word, value in parts)
    ):
        caption = _("Turns by kind, %(half)s") % half
        alt = f"{caption}: " + ", ".join(f"{word} {format_int(value)} {turns_word}" for word, value in parts)
        charts.append(Chart(share_chart(parts, title=caption, unit=turns_word, width=width), alt, caption))
    return charts


def _bars(
    items: list[tuple[str, int | None]], caption: str, unit: str, written: Callable[[int], str], width: int
) -> Chart:
    told = ", ".join(f"{name} {format_int(value)} {unit}" for name, value in items if value is not None)
    svg = bar_chart(items, title=caption, unit=unit if written is format_int else "", width=width, written=written)
    return Chart(svg, f"{caption}: {told}", caption)


def render_report_pdf(payload: Payload, sha256: str = "") -> bytes:
    """Return the report as PDF/UA in the official layout; an issued one ends with its QR code, a draft says so."""
    with official_language():
        html = render_to_string(
            "reports/report_document.html",
            {
                "title": payload["title"],
                "lang": "vi",
                "head": head_of(payload),
                "closing": closing_of(payload),
                "verification": verification_of(payload, sha256),
                "payload": payload,
                "charts": charts_of(payload),
                "tables": tables_of(payload),
                "notes": notes_of(payload),
            },
        )
        return render_pdf(html, title=payload["title"], lang="vi", base_url=settings.SITE_URL)


def render_report_docx(payload: Payload, sha256: str = "") -> bytes:
    """Return the report as a Word document with real styles and tables."""
    with official_language():
        head = head_of(payload)
        document = OfficialDocument(title=payload["title"], author=payload["head"]["issuer"])
        document.add_head(head)
        document.add_title(head)
        for section in payload["sections"]:
            document.add_heading(section["heading"], section["level"])
            for paragraph in section["paragraphs"]:
                document.add_paragraph(paragraph)
        document.add_signature(closing_of(payload))
        verification = verification_of(payload, sha256)
        if verification is not None:
            document.add_verification(verification, instruction=_INSTRUCTION, alt=_ALT)
        document.start_wide_pages()
        for table in tables_of(payload):
            document.add_table(table, size=10 if table.is_wide else 12)
        for note in notes_of(payload):
            document.add_paragraph(note, italic=True)
        return document.to_bytes()


def render_report_xlsx(payload: Payload, sha256: str = "") -> bytes:
    """Return the tables as a workbook of numbers; totals are formulas where no cell of the column is withheld."""
    stream = io.BytesIO()
    writer = WorkbookWriter(stream)
    about = [
        (payload["title"],),
        ("Đơn vị", payload["unit_name"]),
        ("Số", head_of(payload).number_line),
        ("Phiên bản", payload["version"]),
        ("Ngày ban hành", payload["issued_on"]),
        ("SHA-256", sha256),
    ]
    writer.add_lines("Báo cáo", [*about, *((note,) for note in notes_of(payload))], widths=(24, 70))
    for place, table in enumerate(tables_of(payload), start=1):
        total = table.total()
        writer.add_table(
            f"Biểu {place}", table.columns, table.rows, caption=table.caption, total=total, live_totals=True
        )
    writer.close()
    return stream.getvalue()


def render_report_json(payload: Payload, sha256: str) -> bytes:
    """Return the canonical payload with its hash beside it; without `sha256` it is what was hashed."""
    return json.dumps(payload | {"sha256": sha256}, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def render_report_csv(payload: Payload) -> bytes:
    """Return every public figure as a line of half-year, unit, indicator, label, figure and measure."""
    with official_language():
        lines = []
        rows = [(payload["unit"], payload["unit_name"], payload["figures"])]
        rows += [(code, payload["units"][code], payload["by_unit"][code]) for code in payload["order"]]
        for unit, name, figures in rows:
            for code, indicator in INDICATORS.items():
                if code in figures:
                    measure = "‰" if indicator.measure is Measure.SHARE else indicator.measure_label
                    lines.append(
                        {
                            "half": payload["half"],
                            "version": payload["version"],
                            "unit": unit,
                            "unit_name": name,
                            "indicator": code,
                            "label": str(indicator.label),
                            "value": figures[code],
                            "measure": measure,
                        }
                    )
        columns = [
            Column("half", "ky"),
            Column("version", "phien_ban", kind="int"),
            Column("unit", "ma_don_vi", kind="code"),
            Column("unit_name", "don_vi"),
            Column("indicator", "ma_chi_tieu"),
            Column("label", "chi_tieu"),
            Column("value", "gia_tri", kind="int"),
            Column("measure", "don_vi_tinh"),
        ]
        return Table(columns, lines).csv()


def head_of(payload: Payload) -> Head:
    """Return the head of the printed report."""
    head = payload["head"]
    issued_on = payload["issued_on"]
    return Head(
        superior=head["superior"],
        issuer=head["issuer"],
        symbol=payload["symbol"],
        number=payload["number"],
        place=head["place"],
        date=dt.date.fromisoformat(issued_on) if issued_on else None,
        kind="Báo cáo",
        subject=payload["title"],
        summary="" if payload["version"] else "(Bản dự thảo, chưa ban hành)",
        legal_bases=tuple(head["legal_bases"]),
    )


def closing_of(payload: Payload) -> Closing:
    """Return what stands under the printed report."""
    head = payload["head"]
    return Closing(Signature(tuple(head["authority"]), head["signer"]), tuple(head["recipients"]))


def verification_of(payload: Payload, sha256: str) -> Verification | None:
    """Return code, permanent address and hash of an issued report; None for a draft."""
    if not payload["code"]:
        return None
    return Verification(
        payload["code"], f"{settings.SITE_URL}{reverse('report_verify', args=[payload['code']])}", sha256
    )
