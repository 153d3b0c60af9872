#!/usr/bin/env bash
# Makes requirements.lock again after pyproject.toml has changed: every package with its hashes, for Python 3.11 to
# 3.13, without the address of any index. Versions that still fit stay; `tools/lock.sh --upgrade` takes newer ones.
# The program uv that it needs is not among the packages of the portal: install it beside (pipx install uv).
set -euo pipefail
cd "$(dirname "$0")/.."
exec "${UV:-uv}" pip compile pyproject.toml --group demo --group dev --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet \
	--output-file requirements.lock "$@"
