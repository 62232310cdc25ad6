"""What the profiles of a comparison forgive: headers of frameworks, members of a process."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_cutover.config.profiles import PROFILES, Profile, recognised
from pytest_cutover.normalize.matchers import Pattern

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
