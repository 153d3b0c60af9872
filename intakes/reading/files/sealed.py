"""Workbooks that Excel encrypts with a password known to everybody, and opens without asking for one."""

from __future__ import annotations

import importlib
import io

from intakes.reading.files.errors import WorkbookError

_KNOWN_TO_ALL = "VelvetSweatshop"  # a workbook whose structure is protected is written with it


def open_sealed(content: bytes) -> bytes:
    """Return the workbook inside an encrypted one; WorkbookError if it has a password of its own."""
    opened = io.BytesIO()
    # Only now: few files need it, and what every child holds is counted against all of them.
    msoffcrypto = importlib.import_module("msoffcrypto")
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        file.load_key(password=_KNOWN_TO_ALL)
        file.decrypt(opened)
    except MemoryError:
        raise
    except Exception as error:  # a wrong key shows in as many ways as there are kinds of encryption
        raise WorkbookError("password") from error
    return opened.getvalue()
