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
from django.core.management import call_command

from portal.management import start

with start.told_in_a_sentence([]):
    start.prepare_for(["runserver"])
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("seed_demo")
PYTHON

# Pictures, PDFs and mail are made here, beside the requests. What it has to say is seen on this screen.
start_worker() {
	$python manage.py db_worker --no-startup-delay --no-reload -v 0 &
	worker=$!
	worker_since=$SECONDS
}
site=
stop_all() { # a process hit by the signal while it starts may never end by itself: after five seconds it is made to
	local attempt rest=($worker $site)
	trap '' INT TERM HUP
	# here and below: a process that is gone already cannot be stopped, and that is what is wanted
	kill "${rest[@]}" 2>/dev/null || true
	for attempt in {1..50}; do
		kill -0 "${rest[@]}" 2>/dev/null || return 0
		sleep 0.1
	done
	for parent in "${rest[@]}"; do
		kill -KILL "$parent" $(cat "/proc/$parent/task/$parent/children" 2>/dev/null) 2>/dev/null || true
	done
}
start_worker
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
while true; do
	ended=0
	wait -n "$site" "$worker" || ended=$?
	if kill -0 "$site" 2>/dev/null; then # the site goes on: it was the worker
		if [ $((SECONDS - worker_since)) -lt 10 ]; then
			echo "The worker that makes pictures, PDFs and mail ends as soon as it starts (see above): the site stops." >&2
			exit 1
		fi
		echo "The worker that makes pictures, PDFs and mail has ended ($ended); it is started again." >&2
		start_worker
	else
		exit "$ended"
	fi
done
