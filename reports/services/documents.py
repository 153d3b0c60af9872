"""A report's payload as PDF, DOCX, XLSX, CSV and JSON. All of them show the same tables, columns and figures."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from portal.lib.charts import bar_chart, chart_data_uri, money_scale, share_chart
from portal.lib.docx import OfficialDocument
from portal.lib.language import official_language
from portal.lib.official import Closing, Head, Signature, Verification
from portal.lib.pdf import render_drawings, render_pdf
from portal.lib.tables import Cell, Column, Table, WorkbookWriter
from portal.lib.vietnamese import format_int, format_money
from portal.vocabulary import ProgrammeKind, ReportFileKind
from reports.figures import Figures, Measure
from reports.services.contents import (
    NOT_REPORTED,
    WITHHELD,
    Payload,
    annexes_of,
    end_sections,
    key_of,
    notes_of,
    period_of,
    say_absent,
    say_replaced,
    title_absent,
)

COVERAGE = "Số đơn vị có số liệu"
ONE_HALF = "trong đó mới báo cáo một kỳ"
YES, NO = "Có", "Không"
TOTAL, UNIT = "Tổng cộng", "Đơn vị"
DICTIONARY_HEAD = (
    "Chỉ tiêu", "Đơn vị tính", "Cách tính", "Nguồn", "Cách tổng hợp", "Mẫu số", "In ở biểu", "Căn cứ", "Kiểm tra",
)  # fmt: skip
_WIDTHS = (44, 14, 90, 14, 30, 44, 40, 60, 90)  # of the same
_ORIGINS = {"declared": "Đơn vị khai", "computed": "Cổng tính", "recorded": "Trang đơn vị"}
_ROLL_UPS = {"sum": "Cộng các đơn vị", "share": "Tính lại ở mỗi cấp", "none": "Không cộng"}
_MOST_BARS, _MOST_ROWS_WHOLE = 12, 18  # all three charts stand on one page; so do a table's rows
EXPLAINED = "Giải thích chỉ tiêu."
_MOST_FOLDED = 8  # units named in the line of a table; more stand in the list of who did not report
_ALT = "Mã QR dẫn đến trang xác minh báo cáo"
_INSTRUCTION = "Quét mã QR, hoặc gõ địa chỉ và mã dưới đây, để đối chiếu bản giấy này với bản lưu."


@dataclass(frozen=True)
class Row:
    """A line of a table: a unit with its figures, the codes withheld, and what stands for one that is not there."""

    name: str
    figures: Figures
    withheld: frozenset[str]
    absent: str | None = None

    def cell(self, code: str) -> int | str | None:
        """Return the figure, the sign for a withheld one, or the word for what was not reported (None: not owed)."""
        return WITHHELD if code in self.withheld else self.figures.get(code, self.absent)

    def tell(self, codes: Iterable[str]) -> set[str]:
        """Return what is known of it; a computed zero of a unit that need not report (it has ended) says nothing."""
        nothing = {self.absent, 0} if self.absent is None else {self.absent}
        return {code for code in codes if self.cell(code) not in nothing}

    def is_silent(self, codes: Iterable[str]) -> bool:
        """Whether nothing of the figures is known."""
        return not self.tell(codes)

    def only_stands(self, codes: Iterable[str]) -> bool:
        """Whether all that is known is a fund that did not move, and the unit itself said nothing."""
        still = self.figures.get("funds.opening") == self.figures.get("funds.closing")
        said_itself = self.absent is not None and any(self.cell(code) == 0 for code in codes)
        told = self.tell(codes) - {"funds.closing.per_head"}
        return still and not said_itself and told == {"funds.opening", "funds.closing"}


class FigureColumn(Column):
    """A column of figures, in which a cell may also be withheld or not reported."""

    def of(self, row: Any) -> Any:
        """Return an int, the sign for withheld, or the word for not reported."""
        return row.cell(self.name)


class FigureTable(Table):
    """Units under indicators; the total row is the report's own, not added up here (cells may be withheld).

    On page and paper units that reported nothing of it are `folded` into one line; files list them all.
    """

    def __init__(self, payload: Payload, *, caption: str, codes: list[str], rows: list[Row], total: Row) -> None:
        dictionary = payload["indicators"]
        unit = _find_common_unit([dictionary[code]["unit"] for code in codes])
        heads = {code: _head_column(dictionary[code], unit) for code in codes}
        columns = [Column("name", UNIT)]
        for code, head in heads.items():
            yes_no = dictionary[code]["measure"] == Measure.UNITS  # a unit says whether it has one
            columns.append(FigureColumn(code, head, kind="yes_no" if yes_no else "int"))
        super().__init__(columns, rows, caption=caption, row_header="name", total_label=TOTAL)
        self.unit_line = f"Đơn vị tính: {unit}." if unit else ""
        self.total_row = total
        self._coverage = payload["coverage"]
        self._dictionary = dictionary
        self._silent = [row for row in rows if row.is_silent(codes)]
        self._standing = [row for row in rows if row.only_stands(codes)]

    def total(self) -> list[Any] | None:
        """Return the report's own totals."""
        return [TOTAL, *(self.total_row.cell(column.name) for column in self.columns[1:])]

    def coverage(self) -> list[Any]:
        """Return how many of how many units each total holds: "21/114"."""
        counted, units = self._coverage["with_figure"], self._coverage["units"]
        return [COVERAGE, *(f"{counted.get(column.name, 0)}/{units}" for column in self.columns[1:])]

    def html_rows(self) -> list[list[Cell]]:
        """Return the units that reported anything of it; a yes or no of theirs in words."""
        shown = []
        for row in self.rows:
            if row not in self._silent and row not in self._standing:
                values = [self._say(column, column.of(row)) for column in self.columns]
                shown.append(self._cells(values))
        return shown

    def one_half(self) -> list[Any] | None:
        """Return how many of the units each total of a year holds by one half-year only; None where there is none."""
        counted = self._coverage.get("one_half", {})
        if not any(column.name in counted for column in self.columns[1:]):
            return None
        return [ONE_HALF, *(counted.get(column.name, 0) for column in self.columns[1:])]

    def held(self) -> list[list[Any]]:
        """Return how many units each total holds, and of a year how many of them by one half-year only."""
        return [self.coverage(), *([line] if (line := self.one_half()) else [])]

    def closing_rows(self) -> list[list[Cell]]:
        """Return the line of the folded units' place: the total and how many units it holds."""
        if not self._coverage["units"]:
            return [self.html_total()]
        return [self.html_total(), *(self._cells(line) for line in self.held())]

    @property
    def fits_a_page(self) -> bool:
        """Whether its rows stand on one landscape page, so that it need not be broken."""
        return len(self.html_rows()) <= _MOST_ROWS_WHOLE

    def open_rows(self) -> list[tuple[str, str, list[tuple[str, str]], bool]]:
        """Return for a narrow screen: each unit, its first figure, and all of them under their headings.

        The last part says whether it is a unit's row: the closing ones keep their place however units are ranked.
        """
        heads = [cell.text for cell in self.header[1:]]
        lines = [(cells, True) for cells in self.html_rows()] + [(cells, False) for cells in self.closing_rows()]
        return [
            (cells[0].text, cells[1].text, list(zip(heads, (cell.text for cell in cells[1:]), strict=True)), of_unit)
            for cells, of_unit in lines
        ]

    @property
    def fold_line(self) -> str:
        """Of whom nothing is known here, and whose fund only stands, in one line; "" where all have a row."""
        told = []
        for absent, why in ((NOT_REPORTED, NOT_REPORTED), (None, "không phải báo cáo")):
            names = [row.name for row in self._silent if row.absent == absent]
            if names:
                listed = f": {', '.join(names)}" if len(names) <= _MOST_FOLDED else ""
                what = "số liệu của biểu này" if absent else "kỳ này, không phát sinh số liệu của biểu này"
                told.append(f"{format_int(len(names))} đơn vị {why} {what}{listed}.")
            held = [row.figures["funds.closing"] for row in self._standing if row.absent == absent]
            if held:
                told.append(
                    f"{format_int(len(held))} đơn vị {why}, quỹ không phát sinh thu, chi; "
                    f"số dư cộng lại {format_money(sum(held))}, có trong tổng cộng."
                )
        return " ".join(told)

    def _say(self, column: Column, value: Any) -> Any:
        if column.name in self._dictionary and self._dictionary[column.name]["measure"] == Measure.UNITS:
            return {0: NO, 1: YES}.get(value, value)
        return value

    @property
    def anchor(self) -> str:
        """What the table is called in an address, whatever its number: "bieu-quy-khuyen-hoc"."""
        return f"bieu-{key_of(str(self.caption))}"

    @property
    def definitions(self) -> list[tuple[str, str, list[str]]]:
        """What each column is called, what it counts and what is checked of it."""
        told = ((str(column.label), self._dictionary[column.name]) for column in self.columns[1:])
        return [(label, one["definition"], one.get("checks", [])) for label, one in told]

    @property
    def explained(self) -> list[tuple[str, str]]:
        """What each column counts, as it is told under the table on paper: once for all that count the same way."""
        by_definition: dict[str, list[str]] = {}
        for column in self.columns[1:]:
            told = self._dictionary[column.name]
            by_definition.setdefault(told["definition"], []).append(told["label"])
        return [("; ".join(labels), definition) for definition, labels in by_definition.items()]


