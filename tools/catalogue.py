"""Bring locale/vi up to date with the sources.

With --check, fail when a sentence has no Vietnamese, the file is stale or a mark would keep it from being used.
With --compile, write the .mo file that the site reads, and prove that it translates.
"""

from __future__ import annotations

import gettext
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/vi/LC_MESSAGES/django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
FUZZY_HEADER = (
    f"{CATALOGUE.relative_to(ROOT)}: its header is marked '#, fuzzy' (one of the first lines). Tools leave such a "
    "catalogue out without a word, and the site would speak English: remove that line."
)


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
    try:
        subprocess.run(command, cwd=ROOT, check=True)
    except subprocess.CalledProcessError:  # it has said itself what is wrong
        sys.exit(f"{CATALOGUE.relative_to(ROOT)} or a source cannot be read (see above).")
    catalogue = polib.pofile(str(CATALOGUE), wrapwidth=0)  # as makemessages writes it
    for entry in catalogue.obsolete_entries():
        catalogue.remove(entry)
    for stamp in ("POT-Creation-Date", "PO-Revision-Date"):
        catalogue.metadata.pop(stamp, None)
    for entry in catalogue.translated_entries():  # the old sentence of one that has been translated again: of no use
        entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
    catalogue.save()


def compile_catalogue() -> None:
    """Write the .mo file beside the .po and read it back; where it does not translate, end with a sentence."""
    try:
        catalogue = polib.pofile(str(CATALOGUE))
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"The Vietnamese catalogue cannot be read: {error}")
    if catalogue.metadata_is_fuzzy:
        sys.exit(FUZZY_HEADER)
    if not catalogue.translated_entries():
        sys.exit(f"{CATALOGUE.relative_to(ROOT)} translates nothing.")
    try:
        with tempfile.NamedTemporaryFile(dir=COMPILED.parent, suffix=".mo.new", delete=False) as handle:
            handle.write(catalogue.to_binary())
        Path(handle.name).chmod(0o644)
        Path(handle.name).rename(COMPILED)  # a server that starts meanwhile reads the old one or the new one, whole
        with COMPILED.open("rb") as handle_:
            written = gettext.GNUTranslations(handle_)
    except OSError as error:
        sys.exit(f"The Vietnamese catalogue {COMPILED.relative_to(ROOT)} cannot be written or read back: {error}")
    for entry in catalogue.translated_entries():
        if not entry.msgctxt and not entry.msgid_plural and written.gettext(entry.msgid) != entry.msgstr:
            sys.exit(f"{COMPILED.relative_to(ROOT)} does not translate {entry.msgid!r}: its file was not written well.")


def check() -> int:
    """Return 0 when every sentence of the sources stands in the catalogue, in Vietnamese."""
    only_check = "--check" in sys.argv
    before = CATALOGUE.read_text(encoding="utf-8")
    marked = polib.pofile(str(CATALOGUE)).metadata_is_fuzzy
    if shutil.which("xgettext") is None:
        print("xgettext is missing (apt-get install gettext): whether the catalogue has every sentence is not checked.")
        if only_check and os.environ.get("CI"):
            return 1
    else:
        extract()
    catalogue = polib.pofile(str(CATALOGUE))
    missing = [entry.msgid for entry in [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]]
    for sentence in missing:
        print(f"no Vietnamese for: {sentence!r}")
    if marked:
        print(FUZZY_HEADER)
    stale = CATALOGUE.read_text(encoding="utf-8") != before
    if only_check and stale:
        CATALOGUE.write_text(before, encoding="utf-8")
        print("locale/vi is stale: run .venv/bin/python tools/catalogue.py and translate what is new.")
    return 1 if missing or (only_check and (stale or marked)) else 0


def main() -> int:
    """Return what the shell is told."""
    if "--compile" in sys.argv:
        compile_catalogue()
        return 0
    return check()


if __name__ == "__main__":
    sys.exit(main())
