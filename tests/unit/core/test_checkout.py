"""The commit of a folder, told without git: loose, packed, detached, and in a worktree."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pytest_cutover.core.checkout import commit_of


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    (folder / "deep" / "inside").mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "first")
    return folder


@pytest.mark.parametrize("words", [(), ("pack-refs", "--all"), ("checkout", "--quiet", "--detach")])
def test_however_git_keeps_it(checkout: Path, words: tuple[str, ...]) -> None:
    if words:
        git(checkout, *words)

    assert commit_of(checkout / "deep" / "inside") == git(checkout, "rev-parse", "HEAD")


@pytest.mark.parametrize("packed", [False, True])
def test_a_worktree_has_a_commit_of_its_own(checkout: Path, packed: bool) -> None:
    tree = checkout.parent / "tree"
    git(checkout, "worktree", "add", "--quiet", "-b", "other", str(tree))
    git(tree, "commit", "--quiet", "--allow-empty", "-m", "second")
    if packed:
        git(checkout, "pack-refs", "--all")

    assert commit_of(tree) == git(tree, "rev-parse", "HEAD")
    assert commit_of(tree) != commit_of(checkout)


def test_no_checkout_and_no_commit_yet_are_no_commit(tmp_path: Path) -> None:
    assert commit_of(tmp_path) == ""
    git(tmp_path, "init", "--quiet")
    assert commit_of(tmp_path) == ""