def _find_common_unit(units: list[str]) -> str:
    """Return the unit of most columns, said once for their table; "" where they are many or a head says it itself."""
    unit, count = Counter(units).most_common(1)[0]
    return unit if count * 2 > len(units) and all(units) else ""


def _head_column(told: dict[str, Any], common: str) -> str:
    """Return an indicator's name, with its unit where it is not the table's."""
    label, unit = str(told["label"]), str(told["unit"])
    return label if unit in {"", common} else f"{label} ({unit})"


def tables_of(payload: Payload) -> list[FigureTable]:
    """Return the annex tables as the payload lists them, each with every unit below."""
    hidden = {code: frozenset(codes) for code, codes in payload["withheld"].items()}
    units, by_unit, owing = payload["units"], payload["by_unit"], frozenset(payload["owing"])
    rows = [
        Row(units[code], by_unit[code], hidden.get(code, frozenset()), NOT_REPORTED if code in owing else None)
        for code in payload["order"]
    ]
    own_codes = hidden.get(payload["unit"], frozenset())
    own = Row(payload["unit_name"], payload["own"], own_codes)
    total = Row(TOTAL, payload["figures"], own_codes - frozenset(payload["figures"]), NOT_REPORTED)
    tables = []
    for spec in payload["tables"]:
        given = [own] if any(own.cell(code) for code in spec["codes"]) else []  # by the unit itself, without any child
        tables.append(FigureTable(payload, caption=spec["title"], codes=spec["codes"], rows=rows + given, total=total))
    return tables


