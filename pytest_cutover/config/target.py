"""A target: its two backends, what the run may do to them, and the variables they need.

Nothing is read from the environment until `Target.resolved` is called for the chosen target, so
that a laptop without production's tokens can still run against `local`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pytest_cutover.config.backend_table import mistakes_in_backend
from pytest_cutover.config.constraints import (
    REFERENCE,
    BasePath,
    PositiveFloat,
    Statuses,
    Text,
    Url,
    UrlPath,
    Verify,
    Words,
    valid_header,
    valid_url,
)
from pytest_cutover.core.errors import InvalidValueError, VariableError

DEFAULT_RATE_PER_S: Final = 50.0
"""Requests per second to a backend that the run did not launch, when the target says nothing."""


class Family(StrEnum):
    """What a verdict can be required to judge."""

    PARITY = "parity"
    PERFORMANCE = "performance"
    CHECKLIST = "checklist"
    COVERAGE = "coverage"
    CONTRACT = "contract"
    FUZZ = "fuzz"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendSpec:
    """`[targets.NAME.baseline]` or `.candidate`: either a `url`, or a `command` to launch.

    - `url`: ``http://host:port[/base]``; may hold ``{env:NAME}``.
    - `command`: the words of a command line. ``{port}`` becomes a free port, ``{python}`` the
      interpreter that runs pytest. One of `command` and `env` must use ``{port}``.
    - `base_path`: what stands before every path of a launched backend, as in a `url`.
    - `cwd`: where the command runs, relative to the configuration file.
    - `env`: variables added to the environment; values may hold ``{port}`` and ``{env:NAME}``.
    - `ready`: the path asked until the backend answers, for `ready_timeout_s` seconds at most;
      `ready_status` are the answers that count, any below 500 where it is empty.
    - `headers`: sent with every request; values may hold ``{env:NAME}``.
    - `verify`: whether TLS certificates are verified, or the path of a CA file to verify with.
    - `profile`: the framework profiles whose own headers are known.
    - `twin_url`: another process of the same code, for what belongs to a process; a launched
      backend has further ones started.
    - `version`: which build it is: a text, which may hold ``{env:NAME}``, or a path that is asked
      for it, with a JSON pointer after ``#``.
    """

    url: Url | None = None
    command: tuple[Text, ...] = ()
    base_path: BasePath = ""
    cwd: Path = Path()
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    ready: UrlPath = "/"
    ready_timeout_s: PositiveFloat = 30.0
    ready_status: Statuses = ()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    verify: Verify = True
    profile: Words = ()
    twin_url: Url | None = None
    version: Text | None = None

    @property
    def launched(self) -> bool:
        """Whether the run starts this backend itself."""
        return bool(self.command)

    def is_ready(self, status: int) -> bool:
        """Whether an answer with this status means that the backend is up."""
        return status in self.ready_status if self.ready_status else status < 500

    def command_for(self, port: int) -> tuple[str, ...]:
        """Return the command line with its placeholders filled in."""
        return tuple(
            word.replace("{port}", str(port)).replace("{python}", sys.executable)
            for word in self.command
        )

    def env_for(self, port: int) -> dict[str, str]:
        """Return the variables to add to the environment, with the port filled in."""
        return {name: value.replace("{port}", str(port)) for name, value in self.env.items()}

    @staticmethod
    def mistakes_in(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
        """Return what the keys of the table say against each other."""
        return mistakes_in_backend(table)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`[targets.NAME]`: an environment with a baseline and a candidate, and what it consents to.

    - `writes`: methods other than GET and OPTIONS; `load`: load and benchmarks; `fuzz_writes`:
      generated writes; `switch`: the team's commands that move the traffic.
    - `production`: `load` and `fuzz_writes` are refused.
    - `max_requests_per_second`: the cap for each backend.
    - `shared_state`: both sides see the same database; where it is not said, what is seen decides.
    - `require`: the families of gates to judge here, in place of ``[gate] require``.
    - `accepted`: the accepted differences of this target, in place of ``[parity] accepted``.
    - `time_scale`: every duration of the checklist is multiplied by it, for rehearsals.
    """

    name: str = field(default="", metadata={"key": None})
    baseline: BackendSpec
    candidate: BackendSpec
    writes: bool = False
    load: bool = False
    fuzz_writes: bool = False
    production: bool = False
    switch: bool = False
    max_requests_per_second: PositiveFloat | None = None
    shared_state: bool | None = None
    require: tuple[Family, ...] | None = None
    accepted: Text | None = None
    time_scale: PositiveFloat = 1.0

    @property
    def launched(self) -> bool:
        """Whether the run starts both backends itself: only that exempts from consent."""
        return self.baseline.launched and self.candidate.launched

    @property
    def one_backend(self) -> bool:
        """Whether both sides are surely the same server; behind one address there may be two."""
        sides = (self.baseline, self.candidate)
        if any(side.launched for side in sides) or len({_routed(side) for side in sides}) > 1:
            return False
        return len({_origin(side.url or "") for side in sides}) == 1

    @property
    def may_write(self) -> bool:
        """Whether methods other than GET and OPTIONS may be sent."""
        return self.launched or self.writes

    @property
    def may_load(self) -> bool:
        """Whether load and benchmarks may run."""
        return not self.production and (self.launched or self.load)

    @property
    def may_fuzz_writes(self) -> bool:
        """Whether generated writes may be sent."""
        return not self.production and (self.launched or self.fuzz_writes)

    @property
    def rate_cap_per_s(self) -> float | None:
        """Requests per second to each backend; None where the run launched both and says none."""
        if self.max_requests_per_second is not None or self.launched:
            return self.max_requests_per_second
        return DEFAULT_RATE_PER_S

    def resolved(
        self, environ: Mapping[str, str] = os.environ, *, source: str = "", root: Path = Path()
    ) -> Target:
        """Return the target with every ``{env:NAME}`` filled in and its paths made absolute.

        Raises `VariableError` naming every variable that is missing, and every path that is not
        there.
        """
        wrong: list[InvalidValueError] = []
        baseline = _resolved_backend(self.baseline, ("baseline",), environ, root, wrong)
        candidate = _resolved_backend(self.candidate, ("candidate",), environ, root, wrong)
        if wrong:
            raise VariableError(source, [error.at(("targets", self.name)) for error in wrong])
        return replace(self, baseline=baseline, candidate=candidate)

    @staticmethod
    def mistakes_in(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
        """Yield what production refuses."""
        for key in ("load", "fuzz_writes"):
            if table.get("production") is True and table.get(key) is True:
                yield InvalidValueError(
                    "refused for a target with production = true",
                    value=True,
                    valid="false",
                    path=(key,),
                    advice="make a target of its own for a copy of production",
                )
        if table.get("production") is True and table.get("time_scale", 1) != 1:
            yield InvalidValueError(
                "production is watched in real time",
                value=table["time_scale"],
                valid="1",
                path=("time_scale",),
                advice="remove it, or rehearse on another target",
            )


def _routed(side: BackendSpec) -> frozenset[tuple[str, str]]:
    """Return what a proxy may tell two backends by that have one address."""
    return frozenset((name.lower(), value) for name, value in side.headers.items())


def _origin(url: str) -> tuple[str, str, int | None, str]:
    """Scheme, host, port and path, by which a server is known."""
    parts = urlsplit(url)
    host = {"localhost": "127.0.0.1"}.get(parts.hostname or "", parts.hostname or "")
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, host, port, parts.path.rstrip("/")


def _resolved_backend(
    spec: BackendSpec,
    path: tuple[str, ...],
    environ: Mapping[str, str],
    root: Path,
    wrong: list[InvalidValueError],
) -> BackendSpec:
    def fill(text: str, *key: str, may_be_empty: bool = False) -> str:
        for name in dict.fromkeys(REFERENCE.findall(text)):
            if name not in environ or (not environ[name] and not may_be_empty):
                state = "empty" if name in environ else "not set"
                wrong.append(
                    InvalidValueError(
                        f"needs the environment variable {name}, which is {state}",
                        path=(*path, *key),
                        advice=f"set {name} and run again",
                    )
                )
        return REFERENCE.sub(lambda found: environ.get(found[1], ""), text)

    before = len(wrong)
    headers = {name: fill(value, "headers", name) for name, value in spec.headers.items()}
    env = {name: fill(value, "env", name, may_be_empty=True) for name, value in spec.env.items()}
    url = fill(spec.url, "url") if spec.url else None
    twin_url = fill(spec.twin_url, "twin_url") if spec.twin_url else None
    version = fill(spec.version, "version") if spec.version else None
    if len(wrong) == before:
        wrong.extend(_mistakes_once_known(url, headers, path))
    cwd = root / spec.cwd
    if spec.launched and not cwd.is_dir():
        wrong.append(
            InvalidValueError(
                "no such folder",
                value=str(spec.cwd),
                path=(*path, "cwd"),
                advice="the path is relative to the configuration file",
            )
        )
    verify = spec.verify if isinstance(spec.verify, bool) else root / spec.verify
    if isinstance(verify, Path) and not verify.exists():
        wrong.append(
            InvalidValueError(
                "no such file",
                value=str(spec.verify),
                path=(*path, "verify"),
                advice="the path is relative to the configuration file",
            )
        )
    return replace(
        spec,
        headers=headers,
        env=env,
        url=url and url.rstrip("/"),
        twin_url=twin_url and twin_url.rstrip("/"),
        version=version,
        cwd=cwd,
        verify=verify,
    )


def _mistakes_once_known(
    url: str | None, headers: Mapping[str, str], path: tuple[str, ...]
) -> Iterator[InvalidValueError]:
    try:
        if url is not None:
            valid_url(url)
    except InvalidValueError as error:
        error.path = (*path, "url")
        yield error
    for name, value in headers.items():
        try:
            valid_header(name, value)
        except InvalidValueError as error:
            error.path = (*path, "headers", name)
            yield error
