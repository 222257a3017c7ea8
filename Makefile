# Two commands: make serve, make test. Both set up what they need in .venv first.
PYTHON ?= python3
PORT ?= 8000
BASE ?=
BIN := .venv/bin

.PHONY: serve test test-long check setup build bench clients frontend clean

serve: .venv/.serve frontend
	@$(BIN)/wijkengids serve --build --port $(PORT) $(if $(BASE),--base "$(BASE)")

build: .venv/.serve
	$(BIN)/wijkengids build

test: .venv/.test frontend
	$(BIN)/pytest -m "not slow" $(ARGS)

test-long: .venv/.test frontend
	$(BIN)/pytest $(ARGS)

check: .venv/.check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	sh src/frontend/build.sh .venv check
	$(BIN)/pytest -q tests/test_house.py tests/test_contract.py
	$(BIN)/wijkengids check --fail-on warning

# SMALL=1 tries every part of the benchmark out on little data
bench: .venv/.test
	$(BIN)/python -m tests.bench $(if $(SMALL),--small)

setup: .venv/.serve frontend

# The interactive parts of the pages (docs/frontend.md). Never fails: without them the pages are plainer, and it says so.
BUILT := src/wijkengids/web/static/build/manifest.json

frontend: $(BUILT)

$(BUILT): $(wildcard src/frontend/*.* src/frontend/src/*) | .venv/bin/python
	@sh src/frontend/build.sh .venv || true

# A stamp per need: who only serves does not wait for the tools of developers.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 of nieuwer is nodig (PYTHON=... make ...)"; exit 2; }
	$(PYTHON) -m venv .venv

PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt

.venv/.serve: pyproject.toml constraints.txt $(wildcard src/wijkengids/web/translations/*/LC_MESSAGES/*.po) | .venv/bin/python
	$(PIP) -e .
	@touch $@

.venv/.test: .venv/.serve
	$(PIP) -e '.[test]'
	@touch $@

.venv/.check: .venv/.test
	$(PIP) -e '.[test,check]'
	@touch $@

# Programs of other people's making that tests/test_klanten.py runs (a linked-data client for Node.js, FAIR Signposting);
# without them those tests are skipped.
clients: .venv/.clients .venv/.node .venv/.browser

.venv/.clients: tests/klanten.txt | .venv/bin/python
	test -x .venv/klanten/bin/python || $(PYTHON) -m venv .venv/klanten
	.venv/klanten/bin/python -m pip --disable-pip-version-check install --quiet -r tests/klanten.txt
	@touch $@

.venv/.node: tests/node/package-lock.json | .venv/bin/python
	mkdir -p .venv/node && cp tests/node/package.json tests/node/package-lock.json .venv/node/
	npm ci --prefix .venv/node --ignore-scripts --no-audit --no-fund
	@touch $@

# Drives the Chromium of the machine in tests/test_werkbank.py.
.venv/.browser: constraints.txt .venv/.test
	$(PIP) -e '.[test,browser]'
	@touch $@

clean:
	rm -rf .venv releases work src/frontend/node_modules src/frontend/.test src/wijkengids/web/static/build .pytest_cache .mypy_cache .ruff_cache .hypothesis