@dataclass(frozen=True)
class Chart:
    """A chart for page and document: SVG markup, what it says in words, its heading, its unit and its source."""

    svg: str
    alt: str
    caption: str
    note: str

    @property
    def src(self) -> str:
        """The chart as a data URI."""
        return chart_data_uri(self.svg)


def charts_of(payload: Payload, *, width: int = 640) -> list[Chart]:
    """Return the report's charts: turns by unit, amount by unit, and turns by kind. `width` about 360 for a phone.

    They speak the language that is on; documents put the official one on.
    """
    half = {"half": period_of(payload).screen_label}
    turns_word = _("turns")
    by_turns = _("Turns of scholarships, awards and support by unit, %(half)s") % half
    by_amount = _("Amount of scholarships, awards and support by unit, %(half)s") % half
    charts: list[Chart] = []
    for code, caption in (("disbursements.turns", by_turns), ("disbursements.amount", by_amount)):
        items = [(payload["units"][child], payload["by_unit"][child].get(code)) for child in payload["order"]]
        items = sorted(items, key=lambda item: -(item[1] or 0))
        values = [value for _name, value in items]
        if any(values) and all((value or 0) >= 0 for value in values):
            more = _(" (the %(count)d largest units)") % {"count": _MOST_BARS} if len(items) > _MOST_BARS else ""
            heading = _number_chart(len(charts), caption + more)
            is_money = payload["indicators"][code]["measure"] == Measure.MONEY
            unit, written = money_scale(values) if is_money else (turns_word, format_int)
            svg = bar_chart(items[:_MOST_BARS], title=heading, width=width, written=written)
            told = ((name, value) for name, value in items[:_MOST_BARS] if value is not None)
            alt = ", ".join(f"{name} {format_int(value)} {'đồng' if is_money else unit}" for name, value in told)
            charts.append(Chart(svg, f"{heading}: {alt}", heading, _note_chart(unit)))
    kinds = [(str(kind.label), payload["figures"].get(f"disbursements.turns.{kind}")) for kind in ProgrammeKind]
    parts = [(word, value) for word, value in kinds if value is not None]
    if (
        len(parts) == len(kinds)
        and any(value > 0 for _word, value in parts)
        and all(value >= 0 for _word, value in parts)
    ):
        heading = _number_chart(len(charts), _("Turns by kind, %(half)s") % half)
        alt = f"{heading}: " + ", ".join(f"{word} {format_int(value)} {turns_word}" for word, value in parts)
        svg = share_chart(parts, title=heading, width=width)
        charts.append(Chart(svg, alt, heading, _note_chart(turns_word)))
    return charts


