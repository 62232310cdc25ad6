"""Headers that a framework or server adds by itself, and that no client contract rests on.

A profile forgives a header's value. It forgives presence only where it says so by name. Named in
`profile` of a side of a target; where no side names one, recognised by how answers are signed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """What one framework adds: `values` may differ, `presence` may differ too."""

    name: str
    values: frozenset[str] = frozenset()
    presence: frozenset[str] = frozenset()


def _profile(name: str, *, values: str = "", presence: str = "") -> Profile:
    return Profile(name, frozenset(values.split()), frozenset(presence.split()))


PROFILES = {
    profile.name: profile
    for profile in (
        # `etag`: Express makes a weak one from the body of every answer; the algorithm is its own.
        _profile("express", values="x-powered-by etag", presence="x-powered-by"),
        _profile("node", values="", presence=""),
        _profile("koa", values=""),
        _profile("fastify", values=""),
        _profile("fastapi", values="server", presence="server"),
        _profile("starlette", values="server", presence="server"),
        _profile("flask", values="server", presence="server"),
        _profile("django", values="server", presence="server"),
        _profile("rails", values="server x-runtime x-request-id", presence="server x-runtime"),
        _profile("spring", values="server", presence="server"),
        _profile("aspnet", values="server x-powered-by", presence="server x-powered-by"),
        _profile("go", values=""),
        _profile("nginx", values="server via", presence="server via"),
        _profile("wsgi", values="server", presence="server"),
        _profile("php", values="x-powered-by", presence="x-powered-by"),
        # Of no framework: `waives_of_process` says what it waives, and where.
        _profile("process"),
    )
}


# How servers and frameworks sign their answers, where nobody took the signature away.
_SIGNATURES = (
    ("x-powered-by", re.compile(r"express", re.IGNORECASE), "express"),
    ("x-powered-by", re.compile(r"php", re.IGNORECASE), "php"),
    ("x-powered-by", re.compile(r"asp\.net", re.IGNORECASE), "aspnet"),
    ("server", re.compile(r"uvicorn|hypercorn|daphne|granian"), "starlette"),
    ("server", re.compile(r"werkzeug|gunicorn|waitress|wsgi", re.IGNORECASE), "wsgi"),
    ("server", re.compile(r"nginx|openresty", re.IGNORECASE), "nginx"),
    ("server", re.compile(r"kestrel|microsoft-iis", re.IGNORECASE), "aspnet"),
)


def recognised(headers: object) -> tuple[str, ...]:
    """Return the profiles whose signature an answer carries; `headers` is its comparable tree."""
    if not isinstance(headers, dict):
        return ()
    found = []
    for name, sign, profile in _SIGNATURES:
        value = headers.get(name)
        if isinstance(value, str) and sign.search(value):
            found.append(profile)
    return tuple(found)


def profile_that_forgives(header: str, value: str, *, presence: bool) -> str:
    """Return the profile of the framework that adds a header with this value; empty if unknown.

    With `presence` only one that forgives that the header is there or not.
    """
    by_sign = recognised({header: value})
    by_name = [one.name for one in PROFILES.values() if header in one.presence]
    for name in by_sign or (by_name if len(by_name) == 1 else ()):
        known = PROFILES[name]
        if header in known.presence or (header in known.values and not presence):
            return name
    return ""
