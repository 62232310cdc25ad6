"""What a pull request changes in the evidence itself, and the report that it is measured against.

An accepted difference or a golden that came with the change under test proves nothing about it
until somebody has looked: the renderers list those above everything else. Called by the gate room.
Nothing here fails a run; what could not be told is said in place of the list.

The change is what git has between a base revision and the files that the run used. The base is, in
this order: ``$CUTOVER_BASE_REF`` (any revision); GitLab's ``$CI_MERGE_REQUEST_DIFF_BASE_SHA``; the
first parent of the merge commit that GitHub checks out for a pull request; ``origin/`` and GitHub's
``$GITHUB_BASE_REF`` or Jenkins' ``$CHANGE_TARGET``. Of a branch its merge base with HEAD is taken.
Without any of these variables this is no pull request, and nothing is said.
"""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_cutover.config.accepted import written_out
from pytest_cutover.report.io.gate_json import ReportUnreadable, read_report
from pytest_cutover.report.model import EvidenceChange, Report, UnderReview

BASE_REF = "CUTOVER_BASE_REF"
BASE_REPORT = "CUTOVER_BASE_REPORT"

_BRANCHES = ("GITHUB_BASE_REF", "CHANGE_TARGET")
_SECONDS = 20
_MERGE_REF = re.compile(r"refs/pull/\d+/merge")
_WORDS = {"A": "added", "D": "removed"}


class _Unknown(Exception):  # noqa: N818
    """Why it cannot be told; a sentence without its end."""


def under_review(
    root: Path, *, accepted: Path, goldens: Path, environ: Mapping[str, str]
) -> UnderReview | None:
    """Return the accepted differences and goldens that this pull request adds or changes.

    None where this is no pull request. `root` is any folder of the repository.
    """
    try:
        base = _base(root, environ)
        if base is None:
            return None
        return UnderReview(
            accepted=tuple(_entries(root, base, accepted)),
            goldens=tuple(_files(root, base, goldens)),
        )
    except _Unknown as why:
        return UnderReview(unknown=str(why))


def base_report(report: Report, environ: Mapping[str, str]) -> tuple[Report | None, str]:
    """Return the base branch's report, from ``$CUTOVER_BASE_REPORT``, or why there is none to use.

    The variable names a gate.json, or the folder that holds it.
    """
    name = environ.get(BASE_REPORT, "")
    if not name:
        return None, ""
    path = Path(name)
    try:
        base = read_report(path / "gate.json" if path.is_dir() else path)
    except ReportUnreadable as error:
        return None, f"findings are not marked as new: ${BASE_REPORT}: {error}"
    if base.target != report.target:
        told = f"it is of the target {base.target}, this run of {report.target}"
        return None, f"findings are not marked as new: ${BASE_REPORT}: {told}"
    return base, ""


# -- the base revision ---------------------------------------------------------------------------


def _base(root: Path, environ: Mapping[str, str]) -> str | None:
    """Return the commit to compare with; None where the environment tells of no pull request."""
    given = environ.get(BASE_REF) or environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA")
    if given:
        return _merge_base(root, given)
    name = next((environ[name] for name in _BRANCHES if environ.get(name)), None)
    if name is None:
        return None
    if _MERGE_REF.fullmatch(environ.get("GITHUB_REF", "")) and _commit(root, "HEAD^2"):
        first_parent = _commit(root, "HEAD^1")
        if first_parent:
            return first_parent
    return _merge_base(root, f"origin/{name}")


def _merge_base(root: Path, revision: str) -> str:
    commit = _commit(root, revision)
    if not commit:
        raise _Unknown(
            f"git does not know {revision}; check out with the history of the base branch"
            " (actions/checkout: fetch-depth: 0)"
        )
    try:
        return _git(root, "merge-base", commit, "HEAD").strip()
    except _Unknown:
        raise _Unknown(
            f"git finds no common commit of {revision} and HEAD; check out with the whole history"
            " (actions/checkout: fetch-depth: 0)"
        ) from None


def _commit(root: Path, revision: str) -> str:
    """Return the id of a commit; empty where git does not know it. Never taken for an option."""
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    done = _run(root, *words)
    return done.stdout.strip() if done.returncode == 0 else ""


# -- what changed since ---------------------------------------------------------------------------


def _entries(root: Path, base: str, path: Path) -> Iterator[EvidenceChange]:
    """Yield the accepted differences that were added, or say something else than before."""
    before = {_key(entry): entry for entry in _accepted(_at(root, base, path), f"{base[:12]}")}
    now = path.read_text(encoding="utf-8") if path.exists() else ""
    for entry in _accepted(now, "this change"):
        known = before.get(_key(entry))
        if known is None:
            yield EvidenceChange(
                what="added", name=str(entry.get("signature", "")), detail=_said(entry)
            )
        elif known != entry:
            detail = f"{_said(known)} → {_said(entry)}"
            yield EvidenceChange(
                what="changed", name=str(entry.get("signature", "")), detail=detail
            )


def _accepted(text: str, where: str) -> list[dict[str, Any]]:
    try:
        entries = written_out(tomllib.loads(text))[0].get("accepted", [])
    except tomllib.TOMLDecodeError as error:
        raise _Unknown(f"the accepted differences of {where} are not TOML: {error}") from None
    return [entry for entry in entries if isinstance(entry, dict)]


def _key(entry: Mapping[str, Any]) -> tuple[str, str]:
    scope = entry.get("scope", ())
    parts = sorted(map(str, scope)) if isinstance(scope, list) else [str(scope)]
    return str(entry.get("signature", "")), "\0".join(parts)


def _said(entry: Mapping[str, Any]) -> str:
    scope = entry.get("scope", ())
    where = ", ".join(map(str, scope)) if isinstance(scope, list) else str(scope)
    who = f"{entry.get('approver', 'nobody')} until {entry.get('expires', 'no day')}"
    return f"{entry.get('reason', 'no reason')} ({who}; {where})"


def _files(root: Path, base: str, folder: Path) -> Iterator[EvidenceChange]:
    """Yield the goldens that were added, recorded anew or removed."""
    words = ("diff", "--name-status", "-z", "--no-renames", base, "--", _relative(root, folder))
    parts = _git(root, *words).split("\0")
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    # What changes or ends a promise stands before what adds one.
    for status, name in sorted(pairs, key=lambda pair: ("MDA".find(pair[0][:1]), pair[1])):
        yield EvidenceChange(what=_WORDS.get(status[:1], "re-recorded"), name=name)


def _at(root: Path, base: str, path: Path) -> str:
    """Return the text of a file at a commit; empty where it was not there yet."""
    name = _relative(root, path)
    if not _git(root, "ls-tree", "--name-only", base, "--", name).strip():
        return ""
    return _git(root, "show", f"{base}:./{name}")


def _relative(root: Path, path: Path) -> str:
    return Path(os.path.relpath(path.resolve(), root.resolve())).as_posix()


def _git(root: Path, *words: str) -> str:
    done = _run(root, *words)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise _Unknown(f"git {words[0]} failed: {said[-1]}")
    return done.stdout


def _run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.run(
            ["git", "-c", "core.quotePath=false", *words],
            cwd=root,
            env=environ,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="backslashreplace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _Unknown(f"git could not be run: {error}") from None
