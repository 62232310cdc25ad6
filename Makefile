# The two commands are `make gate` and `make test`; both set up .venv by themselves.
PYTHON ?= python3
BIN := .venv/bin
UV := $(shell sed -n '/^name = "uv"$$/{n;s/version = "\(.*\)"/\1/p;}' uv.lock)
export UV_PYTHON_DOWNLOADS = never
# Companies have certificates of their own; pip uses the system's, and so does uv.
export UV_SYSTEM_CERTS = true
# The environment is always the one beside this file, whatever shell this is called from.
unexport VIRTUAL_ENV

.PHONY: help setup gate quick test test-measuring drill check format clean

help:
	@echo "make gate    run the cutover gate on the reference pair: parity and performance of Express and FastAPI"
	@echo "make quick   the gate without measuring: half a minute"
	@echo "make test    run the project's own tests"
	@echo "make test-measuring   every seeded regression on the reference pair: a quiet machine, 20 minutes"
	@echo "make drill   switch, break and roll back the pair behind nginx and Prometheus: 6 minutes"
	@echo "make check   lint, types, layers, lock file"
	@echo "make setup   prepare .venv, Node's packages and nothing else"

setup: .venv/.ready

.venv/.ready: pyproject.toml uv.lock examples/flowviz/express/package-lock.json
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

# Of the tests of measuring, those that need neither minutes nor a quiet machine. First, like all that
# is long: a file is one worker's, and the other would wait for it at the end.
MEASURED := tests/integration/performance/test_paired_benchmark.py

# Takes Express's whole suite on a migration that breaks it; `make gate` takes it on those that do not.
BROKEN_WAY_BACK := tests/slow/drill/test_backward_compatible.py::test_a_constraint_that_express_does_not_know_is_seen

# The reference pair's runs take both cores by themselves; the others mostly wait for processes.
test: setup
	$(BIN)/pytest -o cutover_target= -n 2 --dist loadfile $(MEASURED) tests/integration/faults tests/integration/browser tests/integration/fuzz tests/integration/checklist tests/integration/artifact_faults tests/integration/secrets tests/integration/screens tests/integration/plugin tests/cases tests/unit
	$(BIN)/pytest -o cutover_target= tests/reference
	$(BIN)/pytest -o cutover_target= tests/slow/drill --deselect $(BROKEN_WAY_BACK) --ignore tests/slow/drill/test_faults.py

# Every seeded regression, and locust in every way of failing. Asserts verdicts, never durations, but
# where the machine is busy a gate that must fail may still be open when the budget is spent.
test-measuring: setup
	$(BIN)/pytest -o cutover_target= tests/integration/performance tests/slow/measuring

# Needs nginx and Prometheus, and says how to install them where they are missing.
drill: setup
	$(BIN)/python benchmarks/drill.py
	$(BIN)/pytest -o cutover_target= tests/slow/drill/test_faults.py $(BROKEN_WAY_BACK)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/uv lock --check --quiet
	$(BIN)/python -m openapi_spec_validator contract/openapi.yaml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	$(BIN)/zizmor --quiet --offline --no-progress action.yml .github/workflows

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .cutover .mypy_cache .ruff_cache .pytest_cache examples/flowviz/express/node_modules
