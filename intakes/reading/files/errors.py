"""What stops a whole workbook, and the sentence that tells the officer what to do about it."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "empty_file": _("The file is empty. Choose the file again."),
    "too_big": _("The file is larger than %(limit)s MB. Split the list into several files."),
    "not_a_workbook": _(
        "This is not an Excel or OpenDocument workbook. Open it in Excel or LibreOffice and save it as .xlsx."
    ),
    "web_page": _("This is a web page with the ending of a workbook. Open it in Excel and save it as .xlsx."),
    "text_file": _("This is a text file with the ending of a workbook. Save it as .xlsx, or give it the ending .csv."),
    "old_format": _("This format is too old or too rare (%(format)s). Open it in Excel and save it as .xlsx."),
    "corrupt": _("The file is damaged and cannot be read. Open it in Excel or LibreOffice and save it again."),
    "password": _("The file is protected by a password. Remove the password and save it again."),
    "bomb": _("The file unpacks to an unreasonable size and was not read."),
    "too_much": _(
        "Reading this file would take too much time or memory. Copy the list alone into a new workbook and send that."
    ),
    "too_many_rows": _("The file has more than %(limit)s rows. Split the list into several files."),
    "too_many_sheets": _("The file has more than %(limit)s sheets. Keep only the lists."),
    "no_sheets": _("The workbook has no sheet with cells."),
    "only_pictures": _("The file holds only pictures. Ask for the Excel file they were made of, or type the rows."),
    "unknown_encoding": _("The characters of this text file cannot be read. Save it as .xlsx or as UTF-8."),
}


class WorkbookError(ValueError):
    """The file as a whole cannot be read. `code` is a key of SENTENCES, `message` the sentence for the user."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def message(self) -> str:
        """Return the sentence for the user."""
        return str(SENTENCES[self.code]) % self.params

    def __str__(self) -> str:
        return self.code
