"""The real commands on a folder where nothing has been made yet: each works or says what lacks, in a sentence."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from portal import database

ROOT = Path(__file__).resolve().parent.parent.parent
MEMBERS = ROOT / "tests" / "data" / "2023-h1" / "hoi-vien-moi.xlsx"


def run(*command, data, **environment):
    """Run a program of the portal as a person would, with the portal's own settings."""
    clean = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "SITE_URL", "DEBUG"}}
    clean |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "PORTAL_DATA": str(data)} | environment
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=clean, text=True, capture_output=True, check=False)
    assert "Traceback" not in done.stderr
    return done


def said_in_a_sentence(done):
    """The one line on standard error of a command that could not do its work."""
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    return line


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A data folder where only the set-up has been: no server, no tables."""
    folder = tmp_path_factory.mktemp("fresh") / "dữ liệu"
    yield folder
    cluster = database.cluster_under(folder)
    database.stop(cluster)
    shutil.rmtree(cluster.home, ignore_errors=True)
    shutil.rmtree(cluster.socket, ignore_errors=True)


@pytest.fixture(scope="module")
def empty_database():
    """The address of a database on the tests' server that has no tables."""
    cluster = database.cluster_under(settings.PORTAL_DATA)
    name = f"empty_{os.getpid()}"
    server = {"host": str(cluster.socket), "user": database.DATABASE_USER, "dbname": "postgres"}
    with psycopg.connect(**server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"postgres:///{name}?host={cluster.socket}&user={database.DATABASE_USER}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_commands_bring_the_tables_up_first(fresh):
    assert run("-m", "portal.database", data=fresh).stdout == "not running\n"
    ledger = run("manage.py", "verify_ledger", data=fresh)
    assert (ledger.returncode, ledger.stderr) == (0, "")
    assert json.loads(ledger.stdout.splitlines()[-1])["differences"] == []
    assert run("-m", "portal.database", data=fresh).stdout == "running\n"


def test_the_demo_and_a_trial_import_work_at_once(fresh):
    seeded = run("manage.py", "seed_demo", "--empty", data=fresh)
    assert seeded.returncode == 0
    assert json.loads(seeded.stdout.splitlines()[-1])["empty"] is True
    tried = run("manage.py", "import_members", str(MEMBERS), "--dry-run", data=fresh)
    assert tried.returncode == 0
    assert json.loads(tried.stdout.splitlines()[-1])["rows"] == 1100


def test_a_file_that_is_not_there_is_named(fresh):
    assert "none.xlsx" in said_in_a_sentence(run("manage.py", "import_members", "none.xlsx", "--dry-run", data=fresh))


@pytest.mark.parametrize(
    "command", [["verify_ledger"], ["seed_demo"], ["import_members", str(MEMBERS), "--dry-run"], ["runserver"]]
)
def test_a_database_of_ones_own_is_left_as_it_is(command, empty_database, tmp_path):
    done = run("manage.py", *command, data=tmp_path, DATABASE_URL=empty_database)
    assert "manage.py migrate" in said_in_a_sentence(done)
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_server_that_does_not_answer_is_named(tmp_path):
    done = run("manage.py", "verify_ledger", data=tmp_path, DATABASE_URL="postgres://portal@127.0.0.1:1/portal")
    assert said_in_a_sentence(done).startswith("The database does not answer")


@pytest.mark.parametrize("program", [["manage.py", "verify_ledger"], ["-m", "portal.database", "stop"]])
def test_a_folder_that_cannot_be_made_is_named(program, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    assert "PORTAL_DATA" in said_in_a_sentence(run(*program, data=tmp_path / "file" / "data"))


@pytest.mark.parametrize("program", [["manage.py", "verify_ledger"], ["-m", "portal.database"]])
def test_what_production_lacks_is_named(program, tmp_path):
    assert "SECRET_KEY" in said_in_a_sentence(
        run(*program, data=tmp_path, SITE_URL="https://hkh.example", SECRET_KEY="")
    )


def test_a_key_of_citizen_numbers_that_could_be_guessed_is_refused(tmp_path):
    real = {
        "SITE_URL": "https://hkh.example",
        "SECRET_KEY": "x" * 50,
        "DATABASE_URL": "postgres://portal@127.0.0.1:1/p",
    }
    said = said_in_a_sentence(run("manage.py", "verify_ledger", data=tmp_path, FIELD_KEYS="x" * 40 + ",short", **real))
    assert "FIELD_KEYS" in said


def test_help_starts_nothing(tmp_path):
    done = run("manage.py", "verify_ledger", "--help", data=tmp_path)
    assert done.returncode == 0
    assert not (tmp_path / "postgres").exists()
