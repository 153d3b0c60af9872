# Every target sets up first; that does nothing when nothing has changed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8000
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Hundreds of short-lived children import the same modules: they are compiled once, also where the machine says never.
export PYTHONDONTWRITEBYTECODE :=
PY := .venv/bin/python

.PHONY: help setup run test soak check bench stop clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

setup:  ## make .venv and install everything (a system library that is missing is installed or named)
	@bash tools/setup.sh

run:  ## demo data and the site on http://127.0.0.1:$(PORT)
	@bash tools/setup.sh site
	@PORT="$(PORT)" bash tools/run.sh

test: setup  ## every test
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

soak: setup  ## every test with larger numbers: writers for a minute, hundreds of random trees
	@SOAK=1 $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup  ## linters, types, imports, migrations, catalogue
	@bash tools/check.sh

bench: setup  ## the benchmarks: each prints ratios to a limit measured in the same run
	@for program in bench/bench_*.py; do echo "== $$program"; $(PY) "$$program" || exit 1; done

stop:  ## stop the embedded database of this folder
	@$(PY) -m portal.database stop

clean:  ## remove .venv and caches (data stays)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
