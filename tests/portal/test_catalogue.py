"""The Vietnamese words cannot go missing unseen: not in the file, not in what is made of it, not at the start."""

import ast
import gettext
import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.utils.translation import trans_real

from portal.checks import find_missing_catalogue, refuse_to_start
from tests.test_architecture import OWN

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = ROOT / "locale/vi/LC_MESSAGES/django.po"


@pytest.fixture
def elsewhere(tmp_path, settings):
    """Take the portal's words from a copy that a test may spoil; nothing that was read is remembered."""
    folder = tmp_path / "locale"
    shutil.copytree(ROOT / "locale", folder)
    settings.LOCALE_PATHS = [folder]
    return folder / "vi/LC_MESSAGES/django.mo"


def forget():
    gettext._translations.clear()
    trans_real._translations.clear()
    trans_real._default = None


def compiled(tree):
    return subprocess.run(
        [sys.executable, "tools/catalogue.py", "--compile"], cwd=tree, text=True, capture_output=True, check=False
    )


@pytest.fixture
def copy_of_the_project(tmp_path):
    """The catalogue and its tool alone, as they lie in a project."""
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    (tmp_path / CATALOGUE.relative_to(ROOT)).parent.mkdir(parents=True)
    shutil.copy(CATALOGUE, tmp_path / CATALOGUE.relative_to(ROOT))
    return tmp_path


def test_the_header_carries_no_mark():
    assert not polib.pofile(str(CATALOGUE)).metadata_is_fuzzy


def words_for(entry, read):
    if entry.msgid_plural:
        return read.ngettext(entry.msgid, entry.msgid_plural, 1)
    return read.pgettext(entry.msgctxt, entry.msgid) if entry.msgctxt else read.gettext(entry.msgid)


def test_what_the_site_reads_is_what_is_committed():
    with CATALOGUE.with_suffix(".mo").open("rb") as handle:
        read = gettext.GNUTranslations(handle)
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(CATALOGUE)).translated_entries()
        if words_for(entry, read) != (entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr)
    ]
    assert wrong == []


def test_with_its_words_the_portal_starts(elsewhere):
    assert find_missing_catalogue() == []
    refuse_to_start()


@pytest.mark.parametrize("spoil", ["removed", "empty", "cut", "not_ours"])
def test_without_its_words_the_portal_does_not_start(elsewhere, spoil):
    whole = elsewhere.read_bytes()
    elsewhere.unlink()
    if spoil == "empty":
        elsewhere.write_bytes(b"")
    elif spoil == "cut":
        elsewhere.write_bytes(whole[:5000])
    elif spoil == "not_ours":
        polib.POFile().save_as_mofile(str(elsewhere))
    forget()
    with pytest.raises(SystemCheckError, match="make setup"):
        call_command("check", tags=["translation"])
    with pytest.raises(SystemExit, match="make setup"):
        refuse_to_start()


def test_sources_written_in_the_language_need_no_catalogue(elsewhere, settings):
    elsewhere.unlink()
    settings.LANGUAGE_CODE = "en"
    assert find_missing_catalogue() == []


def test_the_set_up_makes_it_again(copy_of_the_project):
    done = compiled(copy_of_the_project)
    assert (done.returncode, done.stderr) == (0, "")
    with (copy_of_the_project / CATALOGUE.relative_to(ROOT)).with_suffix(".mo").open("rb") as handle:
        assert gettext.GNUTranslations(handle).gettext("Members") == "Hội viên"


def spoil_header(text):
    return text.replace('msgid ""', '#, fuzzy\nmsgid ""', 1)


@pytest.mark.parametrize("spoil", [spoil_header, lambda text: text.partition("\n\n")[0]])
def test_the_set_up_stops_with_a_sentence(copy_of_the_project, spoil):
    file = copy_of_the_project / CATALOGUE.relative_to(ROOT)
    file.write_text(spoil(file.read_text(encoding="utf-8")), encoding="utf-8")
    done = compiled(copy_of_the_project)
    assert done.returncode == 1
    assert not file.with_suffix(".mo").exists()
    (sentence,) = done.stderr.strip().splitlines()
    assert "django.po" in sentence


@pytest.mark.parametrize(
    "command", [["manage.py", "verify_ledger"], ["manage.py", "build_report", "2023-H1", "--unit=HP"]]
)
def test_commands_refuse_without_it(command):
    program = "import portal.settings as s, pathlib; s.LOCALE_PATHS = []; import manage, sys; sys.argv[:] = sys.argv[1:]; manage.main()"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    environment.pop("PYTEST_CURRENT_TEST", None)
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        cwd=ROOT,
        env=environment,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert "make setup" in done.stderr
    assert "Traceback" not in done.stderr


#: What a call's arguments are: how many of them are sentences after an optional context.
_TRANSLATES = {"gettext": (0, 1), "ngettext": (0, 2), "pgettext": (1, 1), "npgettext": (1, 2)}


def sentences_of(path):
    """The sentences a module asks the catalogue for, by whatever name it calls the translation."""
    tree = ast.parse(path.read_text())
    names = {
        alias.asname or alias.name: _TRANSLATES[alias.name.removesuffix("_lazy")]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name.removesuffix("_lazy") in _TRANSLATES
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            skipped, count = names[node.func.id]
            texts = [arg.value for arg in node.args[skipped : skipped + count] if isinstance(arg, ast.Constant)]
            yield from ((node.lineno, text) for text in texts if isinstance(text, str))


def test_every_sentence_of_the_code_is_in_the_catalogue():
    """A sentence within an f-string, or asked for by another name, is not found when the catalogue is made."""
    known = {text for entry in polib.pofile(str(CATALOGUE)) for text in (entry.msgid, entry.msgid_plural)}
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {text}"
        for path in OWN
        for line, text in sentences_of(path)
        if text not in known
    ]
    assert wrong == [], "\n".join(wrong)
