"""One mechanism for every list: columns, filter, sorting, pages by key, files to save.

A list is a `ListTable` in `<app>/tables.py` with its `ListFilter` beside it; its view ends in
`portal.views.lists.show_list`, its template
in `{% include "components/_list.html" %}`.
"""

from portal.lib.tables import Column
from portal.lists.cells import icon, lines, link, muted, status
from portal.lists.filters import ListFilter, choice, words
from portal.lists.paging import Source, UnknownPlaceError, numbered_page
from portal.lists.table import ListTable, Nothing, request_for

__all__ = [
    "Column",
    "ListFilter",
    "ListTable",
    "Nothing",
    "Source",
    "UnknownPlaceError",
    "choice",
    "icon",
    "lines",
    "link",
    "muted",
    "numbered_page",
    "request_for",
    "status",
    "words",
]
