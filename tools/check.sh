#!/usr/bin/env bash
# Linters, types, imports, migrations, catalogue. Every finding is an error.
set -uo pipefail
cd "$(dirname "$0")/.."
export PYTHONUTF8=1
python=.venv/bin/python
failed=0
step() { # step NAME COMMAND...: what a step says is shown when it fails, else it would only hide the next one
	local name=$1 out
	shift
	if out=$("$@" 2>&1); then printf 'ok      %s\n' "$name"; else
		printf 'FAILED  %s\n%s\n' "$name" "$out"
		failed=1
	fi
}
step "ruff check" $python -m ruff check .
step "ruff format" $python -m ruff format --check .
step "imports" $python -c 'from importlinter.cli import lint_imports_command as c; c()'
step "types" $python -m mypy
step "templates" $python -m djlint templates --lint --quiet
step "dead code" $python -m vulture
step "dependencies" $python -m deptry .
step "migrations" $python manage.py makemigrations --check --dry-run -v 0
step "deployment" $python manage.py check --deploy --fail-level WARNING
step "catalogue" $python tools/catalogue.py --check
command -v xgettext >/dev/null || echo "NOT CHECKED: whether the catalogue has every sentence (apt-get install gettext)"
exit $failed
