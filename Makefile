# Outreach Portal. `make` alone lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
# Node comes as a Python wheel; what npm starts looks for it on the path.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help up test check fix audit bench lock environment

help: ## list these commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

up: environment ## start everything on this machine and print the addresses
	@$(BIN)/portal up

test: environment ## install what tests need and run all checks and tests
	@tools/test-environment
	@$(MAKE) --no-print-directory check
	@$(BIN)/pytest -n auto --dist loadfile -m "not alone"
	@$(BIN)/pytest -m alone

check: environment ## read-only checks: format, lint, types, imports, browser code, content
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/npm run --silent --prefix theme check
	$(BIN)/portal content check

fix: environment ## repair what can be repaired by machine
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/npm run --silent --prefix theme fix

audit: environment ## judge every page with axe, html-validate and Lighthouse; results for /accessibility/
	@tools/test-environment
	$(BIN)/python -m tests.accessibility

bench: environment ## measure against peers and floors; results in benchmarks/results
	$(BIN)/python -m benchmarks

lock: environment ## write requirements.lock anew from pyproject.toml
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --all-extras \
	  --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
	  --no-emit-trusted-host --no-emit-find-links --output-file=requirements.lock pyproject.toml

environment:
	@tools/environment
