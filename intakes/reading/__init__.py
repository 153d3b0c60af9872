"""Lists as officers keep them in spreadsheets: read, understood, and written.

    reading = understand(read_workbook(content, filename), DISBURSEMENTS)

`read_workbook` knows cells only; `understand` finds the lists, decides what each column holds, and gives typed rows
with the problems of their cells. Pure: no model, no query, no request.
"""

from .errors import WorkbookError
from .problems import Note, Problem
from .reading import understand
from .results import GrandTotal, Reading, Total
from .rows import ListRow
from .schemas import CIRCUMSTANCES, DISBURSEMENTS, GENDERS, HARDSHIP, KINDS, MEMBERS, Field, Schema
from .sheets import Row, Sheet, Workbook
from .tables import Ambiguity, Column, Table
from .workbook import read_workbook
from .writing import blank_form, safe_text, write_errors, write_table

__all__ = [
    "CIRCUMSTANCES",
    "DISBURSEMENTS",
    "GENDERS",
    "HARDSHIP",
    "KINDS",
    "MEMBERS",
    "Ambiguity",
    "Column",
    "Field",
    "GrandTotal",
    "ListRow",
    "Note",
    "Problem",
    "Reading",
    "Row",
    "Schema",
    "Sheet",
    "Table",
    "Total",
    "Workbook",
    "WorkbookError",
    "blank_form",
    "read_workbook",
    "safe_text",
    "understand",
    "write_errors",
    "write_table",
]
