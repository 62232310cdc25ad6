"""What the comparison of two answers costs, beside parsing both with orjson and doing nothing else.

Documents of nested arrays of objects: equal, one change, 1 % changed, and with ids that are new in
every answer. The two sides never share an object, nor a port. Garbage collection is paused; each
figure is the CPU time of the best of a few, taken in turn with the floor. Memory is the most that
tracemalloc sees, over what it sees while orjson parses both documents. The growth is the exponent
that fits the figures from a quarter of a megabyte on: 1 is linear.

A whole test is judged after each of four rounds, the noise learned on the spot; its floor is
parsing the bodies of all rounds. A text with a time in each row is learned from two recordings and
compared once, as a table and as lines.

Most of what equal bytes cost: an answer that names the other side's host is a difference although
the bytes are equal, so the host is looked for in it.

Run: python -m benchmarks.compare [--largest MB]    (the group `benchmarks` adds DeepDiff)
"""

from __future__ import annotations

import argparse
import copy
import gc
import importlib.util
import json
import math
import random
import time
import tracemalloc
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import linear_regression
from typing import Any

import orjson

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.transcripts import compare
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.normalize.normalized import Golden

JSON = "application/json"
DATE = ("Date", "Mon, 02 Mar 2026 12:00:00 GMT")
BYTES_PER_LOT = 355
AIMS = {"equal": 0.08, "one change": 0.8, "1 % changed": 1.1, "a new id in each lot": 3.0}
WHOLE_AIM = 12.0
ROUNDS = 4
SMALLEST_WITH_AIM_BYTES = 900_000
SMALLEST_OF_GROWTH_BYTES = 200_000
MEMORY_AIM = 4.0
GROWTH_AIM = 1.1
SIZES_MB = (0.01, 0.25, 0.5, 1.0, 2.0, 10.0)
WHOLE_SIZES_MB = (0.25, 0.5, 1.0, 2.0)
TEXT_SIZES_MB = (1.0, 2.0, 4.0, 8.0)
TEXT_AIM_S, TEXT_AIM_MB = 3.0, 8.0


