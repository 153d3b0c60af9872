"""Lists as officers keep them in spreadsheets, understood and written."""

from .errors import WorkbookError
from .workbook import read_workbook
