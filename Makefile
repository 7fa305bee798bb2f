# Văn Khố. Two commands are enough: `make run` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -q
PORT   ?= 8077
# Tests run on that many processes; those that kill and stop services of their own run afterwards, a file at a time on each.
WORKERS ?= 2
AFTER  := tests/faults tests/operations

.DEFAULT_GOAL := help
.PHONY: help install install-full install-language run demo test check services services-stop format faults bench relevance clean

help: ## Show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-16s %s\n", $$1, $$2}'

install: $(VENV)/.installed ## Install into .venv (called by the others)

$(VENV)/.installed: requirements.txt requirements-fonts.txt pyproject.toml templates/translations/en/LC_MESSAGES/messages.po
	@$(PYTHON) -c 'import sys; sys.exit("Cần Python 3.11 trở lên / Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	@echo "[1/3] Tạo môi trường .venv và cài các gói…"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install -r requirements.txt
	@echo "[2/3] Cài phông chữ…"
	@$(PIP) install --no-deps -r requirements-fonts.txt
	@echo "[3/3] Cài Văn Khố…"
	@$(PIP) install --no-deps -e .
	@$(BIN)/pybabel -q compile -d templates/translations
	@touch $@

$(VENV)/.installed-full: $(VENV)/.installed requirements-full.txt
	@echo "Cài các gói của cấu hình đầy đủ (OpenSearch, PostgreSQL, Redis)…"
	@$(PIP) install -r requirements-full.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed-full requirements-dev.txt requirements-judges.txt
	@echo "Cài công cụ kiểm thử…"
	@$(PIP) install -r requirements-dev.txt
	@$(PIP) install --no-deps -r requirements-judges.txt
	@touch $@

install-full: $(VENV)/.installed-full ## Install what the full profile adds, too

install-language: $(VENV)/.installed ## Install the optional packages for words and entities (spaCy, underthesea)
	@$(PIP) install -r requirements-language.txt

run: install ## Install, make the demonstration archive, index it and serve it at http://127.0.0.1:8077
	@$(BIN)/vankho demo --serve --port $(PORT)

demo: install ## Make the demonstration archive without serving it
	@$(BIN)/vankho demo

test: $(VENV)/.installed-dev ## Run every test
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(addprefix --ignore=,$(AFTER))
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(AFTER)

check: $(VENV)/.installed-dev ## ruff, mypy --strict, the rules of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest tests/house

services: ## Start OpenSearch, PostgreSQL, Redis and Tika on the loopback, without Docker
	@$(PYTHON) -m services start

services-stop: ## Stop exactly those
	@$(PYTHON) -m services stop

format: $(VENV)/.installed-dev ## Let ruff order and format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

faults: $(VENV)/.installed-dev ## Kill ingest, drainer, server and services at random moments, some eighty times
	@VANKHO_FAULT_SEEDS=24 VANKHO_FAULT_DOCUMENTS=2000 $(BIN)/python -m pytest -m faults

bench: $(VENV)/.installed-dev ## Ratios against the bare engine, in one run
	@$(BIN)/python -m bench

relevance: $(VENV)/.installed-dev ## Judged questions through the API: a table, and failure below its floors
	@$(BIN)/python -m bench.relevance

clean: ## Remove the environment and the caches (never var/, which is your archive)
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache
