"""The embedded database: one cluster a data folder, wherever that folder lies."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from portal import database


@pytest.fixture
def deep_folder(tmp_path):
    """A folder whose path has a space and letters beyond ASCII, and is more than 120 characters long."""
    return tmp_path / "thư mục có dấu cách" / ("a" * 100)


def test_it_starts_stops_and_keeps_what_was_written_in_a_deep_folder_with_a_space(deep_folder):
    cluster = database.cluster_under(deep_folder)
    address = {"host": str(cluster.socket), "user": database.DATABASE_USER, "dbname": database.DATABASE_NAME}
    try:
        database.ensure_running(cluster)
        database.ensure_running(cluster)  # already there: no change
        with psycopg.connect(**address) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('Đồ Sơn')")
        assert cluster.socket.stat().st_mode & 0o077 == 0
        assert database.stop(cluster)
        assert not database.stop(cluster)
        database.ensure_running(cluster)
        with psycopg.connect(**address) as connection:
            assert connection.execute("SELECT word FROM kept").fetchone() == ("Đồ Sơn",)
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    finally:
        database.stop(cluster)
        shutil.rmtree(cluster.home, ignore_errors=True)
        shutil.rmtree(cluster.socket, ignore_errors=True)


def test_a_folder_made_again_at_the_same_place_meets_no_old_server(tmp_path):
    folder = tmp_path / "data"
    first = database.cluster_under(folder)
    assert database.cluster_under(folder) == first
    shutil.rmtree(folder)
    again = database.cluster_under(folder)
    assert again.socket != first.socket


def test_the_socket_path_stays_short(deep_folder):
    assert len(os.fsencode(database.cluster_under(deep_folder).socket)) <= database.LONGEST_SOCKET_FOLDER


def test_a_database_of_its_own_is_used_as_named(tmp_path):
    found = database.configuration("postgres://me:secret@db.example:5433/books", tmp_path)
    assert (found["HOST"], found["PORT"], found["NAME"], found["USER"]) == ("db.example", "5433", "books", "me")
    assert found["PASSWORD"] == "secret"
    assert found["CONN_MAX_AGE"] is None
    assert not (tmp_path / "cluster_key").exists()


def test_a_socket_and_options_in_the_address_are_understood(tmp_path):
    found = database.configuration("postgres://me@%2Frun%2FMy%20DB/books?sslmode=disable", tmp_path)
    assert (found["HOST"], found["NAME"], found["OPTIONS"]) == ("/run/My DB", "books", {"sslmode": "disable"})


@pytest.mark.parametrize("url", ["mysql://me@db/books", "books", "postgres://[", "http://db.example/books"])
def test_an_address_of_no_postgresql_is_refused_by_name(url, tmp_path):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database.configuration(url, tmp_path)


def test_commands_that_need_no_database_start_none(tmp_path):
    database.ensure_for(["makemessages"], "", tmp_path / "untouched")
    database.ensure_for(["migrate"], "postgres://elsewhere/x", tmp_path / "untouched")
    assert not (tmp_path / "untouched").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(database.EmbeddedDatabaseError, match="PORTAL_DATA"):
        database.cluster_under(blocked / "data")


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path):
    elsewhere = tmp_path / "target"
    elsewhere.mkdir()
    planted = tmp_path / "link"
    planted.symlink_to(elsewhere)
    with pytest.raises(database.EmbeddedDatabaseError):
        database._make_private(Path(planted), None)
