"""docs/how-to/monitoring.md shows nothing that would not work: tables load, scripts answer."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.config.load import load_config
from pytest_cutover.monitoring.providers.command import printed

PAGE = (Path(__file__).parents[3] / "docs/how-to/monitoring.md").read_text("utf-8")
TABLES = [
    text for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if "[checklist" in text
]
SCRIPTS = {
    Path(name).name: f"# {name}{text}"
    for name, text in re.findall(r"```sh\n# (\S+\.sh)(.*?)```", PAGE, re.DOTALL)
}
DATADOG = {"status": "ok", "series": [{"pointlist": [[1e12, 3], [1.06e12, None], [1.12e12, 4]]}]}
POINTS = [
    {"Timestamp": "2026-11-23T10:16:00+00:00", "Sum": 4, "ExtendedStatistics": {"p99": 0.25}},
    {"Timestamp": "2026-11-23T10:15:00+00:00", "Sum": 3, "ExtendedStatistics": {"p99": 0.5}},
]
GRAFANA = {"results": {"A": {"frames": [{"data": {"values": [[18]]}}]}}}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_a_configuration(table: str, tmp_path: Path) -> None:
    text = table if "\nprometheus" in table or "commands]" in table else ""
    (tmp_path / "cutover.toml").write_text(text, "utf-8")

    found = load_config(tmp_path).checklist
    assert found is not None
    assert found.monitoring is not None


@pytest.mark.parametrize(
    ("script", "words", "answer", "value", "time_s"),
    [
        ("datadog.sh", ["q", "0", "sum"], DATADOG, 7, 1.12e9),
        ("datadog.sh", ["q", "0", "last"], DATADOG, 4, 1.12e9),
        ("datadog.sh", ["q", "0", "sum"], {"status": "ok", "series": []}, None, None),
        ("cloudwatch.sh", ["RequestCount", "Sum", "g", "0"], {"Datapoints": POINTS}, 7, 1795428960),
        ("cloudwatch.sh", ["Time", "p99", "g", "0"], {"Datapoints": POINTS}, 250, 1795428960),
        ("cloudwatch.sh", ["RequestCount", "Sum", "g", "0"], {"Datapoints": []}, None, None),
        ("cloudwatch.sh", ["X_5XX_Count", "Sum", "g", "0"], {"Datapoints": []}, 0, None),
        ("grafana.sh", ["SELECT 1"], GRAFANA, 18, None),
    ],
)
def test_every_script_gives_the_number_of_an_answer(
    script: str,
    words: list[str],
    answer: Any,
    value: float | None,
    time_s: float | None,
    tmp_path: Path,
) -> None:
    ran = run(script, words, json.dumps(answer), tmp_path)
    found = printed(ran.stdout, shown="it")

    assert ran.returncode == 0, ran.stderr
    assert (found.reading.value, found.time_s) == (value, time_s)


@pytest.mark.parametrize("script", ["datadog.sh", "cloudwatch.sh", "grafana.sh"])
@pytest.mark.parametrize("answer", ["", '{"errors": ["Forbidden"]}', "<html>"])
def test_a_refusal_is_no_number(script: str, answer: str, tmp_path: Path) -> None:
    ran = run(script, ["a", "b", "c", "0"], answer, tmp_path)

    assert ran.returncode != 0 or printed(ran.stdout, shown="it").reading.value is None


def run(
    script: str, words: list[str], answer: str, folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run a script of the page, where whoever it asks gives this answer."""
    if shutil.which("jq") is None:
        pytest.skip("the scripts of the page need jq")
    (folder / script).write_text(SCRIPTS[script], "utf-8")
    (folder / "answer").write_text(answer, "utf-8")
    for name in ("curl", "aws"):
        stub = folder / name
        stub.write_text(f"#!/bin/sh\ncat {folder}/answer\n", "utf-8")
        stub.chmod(0o755)
    env = {"PATH": f"{folder}:/usr/bin:/bin", "DD_API_KEY": "x", "DD_APP_KEY": "x"}
    env["GRAFANA_TOKEN"] = "x"
    return subprocess.run(
        ["sh", script, *words], cwd=folder, env=env, capture_output=True, text=True, timeout=20
    )
