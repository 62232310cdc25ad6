"""Two runs at once in one checkout."""

from __future__ import annotations

import pytest

from tests.harness.processes import survivors
from tests.integration.faults.bad_server import BadServer, answer
from tests.integration.faults.conftest import BadProject, whole
from tests.integration.faults.runs import SUITE

TOGETHER = """
    import fcntl, os, time
    from pathlib import Path

    ROLE = os.environ["ROLE"]

    def wait_for(*names):
        end = time.monotonic() + 30
        while not any(Path(name).exists() for name in names) and time.monotonic() < end:
            time.sleep(0.01)

    def pytest_runtest_call(item):
        Path(f"{ROLE}-is-there").touch()
        wait_for("first-is-there")
        wait_for("second-is-there")
        if ROLE == "first":
            Path("folders").write_text(str(len(list(Path(".cutover").glob(".run-*")))))

    real, lock = os.replace, fcntl.flock

    def flock(*arguments):
        try:
            lock(*arguments)
        except BlockingIOError:
            if ROLE == "second" and Path("first-is-writing").exists():
                Path("second-has-to-wait").touch()
            raise

    def replace(source, target):
        if ROLE == "first" and Path(target).name == "gate.json":
            Path("first-is-writing").touch()
            wait_for("second-has-written", "second-has-to-wait")
        real(source, target)
        if ROLE == "second" and Path(target).name == "gate.json":
            Path("second-has-written").touch()

    os.replace, fcntl.flock = replace, flock

    def pytest_cutover_judge():
        if ROLE == "second":
            wait_for("first-is-writing")
"""


OTHER = """
    [targets.other]
    baseline = {{ url = "{}" }}
    candidate = {{ url = "{}" }}
"""


def test_two_runs_in_one_checkout_keep_apart(
    project: BadProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each tells its own verdict; every file is of the one that wrote last."""
    project.write("test_it.py", SUITE)
    different = BadServer()
    different["/thing"] = answer(b'{"size": 4}')
    project.target("same", tables=OTHER.format(project.baseline.url, different.url))
    project.run("--cutover-target=same", "--snapshot-update", gate=False)
    goldens = {path: path.read_bytes() for path in (project.path / "snapshots").rglob("*.json")}
    project.write("conftest.py", TOGETHER)
    running = {}
    for role, target in (("first", "other"), ("second", "same")):
        monkeypatch.setenv("ROLE", role)
        running[role] = project.begin(target=target)
    first, second = (running[role].finish() for role in ("first", "second"))
    different.close()
    assert (first.status, second.status) == (1, 0)
    assert "cutover: NO-GO" in first.screen
    assert "cutover: GO" in second.screen
    assert second.report["target"] == "same"
    page = (project.path / ".cutover/gate.html").read_text()
    assert "NO-GO" not in page
    assert list((project.path / ".cutover/diffs").glob("*")) == []
    assert (project.path / "folders").read_text() == "2"
    whole(project.path)
    assert goldens
    assert {path: path.read_bytes() for path in goldens} == goldens
    assert survivors() == []