def _number_chart(before: int, caption: str) -> str:
    return _("Figure %(number)d. %(caption)s") % {"number": before + 1, "caption": caption}


def _note_chart(unit: str) -> str:
    return _("Measured in %(unit)s. Source: the lists and half-year reports of the units.") % {"unit": unit}


def render_report_pdf(payload: Payload, sha256: str = "") -> bytes:
    """Return the report as PDF/UA in the official layout; an issued one ends with its QR code, a draft says so."""
    with official_language():
        charts = charts_of(payload)
        context = {
            "title": payload["title"], "lang": "vi", "head": head_of(payload), "closing": closing_of(payload),
            "verification": verification_of(payload, sha256), "payload": payload, "charts": charts,
            "sections": end_sections(payload), "annexes": annexes_of(payload, charts), "tables": tables_of(payload),
            "replaced": say_replaced(payload), "explained": EXPLAINED, "notes": notes_of(payload),
            "absent": say_absent(payload), "absent_title": title_absent(payload),
        }  # fmt: skip
        html = render_to_string("reports/report_document.html", context)
        return render_pdf(html, title=payload["title"], lang="vi", base_url=settings.SITE_URL)


def render_report_summary(payload: Payload, sha256: str = "") -> bytes:
    """Return the two pages for who has no time: headline figures, three talking points, charts."""
    with official_language():
        html = render_to_string(
            "reports/summary_document.html",
            {
                "title": f"Tóm tắt: {payload['title']}",
                "lang": "vi",
                "head": head_of(payload),
                "verification": verification_of(payload, sha256),
                "payload": payload,
                "charts": charts_of(payload),
            },
        )
        return render_pdf(html, title=f"Tóm tắt: {payload['title']}", lang="vi", base_url=settings.SITE_URL)


def render_report_docx(payload: Payload, sha256: str = "") -> bytes:
    """Return the report as a Word document with real styles and tables."""
    with official_language():
        head = head_of(payload)
        document = OfficialDocument(title=payload["title"], author=payload["head"]["issuer"])
        document.add_head(head)
        document.add_title(head)
        if replaced := say_replaced(payload):
            document.add_paragraph(replaced, italic=True)
        for section in end_sections(payload):
            document.add_heading(section["heading"], section["level"])
            for paragraph in section["paragraphs"]:
                document.add_paragraph(paragraph)
        document.add_signature(closing_of(payload))
        verification = verification_of(payload, sha256)
        if verification is not None:
            document.add_verification(verification, instruction=_INSTRUCTION, alt=_ALT)
        _add_annexes(document, payload, head.enclosed_line)
        return document.to_bytes()


