# Everything from a fresh clone: each target installs what it needs, pinned with hashes.
# Needed beforehand: Python 3.11 or newer with venv, git, make.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python -m
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
WORKERS ?= 2
UV ?= uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header

.DEFAULT_GOAL := help
.PHONY: help run demo test slow live browser pictures bench check format docs messages lock wheel sdl clean

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: $(VENV)/.runtime ## collect the portfolio and open the dashboard
	$(RUN) collector run

demo: $(VENV)/.runtime ## open a synthetic portfolio
	$(RUN) collector demo

test: $(VENV)/.dev sdl ## run the quick tests (at most 10 minutes on two cores)
	$(RUN) pytest -n $(WORKERS) -m "not slow and not live"

slow: $(VENV)/.dev sdl ## run the long campaigns: kills, faults, a million commits
	$(RUN) pytest -m slow

live: $(VENV)/.dev ## ask the real forges with your own tokens (GITHUB_TOKEN, GITLAB_TOKEN, CODEBERG_TOKEN)
	$(RUN) pytest -m live -n 0

browser: $(VENV)/.dev ## run only the tests that look at the pages in Chromium
	$(RUN) pytest -m browser

pictures: $(VENV)/.dev ## draw the pictures of docs/ again (needs Chromium), then look at them
	$(RUN) tests.browser.pictures

bench: $(VENV)/.dev ## measure speed and memory in a short form: target, measured, share
	$(RUN) benchmarks

check: $(VENV)/.dev ## style, types, layers, licences, generated documentation, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/reuse --suppress-deprecation lint --quiet
	$(RUN) collector.docs --check

format: $(VENV)/.dev ## put the source into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.dev ## write the generated pages of docs/ again
	$(RUN) collector.docs
	$(RUN) collector.config.reference

messages: $(VENV)/.dev ## collect the sentences to translate into the catalogues
	$(RUN) dashboard.i18n.messages

lock: ## resolve the dependencies again (needs uv): every platform, hashes, no address
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: install it (pipx install uv), or name it: make lock UV=/path/to/uv"; exit 1; }
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) --all-extras --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(COMPILE) --all-extras -c requirements-dev.lock pyproject.toml -o deploy/requirements.lock

wheel: $(VENV)/.dev ## build the wheel into dist/
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove what was installed and built; data/ stays
	rm -rf $(VENV) dist build node_modules tests/node_modules .mypy_cache .pytest_cache .ruff_cache \
		.hypothesis .import_linter_cache .benchmarks

# GitHub's published schema, on which the test forge answers; without npm those tests skip.
sdl:
	@if [ -f tests/package.json ] && command -v npm >/dev/null && [ ! -d tests/node_modules ]; then \
		npm --prefix tests ci --ignore-scripts --no-audit --no-fund --loglevel=error \
		|| echo "GitHub's schema could not be fetched: the tests that need it will skip."; fi

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "OSPO Vitals needs Python 3.11 or newer. Install it (Debian, Ubuntu: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12 …"; exit 1; }
	@command -v git >/dev/null || { echo "OSPO Vitals needs git. Install it (Debian, Ubuntu: apt install git)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) lacks its venv module. Install it (Debian, Ubuntu: apt install python3-venv) and run this again."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock | $(VENV)/bin/python
	@echo "Installing the pinned libraries (once, a minute or two) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	@echo "Installing the pinned libraries and test tools (once, a minute or two) …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.runtime
