"""The locustfile that is really run: turns, Poisson arrivals and exact times around a user's.

Locust imports it in a process of its own; nothing in pytest's process does. Every user class of the
user's locustfile becomes two, one for each side, and only the side whose turn it is leaves its
waiting place. Where the master runs elsewhere, start it and its workers with

    CUTOVER_LOCUSTFILE=locustfile.py locust -f .../locust_harness.py --master   (and --worker)

and name its web address in ``[performance.load] master``.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import certifi
import gevent  # type: ignore[import-untyped]
import gevent.ssl  # type: ignore[import-untyped]
from gevent.event import Event  # type: ignore[import-untyped]
from locust import User, events
from locust.runners import LocalRunner, MasterRunner, WorkerRunner
from locust.util.load_locustfile import load_locustfile

SIDES = ("baseline", "candidate")
_LATE_S = 0.1
_STRAGGLERS_S = 1.0
_TIMEOUT_S = 10.0

Row = list[Any]


class _Load:
    """What this process knows: the plan, whose turn it is, and the rows not handed in yet."""

    def __init__(self) -> None:
        self.plan: dict[str, Any] = json.loads(os.environ.get("CUTOVER_LOAD", "{}"))
        self.gates = {side: Event() for side in SIDES}
        self.turns: list[tuple[float, int, str]] = []
        self.rows: list[Row] = []
        self.under_way: dict[object, tuple[float, str, str, str]] = {}
        self.next_s = dict.fromkeys(SIDES, 0.0)
        self.due = self.late = 0
        self.cpu_s = 0.0
        self.hand_in: Callable[[list[Row]], None] = _write

    def turn(self, index: int, side: str) -> None:
        """Close the slice that runs, and open the next one; ``side`` is empty for none."""
        now = time.time()
        if self.turns and self.turns[-1][1] >= 0:
            start, running, whose = self.turns[-1]
            cpu = (time.process_time() - self.cpu_s) / max(now - start, 1e-9)
            self.rows.append(["s", running, whose, start, now, cpu, self.due, self.late])
        self.due = self.late = 0
        self.cpu_s = time.process_time()
        self.turns.append((now, index, side))
        for name, gate in self.gates.items():
            gate.set() if name == side else gate.clear()
        self.flush()

    def flush(self) -> None:
        """Hand in what there is."""
        rows, self.rows = self.rows, []
        if rows:
            self.hand_in(rows)

    def unfinished(self) -> None:
        """Count what never came back as a failure, not as a request that was not sent."""
        now = time.time()
        for start, method, path, side in self.under_way.values():
            index = self.slice_of(start, side)
            self.rows.append(["r", index, side, method, path, start, (now - start) * 1e3, 0, 1])
        self.under_way.clear()
        self.flush()

    def slice_of(self, at: float, side: str) -> int:
        """Return the slice in which a request of a side left; -1 for none."""
        for start, index, whose in reversed(self.turns):
            if at >= start:
                return index if whose == side else -1
        return -1

    def side_of(self, url: str) -> str:
        """Return the side that a URL belongs to; empty for a stranger."""
        return next((side for side in SIDES if url.startswith(str(self.plan.get(side)))), "")


def _write(rows: list[Row]) -> None:
    path = Path(str(LOAD.plan["directory"])) / f"{os.getpid()}.jsonl"
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


LOAD = _Load()


def _sided(side: str, known: type[User]) -> type[User]:
    """Return the user class bound to one side."""
    original: Any = getattr(known, "wait_time", None)
    verify = LOAD.plan.get("verify", {})

    def start(self: Any, environment: Any) -> None:
        known.__init__(self, environment)
        client: Any = getattr(self, "client", None)
        if side in verify and hasattr(client, "verify"):
            client.verify = verify[side]
        if client is not None and hasattr(client, "request"):
            client.request = _watched(client.request, side)

    def wait_time(self: Any) -> float:
        while True:
            LOAD.gates[side].wait()
            due = _due_in(original, self, side)
            left_at = time.monotonic() + due
            gevent.sleep(due)
            if LOAD.gates[side].is_set():
                LOAD.due += 1
                LOAD.late += time.monotonic() - left_at > _LATE_S
                return 0.0

    members: dict[str, Any] = {"__init__": start, "wait_time": wait_time, "abstract": False}
    if hasattr(known, "network_timeout"):
        members["network_timeout"] = min(getattr(known, "network_timeout", 60.0), _TIMEOUT_S)
        members["connection_timeout"] = min(getattr(known, "connection_timeout", 60.0), _TIMEOUT_S)
    if side in verify and hasattr(known, "ssl_context_factory"):
        # By itself FastHttpUser verifies nothing.
        members["insecure"] = verify[side] is False
        if verify[side] is not False:
            members["ssl_context_factory"] = staticmethod(partial(_tls, verify[side]))
    return type(f"{side.capitalize()}{known.__name__}", (known,), members)


@lru_cache(maxsize=2)
def _tls(verify: bool | str) -> Any:
    """One context for all users: reading the certificates takes longer than a request."""
    path = certifi.where() if isinstance(verify, bool) else verify
    folder = os.path.isdir(path)
    return gevent.ssl.create_default_context(
        cafile=None if folder else path, capath=path if folder else None
    )


def _due_in(original: Any, user: Any, side: str) -> float:
    """Return the seconds to the next request: the user's own wait as the mean of a Poisson process.

    Users that wait a constant time march in step, and queues that no real traffic makes appear.
    """
    try:
        mean = float(original(user)) if original else 0.0
    except Exception:
        mean = 0.0  # A user class without a waiting time.
    due = random.expovariate(1 / mean) if mean > 0 else 0.0
    cap = LOAD.plan.get("cap_per_s")
    if cap:
        now = time.monotonic()
        at = max(now + due, LOAD.next_s[side])
        LOAD.next_s[side] = at + 1 / cap
        due = at - now
    return due


def _watched(send: Callable[..., Any], side: str) -> Callable[..., Any]:
    """Return the client's request, with the target's headers, and known while it is under way."""

    def request(method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        configured = LOAD.plan.get("headers", {}).get(side)
        if configured:
            kwargs["headers"] = {**configured, **(kwargs.get("headers") or {})}
        key = object()
        LOAD.under_way[key] = (time.time(), method, urlsplit(url).path, side)
        try:
            return send(method, url, *args, **kwargs)
        finally:
            LOAD.under_way.pop(key, None)

    return request


def _user_classes() -> dict[str, type[User]]:
    path = LOAD.plan.get("locustfile") or os.environ["CUTOVER_LOCUSTFILE"]
    classes, _ = load_locustfile(str(path))
    if not classes:
        # Locust would take the file for a module of tests and run pytest on it.
        raise SystemExit(f"no User class found in {path}: define one, such as FastHttpUser's")
    sided = [_sided(side, known) for known in classes.values() for side in SIDES]
    return {one.__name__: one for one in sided}


USERS = _user_classes()
globals().update(USERS)


def _set_plan(plan: dict[str, Any]) -> None:
    LOAD.plan.update(plan)
    for name, known in USERS.items():
        known.host = LOAD.plan[next(side for side in SIDES if name.lower().startswith(side))]


if "baseline" in LOAD.plan:
    _set_plan({})


def _on_request(
    request_type: str,
    response_time: float,
    exception: Any,
    start_time: float = 0.0,
    url: str | None = None,
    response: Any = None,
    **_others: Any,
) -> None:
    side = LOAD.side_of(url or "")
    if side:
        index = LOAD.slice_of(start_time, side)
        status = getattr(response, "status_code", 0) or 0
        path = urlsplit(url or "").path
        failed = int(exception is not None)
        LOAD.rows.append(
            ["r", index, side, request_type, path, start_time, response_time, status, failed]
        )


def _on_init(environment: Any, **_others: Any) -> None:
    # The loop's clock stands since import: without this the first timers come too early.
    gevent.get_hub().loop.update_now()
    runner = environment.runner
    if isinstance(runner, LocalRunner | WorkerRunner):
        runner.register_message("cutover-turn", _on_turn)
    if isinstance(runner, WorkerRunner):
        runner.register_message("cutover-plan", lambda msg, **_: _set_plan(msg.data))
        if "directory" not in LOAD.plan:
            LOAD.hand_in = lambda rows: runner.send_message("cutover-rows", {"rows": rows})
    if isinstance(runner, MasterRunner) and environment.web_ui:
        from pytest_cutover.performance.load.locust_master import open_master

        open_master(environment, LOAD.plan)
    if not isinstance(runner, WorkerRunner):
        environment.events.spawning_complete.add_listener(
            lambda **_: gevent.spawn(_conduct, environment)
        )


def _on_turn(msg: Any, **_others: Any) -> None:
    index, side = msg.data["index"], msg.data["side"]
    LOAD.turn(index, side)
    if index == -2:
        LOAD.unfinished()


def _conduct(environment: Any) -> None:
    """Give each slice its turn, then end the load."""
    runner, plan = environment.runner, LOAD.plan
    for index, side in enumerate(plan["sides"]):
        runner.send_message("cutover-turn", {"index": index, "side": side})
        gevent.sleep(plan["slice_s"])
    runner.send_message("cutover-turn", {"index": -1, "side": ""})
    gevent.sleep(_STRAGGLERS_S)
    runner.send_message("cutover-turn", {"index": -2, "side": ""})
    gevent.sleep(0.5)
    if environment.web_ui:
        runner.stop()
        plan["done"] = True
    else:
        runner.quit()


events.request.add_listener(_on_request)  # type: ignore[no-untyped-call]
events.init.add_listener(_on_init)  # type: ignore[no-untyped-call]
