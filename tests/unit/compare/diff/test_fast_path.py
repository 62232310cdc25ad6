"""Equal bytes are equal, unless one side names itself in them: then the other names a stranger."""

from __future__ import annotations

import pytest

from pytest_cutover.core.exchange import Exchange, Generated, Request, Response, Side, Transcript
from tests.unit.compare.building import brief, judged

BASELINE, CANDIDATE = "127.0.0.1:5001", "127.0.0.1:6002"
FILLINGS = ["", '{"port":5001,"at":"15:50:02","half":"50%"}, ' * 1_000]
PLACE = [("value", "/next")]


def answered(side: Side, link: str, filling: str, code: str = "") -> Transcript:
    host = BASELINE if side is Side.BASELINE else CANDIDATE
    body = f'{{"rows":[{filling}0],"next":"{link}","end":[{filling}0]}}'.encode()
    request = Request("GET", "/api/lots", (("Host", host),))
    response = Response(200, (("Content-Type", "application/json"),), body)
    exchange = Exchange(request, response, "GET /api/lots", None, 1.7e9, 1.7e9)
    made = (Generated("LOT", code),) if code else ()
    return Transcript("tests/test_lots.py::test_lots", side, (exchange,), generated=made)


@pytest.mark.parametrize("filling", FILLINGS)
@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("/api/lots?page=2", "/api/lots?page=2", []),
        ("http://shop.example:5001/lots", "http://shop.example:5001/lots", []),
        (f"http://{BASELINE}/lots", f"http://{BASELINE}/lots", PLACE),
        (f"http://{CANDIDATE}/lots", f"http://{CANDIDATE}/lots", PLACE),
        (f"http://{BASELINE}/lots", f"http://{CANDIDATE}/lots", []),
        (f"http://{CANDIDATE}/lots", f"http://{BASELINE}/lots", PLACE),
        ("u=http%3A%2F%2Flocalhost%3A5001", "u=http%3A%2F%2Flocalhost%3A5001", PLACE),
        ("u=http%3a%2f%2f127.0.0.1%3a6002", "u=http%3a%2f%2f127.0.0.1%3a6002", PLACE),
    ],
)
def test_equal_bytes_that_name_one_side_are_a_difference(
    ours: str, theirs: str, expected: list[tuple[str, str]], filling: str
) -> None:
    one, other = answered(Side.BASELINE, ours, filling), answered(Side.CANDIDATE, theirs, filling)

    assert brief(judged(one, other).differences) == expected


@pytest.mark.parametrize("filling", FILLINGS)
def test_equal_bytes_that_hold_the_code_of_one_side_are_a_difference(filling: str) -> None:
    sides = (Side.BASELINE, "LOT-7f3a01"), (Side.CANDIDATE, "LOT-c90b22")

    def compared(*shown: str) -> list[tuple[str, str]]:
        one, other = (
            answered(side, link, filling, code)
            for link, (side, code) in zip(shown, sides, strict=True)
        )
        return brief(judged(one, other).differences)

    assert compared("LOT-7f3a01", "LOT-c90b22") == []
    assert compared("LOT-7f3a01", "LOT-7f3a01") == PLACE
    assert compared("LOT-c90b22", "LOT-c90b22") == PLACE
