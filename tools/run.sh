#!/usr/bin/env bash
# The demo: database, demo data, the worker and the site, until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONUTF8=1 PORT="${PORT:-8000}"
export SITE_URL="${SITE_URL:-http://127.0.0.1:$PORT}"
python=.venv/bin/python

# before all work: the server itself would share a port that is taken instead of refusing it
$python -IS - "$PORT" <<'PYTHON'
import socket, sys
port = sys.argv[1]
try:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", int(port)))
except (OSError, OverflowError, ValueError) as error:
    reason = error.strerror if isinstance(error, OSError) else "not a port number"
    sys.exit(f"Port {port} cannot be used: {reason}. Is the site running already? Take another:  make run PORT=8080")
PYTHON

# In one process: starting Django for each would take longer than their work when nothing has changed.
$python - <<'PYTHON'
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
sys.path.insert(0, os.getcwd())
import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from portal import database

try:
    from portal import settings

    database.ensure_for(["migrate"], settings.DATABASE_URL, settings.PORTAL_DATA)
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("seed_demo")
except (ImproperlyConfigured, database.EmbeddedDatabaseError, CommandError) as error:
    sys.exit(str(error))
except PermissionError as error:
    sys.exit(f"{error.filename} belongs to another account. Use a copy of the project, or PORTAL_DATA=/a/folder/of/yours")
except OSError as error:
    if "cannot load library" not in str(error):
        raise
    sys.exit("The site cannot start without the system libraries named above: they make its PDFs.")
except KeyboardInterrupt:
    sys.exit(130)
PYTHON

# Pictures, PDFs and mail are made here, beside the requests.
$python manage.py db_worker --no-startup-delay --no-reload -v 0 >/dev/null 2>&1 &
worker=$!
site=
stop_all() { # a process hit by the signal while it starts may never end by itself: after five seconds it is made to
	local attempt rest=($worker $site)
	trap '' INT TERM HUP
	kill "${rest[@]}" 2>/dev/null || true
	for attempt in {1..50}; do
		kill -0 "${rest[@]}" 2>/dev/null || return 0
		sleep 0.1
	done
	for parent in "${rest[@]}"; do
		kill -KILL "$parent" $(cat "/proc/$parent/task/$parent/children" 2>/dev/null) 2>/dev/null || true
	done
}
trap stop_all EXIT
trap 'exit 0' INT TERM HUP

accounts="contributor editor officer.lc officer.nq officer.lechan approver leader auditor administrator"
cat <<TEXT

  The site:       http://127.0.0.1:$PORT
  Staff sign in:  http://127.0.0.1:$PORT/tai-khoan/login/
  Demo accounts:  $accounts
  Password:       ${DEMO_PASSWORD:-khuyenhoc-2026}

  Ctrl-C stops the site; the embedded database stays for the next start (make stop ends it).

TEXT
# in the background and waited for, so that a signal reaches the trap at once
$python -m granian --interface wsgi --host 127.0.0.1 --port "$PORT" --workers 2 --blocking-threads 1 --no-ws \
	--log-level warning --respawn-failed-workers --workers-kill-timeout 1 portal.wsgi:application &
site=$!
wait "$site"
