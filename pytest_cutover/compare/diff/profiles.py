"""Headers that a framework or server adds by itself, and that no client contract rests on.

A profile forgives a header's value. It forgives presence only where it says so by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_cutover.compare.matchers import Pattern
from pytest_cutover.compare.normalize.headers import FRAMING


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


# What a process says of itself in answers like those of a health check.
PROCESS_MEMBERS = frozenset(
    [
        "pid",
        "process_id",
        "hostname",
        "host",
        "instance",
        "instance_id",
        "node",
        "pod",
        "pod_name",
        "container_id",
        "started_at",
        "start_time",
        "boot_id",
    ]
)
_HEALTH_LIKE = frozenset(
    [
        "health",
        "healthz",
        "healthcheck",
        "status",
        "ready",
        "readyz",
        "readiness",
        "live",
        "livez",
        "liveness",
        "ping",
        "info",
        "version",
    ]
)


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


def recognised(headers: Pattern) -> tuple[str, ...]:
    """Return the profiles whose signature an answer carries; `headers` is its comparable tree."""
    if not isinstance(headers, dict):
        return ()
    found = []
    for name, sign, profile in _SIGNATURES:
        value = headers.get(name)
        if isinstance(value, str) and sign.search(value):
            found.append(profile)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Profiles:
    """The profiles of a comparison, those of both sides together.

    `by_signature`: none was configured, so that a framework is known by how it signs its answers.
    """

    profiles: tuple[Profile, ...] = ()
    by_signature: bool = False

    @classmethod
    def named(cls, *names: str) -> Profiles:
        """Return profiles by name. Raises KeyError, with the valid names, for any other."""
        unknown = [name for name in names if name not in PROFILES]
        if unknown:
            raise KeyError(f"no profile {unknown[0]!r}; there are {', '.join(sorted(PROFILES))}")
        return cls(tuple(PROFILES[name] for name in dict.fromkeys(names)))

    def beside(self, *answers: Pattern) -> Profiles:
        """Return the profiles for these answers' headers."""
        if not self.by_signature:
            return self
        known = Profiles.named(*(name for headers in answers for name in recognised(headers)))
        return Profiles((*self.profiles, *known.profiles), by_signature=True)

    def forgives_value(self, header: str) -> bool:
        """Whether the value of a header may be any."""
        return any(header in p.values or header in p.presence for p in self.profiles)

    def forgives_presence(self, header: str) -> bool:
        """Whether a header may be there or not."""
        return any(header in profile.presence for profile in self.profiles)

    def waives_of_process(self, endpoint: str, pointer: str) -> bool:
        """Whether a member of an answer is what the profile `process` knows to be a process's own.

        Its value is waived there, and neither presence, type nor form.
        """
        if all(profile.name != "process" for profile in self.profiles):
            return False
        words = {word.lower() for word in endpoint.partition(" ")[2].split("/")}
        name = pointer.rpartition("/")[2].lower().replace("-", "_")
        return bool(words & _HEALTH_LIKE) and name in PROCESS_MEMBERS


NO_PROFILES = Profiles()

__all__ = ["FRAMING", "NO_PROFILES", "PROFILES", "Profile", "Profiles"]
