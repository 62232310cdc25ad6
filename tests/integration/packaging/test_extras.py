"""Extras that are asked for and not installed: a usage error of one sentence, with the command."""

from __future__ import annotations

import pytest

from tests.harness.project import ONE_TEST, Project

MEASURING = """
    import pytest

    @pytest.mark.perf("GET /thing")
    def test_thing(backend, paired_benchmark):
        paired_benchmark(lambda: backend.get("/thing"))
"""


def without(project: Project, *modules: str) -> None:
    """The project as if these were not installed."""
    lines = [f"sys.modules[{name!r}] = None" for name in modules]
    project.write("conftest.py", "\n".join(["import sys", *lines]) + "\n")


@pytest.mark.parametrize("table", ["contract", "coverage"])
def test_a_contract_without_the_extra(project: Project, table: str) -> None:
    project.write("test_it.py", ONE_TEST)
    project.target(tables=f"[{table}]\n")
    without(project, "jsonschema")
    run = project.run("--cutover-target=staging", gate=False, apart=True)
    assert (run.status, run.errors.strip()) == (
        4,
        f"ERROR: [{table}] in cutover.toml needs jsonschema, not installed here: "
        'pip install "pytest-cutover[contract]"',
    )


def test_measuring_without_the_extra(project: Project) -> None:
    project.write("test_it.py", MEASURING)
    without(project, "scipy", "locust")
    run = project.run(apart=True)
    assert run.status == 4
    assert (
        "ERROR: test_it.py::test_thing[baseline], which measures, needs locust and scipy, not "
        'installed here: pip install "pytest-cutover[perf]"'
    ) in run.errors + run.screen
    assert "INTERNALERROR" not in run.screen + run.errors


def test_the_core_alone_compares(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    without(project, "jsonschema", "locust", "numpy", "psutil", "schemathesis", "scipy")
    run = project.run(apart=True)
    assert (run.verdict, run.status) == ("GO", 0), run.screen
