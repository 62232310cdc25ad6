"""What an answer gives out is found in another answer of the same shape, wherever it stood."""

from __future__ import annotations

import pytest

from pytest_cutover.core.exchange import Response
from pytest_cutover.replay.given_out import values, values_at

JSON = ("Content-Type", "application/json")
XML = ("Content-Type", "application/xml")


def location(url: str) -> Response:
    return Response(201, (("Location", url),), b"")


def told(value: str, recorded: Response, live: Response) -> str | None:
    """What stands in the live answer where the recorded one had the value."""
    places = [pointer for text, pointer, _ in values(recorded) if text == value]
    assert places, [text for text, _, _ in values(recorded)]
    return values_at({value: places[0]}, live).get(value)


@pytest.mark.parametrize(
    ("recorded", "live"),
    [
        (location("/jobs/4711"), location("/jobs/51")),
        (location("https://shop.example/jobs/4711"), location("http://127.0.0.1:80/jobs/51")),
        (location("/jobs/4711"), location("/v2/jobs/51/")),
        (location("/jobs/4711/log"), location("/jobs/51/log")),
        (location("/done?job=4711&ok=1"), location("/done?ok=1&job=51")),
        (
            Response(200, (("Set-Cookie", "XSRF=4711; Path=/"),), b""),
            Response(200, (("Set-Cookie", "lang=en"), ("Set-Cookie", "XSRF=51; Secure"))),
        ),
        (
            Response(200, (JSON,), b'{"self": "https://shop.example/jobs/4711?full=1"}'),
            Response(200, (JSON,), b'{"self": "/jobs/51?full=1"}'),
        ),
        (
            Response(200, (XML,), b"<job><id>4711</id></job>"),
            Response(200, (XML,), b"<job><id>51</id></job>"),
        ),
    ],
)
def test_a_number_is_found_wherever_it_stands(recorded: Response, live: Response) -> None:
    assert told("4711", recorded, live) == "51"


def test_where_nothing_stands_nothing_is_taken() -> None:
    assert told("home", location("/home"), location("/")) is None
    assert told("4711", location("/jobs/4711"), Response(500, (JSON,), b'{"error"')) is None


def test_a_word_in_the_middle_of_a_path_and_a_short_cookie_are_no_ids() -> None:
    found = {text: telling for text, _, telling in values(location("/jobs/4711/log"))}
    assert "jobs" not in found
    assert found["4711"]
    cookie = Response(200, (("Set-Cookie", "lang=en"),), b"")
    assert [(text, telling) for text, _, telling in values(cookie)] == [("en", False)]
