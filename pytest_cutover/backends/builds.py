"""Which build of a side answers: what its configuration says, what it answers, or what is launched.

A report that says which candidate it judged can be told from one of another candidate. Asked again
at the end of a run, it tells a deployment that came in the middle of it.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.build_headers import short
from pytest_cutover.config.target import BackendSpec
from pytest_cutover.core import json_pointer
from pytest_cutover.core.checkout import commit_of

_COMMIT: Final = 12


class BuildUnknown(Exception):  # noqa: N818
    """The place that is named does not tell it. The message says what was asked and answered."""


def build_of(spec: BackendSpec, ask: Callable[[str], http.Response], root: Path) -> str:
    """Return which build of a side this is; empty where nothing tells it.

    `ask` gets a path of the side. Raises `BuildUnknown`.
    """
    if spec.version is None:
        return _launched(spec, root)
    if not spec.version.startswith("/"):
        return spec.version
    path, _, pointer = spec.version.partition("#")
    try:
        response = ask(path)
        answer = response.text.strip()
    except (http.HTTPError, ValueError, OSError) as error:
        raise BuildUnknown(f"GET {path}: {type(error).__name__}: {error}") from None
    if response.status_code != 200:
        raise BuildUnknown(f"GET {path} answered {response.status_code}, not 200")
    return short(_at(answer, path, pointer) if pointer else answer)


def _launched(spec: BackendSpec, root: Path) -> str:
    """Return the command, as it is configured, and the commit of the checkout that it runs in."""
    if not spec.launched:
        return ""
    commit = commit_of(root / spec.cwd)[:_COMMIT]
    return f"{shlex.join(spec.command)}{f' at {commit}' if commit else ''}"


def _at(answer: str, path: str, pointer: str) -> str:
    try:
        value = json_pointer.at(json.loads(answer), pointer)
    except (ValueError, KeyError, RecursionError):
        raise BuildUnknown(f"the answer of GET {path} has no {pointer}") from None
    return value if isinstance(value, str) else json.dumps(value)
