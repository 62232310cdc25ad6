"""Transcripts for tests: short to write, and with the noise of a real backend."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.diff.profiles import NO_PROFILES, Profiles
from pytest_cutover.compare.diff.transcripts import Comparison, compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.compare.noise.rules import NO_RULES, Rules
from pytest_cutover.core.exchange import (
    Exchange,
    Generated,
    Request,
    Response,
    Side,
    Transcript,
)

JSON_HEADERS = (("Content-Type", "application/json; charset=utf-8"),)
NOON_S = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC).timestamp()


class Form(NamedTuple):
    """A list of rows as text: `%(t)s` in a row is its title, `%(i)s` its id."""

    kind: str
    page: str
    row: str
    join: str = ""


def exchange(
    document: Any = None,
    *,
    body: bytes | None = None,
    status: int = 200,
    headers: Sequence[tuple[str, str]] = JSON_HEADERS,
    method: str = "GET",
    target: str = "/api/lots",
    sent: Any = None,
    at_s: float = NOON_S,
    endpoint: str | None = None,
) -> Exchange:
    """One exchange; `document` is sent as JSON unless `body` says it in bytes."""
    content = json.dumps(document).encode() if body is None else body
    return Exchange(
        request=Request(
            method,
            target,
            () if sent is None else (("Content-Type", "application/json"),),
            b"" if sent is None else json.dumps(sent).encode(),
        ),
        response=Response(status, tuple(headers), content),
        endpoint=endpoint or f"{method} {target.partition('?')[0]}",
        started_s=at_s,
        ended_s=at_s + 0.01,
    )


def transcript(
    *exchanges: Exchange,
    side: Side = Side.BASELINE,
    generated: Iterable[tuple[str, str]] = (),
    secrets: Iterable[str] = (),
    session_started_s: float = NOON_S - 30,
) -> Transcript:
    """A transcript of one test."""
    return Transcript(
        test="tests/test_lots.py::test_lot",
        side=side,
        exchanges=exchanges,
        generated=tuple(Generated(label, value) for label, value in generated),
        session_started_s=session_started_s,
        secrets=frozenset(secrets),
    )


def judged(
    baseline: Transcript,
    candidate: Transcript,
    *,
    again: Transcript | None = None,
    recorded: tuple[Transcript, Transcript] | None = None,
    rules: Rules = NO_RULES,
    profiles: Profiles = NO_PROFILES,
    shared_state: bool = True,
) -> Comparison:
    """The candidate compared under the noise of `again` (the baseline itself if there is none), or
    under that of two recordings.
    """
    golden = learn(*recorded) if recorded else learn(baseline, again or baseline)
    return compare(
        baseline,
        candidate,
        golden=golden,
        rules=rules,
        profiles=profiles,
        shared_state=shared_state,
    )


def settled(state: TestState, judge: Judge, asked: Callable[[Side], Transcript]) -> Judged:
    """Ask both sides, baseline first, for as many rounds as the judge wants; return what it says
    then.
    """
    while True:
        state.rounds.append(Round(asked(Side.BASELINE), asked(Side.CANDIDATE)))
        found = judge.live(state)
        if not judge.wants_round(state, found):
            return found


def departures(document: Any, other: Any, **settings: Any) -> list[tuple[str, str]]:
    """The (kind, pointer) pairs between two documents that hold no noise."""
    found = judged(transcript(exchange(document)), transcript(exchange(other)), **settings)
    return brief(found.differences)


def brief(differences: Iterable[Difference]) -> list[tuple[str, str]]:
    """Kind and pointer of each difference."""
    return [(str(difference.kind), difference.pointer) for difference in differences]


@dataclass
class Plant:
    """A small backend made up on the spot: each run gives other ids, times, tokens and orders."""

    seed: int
    now_s: float = NOON_S
    side: Side = Side.BASELINE
    millis: int | None = None

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def uuid(self) -> str:
        """A random version 4 UUID."""
        digits = f"{self._random.getrandbits(128):032x}"
        variant = self._random.choice("89ab")
        return (
            f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
        )

    def token(self, size: int = 43) -> str:
        """An opaque session token."""
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        return "".join(self._random.choice(letters) for _ in range(size))

    def time(self) -> str:
        """The time now, in milliseconds; the clock goes on."""
        self.now_s += self._random.random() / 50
        millis = self._random.randrange(1000) if self.millis is None else self.millis
        moment = datetime.fromtimestamp(int(self.now_s), UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{millis:03d}Z"

    def transcript(self, seeded: str = "7f3c1c2e-8a51-4c0b-9d2e-5b7a1f0c3d42") -> Transcript:
        """Log in, create a lot, decide on it, trace it, and ask for one that is not there."""
        code = f"LOT-{self._random.getrandbits(40):010x}"
        lot_id, user_id, token = self.uuid(), seeded, self.token()
        created, logged_in = self.time(), self.time()
        counter = 100 + self.seed
        lot = {"id": lot_id, "lot_code": code, "weight_kg": 500.25, "metadata": {"line": [1, 2]},
               "operator_id": user_id, "created_at": created, "phase_id": None}  # fmt: skip
        user = {"id": user_id, "email": "ana@plant.example", "last_login": logged_in}
        parents = [
            {"id": self.uuid(), "name": name, "at": self.time()} for name in ("RAW", "MIX", "FG")
        ]
        self._random.shuffle(parents)
        decided = {"id": self.uuid(), "lot_id": lot_id, "decision": "PASS", "serial": counter}
        cookie = f"sid={self.token(22)}; Path=/; HttpOnly; Max-Age=3600; SameSite=Lax"
        http_date = datetime.fromtimestamp(int(self.now_s), UTC).strftime(
            "%a, %d %b %Y %H:%M:%S GMT"
        )
        common = (*JSON_HEADERS, ("Date", http_date), ("Vary", "Origin, Accept"))
        made = (*common, ("Location", f"/api/lots/{lot_id}"))
        missing = {"error": f"no lot {code}-X, asked at {self.time()} as request {self.uuid()}"}
        return replace(
            transcript(
                self._at("POST", "/api/login", {"user": user, "token": token},
                         headers=(*common, ("Set-Cookie", cookie)), sent={"email": user["email"]}),
                self._at("POST", "/api/lots", lot, status=201, headers=made,
                         sent={"lot_code": code}),
                self._at("POST", "/api/qc-decisions", decided, status=201, headers=common,
                         sent={"lot_id": lot_id}),
                self._at("GET", f"/api/traceability/{code}",
                         {"central": lot, "parents": parents, "children": []}, headers=common),
                self._at("GET", f"/api/traceability/{code}-X", missing, status=404,
                         headers=(*common, ("X-Request-Id", self.uuid()))),
                generated=[("LOT", code)],
                secrets=[token],
                session_started_s=self.now_s - 60,
            ),
            side=self.side,
        )  # fmt: skip

    def _at(self, method: str, target: str, document: Any, **settings: Any) -> Exchange:
        endpoint = f"{method} /api/" + target.split("/")[2]
        return exchange(
            document, method=method, target=target, at_s=self.now_s, endpoint=endpoint, **settings
        )


class BusyPlant(Plant):
    """A plant whose session holds all that changes by itself: claims, expiries, counters."""

    def jwt(self, issued_s: int) -> str:
        """A signed token whose claims go with the clock."""

        def part(value: Any) -> str:
            return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

        claims = {"sub": self.uuid(), "iat": issued_s, "exp": issued_s + 3600, "jti": self.uuid()}
        return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}.{self.token(43)}"

    def transcript(self, seeded: str = "7f3c1c2e-8a51-4c0b-9d2e-5b7a1f0c3d42") -> Transcript:
        """The usual requests, and one for the session."""
        usual = super().transcript(seeded)
        now, draw = int(self.now_s), self._random
        token, later = self.jwt(now), datetime.fromtimestamp(now + 3600, UTC)
        session = {
            "token": token,
            "iat": now,
            "exp_ms": (now + 3600) * 1000,
            "expires_at": f"{later:%Y-%m-%dT%H:%M:%S}Z",
            "today": f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d}",
            "requests": draw.randrange(90, 10**9),
            "took": f"took {draw.randrange(1, 10**8) / 10_000:.7g}ms",
            "load": draw.randrange(1, 10**8) / 8,
            "ratio": draw.random(),
            "cursor": f"/api/lots?after={self.token(22)}&limit=10",
            "lots": {self.uuid(): {"weight_kg": 500.25} for _ in range(2)},
            "recent": [{"at": self.time(), "n": n} for n in range(3)],
            "name": "Ana",
            "limits": {"weight_kg": 10000, "since": "2020-01-01T00:00:00.000Z"},
        }
        etag = ("ETag", f'W/"{draw.getrandbits(64):016x}"')
        answered = self._at(
            "GET", "/api/session", session, headers=(*JSON_HEADERS, etag, ("Age", str(self.seed)))
        )
        return replace(
            usual, exchanges=(*usual.exchanges, answered), secrets=usual.secrets | {token}
        )