def document(size_bytes: int, *, ids: random.Random | None = None) -> dict[str, Any]:
    """About so many bytes of lots; `ids` gives each lot a new id."""
    rng = random.Random(7)
    lots = []
    for number in range(size_bytes // BYTES_PER_LOT):
        lot = {
            "id": number,
            "lot_code": f"LOT-{rng.getrandbits(40):010x}",
            "weight_kg": rng.randrange(1, 10**6) / 4,
            "active": bool(number % 3),
            "note": None if number % 5 else "gewürzt, gekühlt",
            "tags": [f"line {rng.randrange(99)}" for _ in range(3)],
            "phases": [
                {"name": f"phase {k}", "minutes": rng.randrange(600), "temperature_c": -18.5}
                for k in range(4)
            ],
        }
        if ids is not None:
            lot["batch"] = str(uuid.UUID(int=ids.getrandbits(128), version=4))
        lots.append(lot)
    return {"total": len(lots), "lots": lots}


def changed(original: dict[str, Any], share: float) -> dict[str, Any]:
    """A copy in which so many of the lots have another weight; at least one."""
    new = copy.deepcopy(original)
    lots, rng = new["lots"], random.Random(1)
    for at in rng.sample(range(len(lots)), max(1, int(len(lots) * share))):
        lots[at]["phases"][1]["minutes"] += 1
    return new


def spelled(value: dict[str, Any]) -> bytes:
    """JSON as backends write it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def table(size_bytes: int, later_s: int) -> bytes:
    """About so many bytes of rows with a time in each, some seconds later."""
    rng, noon, size = random.Random(3), datetime(2026, 3, 2, 12, tzinfo=UTC), 0
    rows = ["id,code,name,weight,seen_at"]
    while size < size_bytes:
        at = noon + timedelta(seconds=later_s, milliseconds=17 * len(rows))
        code, gate, weight = rng.getrandbits(40), rng.randrange(99), rng.randrange(1, 10**6) / 4
        seen = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        rows.append(f"{len(rows)},LOT-{code:010x},gate {gate},{weight},{seen}")
        size += len(rows[-1]) + 1
    return ("\n".join(rows) + "\n").encode()


def transcript(body: bytes, side: Side = Side.BASELINE, kind: str = JSON) -> Transcript:
    """A test of one request."""
    port = 3000 if side is Side.BASELINE else 4000
    request = Request("GET", "/api/lots", (("Host", f"127.0.0.1:{port}"),))
    response = Response(200, (("Content-Type", kind), DATE), body)
    exchange = Exchange(request, response, "GET /api/lots", None, 1e9, 1e9 + 1)
    return Transcript("tests/test_lots.py::test_lots", side, (exchange,))


def best_s(times: int, *works: Callable[[], object]) -> list[float]:
    """The shortest of so many runs of each, in turn; garbage collection paused."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for work, taken in zip(works, found, strict=True):
            gc.collect()
            gc.disable()
            started = time.process_time()
            result = work()
            taken.append(time.process_time() - started)
            gc.enable()
            del result
    return [min(taken) for taken in found]


def peak_bytes(work: Callable[[], object]) -> int:
    """The most memory that was in use at once."""
    gc.collect()
    tracemalloc.start()
    result = work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del result
    return peak


Taken = dict[str, list[tuple[int, float]]]  # bytes and seconds of each kind of change


def measure(
    name: str, golden: Golden, left: bytes, right: bytes, taken: Taken, *, memory: bool
) -> bool:
    """Print one line; whether the aim of it is met."""
    right = bytes(bytearray(right))
    base, cand = transcript(left), transcript(right, Side.CANDIDATE)
    times = 40 if len(left) < 2e6 else 5

    def floor() -> object:
        return orjson.loads(left), orjson.loads(right)

    def ours() -> object:
        return compare(base, cand, golden=golden)

    floor_s, ours_s = best_s(times, floor, ours)
    found = len(compare(base, cand, golden=golden).differences)
    times_floor, met = ours_s / floor_s, True
    line = f"{len(left) / 1e6:9.2f} MB  {name:26} {floor_s * 1e3:9.3f} {ours_s * 1e3:10.3f}"
    line += f" {times_floor:9.3f}×"
    if memory:
        share = peak_bytes(ours) / peak_bytes(floor)
        line += f" {share:8.2f}×"
        met = share <= MEMORY_AIM
    else:
        line += " " * 10
    if len(left) >= SMALLEST_OF_GROWTH_BYTES:
        taken.setdefault(name, []).append((len(left), ours_s))
    if len(left) >= SMALLEST_WITH_AIM_BYTES and name in AIMS:
        met = met and times_floor <= AIMS[name]
        line += f"   aim {AIMS[name]:g}×{'' if met else ', missed'}"
    print(f"{line}   {found} differences", flush=True)
    return met


def growth(points: list[tuple[int, float]]) -> float:
    """The exponent of size that fits the figures best."""
    return linear_regression([math.log(x) for x, _ in points], [math.log(y) for _, y in points])[0]


def rows(size_bytes: int, taken: Taken, *, memory: bool) -> bool:
    """The lines of one size."""
    plain = document(size_bytes)
    body = spelled(plain)
    golden = load(dump(learn(transcript(body), transcript(body))))
    met = True
    for name, other in (
        ("equal", body),
        ("one change", spelled(changed(plain, 0))),
        ("1 % changed", spelled(changed(plain, 0.01))),
        ("equal, keys turned", spelled(dict(reversed(plain.items())))),
        ("an item more at the start", spelled({**plain, "lots": [{"id": -1}, *plain["lots"]]})),
    ):
        met &= measure(name, golden, body, other, taken, memory=memory)
    one, two, three = (spelled(document(size_bytes, ids=random.Random(n))) for n in (1, 2, 3))
    golden = load(dump(learn(transcript(one), transcript(two))))
    return met & measure("a new id in each lot", golden, one, three, taken, memory=memory)


def whole(size_bytes: int, taken: Taken) -> bool:
    """The lines of a differing test: unrecorded, four rounds, judged after each."""
    plain = document(size_bytes)
    anew = [document(size_bytes, ids=random.Random(n)) for n in range(2 * ROUNDS)]
    met = True
    for name, pairs in (
        ("whole test, one change", [(plain, changed(plain, 0))] * ROUNDS),
        ("whole test, ids anew too", [(a, changed(b, 0)) for a, b in batched_pairs(anew)]),
    ):
        bodies = [(spelled(left), spelled(right)) for left, right in pairs]

        def floor(bodies: list[tuple[bytes, bytes]] = bodies) -> object:
            return [(orjson.loads(left), orjson.loads(right)) for left, right in bodies]

        def ours(bodies: list[tuple[bytes, bytes]] = bodies) -> object:
            case, judge = TestState(None, None), Judge(Rulebook(), lambda _: None)
            for left, right in bodies:
                case.rounds.append(Round(transcript(left), transcript(right, Side.CANDIDATE)))
                judged = judge.live(case)
            return judged, judge.departed(case)

        floor_s, ours_s = best_s(3, floor, ours)
        times = ours_s / floor_s
        taken.setdefault(name, []).append((size_bytes, ours_s))
        line = f"{len(bodies[0][0]) / 1e6:9.2f} MB  {name:26} {floor_s * 1e3:9.3f}"
        line += f" {ours_s * 1e3:10.3f} {times:9.3f}×{'':10}"
        if size_bytes >= SMALLEST_WITH_AIM_BYTES:
            met = met and times <= WHOLE_AIM
            line += f"   aim {WHOLE_AIM:g}×{'' if times <= WHOLE_AIM else ', missed'}"
        print(line, flush=True)
    return met


def texts(size_mb: float, taken: Taken) -> bool:
    """The lines of a text with a time in each row."""
    met = True
    bodies = [table(int(size_mb * 1e6), 3 * number) for number in range(3)]
    for name, kind in (("a time in each row, CSV", "text/csv"), ("the same as text", "text/plain")):
        one, two = (transcript(body, kind=kind) for body in bodies[:2])
        other = transcript(bodies[2], Side.CANDIDATE, kind)

        def ours(pair: tuple[Transcript, ...] = (one, two), cand: Transcript = other) -> object:
            return compare(pair[0], cand, golden=learn(*pair))

        (ours_s,) = best_s(1 if size_mb > 2 else 2, ours)
        taken.setdefault(name, []).append((len(bodies[0]), ours_s))
        line = f"{len(bodies[0]) / 1e6:9.2f} MB  {name:26} {'':9} {ours_s * 1e3:10.3f}{'':21}"
        if size_mb >= TEXT_AIM_MB:
            met = met and ours_s <= TEXT_AIM_S
            line += f"   aim {TEXT_AIM_S:g} s{'' if ours_s <= TEXT_AIM_S else ', missed'}"
        print(line, flush=True)
    return met


def batched_pairs(items: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each two that follow each other."""
    return list(zip(items[::2], items[1::2], strict=True))


def deepdiff(size_bytes: int) -> None:
    """DeepDiff of the same parsed documents, one change; parsing not counted."""
    from deepdiff import DeepDiff

    plain = document(size_bytes)
    left, right = spelled(plain), spelled(changed(plain, 0))
    (floor_s,) = best_s(9, lambda: (orjson.loads(left), orjson.loads(right)))
    one, other = orjson.loads(left), orjson.loads(right)
    (taken_s,) = best_s(1, lambda: DeepDiff(one, other))
    print(f"{len(left) / 1e6:9.2f} MB  {'DeepDiff, one change':26} {floor_s * 1e3:9.3f}"
          f" {taken_s * 1e3:10.3f} {taken_s / floor_s:9.1f}×")  # fmt: skip


def main() -> int:
    """Print the table; the exit status says whether the aims are met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--largest", type=float, default=10, metavar="MB")
    largest = parser.parse_args().largest
    print(f"{'document':>12}  {'':26} {'floor ms':>9} {'compare ms':>10} {'':>10} {'memory':>9}")
    met, taken = True, Taken()
    for size_mb in SIZES_MB:
        if size_mb <= largest:
            met &= rows(int(size_mb * 1e6), taken, memory=size_mb == 1.0)
    for size_mb in WHOLE_SIZES_MB:
        if size_mb <= largest:
            met &= whole(int(size_mb * 1e6), taken)
    for size_mb in TEXT_SIZES_MB:
        if size_mb <= largest:
            met &= texts(size_mb, taken)
    exponents = {name: growth(points) for name, points in taken.items() if len(points) > 2}
    for name, exponent in exponents.items():
        missed = "" if exponent <= GROWTH_AIM else f"   aim {GROWTH_AIM:g}, missed"
        print(f"{'':9}     {name:26} grows as size to the {exponent:.2f}{missed}")
    met &= all(exponent <= GROWTH_AIM for exponent in exponents.values())
    if importlib.util.find_spec("deepdiff"):
        deepdiff(1_000_000)
    print(f"the aims are {'met' if met else 'missed'}")
    return int(not met)


if __name__ == "__main__":
    raise SystemExit(main())
