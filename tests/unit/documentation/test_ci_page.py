"""docs/how-to/ci.md shows nothing that would not work."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "how-to" / "ci.md").read_text(encoding="utf-8")


def test_the_workflow_passes_the_linters(tmp_path: Path) -> None:
    (text,) = [block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.S) if "jobs:" in block]
    workflow = tmp_path / ".github" / "workflows" / "cutover.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(text.replace("FULL-COMMIT-HASH", "0" * 40), encoding="utf-8")

    tools = Path(sys.executable).parent
    commands: tuple[list[str | Path], ...] = (
        [tools / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow],
        [tools / "zizmor", "--quiet", "--offline", "--no-progress", workflow],
    )
    for words in commands:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_gitlab_job_passes_gitlabs_schema(tmp_path: Path) -> None:
    (text,) = [block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.S) if "GIT_D" in block]
    job = tmp_path / ".gitlab-ci.yml"
    job.write_text(text, encoding="utf-8")

    tool = Path(sys.executable).parent / "check-jsonschema"
    words: list[str | Path] = [
        tool,
        "--builtin-schema",
        "vendor.gitlab-ci",
        "--data-transform",
        "gitlab-ci",
        job,
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_recipe_is_the_workflow_that_this_repository_uses() -> None:
    ours = yaml.safe_load((ROOT / ".github/workflows/cutover.yml").read_text(encoding="utf-8"))
    (text,) = [block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.S) if "jobs:" in block]
    theirs = yaml.safe_load(text)

    assert theirs["jobs"]["gate"]["permissions"] == ours["jobs"]["gate"]["permissions"]
    pinned = [[step["uses"] for step in one["jobs"]["gate"]["steps"][:2]] for one in (ours, theirs)]
    assert pinned[0] == pinned[1]
