"""A list on the screen and as a file: its columns, order and filter, and for one request the rows of one page of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any, ClassVar, cast

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lib.language import official_language, written
from portal.lib.tables import Column, WorkbookWriter, csv_lines
from portal.lists.filters import ListFilter
from portal.lists.paging import KeyPage, Source, UnknownPlaceError, page_by_key, page_of_list, page_of_source
from portal.models import User

_ROWS_AT_A_TIME = 2000
_BYTES_AT_A_TIME = 1024 * 1024
MISSING = "–"


@dataclass(frozen=True)
class Nothing:
    """What stands where a list has no rows."""

    title: Any
    hint: Any = ""
    art: str = "list"


@dataclass(frozen=True)
class Head:
    """A heading: with a link where the list can be sorted by it."""

    label: str
    css: str
    url: str = ""
    direction: str = ""  # ascending or descending: sorted by it now


@dataclass(frozen=True)
class BodyRow:
    """A row written out: its attributes and its cells."""

    attributes: SafeString
    cells: SafeString


class ListTable:
    """A list: its columns, their order, its filter; and for one request the rows of one page of it.

    A column's cell is its value; a method `show_<name>(row)` writes it otherwise on the screen. `order` is the order
    unless the reader sorts; its last term is unique and none may be null. Columns are sorted by only where an index
    holds their `sort`, or where `is_short` says that the list is never long. With a `file_name` the list can be saved.
    """

    columns: ClassVar[tuple[Column, ...]] = ()
    order: ClassVar[tuple[str, ...]] = ("-pk",)
    caption: Any = ""
    filters: ClassVar[type[ListFilter]] = ListFilter
    file_name: str = ""
    sheet_name: Any = ""
    is_short: ClassVar[bool] = False
    anchor: ClassVar[str] = ""
    nothing: ClassVar[Nothing] = Nothing(gettext_lazy("Nothing yet"))
    nothing_fits: ClassVar[Nothing] = Nothing(
        gettext_lazy("Nothing fits"), gettext_lazy("Choose something else above."), "search"
    )

    def __init__(self, request: HttpRequest, rows: QuerySet[Any] | Sequence[Any]) -> None:
        self.request, self.user = request, cast("User", request.user)
        self.today = timezone.localdate()
        self.all_rows = rows
        self.filter = self.make_filter(rows)
        self.rows = self.filter.narrow(rows)

    # what a list may say of itself

    def make_filter(self, rows: Any) -> ListFilter:
        """Return the filter as the address has it."""
        return self.filters(self.request.GET, rows=rows, user=self.user)

    def key(self, row: Any) -> Any:
        """Return what tells a row in memory from the others."""
        return row.pk

    def href(self, row: Any) -> str:
        """Return where a click on the row leads; "" where it leads nowhere."""
        return ""

    def row_attributes(self, row: Any) -> dict[str, str]:
        """Return the attributes of the row on the screen."""
        return {}

    def is_struck(self, row: Any) -> bool:
        """Return whether the row is struck through in a workbook, as on the screen."""
        return False

    def total(self) -> list[Any] | None:
        """Return the total row of the file, a value for each of `file_columns`, or None."""
        return None

    def source(self) -> Source | None:
        """Return what reads the pages where the app does it itself; None: `rows` in their order."""
        return None

    # sorting

    @cached_property
    def sorted_by(self) -> tuple[Column | None, bool]:
        """The column by which the reader sorts and whether from its end; None for the list's own order."""
        asked = self.request.GET.get("sort", "")
        found = next((one for one in self.columns if one.sort and one.name == asked.removeprefix("-")), None)
        return found, asked.startswith("-")

    @property
    def current_order(self) -> tuple[str, ...]:
        """The order of this request."""
        column, from_end = self.sorted_by
        terms = column.sort if column else self.order
        return tuple(_turned(term) for term in terms) if column and from_end else terms

    # the page

    @cached_property
    def _unknown(self) -> list[str]:
        said = list(self.filter.refusals)
        asked = self.request.GET.get("sort", "")
        if asked and self.sorted_by[0] is None:
            said.append(_("The list cannot be sorted by “%(column)s”.") % {"column": asked.replace("\0", "")[:60]})
        return said

    @cached_property
    def _found(self) -> tuple[KeyPage[Any], list[str]]:
        if self._unknown:
            return KeyPage(), self._unknown
        place = self.request.GET.get("page", "")
        try:
            if source := self.source():
                return page_of_source(source, place, settings.PAGE_SIZE), []
            if isinstance(self.rows, QuerySet):
                return page_by_key(self.rows, self.current_order, place, settings.PAGE_SIZE), []
            return page_of_list(self.rows, self.key, place, settings.PAGE_SIZE), []
        except UnknownPlaceError:
            return KeyPage(), [_("The address names a place that is not in the list. Begin at its first page.")]

    @property
    def page(self) -> KeyPage[Any]:
        """The rows of this page; none where something is refused."""
        return self._found[0]

    @property
    def refusals(self) -> list[str]:
        """What the address asks for and no one can answer; then the list is empty."""
        return self._found[1]

    @property
    def is_empty(self) -> bool:
        """Whether the page shows no row."""
        return not self.page.rows

    @property
    def what_is_missing(self) -> Nothing:
        """What to say where there are no rows."""
        return self.nothing_fits if self.filter.is_narrowed or self.refusals else self.nothing

    @property
    def place_text(self) -> str:
        """From where to where the page goes, by the column that orders it."""
        rows = self.page.rows
        column = self.sorted_by[0] or self.place_column
        if len(rows) < 2 or column is None:
            return ""
        ends = [column.text(column.of(row)) for row in (rows[0], rows[-1])]
        return f"{ends[0]} – {ends[1]}" if all(ends) and ends[0] != ends[1] else ""

    @property
    def place_column(self) -> Column | None:
        """The column that tells a reader where in the list a page is."""
        return next((one for one in self.screen_columns if one.sort == self.order), None) or self.screen_columns[0]

    # the screen

    @cached_property
    def screen_columns(self) -> list[Column]:
        """The columns of the page."""
        return [column for column in self.columns if column.on_screen]

    @cached_property
    def heads(self) -> list[Head]:
        """The headings."""
        return [self._head(column) for column in self.screen_columns]

    @cached_property
    def body(self) -> list[BodyRow]:
        """The rows of this page, written out."""
        makers = [
            (
                getattr(self, f"show_{column.name}", None) or (lambda row, one=column: one.text(one.of(row))),
                _start(column, heads=not place),
                "</td>" if place else "</th>",
            )
            for place, column in enumerate(self.screen_columns)
        ]
        return [BodyRow(self._attributes(row), _cells(row, makers)) for row in self.page.rows]

    def _head(self, column: Column) -> Head:
        label, css = str(column.label), _css(column)
        if not column.sort:
            return Head(label, css)
        current, from_end = self.sorted_by
        by_default = current is None and column.sort == self.order
        turned_default = current is None and tuple(_turned(term) for term in column.sort) == self.order
        ascending = (column is current and not from_end) or by_default
        descending = (column is current and from_end) or turned_default
        return Head(
            label,
            css,
            self.url(sort=f"-{column.name}" if ascending else column.name, page=None),
            "ascending" if ascending else "descending" if descending else "",
        )

    def _attributes(self, row: Any) -> SafeString:
        given = {"data-href": self.href(row), **self.row_attributes(row)}
        return mark_safe("".join(f' {name}="{escape(value)}"' for name, value in given.items() if value))  # noqa: S308 - every value is escaped # nosec B308 B703

    def url(self, **changes: str | None) -> str:
        """Return this address with other parameters; None leaves one out."""
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"?{query.urlencode()}{f'#{self.anchor}' if self.anchor else ''}"

    @property
    def first_url(self) -> str:
        """The list's first page."""
        return self.url(page=None)

    @property
    def previous_url(self) -> str:
        """The page before, or ""."""
        return self.url(page=self.page.previous) if self.page.previous else ""

    @property
    def next_url(self) -> str:
        """The next page, or ""."""
        return self.url(page=self.page.next) if self.page.next else ""

    @property
    def last_url(self) -> str:
        """The list's last page, or ""."""
        return self.url(page="last") if self.page.next else ""

    @property
    def unfiltered_url(self) -> str:
        """The whole list."""
        return self.request.path

    @property
    def file_urls(self) -> list[tuple[str, str]]:
        """What the list can be saved as, with the address of each; nothing while it has no rows."""
        if not self.file_name or self.is_empty:
            return []
        return [("Excel", self.url(file="xlsx", page=None)), ("CSV", self.url(file="csv", page=None))]

    # the file

    @cached_property
    def file_columns(self) -> list[Column]:
        """The columns of the file."""
        return [column for column in self.columns if column.in_files]

    #: Told how many rows are written, now and then; the file ends where it says not to go on.
    say_far: Callable[[int], bool] | None = None

    def rows_to_save(self) -> Any:
        """Return the rows of the list, as it is filtered, that may stand in a file."""
        return self.rows

    def rows_of_file(self) -> Iterator[Any]:
        """Yield every row of the list as it is filtered and sorted, read a part at a time."""
        if self.refusals:
            return
        rows = self.rows_to_save()
        if isinstance(rows, QuerySet):
            rows = rows.order_by(*self.current_order).iterator(chunk_size=_ROWS_AT_A_TIME)
        for number, row in enumerate(rows, start=1):
            yield row
            if self.say_far is not None and number % _ROWS_AT_A_TIME == 0 and not self.say_far(number):
                return

    def count_to_save(self, most: int | None = None) -> int:
        """Return how many rows a file would hold; no more than one above `most` are looked at."""
        if self.refusals:
            return 0
        rows = self.rows_to_save()
        if not isinstance(rows, QuerySet):
            return len(rows)
        ids = rows.order_by().values("pk")
        return ids.count() if most is None else ids[: most + 1].count()

    def pieces_of_file(self, ending: str) -> Iterator[bytes]:
        """Yield the list as a file, "csv" or "xlsx", in pieces."""
        if ending == "csv":
            yield from self.write_csv()
            return
        with tempfile.TemporaryFile() as file:
            self.write_xlsx(file)
            file.seek(0)
            while piece := file.read(_BYTES_AT_A_TIME):
                yield piece

    def write_csv(self) -> Iterator[bytes]:
        """Yield the list as a CSV file in pieces, in Vietnamese whatever the screen's language."""
        pieces = csv_lines(self.file_columns, self.rows_of_file())
        while True:
            with official_language():
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    def write_xlsx(self, file: IO[bytes]) -> None:
        """Write the list as a workbook, in Vietnamese whatever the screen's language."""
        with official_language():
            writer, name = WorkbookWriter(file), str(self.caption)
            writer.add_table(
                str(self.sheet_name or name),
                self.file_columns,
                self.rows_of_file(),
                caption=name,
                total=self.total(),
                is_struck=self.is_struck,
            )
            writer.close()


