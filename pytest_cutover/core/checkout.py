"""Which commit a folder is checked out at, read from git's files without running git."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def commit_of(directory: Path) -> str:
    """Return the commit of the checkout that a folder is in; empty where that cannot be told."""
    with suppress(OSError, ValueError):
        for folder in (directory, *directory.parents):
            git = _git_folder(folder / ".git")
            if git is not None:
                text = (git / "HEAD").read_text("utf-8").strip()
                return _of_reference(git, text[5:]) if text.startswith("ref: ") else text
    return ""


def _git_folder(path: Path) -> Path | None:
    """Return the folder of a checkout; a worktree and a submodule name theirs in a file."""
    if path.is_dir():
        return path
    if path.is_file():
        return path.parent / path.read_text("utf-8").removeprefix("gitdir:").strip()
    return None


def _of_reference(git: Path, name: str) -> str:
    """Return the commit of a branch, loose or packed; branches of a worktree stand elsewhere."""
    common = git / "commondir"
    homes = [git, git / common.read_text("utf-8").strip()] if common.is_file() else [git]
    for home in homes:
        if (home / name).is_file():
            return (home / name).read_text("utf-8").strip()
    for home in homes:
        packed = home / "packed-refs"
        for line in packed.read_text("utf-8").splitlines() if packed.is_file() else ():
            commit, _, known = line.partition(" ")
            if known == name:
                return commit
    return ""
