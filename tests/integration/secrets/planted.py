"""The secrets of a suite, each in a place of its own, and where they must never be seen."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

ODD = "Zw9/q\"ö 7&d<1>'kL+e\\3u"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEtNzcxIn0.bGVhay1tZS1pZi15b3UtY2FuLTk5MQ"

PLANTS: dict[str, str | int] = {
    # sent by the suite
    "api_key_header": "hdr-6b1f0e9d2c7a4853",
    "cookie": "cki-0d9c8b7a6f5e4d3c",
    "query": "qry/4a+5b 6c=7d-8e9f",
    "deep": ODD,
    "number": 730155908827,
    "form": "frm!53b1a9c7e2d4",
    "basic_password": "bsc-pässword-19f3c1",
    "userinfo": "usr-31aa9be07c",
    # given out by the backends
    "set_cookie": "set-f00dbeef5ca1ab1e",
    "token": "opq_51f0aa3bbf2244d09c",
    "jwt": JWT,
    "link": "lnk-88e1c0ffee17",
    # known to the backends alone
    "database": "dbp-77c2e1a0b9d8",
    "signing": "sgn-1c2d3e4f5a6b7c8d",
}


def spellings(value: str | int) -> Iterator[str]:
    """The ways in which a text could carry a value."""
    text = str(value)
    yield from (text, quote(text, safe=""), quote(text), quote_plus(text), html.escape(text))
    yield from (quote(text, safe="").lower(), json.dumps(json.dumps(text)[1:-1])[1:-1])
    yield from (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1])
    yield repr(text)[1:-1]


def basic() -> str:
    """What an Authorization header says of the user."""
    return base64.b64encode(f"ada:{PLANTS['basic_password']}".encode()).decode()


def found_in(text: str, plants: dict[str, str | int]) -> list[str]:
    """The names of the secrets that a text gives away, with the spelling."""
    found = [
        f"{name}: {spelling}"
        for name, value in plants.items()
        for spelling in set(spellings(value))
        if spelling in text
    ]
    encoded = basic().rstrip("=")
    return found + [f"basic: {encoded}"] * (encoded in text)


def everything_below(folder: Path) -> dict[str, str]:
    """Every file of a project but those that its author wrote."""
    own = ("plants.json", "test_it.py", "conftest.py", "cutover.toml", "pytest.ini")
    return {
        str(path.relative_to(folder)): path.read_bytes().decode("utf-8", "replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in own and path.suffix != ".pyc"
    }
