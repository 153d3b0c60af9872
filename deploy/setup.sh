#!/usr/bin/env bash
# Makes .venv and installs what requirements.lock names; asks the system for the few libraries that Python cannot bring.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONUTF8=1

say() { printf '%s\n' "$*" >&2; }

# --- system packages: installed where apt-get may be used, else named with the command to type -----------------------
missing=()
need() { # need PACKAGE TEST...
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=("$package")
}
library() { ldconfig -p 2>/dev/null | grep -q "$1" || [ -n "$(find /usr/lib /usr/local/lib /lib -maxdepth 3 -name "$1*" -print -quit 2>/dev/null)" ]; }
python=${PYTHON:-}
if [ -z "$python" ]; then
	for candidate in python3.11 python3.12 python3.13 python3; do
		if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'; then
			python=$candidate
			break
		fi
	done
fi
[ -n "$python" ] || { say "Python 3.11, 3.12 or 3.13 is needed. On Debian 12: apt-get install python3 python3-venv"; exit 1; }

stamp=".venv/.installed"
# the path too: a copied or moved folder has scripts that point elsewhere
want="$(cat requirements.lock deploy/setup.sh | cksum) $PWD"
system_stamp=".venv/.system"
if [ ! -f "$system_stamp" ]; then
	need libpango-1.0-0 library libpango-1.0.so.0
	need libpangoft2-1.0-0 library libpangoft2-1.0.so.0
	need libharfbuzz-subset0 library libharfbuzz-subset.so.0
	need gettext command -v xgettext
	need chromium bash -c 'command -v chromium || command -v chromium-browser || command -v google-chrome'
	need python3-venv "$python" -c 'import ensurepip, venv'
	need procps command -v ps
	if [ ${#missing[@]} -gt 0 ]; then
		if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
			say "Installing system packages: ${missing[*]}"
			export DEBIAN_FRONTEND=noninteractive
			apt-get update -qq >/dev/null 2>&1 || true
			apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
				say "Could not install all of: ${missing[*]}"
		else
			say "Missing on this machine: ${missing[*]}"
			say "  to have everything (PDF, browser tests, catalogue check), type:  sudo apt-get install ${missing[*]}"
		fi
	fi
fi

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
	exit 0
fi

say "Setting up .venv (once; about a minute) ..."
if [ ! -x .venv/bin/python ] || [ "$(cat .venv/.path 2>/dev/null)" != "$PWD" ]; then
	rm -rf .venv
	if ! "$python" -m venv .venv 2>/dev/null; then
		rm -rf .venv
		say "Python has no venv here. Type:  sudo apt-get install python3-venv   and try again."
		exit 1
	fi
	printf '%s' "$PWD" >.venv/.path
fi
# hashes are checked; through -m so that a long path never ends up in a script's first line
.venv/bin/python -m pip install -qq --require-hashes --no-deps -r requirements.lock
.venv/bin/python -m babel.messages.frontend -q compile -D django -d locale >/dev/null 2>&1
[ ${#missing[@]} -gt 0 ] || touch "$system_stamp"
printf '%s' "$want" >"$stamp"
