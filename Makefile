# Two commands do all the set-up: `make up` and `make test`. Stamp files in .venv and pwa make the second run quick.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:

# PYTHON=... names another Python than the first on the PATH (3.11 or newer, with venv).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

VENV_MADE := $(VENV)/.made
RUN_READY := $(VENV)/.run-ready
TEST_READY := $(VENV)/.test-ready
NPM_READY := pwa/node_modules/.ready
PWA_READY := pwa/dist/.ready
VENDOR_READY := tests/vendor/node_modules/.ready

PWA_SOURCES := $(shell find pwa -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

# Browsers come from Debian: Playwright must never fetch one of its own.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
export PIP_NO_INPUT := 1
export NPM_CONFIG_UPDATE_NOTIFIER := false
# A demo is ten processes, and each would translate all of our code again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: up down test lint bench chaos set-up clean

up: set-up
	@exec $(BIN)/alongside up --demo $(if $(FRESH),--fresh)

down: $(RUN_READY)
	@$(BIN)/alongside down

set-up: $(RUN_READY) $(PWA_READY)

$(VENV_MADE):
	@echo "  Setting up: a virtual environment in $(VENV)" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@touch $@

$(RUN_READY): requirements.lock pyproject.toml | $(VENV_MADE)
	@echo "  Setting up: Python packages" >&2
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(TEST_READY): requirements-test.lock $(RUN_READY)
	@echo "  Setting up: Python packages for the tests" >&2
	@$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@

$(NPM_READY): pwa/package-lock.json
	@echo "  Setting up: npm packages" >&2
	@cd pwa && npm ci --silent --no-audit --no-fund
	@touch $@

$(PWA_READY): $(NPM_READY) $(PWA_SOURCES)
	@echo "  Setting up: the web app" >&2
	@cd pwa && npm run --silent build -- --logLevel error
	@touch $@

$(VENDOR_READY): tests/vendor/package-lock.json
	@echo "  Setting up: a second MQTT implementation for the tests" >&2
	@cd tests/vendor && npm ci --silent --no-audit --no-fund
	@touch $@

lint: $(TEST_READY) $(NPM_READY)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd pwa && npm run --silent lint && npm run --silent typecheck

test: set-up lint $(VENDOR_READY)
	cd pwa && npm run --silent test
	$(BIN)/python scripts/fetch_browser.py
	$(BIN)/pytest -q -n 3 --dist loadfile $(PYTEST)

bench: set-up $(TEST_READY)
	$(BIN)/python -m bench

# One JSON line of counts on stdout; not 0 when anything was lost, doubled or left lying.
SECONDS ?= 150
SEED ?= 1
chaos: set-up $(TEST_READY)
	@$(BIN)/python -m tests.chaos --seconds $(SECONDS) --seed $(SEED)

clean:
	rm -rf $(VENV) pwa/node_modules pwa/dist tests/vendor/node_modules
