# The two commands are `make gate` and `make test`; both set up .venv by themselves.
PYTHON ?= python3
BIN := .venv/bin
UV := $(shell sed -n '/^name = "uv"$$/{n;s/version = "\(.*\)"/\1/p;}' uv.lock)
export UV_PYTHON_DOWNLOADS = never
# Companies have certificates of their own; pip uses the system's, and so does uv.
export UV_SYSTEM_CERTS = true
# The environment is always the one beside this file, whatever shell this is called from.
unexport VIRTUAL_ENV
# pytest compiles every module of a plugin for its assertions; without bytecode, in every run anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup docs dist try-dist gate quick test test-lowest test-matrix test-slow coverage drill check format clean

help:
	@echo "make gate    run the cutover gate on the reference pair: parity and performance of Express and FastAPI"
	@echo "make quick   the gate without measuring: half a minute"
	@echo "make test    run the project's own tests"
	@echo "make test-slow   every seeded regression, locust in every way of failing, the drill with every fault: an hour"
	@echo "make test-lowest   the tests on the lowest versions of pytest, httpx and the rest that are claimed"
	@echo "make test-matrix   a smoke set on what lies between, on every Python that is here"
	@echo "make coverage   the project's own tests, and how much of the code they run"
	@echo "make drill   switch, break and roll back the pair behind nginx and Prometheus, and print its table"
	@echo "make check   lint, types, layers, lock file"
	@echo "make docs    build the site into docs/_build"
	@echo "make setup   prepare .venv, Node's packages and nothing else"

setup: .venv/.ready

.venv/.ready: pyproject.toml uv.lock $(wildcard examples/*/express/package-lock.json)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed, $(PYTHON) is $$($(PYTHON) -V). Try make PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV)
	$(BIN)/uv sync --frozen --quiet
	UV_PROJECT_ENVIRONMENT=.venv/strangers $(BIN)/uv sync --frozen --quiet --only-group strangers
	$(BIN)/python -m examples.flowviz.node
	@touch $@

gate: setup
	$(BIN)/pytest --cutover-target=local

quick: setup
	$(BIN)/pytest --cutover-target=quick

# In an order of its own each time; a failure is asked again with the seed that the run names:
# `make test SEED=123`.
SEED := $(shell date +%s)
TEST := $(BIN)/pytest -o cutover_target= --shuffle=$(SEED)

# Six workers for two cores, since most of them wait most of the time; each takes the next test. What
# measures or keeps both cores busy has fewer beside it, and shares a run with all tests of its file.
MEASURED := tests/integration/performance
test: setup
	$(TEST) -n 6 --dist worksteal tests/unit tests/cases tests/services $(wildcard tests/typing) tests/integration --ignore $(MEASURED)
	$(TEST) -n 3 --dist loadfile --no-loadscope-reorder $(MEASURED) tests/reference

# What is slow by nature; a folder or a file of it: `make test-slow SLOW=tests/slow/drill`. The drill
# needs nginx and Prometheus, and says how to install them where they are missing. Where the machine
# is busy, a measured gate that must fail may still be open when its budget is spent.
SLOW := tests/slow
test-slow: setup
	$(BIN)/pytest -o cutover_target= $(SLOW)

# Environments of their own, from PyPI: tests/matrix/cells.py has the list.
test-lowest: setup
	$(BIN)/python -m tests.matrix lowest lowest-fuzz

test-matrix: setup
	$(BIN)/python -m tests.matrix

drill: setup
	$(BIN)/python benchmarks/drill.py

# The coverage of what runs without the reference pair, subprocesses included, must not fall. Left out:
# what must be done in time, or where no large file can be written, as that of the coverage is.
coverage: setup
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -o cutover_target= -n 4 --dist worksteal -k "not large-csv and not large-json" --ignore tests/integration/artifact_faults/test_places.py tests/unit tests/cases tests/integration
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check: setup docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/uv lock --check --quiet
	$(BIN)/python -m openapi_spec_validator contract/openapi.yaml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	$(BIN)/zizmor --quiet --offline --no-progress action.yml .github/workflows

# Warnings are errors; the pages of the reference are written from the code.
docs: setup
	$(BIN)/python -m sphinx -q -W --keep-going -b html -d docs/_build/.doctrees docs docs/_build

# What is uploaded, looked at before: its page, its contents, and that it runs where nothing else is.
dist: setup
	rm -rf dist
	$(BIN)/uv build --quiet -o dist
	$(BIN)/twine check --strict dist/*.whl dist/*.tar.gz
	$(BIN)/check-wheel-contents dist/*.whl

try-dist:
	$(PYTHON) benchmarks/try_dist.py dist

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .cutover .mypy_cache .ruff_cache .pytest_cache examples/*/express/node_modules
