# Everything here needs python3 (3.11 or newer), make and a package index, and nothing that is installed already.
#
#   make demo     index the example archive and search it
#   make test     the tests
#   make check    what a change has to pass: format, lint, types, layers, tests
#   make fuzz     100,000 random queries against the engine (FUZZ_ARGS="--count 1000 --seed 2 --index DIR")
#   make cluster  start an OpenSearch server, which the tests of the cluster engine need (CLUSTER_ARGS="stop --erase")
#   make torture  what is promised when everything goes wrong, for an hour or so (TORTURE_ARGS="kill --moments 20")
#   make agree    10,000 random queries: the engine beside the judge of single articles (AGREE_ARGS="--trees 500")
#   make docs     the pages as a site, build/site/index.html; every warning and dead link within is an error
#   make docs-links    the pages' links to other sites, followed
#   make coverage the branches that no test takes, package by package; all of it in build/coverage/html
#   make package  sdist and wheel, each installed and tried in environments of their own, on every Python there is
#   make pictures the pictures of README.md, made anew
#   make bench    measure newsearch beside other engines (BENCH_ARGS="--corpus PATH --sizes 3429,34296")
#   make clean    remove what these made, except for the index

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# pip is heard only when it has something to complain of.
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.DELETE_ON_ERROR:
.PHONY: help demo test cluster fuzz agree torture bench check format-check lint types layers docs docs-links coverage \
  package pictures format clean

help:
	@sed -n 's/^#   //p' Makefile

# --- the environment ---
# A stamp file stands for each state of the environment, so that it is made once and again only when what it depends on
# has changed: the declared dependencies, or the version.

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "newsearch needs Python 3.11 or newer, but $(PYTHON) is $$($(PYTHON) --version 2>&1); name another: make PYTHON=python3.12" >&2; \
	  exit 1; }
	@echo "Making the environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# Editable: the command runs the checkout's code as it is, and an edit needs no other installation.
$(VENV)/installed: $(VENV)/made pyproject.toml newsearch/__init__.py
	@echo "Installing newsearch ..."
	@$(PIP) install --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing what the tests and checks need ..."
	@$(PIP) install --editable '.[dev,eval]'
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed
	@echo "Installing what newsearch is measured against ..."
	@$(PIP) install --editable '.[bench]'
	@touch $@

# --- what people run ---

demo: $(VENV)/installed
	$(BIN)/newsearch index data
	$(BIN)/newsearch query "facial recognition" --format table

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest --numprocesses auto $(PYTEST_ARGS)

fuzz: $(VENV)/installed-dev
	$(BIN)/python -m tests.query.fuzz $(FUZZ_ARGS)

# It needs a JDK of version 21 or later; CLUSTER_ARGS="start --nodes 3", "status" or "stop --erase" does something else.
CLUSTER_ARGS ?= start
cluster:
	@url=$$($(PYTHON) scripts/opensearch_nodes.py $(CLUSTER_ARGS)) && echo "$$url" && \
	  echo "Now: OPENSEARCH_URL=$$url make test PYTEST_ARGS=tests/contract"

TORTURE_ARGS ?= all
torture: $(VENV)/installed-dev
	$(BIN)/python -m tests.torture $(TORTURE_ARGS)

agree: $(VENV)/installed-dev
	$(BIN)/python -m tests.query.agree $(AGREE_ARGS)

bench: $(VENV)/installed-bench
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

# The tests come last, and once even in `make check test`.
check: format-check lint types layers docs test

format-check: $(VENV)/installed-dev
	$(BIN)/ruff format --check --quiet . || { echo "Run: make format" >&2; exit 1; }

lint: $(VENV)/installed-dev
	$(BIN)/ruff check --quiet .

types: $(VENV)/installed-dev
	$(BIN)/mypy

layers: $(VENV)/installed-dev
	$(BIN)/lint-imports --no-logo

# The repository's root is the source, so that links are the same on a code forge and on the site.
SPHINX = $(BIN)/python -m sphinx --quiet --fail-on-warning --conf-dir docs --doctree-dir build/docs

docs: $(VENV)/installed-dev
	$(SPHINX) --builder html . build/site
	@echo "The site is build/site/index.html."

docs-links: $(VENV)/installed-dev
	$(SPHINX) --builder linkcheck . build/links

coverage: $(VENV)/installed-dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --numprocesses auto $(PYTEST_ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage html --quiet
	$(BIN)/python -m tests.covered

package: $(VENV)/installed-dev
	$(BIN)/python -m tests.packages $(PACKAGE_ARGS)

pictures: $(VENV)/installed-dev
	$(BIN)/python docs/pictures/make.py

format: $(VENV)/installed-dev
	$(BIN)/ruff check --quiet --fix . || true
	$(BIN)/ruff format .

# The index may hold another archive than the example, and what an index remembers cannot all be made again.
clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find newsearch tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
