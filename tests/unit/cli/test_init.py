"""Two URLs become a project whose first run works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pytest_cutover
from pytest_cutover.cli import main
from pytest_cutover.config.load import load_config

# Nobody listens there: what `init` writes without asking.
URLS = ["--baseline", "http://127.0.0.1:9/", "--candidate", "https://127.0.0.1:9"]
INIT = ["init", "--offline", *URLS]


def test_init_writes_a_project_that_can_be_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*INIT, "--dir", str(tmp_path), "--path", "/get?a=1"]) == 0

    target = load_config(tmp_path).target("staging")
    assert (target.baseline.url, target.candidate.url) == (
        "http://127.0.0.1:9",
        "https://127.0.0.1:9",
    )
    assert not target.may_write
    test = (tmp_path / "tests" / "test_cutover_first.py").read_text()
    assert '@pytest.mark.characterization("GET /get")' in test
    assert 'backend.get("/get?a=1")' in test
    for name in ("tests/test_cutover_first.py", "conftest.py"):
        compile((tmp_path / name).read_text(), name, "exec")
    out = capsys.readouterr().out
    assert "written  " in out
    # The whole suite: a part of it would end in PARTIAL.
    assert out.splitlines()[-2].endswith("pytest --cutover-target=staging")
    assert (tmp_path / ".cutover" / ".gitignore").read_text().splitlines()[-1] == "*"


def test_the_ci_job_has_the_least_permissions(tmp_path: Path) -> None:
    main([*INIT, "--dir", str(tmp_path)])

    yaml = pytest.importorskip("yaml")
    job = yaml.safe_load((tmp_path / ".github/workflows/cutover.yml").read_text())
    assert job["permissions"] == {}
    assert job["jobs"]["gate"]["permissions"] == {
        "contents": "read",
        "actions": "read",
        "pull-requests": "write",
    }
    steps = job["jobs"]["gate"]["steps"]
    *others, ours = [step["uses"].split("@") for step in steps if "uses" in step]
    assert all(len(commit) == 40 for _, commit in others)
    assert ours == ["pytest-cutover/pytest-cutover", f"v{pytest_cutover.__version__}"]
    assert steps[-1]["with"] == {"target": "staging"}


def test_the_ci_job_is_of_the_platform_that_the_project_is_on(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text('[remote "origin"]\n\turl = git@gitlab.com:a/b.git\n')
    main([*INIT, "--dir", str(tmp_path)])

    job = tmp_path / ".gitlab-ci.yml"
    assert not (tmp_path / ".github").exists()
    tool = Path(sys.executable).parent / "check-jsonschema"
    words: list[str | Path] = [tool, "--builtin-schema", "vendor.gitlab-ci"]
    words += ["--data-transform", "gitlab-ci", job]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_ci_job_passes_the_linters_that_ours_passes(tmp_path: Path) -> None:
    main([*INIT, "--dir", str(tmp_path)])

    workflow = tmp_path / ".github/workflows/cutover.yml"
    tools = Path(sys.executable).parent
    commands: tuple[list[str | Path], ...] = (
        [tools / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow],
        [tools / "zizmor", "--quiet", "--offline", "--no-progress", workflow],
    )
    for words in commands:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_init_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "conftest.py").write_text("mine = True\n")
    (tmp_path / "pyproject.toml").write_text("[tool.cutover]\n")

    assert main([*INIT, "--dir", str(tmp_path)]) == 0

    assert (tmp_path / "conftest.py").read_text() == "mine = True\n"
    assert not (tmp_path / "cutover.toml").exists()
    out = capsys.readouterr().out
    assert "conftest.py: already there" in out
    assert "pyproject.toml: it has the configuration already" in out
    assert "pytest --cutover-baseline=http://127.0.0.1:9/" in out


def test_init_refuses_what_cannot_be_a_backend_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "init",
        "--baseline",
        "localhost:3000",
        "--candidate",
        "http://u:s3cret@h",
        "--path",
        "/lots/{id}",
        "--dir",
        str(tmp_path),
    ]

    assert main(arguments) == 4

    err = capsys.readouterr().err
    assert "command line: 3 mistakes" in err
    assert (
        '  --baseline = "localhost:3000": not an http or https URL\n'
        "    valid: http://HOST[:PORT][/BASE], https://HOST[:PORT][/BASE]\n"
        "    did you mean `http://localhost:3000`?\n"
        "    next: give the root of the API: --baseline http://HOST:PORT\n"
    ) in err
    assert "a URL holds no user name and no password" in err
    assert "a placeholder cannot be asked for" in err
    assert "s3cret" not in err
    assert list(tmp_path.iterdir()) == []


def test_init_refuses_a_folder_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*INIT, "--dir", str(tmp_path / "none")]) == 4
    assert "no such folder" in capsys.readouterr().err


def test_init_writes_nothing_where_nobody_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytest_cutover.cli.init.asking._START_S", 0)
    assert main(["init", *URLS, "--dir", str(tmp_path)]) == 4
    err = capsys.readouterr().err
    assert "--baseline: could not be asked: " in err
    assert "or give --offline to write the files without asking" in err
    assert list(tmp_path.iterdir()) == []