def _add_annexes(document: OfficialDocument, payload: Payload, enclosed: str) -> None:
    """Add charts, what changed, tables, their notes and who did not report."""
    charts = charts_of(payload)
    annexes = annexes_of(payload, charts)
    if charts:
        document.add_annex(*annexes["charts"], enclosed, new_page=True)
    drawings = render_drawings([chart.svg for chart in charts])
    for chart, drawing in zip(charts, drawings, strict=True):
        document.add_picture(drawing, alt=chart.alt, width=116, caption=chart.caption, note=chart.note)
    if "changes" in annexes:
        document.add_annex(*annexes["changes"], enclosed, new_page=True)
        for one in payload["changes"]:
            document.add_paragraph(f"{one['name']}, {one['label']}: {one['text']}")
    tables = tables_of(payload)
    if tables:
        document.start_wide_pages()
    document.add_annex(*annexes["tables"], enclosed, new_page=not tables)
    for table in tables:
        document.add_table(table, size=10, note=table.unit_line)
        if table.fold_line:
            document.add_note(table.fold_line)
        document.add_terms(EXPLAINED, table.explained)
    for note in notes_of(payload):
        document.add_note(note)
    if payload["absent"]:
        document.add_heading(title_absent(payload), 2)
        for line in say_absent(payload):
            document.add_paragraph(line)


def dictionary_of(payload: Payload) -> list[tuple[str, ...]]:
    """Return each indicator under `DICTIONARY_HEAD`; what a payload of earlier days does not say of it stays empty."""
    labels = {code: one["label"] for code, one in payload["indicators"].items()}
    return [
        (
            one["label"], one["unit"], one["definition"], _ORIGINS[one["origin"]],
            _ROLL_UPS.get(one.get("roll_up", ""), ""), labels[one["share_of"][1]] if one.get("share_of") else "",
            one.get("table", ""), one.get("reference", ""), " ".join(one.get("checks", ())),
        )
        for one in payload["indicators"].values()
    ]  # fmt: skip


def render_report_xlsx(payload: Payload, sha256: str = "") -> bytes:
    """Return the tables as a workbook of numbers; totals are formulas where no cell of the column is withheld."""
    stream = io.BytesIO()
    writer = WorkbookWriter(stream)
    about = [
        (payload["title"],),
        ("Đơn vị", payload["unit_name"]),
        ("Số", head_of(payload).number_line),
        ("Phiên bản", payload["version"]),
        *([("Thay thế", payload["replaced"]), ("Lý do", payload["reason"])] if payload.get("replaced") else []),
        ("Ngày ban hành", payload["issued_on"]),
        ("SHA-256", sha256),
    ]
    writer.add_lines("Báo cáo", [*about, *((note,) for note in notes_of(payload))], widths=(24, 70))
    for place, table in enumerate(tables_of(payload), start=1):
        total = table.total()
        writer.add_table(
            f"Biểu {place}", table.columns, table.rows, caption=table.caption, total=total, live_totals=True,
            after=table.held(),
        )  # fmt: skip
    writer.add_lines("Chú giải", [DICTIONARY_HEAD, *dictionary_of(payload)], widths=_WIDTHS)
    if payload["absent"]:
        listed = [(one["name"], one["reason"]) for one in payload["absent"]]
        writer.add_lines("Chưa báo cáo", [("Đơn vị", "Lý do"), *listed], widths=(40, 70))
    if payload.get("changes"):
        changed = [(one["name"], one["label"], one["text"]) for one in payload["changes"]]
        writer.add_lines("Thay đổi", [("Đơn vị", "Chỉ tiêu", "Trước và nay"), *changed], widths=(40, 44, 50))
    writer.close()
    return stream.getvalue()


