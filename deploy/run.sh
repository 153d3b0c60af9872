#!/usr/bin/env bash
# The demo: database, demo data, the worker and the site, until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONUTF8=1 PORT="${PORT:-8000}"
export SITE_URL="${SITE_URL:-http://127.0.0.1:$PORT}"
python=.venv/bin/python
$python manage.py migrate -v 0
$python manage.py collectstatic --noinput -v 0
$python manage.py seed_demo
worker=
trap 'kill $worker 2>/dev/null || true' EXIT
$python manage.py db_worker --no-startup-delay --no-reload >/dev/null 2>&1 &
worker=$!
$python manage.py demo_accounts 2>/dev/null || true
echo "http://127.0.0.1:$PORT  (Ctrl-C stops it)"
# not exec: the trap must stop the worker; a long path stays out of scripts' first lines
$python -m granian --interface wsgi --host 127.0.0.1 --port "$PORT" --workers 2 --blocking-threads 1 --backpressure 64 \
	--no-ws --log-level warning --respawn-failed-workers portal.wsgi:application
