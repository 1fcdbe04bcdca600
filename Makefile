# Two commands: `make demo` and `make test`. Everything else is for those who change the code.
# Needs Python 3.11 or newer (with venv), make and git; everything else goes into .venv.

.PHONY: help demo test check check-style check-order check-types check-messages bench lock clean install install-dev install-spark
.NOTPARALLEL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
TOOLS := $(VENV)/tools
STAMPS := $(VENV)/stamps
UV := $(TOOLS)/bin/uv
STEP := .ci/step
# Without a terminal there is no progress bar, only a long list: be brief.
QUIET := $(shell test -t 2 || echo --quiet)

# A home that is missing or cannot be written (a container, a service account) holds no download cache.
ifeq ($(shell test -n "$$HOME" -a -d "$$HOME" -a -w "$$HOME" && echo yes),)
export UV_CACHE_DIR ?= $(CURDIR)/$(VENV)/cache/uv
export npm_config_cache ?= $(CURDIR)/$(VENV)/cache/npm
export HOME := $(CURDIR)/$(VENV)/cache
endif
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Variables of another environment would send packages or imports there.
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH

NETWORK := Check the network and the free disk space (3 GB), then run the same command again; the lines above say more.

help:
	@echo "make demo     two registers become one, then the portal on localhost (SERVE=0 stops after the table)"
	@echo "make test     all tests (ARGS='tests/people -k name' runs some, -n 0 one by one)"
	@echo "make check    style, order of imports, types, translations"
	@echo "make bench    the benchmarks (ARGS=… names one)"
	@echo "make lock     the lock files anew from pyproject.toml (UPGRADE=1 takes newer versions)"
	@echo "make clean    stops the embedded database and removes what was built; your data in var/ stays"

demo: install
	@$(BIN)/selaras demo $(if $(filter 0 no,$(SERVE)),--no-serve)

# One process per core, each with a database of its own; a file's tests stay together, for they share what is slow to make.
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist loadfile

test: install-dev
	@$(STEP) "A browser for the page tests" "" sh -c '.ci/browser > $(STAMPS)/browser'
	@SELARAS_BROWSER="$$(cat $(STAMPS)/browser)" $(BIN)/pytest $(SIDE_BY_SIDE) $(ARGS)

check: check-style check-order check-types check-messages
check-style: install-dev
	@$(STEP) "Style (ruff)" "" $(BIN)/ruff check .
check-order: install-dev
	@$(STEP) "Order of imports (import-linter)" "" $(BIN)/lint-imports
check-types: install-dev
	@$(STEP) "Types (mypy)" "" $(BIN)/mypy
check-messages: install-dev
	@$(STEP) "Translations" "" $(BIN)/selaras messages check

bench: install-dev
	@$(BIN)/python -m benchmarks $(ARGS)

# ---- what the commands stand on; a stamp is younger than everything it was made from ----

install: $(STAMPS)/project $(STAMPS)/messages
	@$(STEP) "Front-end packages and area data (npm, by lock file)" "$(NETWORK)" $(BIN)/selaras assets

install-dev: $(STAMPS)/dev install

# Not needed for demo or tests: for `--engine spark`, which needs Java 17 too.
install-spark: $(STAMPS)/spark

# An environment that works is kept: only its packages are brought to the lists below.
$(UV): requirements-tools.lock
	@python=$$(.ci/python) || exit 1; \
	free=$$(df -Pk . | awk 'NR == 2 { print $$4 }'); \
	if [ "$$free" -lt 3145728 ] && [ ! -e $(STAMPS)/runtime ]; then \
	  echo "Selaras: needs 3 GB of free disk space and this disk has $$((free / 1024)) MB: make room, or clone elsewhere." >&2; exit 1; fi; \
	$(STEP) "A virtual environment in $(VENV) with $$("$$python" -V)" "Remove $(VENV) and run the same command again." \
	  sh -c '{ $(BIN)/python -c "import encodings" 2>/dev/null || "$$1" -m venv --without-pip --clear $(VENV); } \
	    && "$$1" -m venv --clear $(TOOLS)' - "$$python" && \
	$(STEP) "The installer (uv)" "$(NETWORK)" \
	  $(TOOLS)/bin/python -m pip install -qq --retries 2 --require-hashes -r requirements-tools.lock
	@mkdir -p $(STAMPS) && touch $(UV)

# `uv pip sync` takes away what the file does not name: so once the tests' packages are there, both use the longer list.
$(STAMPS)/runtime: $(UV) requirements.lock
	@list=requirements.lock; [ -e $(STAMPS)/dev ] && list=requirements-dev.lock; \
	$(STEP) "The packages of $$list" "$(NETWORK)" \
	  $(UV) pip sync $(QUIET) --python $(BIN)/python --require-hashes $$list
	@touch $@

$(STAMPS)/dev: $(STAMPS)/runtime requirements-dev.lock
	@$(STEP) "The packages of the tests" "$(NETWORK)" \
	  $(UV) pip sync $(QUIET) --python $(BIN)/python --require-hashes requirements-dev.lock
	@rm -f $(STAMPS)/project
	@touch $@

$(STAMPS)/spark: $(STAMPS)/runtime $(wildcard $(STAMPS)/dev) requirements-spark.lock
	@$(STEP) "Apache Spark" "$(NETWORK)" \
	  $(UV) pip install $(QUIET) --python $(BIN)/python --require-hashes -r requirements-spark.lock
	@touch $@

$(STAMPS)/project: $(STAMPS)/runtime pyproject.toml
	@$(STEP) "The project itself" "$(NETWORK)" $(UV) pip install --quiet --python $(BIN)/python \
	  --no-deps --build-constraints requirements-tools.lock --editable .
	@touch $@

$(STAMPS)/messages: $(STAMPS)/project $(wildcard selaras/locale/*/*.po)
	@$(STEP) "Translations" "" $(BIN)/selaras messages compile
	@touch $@

# ---- upkeep ----

LOCKED := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header $(if $(UPGRADE),--upgrade)

lock: $(UV)
	@$(STEP) "requirements.lock" "$(NETWORK)" $(UV) pip compile $(LOCKED) pyproject.toml --group assets -o requirements.lock
	@$(STEP) "requirements-dev.lock" "$(NETWORK)" $(UV) pip compile $(LOCKED) pyproject.toml --group assets \
	  --group dev --group bench -c requirements.lock -o requirements-dev.lock
	@$(STEP) "requirements-spark.lock" "$(NETWORK)" $(UV) pip compile $(LOCKED) --group spark \
	  -c requirements-dev.lock -o requirements-spark.lock
	@$(STEP) "requirements-tools.lock" "$(NETWORK)" $(UV) pip compile $(LOCKED) --group tools \
	  -o requirements-tools.lock

clean:
	@if [ -x $(BIN)/selaras ]; then \
	  for var in var var/test; do [ ! -d $$var/pg ] || SELARAS_VAR=$$var $(BIN)/selaras db stop; done; fi
	rm -rf $(VENV) node_modules selaras/doors/assets/vendor selaras/ground/data/vendor build dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find selaras tests benchmarks -name __pycache__ -prune -exec rm -rf {} +
	find selaras/locale -name '*.mo' -exec rm -f {} +
	@echo "Your data is still in var/; selaras db remove, before make clean, deletes it."
