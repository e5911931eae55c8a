# Two commands matter: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help run test postgresql lint faults bench format clean

help: ## What each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(STAMP): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Earmark needs Python 3.11 or later; set PYTHON=… to name one."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned requirements into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

run: $(STAMP) ## The whole product on http://127.0.0.1:8000 (PORT=… for another)
	@exec $(BIN)/python -m config.run

test: $(STAMP) ## Every check: lint, types, layers, unit and browser tests, what PostgreSQL decides
	@$(BIN)/python -m tests.run

postgresql: $(STAMP) ## Every test that uses the database, on a PostgreSQL of its own
	@$(BIN)/python -m tests.run --postgresql

lint: $(STAMP) ## Only the static checks
	@$(BIN)/python -m tests.run --lint

format: $(STAMP) ## Format the code and the templates
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .
	@find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 || true

faults: $(STAMP) ## Kills, outages and lost brokers on both databases: what was planned, sent, lost
	@$(BIN)/python -m tests.faults

bench: $(STAMP) ## The measured promises, each as a ratio to a floor in the same run
	@$(BIN)/python -m tests.bench

clean: ## Remove caches and the local database (not the environment)
	@rm -rf var staticfiles .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
