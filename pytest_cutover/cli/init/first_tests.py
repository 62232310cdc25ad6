"""The first tests and the login hook, as texts, from what a survey found. Pure."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable
from typing import Final

from pytest_cutover.cli.init.operations import Operation
from pytest_cutover.cli.init.survey import Login, Survey
from pytest_cutover.core.endpoint import normalise

_HEAD: Final = '''\
"""The first tests of the cutover: each runs on both backends, and their answers are compared.

`backend` is an httpx.Client, once for each side. The comparison needs no assertion; ids that a
backend gives out stay its own.
"""

import pytest
'''


def first_tests(found: Survey, *, path: str) -> str:
    """Return the test file. Where nothing answered, one test of `path` that a person has to
    look at.
    """
    operations = (*found.operations, *found.refused)
    if not operations:
        operations = (Operation(path.partition("?")[0] or "/", path or "/", 0),)
    names: set[str] = set()
    return _HEAD + "".join(_test(one, names) for one in operations)


def _test(operation: Operation, names: set[str]) -> str:
    endpoint = json.dumps(normalise(f"GET {operation.template}"), ensure_ascii=False)
    name = _name(operation, names)
    if operation.unknown:
        mark = f'@pytest.mark.negative({endpoint}, scenario="unknown")'
        body = [_get(operation.path), "assert response.is_client_error"]
    elif operation.taken_from:
        mark = f"@pytest.mark.characterization({endpoint})"
        keys = "".join(f"[{json.dumps(key, ensure_ascii=False)}]" for key in operation.keys)
        above = json.dumps(operation.taken_from, ensure_ascii=False)
        shown = operation.taken_from.replace("{", "{{").replace("}", "}}")
        body = [
            f"first = backend.get({above}).json(){keys}",
            f'response = backend.get(f"{shown}/{{first}}")',
            "assert response.is_success",
        ]
    else:
        mark = f"@pytest.mark.characterization({endpoint})"
        body = [_get(operation.path), _assertion(operation.status)]
    lines = "".join(f"    {line}\n" for line in body)
    return f"\n\n{mark}\ndef {name}(backend):\n{lines}"


def _get(path: str) -> str:
    return f"response = backend.get({json.dumps(path, ensure_ascii=False)})"


def _assertion(status: int) -> str:
    if status in (401, 403):
        return f"assert response.status_code < 500  # {status} before anybody is logged in"
    return "assert response.is_success" if status else "assert response.status_code < 500"


def _name(operation: Operation, taken: set[str]) -> str:
    words = re.sub(r"\W+", "_", operation.template, flags=re.ASCII).strip("_").lower() or "root"
    name = f"test_{words}_unknown" if operation.unknown else f"test_{words}"
    number = 2
    while name in taken or keyword.iskeyword(name):
        name, number = f"{name.rstrip('0123456789')}{number}", number + 1
    taken.add(name)
    return name


_HOOK: Final = '''\
"""What the cutover tests of this project share."""

import os

import pytest


@pytest.hookimpl(optionalhook=True)
def pytest_cutover_login(backend):
    """Log in on one side, once per session; what is left on `backend` goes with every test.

    Name and password come from the environment; without them nobody is logged in. A login by POST
    needs `writes = true` for the target.
    """
    password = os.environ.get("CUTOVER_PASSWORD")
    if not password:
        return None
    response = backend.post(
        @PATH@,
        @WORD@={@USER@: os.environ["CUTOVER_USER"], @PASSWORD@: password},
    )
    response.raise_for_status()
    found = response.json() if "json" in response.headers.get("content-type", "") else {}
    for name in ("access_token", "accessToken", "token", "id_token", "jwt"):
        if found.get(name):
            backend.headers["Authorization"] = f"Bearer {found[name]}"
    return True
'''


_BASIC: Final = '''\
"""What the cutover tests of this project share."""

import os

import pytest


@pytest.hookimpl(optionalhook=True)
def pytest_cutover_login(backend):
    """Name and password go with every request of a test; without them nobody is logged in."""
    password = os.environ.get("CUTOVER_PASSWORD")
    if not password:
        return None
    backend.auth = (os.environ["CUTOVER_USER"], password)
    return True
'''


def login_hook(login: Login) -> str:
    """Return the conftest.py with the login that was found."""
    if login.basic:
        return _BASIC
    words = {
        "@PATH@": json.dumps(login.path, ensure_ascii=False),
        "@WORD@": "data" if login.form else "json",
        "@USER@": json.dumps(login.user),
        "@PASSWORD@": json.dumps(login.password),
    }
    text = _HOOK
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


def shown(operations: Iterable[Operation]) -> str:
    """Return the operations in one line, for the screen."""
    names = [f"GET {one.template}" for one in operations if not one.unknown]
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