def _css(column: Column) -> str:
    return " ".join(part for part in ("num" if column.is_number else "", column.css) if part)


def _start(column: Column, *, heads: bool) -> str:
    css = f' class="{escape(_css(column))}"' if _css(column) else ""
    if heads:
        return f'<th scope="row"{css}>'
    return f"<td{css}>" if column.css == "actions" else f'<td{css} data-label="{escape(column.label)}">'


def _turned(term: str) -> str:
    return term.removeprefix("-") if term.startswith("-") else f"-{term}"


def _cells(row: Any, makers: Iterable[tuple[Any, str, str]]) -> SafeString:
    cells = (_whole_cell(show(row), start, end) for show, start, end in makers)
    return mark_safe("".join(cells))  # noqa: S308 - every value is escaped in it # nosec B308 B703


def _whole_cell(value: Any, start: str, end: str) -> str:
    """Write a cell; one without a value is marked, for a phone leaves it out of the row's card."""
    if value:
        return f"{start}{_cell(value)}{end}"
    return f"{start.replace('<td', '<td data-missing', 1)}{MISSING}{end}"


def _cell(value: Any) -> SafeString:
    return conditional_escape(value) if hasattr(value, "__html__") else written(value)


def request_for(person: User, query: str) -> HttpRequest:
    """Return what a list asks of a request where there is none: the person, and the filter of an address."""
    request = HttpRequest()
    request.user = person
    request.GET = QueryDict(query)
    return request