def render_report_json(payload: Payload, sha256: str) -> bytes:
    """Return the canonical payload with its hash beside it; without `sha256` it is what was hashed."""
    return json.dumps(payload | {"sha256": sha256}, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def render_report_csv(payload: Payload) -> bytes:
    """Return a line for every unit and indicator: the figure, or why there is none; totals with how many they hold."""
    rows = [(payload["unit"], payload["unit_name"], "tổng", payload["figures"])]
    rows += [(code, payload["units"][code], "đơn vị", payload["by_unit"][code]) for code in payload["order"]]
    rows += [(payload["unit"], payload["unit_name"], "phần riêng", payload["own"])]
    rows += [(payload["unit"], "Các ô không công bố", "gộp", payload["pooled"])]
    coverage, lines = payload["coverage"], []
    for unit, name, part, figures in rows:
        hidden = payload["withheld"].get(unit, ())
        for code, told in payload["indicators"].items():
            if part == "phần riêng" and not figures.get(code):
                continue  # nothing stands beside the units
            if part == "gộp" and code not in figures:
                continue  # no cell of it is withheld
            lines.append(
                {
                    "period": period_of(payload).code, "version": payload["version"], "unit": unit, "unit_name": name,
                    "part": part, "indicator": code, "label": told["label"], "value": figures.get(code),
                    "state": "" if code in figures else "không công bố" if code in hidden else NOT_REPORTED,
                    "measure": told["unit"],
                    "held": coverage["with_figure"].get(code, 0) if part == "tổng" else None,
                    "units": coverage["units"] if part == "tổng" else None,
                    "one_half": coverage.get("one_half", {}).get(code, 0) if part == "tổng" else None,
                }
            )  # fmt: skip
    columns = [
        Column("period", "ky"),
        Column("version", "phien_ban", kind="int"),
        Column("unit", "ma_don_vi", kind="code"),
        Column("unit_name", "don_vi"),
        Column("part", "phan"),
        Column("indicator", "ma_chi_tieu"),
        Column("label", "chi_tieu"),
        Column("value", "gia_tri", kind="int"),
        Column("state", "tinh_trang"),
        Column("measure", "don_vi_tinh"),
        Column("held", "so_don_vi_co_so_lieu", kind="int"),
        Column("units", "tong_so_don_vi", kind="int"),
    ]
    if "one_half" in coverage:
        columns.append(Column("one_half", "so_don_vi_moi_bao_cao_mot_ky", kind="int"))
    return Table(columns, lines).csv()


def render_report_charts(payload: Payload) -> bytes:
    """Return the charts as the page shows them, wide and for a phone, as JSON: language of the screen -> charts."""
    told = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            pairs = zip(charts_of(payload), charts_of(payload, width=340), strict=True)
            told[language] = [
                {"caption": wide.caption, "note": wide.note, "alt": wide.alt, "wide": wide.svg, "narrow": narrow.svg}
                for wide, narrow in pairs
            ]
    return json.dumps(told, ensure_ascii=False).encode()


def read_charts(content: bytes) -> list[dict[str, str]]:
    """Return the charts as they were frozen, in the screen's language: caption, note, alt, wide and narrow SVG."""
    charts: dict[str, list[dict[str, str]]] = json.loads(content)
    return charts.get(get_language() or "", charts[settings.LANGUAGE_CODE])


def render_report_files(payload: Payload, sha256: str) -> dict[ReportFileKind, bytes]:
    """Return every file of a report about to be issued: they are made once, here, and kept."""
    kinds = ReportFileKind
    return {
        kinds.PDF: render_report_pdf(payload, sha256),
        kinds.DOCX: render_report_docx(payload, sha256),
        kinds.XLSX: render_report_xlsx(payload, sha256),
        kinds.CSV: render_report_csv(payload),
        kinds.JSON: render_report_json(payload, sha256),
        kinds.CHARTS: render_report_charts(payload),
        kinds.SUMMARY: render_report_summary(payload, sha256),
    }


def head_of(payload: Payload) -> Head:
    """Return the head of the printed report."""
    head = payload["head"]
    issued_on = payload["issued_on"]
    return Head(
        superior=head["superior"],
        issuer=head["issuer"],
        association=head["association"] if head["issuer"].isupper() else "",
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
