#!/usr/bin/env bash
# The demo: database, demo data, the worker and the site, until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONUTF8=1 PORT="${PORT:-8000}"
export SITE_URL="${SITE_URL:-http://127.0.0.1:$PORT}"
python=.venv/bin/python

$python manage.py migrate -v 0
# of Bootstrap only what pages load: compressing the rest costs more time than all else here
$python manage.py collectstatic --noinput -v 0 -i 'bootstrap-*' -i '*.rtl.*' -i 'bootstrap.css*' -i 'bootstrap.js*' -i 'bootstrap.esm*' -i 'bootstrap.bundle.js*' -i 'jquery*'
$python manage.py seed_demo

# Pictures, PDFs and mail are made here, beside the requests.
$python manage.py db_worker --no-startup-delay --no-reload -v 0 >/dev/null 2>&1 &
worker=$!
trap 'kill "$worker" 2>/dev/null || true' EXIT
trap 'exit 0' INT TERM

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
	--log-level warning --respawn-failed-workers portal.wsgi:application &
site=$!
trap 'kill "$site" "$worker" 2>/dev/null || true; wait "$site" 2>/dev/null || true' EXIT
wait "$site"
