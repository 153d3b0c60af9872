#!/usr/bin/env bash
# Makes .venv and installs what requirements.lock names; asks the system for the few libraries that Python cannot bring.
# With `site` only what the site itself needs from the system: a browser for the tests would double the first start.
# What fails here either ends the set-up with a sentence or says beside it why it may fail.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONUTF8=1

say() { printf '%s\n' "$*" >&2; }

# --- system packages: installed where apt-get may be used, else named with the command to type -----------------------
scope=${1:-all}
missing=()
need() { # need PACKAGE TEST...: the test is a question, its words are of no use; "no" is noted and told below
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=("$package")
}
# two ways of asking: a machine without ldconfig's cache, or with folders that may not be read, still gets an answer
library() { ldconfig -p 2>/dev/null | grep -q "$1" || [ -n "$(find /usr/lib /usr/local/lib /lib -maxdepth 3 -name "$1*" -print -quit 2>/dev/null)" ]; }
fetch() { apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" >"$log" 2>&1; }
install_missing() { # together, else one by one: a package that cannot be had must not keep the others away
	local package failed=() log
	log=$(mktemp)
	say "Installing system packages: ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	# may fail, without a network or with one dead source: the lists that are there may do; if not, the next step says so
	apt-get update -qq >"$log" 2>&1 || say "The lists of packages could not be renewed: $(tail -n 1 "$log")"
	fetch "${missing[@]}" || for package in "${missing[@]}"; do
		fetch "$package" || failed+=("$package: $(tail -n 1 "$log")")
	done
	rm -f "$log"
	# may fail: the site starts without a browser, and what it cannot do without it names itself when it is needed
	[ ${#failed[@]} -eq 0 ] || say "Could not be installed:" "$(printf '\n  %s' "${failed[@]}")"
}
python=${PYTHON:-}
if [ -z "$python" ]; then
	for candidate in python3.11 python3.12 python3.13 python3; do
		if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'; then
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
read_stamp() { [ ! -f "$1" ] || cat "$1"; }
sudo="sudo "
[ "$(id -u)" != 0 ] || sudo=""
if [ "$(read_stamp "$system_stamp")" != "$want" ]; then
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
		if [ "$(id -u)" = 0 ] && [ "$(read_stamp "$asked")" != "${missing[*]}" ] && command -v apt-get >/dev/null; then
			install_missing
		else
			say "Missing on this machine: ${missing[*]}"
			say "  The site needs Pango and HarfBuzz (its PDFs); the browser tests need Chromium, the catalogue check gettext."
			say "  To have them, type:  ${sudo}apt-get install ${missing[*]}"
		fi
	fi
fi

remember() { # may fail in somebody else's folder: then the next start asks once more, which costs a second
	if [ ${#missing[@]} -gt 0 ]; then printf '%s' "${missing[*]}" >"$asked"; else printf '%s' "$want" >"$system_stamp"; fi 2>/dev/null || true
}

# --- the Vietnamese words --------------------------------------------------------------------------------------------
words=locale/vi/LC_MESSAGES/django
words_stamp=.venv/.words
make_catalogue() { # again when the sources of the words have changed or what was made of them is gone
	local now
	now="$(cat "$words.po" tools/catalogue.py | cksum) $( ([ ! -f "$words.mo" ] || cksum <"$words.mo"))"
	[ ! -f "$words.mo" ] || [ "$(read_stamp "$words_stamp")" != "$now" ] || return 0
	rm -f "$words.mo" # what is old must not pass for what could not be made
	if ! .venv/bin/python tools/catalogue.py --compile || [ ! -s "$words.mo" ]; then
		say "The Vietnamese words could not be made ready (see above): without them the site would speak English."
		exit 1
	fi
	printf '%s' "$(cat "$words.po" tools/catalogue.py | cksum) $(cksum <"$words.mo")" >"$words_stamp"
}

if [ -f "$stamp" ] && [ "$(read_stamp "$stamp")" = "$want" ]; then
	remember
	make_catalogue
	exit 0
fi

if [ ! -w . ] || { [ -e .venv ] && [ ! -w .venv ]; }; then
	say "$PWD (or .venv in it) cannot be written by $(id -un). Copy or clone the project into a folder of your own."
	exit 1
fi
say "Setting up .venv (once; about a minute) ..."
if [ ! -x .venv/bin/python ] || [ "$(read_stamp .venv/.path)" != "$PWD" ]; then
	rm -rf .venv
	if ! made=$("$python" -m venv .venv 2>&1); then
		rm -rf .venv
		say "$made"
		say "Python could not make .venv (see above). Where venv is missing, type:  ${sudo}apt-get install python3-venv   and try again."
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
remember
printf '%s' "$want" >"$stamp"
make_catalogue
