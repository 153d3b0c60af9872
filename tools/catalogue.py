"""Bring locale/vi up to date with the sources.

With --check, fail when a sentence has no Vietnamese or the file is stale.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/vi/LC_MESSAGES/django.po"


def extract() -> None:
    """Run makemessages over code and templates."""
    ignored = [f"--ignore={name}" for name in (".venv", "data", "tests", "bench", "tools", "docs")]
    command = [
        sys.executable,
        "manage.py",
        "makemessages",
        "-l",
        "vi",
        "--no-location",
        "--no-wrap",
        "-v",
        "0",
        *ignored,
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    catalogue = polib.pofile(str(CATALOGUE), wrapwidth=0)  # as makemessages writes it
    for entry in catalogue.obsolete_entries():
        catalogue.remove(entry)
    for stamp in ("POT-Creation-Date", "PO-Revision-Date"):
        catalogue.metadata.pop(stamp, None)
    catalogue.save()


def main() -> int:
    """Return 0 when every sentence stands in Vietnamese."""
    before = CATALOGUE.read_text(encoding="utf-8")
    if shutil.which("xgettext") is None:
        print(
            "xgettext is missing (apt-get install gettext): only the completeness of the catalogue is checked.",
            file=sys.stderr,
        )
    else:
        extract()
    catalogue = polib.pofile(str(CATALOGUE))
    missing = [entry.msgid for entry in [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]]
    for sentence in missing:
        print(f"no Vietnamese for: {sentence!r}")
    stale = CATALOGUE.read_text(encoding="utf-8") != before
    if "--check" in sys.argv and stale:
        CATALOGUE.write_text(before, encoding="utf-8")
        print("locale/vi is stale: run .venv/bin/python tools/catalogue.py and translate what is new.")
    return 1 if missing or ("--check" in sys.argv and stale) else 0


if __name__ == "__main__":
    sys.exit(main())
