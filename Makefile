# Everything is run from here. Each target first makes the environment that it needs, in .venv:
#   make demo    see it        make test    test it        make help    the rest
# PYTHON=/path/to/python chooses an interpreter (3.11 or later); otherwise the newest found is taken.

SHELL := /bin/sh
.DEFAULT_GOAL := help
PY := .venv/bin/python
# A variable of the caller's shell must not decide what is run or tested.
unexport DJANGO_SETTINGS_MODULE DJANGO_ALLOW_ASYNC_UNSAFE PYTHONPATH VIRTUAL_ENV
export PYTHON
ONCE ?=
NEW ?=
ARGS ?=
TEST_PROCESSES ?= 2
export TEST_PROCESSES

.PHONY: help demo run test quick races check format bench screenshots messages constraints clean base dev

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{ printf "make %-12s %s\n", $$1, $$2 }'

demo: base ## a market with robot shoppers on 127.0.0.1:8000 until Ctrl-C (ONCE=1: one whole life, then exit; NEW=1: begin anew)
	@exec $(PY) manage.py demo $(if $(ONCE),--once) $(if $(NEW),--new) $(ARGS)

run: base ## the embedded form without robots and made-up data
	@exec $(PY) manage.py run $(ARGS)

test: dev ## every test, with the PostgreSQL, Redis and Chromium that it needs (ARGS: more for pytest)
	@exec $(PY) -m tests.services.suite $(ARGS)

quick: dev ## the unmarked tests, under 90 s
	@exec $(PY) -m pytest -q -n $(TEST_PROCESSES) --dist worksteal -m "not slow and not pg and not redis and not browser and not race" $(ARGS)

races: dev ## threads and killed processes on PostgreSQL and Redis
	@exec $(PY) -m tests.services run -- $(PY) -m pytest -q -m "race" $(ARGS)

check: dev ## format, lint, types, import contracts, templates, migrations, production settings
	@exec .ci/check

format: dev ## let the formatters write
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

bench: dev ## the benchmarks, each as one line of JSON (ARGS: passed on)
	@for name in closing reserving pages; do $(PY) -m benchmarks.$$name $(ARGS) || exit 1; done

screenshots: dev ## pictures of the demo's pages into screenshots/
	@exec $(PY) -m benchmarks.screenshots $(ARGS)

constraints: dev ## resolve every dependency anew for every supported Python
	@exec .ci/constraints

clean: ## remove the environment, caches and pictures; the demo's data in .windrow stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

messages: dev ## collect every text for translation into locale/ (needs GNU gettext)
	@$(PY) manage.py makemessages --all --no-location --no-obsolete --no-wrap --ignore=.venv --ignore='tests/*' --ignore='benchmarks/*' --settings=config.settings.test
	@$(PY) .ci/messages.py tidy

base:
	@.ci/environment base
	@$(PY) .ci/messages.py

dev:
	@.ci/environment dev
	@$(PY) .ci/messages.py
