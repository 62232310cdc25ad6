"""Headers that a framework or server adds by itself, and that no client contract rests on.

A profile forgives a header's value. It forgives presence only where it says so by name.
"""

from __future__ import annotations

from dataclasses import dataclass

from pytest_cutover.parity.headers import FRAMING


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
    )
}


@dataclass(frozen=True, slots=True)
class Profiles:
    """The profiles of a comparison, those of both sides together."""

    profiles: tuple[Profile, ...] = ()

    @classmethod
    def named(cls, *names: str) -> Profiles:
        """Profiles by name. Raises KeyError with the valid names for one that does not exist."""
        unknown = [name for name in names if name not in PROFILES]
        if unknown:
            raise KeyError(f"no profile {unknown[0]!r}; there are {', '.join(sorted(PROFILES))}")
        return cls(tuple(PROFILES[name] for name in dict.fromkeys(names)))

    def forgives_value(self, header: str) -> bool:
        """Whether the value of a header may be any."""
        return any(header in p.values or header in p.presence for p in self.profiles)

    def forgives_presence(self, header: str) -> bool:
        """Whether a header may be there or not."""
        return any(header in profile.presence for profile in self.profiles)


NO_PROFILES = Profiles()

__all__ = ["FRAMING", "NO_PROFILES", "PROFILES", "Profile", "Profiles"]
