#!/usr/bin/env bash
# Makes .venv and installs what requirements.lock names; asks the system for the few libraries that Python cannot bring.
# With --site only what the site itself needs from the system: a browser for the tests would double the first start.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONUTF8=1

say() { printf '%s\n' "$*" >&2; }

# --- system packages: installed where apt-get may be used, else named with the command to type -----------------------
scope=${1:-all}
missing=()
need() { # need PACKAGE TEST...
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=("$package")
}
library() { ldconfig -p 2>/dev/null | grep -q "$1" || [ -n "$(find /usr/lib /usr/local/lib /lib -maxdepth 3 -name "$1*" -print -quit 2>/dev/null)" ]; }
fetch() { apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" >/dev/null 2>&1; }
install_missing() { # together, else one by one: a package that cannot be had must not keep the others away
	local package failed=()
	say "Installing system packages: ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq >/dev/null 2>&1 || true
	fetch "${missing[@]}" || for package in "${missing[@]}"; do fetch "$package" || failed+=("$package"); done
	[ ${#failed[@]} -eq 0 ] || say "Could not be installed: ${failed[*]}. To see why, type:  apt-get install ${failed[*]}"
}
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
want="$(cat requirements.lock tools/setup.sh | cksum) $PWD"
system_stamp=".venv/.system$scope" # nothing was missing
asked=".venv/.asked$scope"
sudo="sudo "
[ "$(id -u)" != 0 ] || sudo=""
if [ "$(cat "$system_stamp" 2>/dev/null)" != "$want" ]; then
	need libpango-1.0-0 library libpango-1.0.so.0
	need libpangoft2-1.0-0 library libpangoft2-1.0.so.0
	need libharfbuzz-subset0 library libharfbuzz-subset.so.0
	need python3-venv "$python" -c 'import ensurepip, venv'
	if [ "$scope" = all ]; then
		need gettext command -v xgettext
		need chromium bash -c 'command -v chromium || command -v chromium-browser || command -v google-chrome'
		need libatomic1 library libatomic.so.1 # the browser's driver
		need procps command -v ps
	fi
	if [ ${#missing[@]} -gt 0 ]; then
		# the same are asked for once: a later start must not wait for what could not be had (no network, say)
		if [ "$(id -u)" = 0 ] && [ "$(cat "$asked" 2>/dev/null)" != "${missing[*]}" ] && command -v apt-get >/dev/null 2>&1; then
			install_missing
		else
			say "Missing on this machine: ${missing[*]}"
			say "  The site needs Pango and HarfBuzz (its PDFs); the browser tests need Chromium, the catalogue check gettext."
			say "  To have them, type:  ${sudo}apt-get install ${missing[*]}"
		fi
	fi
fi

finish() {
	if [ ${#missing[@]} -gt 0 ]; then printf '%s' "${missing[*]}" >"$asked"; else printf '%s' "$want" >"$system_stamp"; fi 2>/dev/null || true
}
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
	finish
	exit 0
fi

if [ ! -w . ] || { [ -e .venv ] && [ ! -w .venv ]; }; then
	say "$PWD (or .venv in it) cannot be written by $(id -un). Copy or clone the project into a folder of your own."
	exit 1
fi
say "Setting up .venv (once; about a minute) ..."
if [ ! -x .venv/bin/python ] || [ "$(cat .venv/.path 2>/dev/null)" != "$PWD" ]; then
	rm -rf .venv
	if ! "$python" -m venv .venv >/dev/null 2>&1; then
		rm -rf .venv
		say "Python has no venv here. Type:  ${sudo}apt-get install python3-venv   and try again."
		exit 1
	fi
	printf '%s' "$PWD" >.venv/.path
fi
# Hashes are checked; through -m so that a long path never ends up in a script's first line; not compiled, because most
# of it never runs and what does is compiled at its first use.
if ! .venv/bin/python -m pip install -qq --no-compile --require-hashes --no-deps -r requirements.lock; then
	say "The packages could not be installed (see above; usually the network or the disk). Then try again."
	exit 1
fi
.venv/bin/python -m babel.messages.frontend -q compile -D django -d locale >/dev/null 2>&1
finish
printf '%s' "$want" >"$stamp"
