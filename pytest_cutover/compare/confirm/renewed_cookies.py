"""Cookies that a backend sends anew now and then, with the value that the client holds. Pure.

A session that slides is renewed with the first request of a connection, or after half a minute: in
one round both sides send the cookie, in the next neither does. The baseline seems to depart from
itself then. Where both sides sent it in the same rounds, and never with another value than the one
that they were sent, nothing that a client holds was different.

When such a cookie ends is told from the clock of its answer. Too few rounds may show it for that to
be learned, so it is held to its lifetime: one and the same on both sides, in every round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pytest_cutover.compare.diff.difference import Difference, wildcard
from pytest_cutover.compare.noise.clock import AHEAD_SLACK_S
from pytest_cutover.compare.noise.formats import instant_s
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from pytest_cutover.normalize.headers import response_tree

Place = tuple[str, str]  # endpoint and pointer
LIFETIME_HELD: Final = "a cookie's lifetime"


def renewed(
    places: Iterable[Place],
    transcripts: Iterable[Transcript],
    differences: Iterable[Difference],
) -> set[Place]:
    """Return those of some places that are cookies which come and go on both sides alike.

    `transcripts` are those of both sides in all rounds, `differences` what departed between the
    sides in any of them.
    """
    told = {(one.endpoint, wildcard(one.pointer)) for one in differences}
    asked = [exchange for one in transcripts for exchange in one.exchanges]
    return {
        place
        for place in places
        if place not in told
        and (name := _cookie_at(place[1]))
        and all(_renews(one, name) for one in asked if one.endpoint == place[0])
    }


def with_one_lifetime(places: Iterable[Place], transcripts: Sequence[Transcript]) -> set[Place]:
    """Return those of some places at which a cookie says when it ends, by one lifetime everywhere.

    `transcripts` are those of both sides in all rounds.
    """
    return {
        (endpoint, where)
        for endpoint, where in places
        if (names := json_pointer.parse(where))[:2] == ("headers", "set-cookie")
        and len(names) == 4
        and names[3] in ("expires", "max-age")
        and _lives_alike(endpoint, names[2], names[3], transcripts)
    }


def _lives_alike(
    endpoint: str, name: str, attribute: str, transcripts: Sequence[Transcript]
) -> bool:
    """Whether a cookie lives as long on both sides in all rounds, to what two clocks may differ.

    One that always tells the same number of seconds is not told from a clock.
    """
    lifetimes: dict[int, list[float]] = {}
    told: set[str] = set()
    for one in transcripts:
        for index, exchange in enumerate(one.exchanges):
            text = _attribute(exchange, name, attribute)
            if text is None or exchange.endpoint != endpoint:
                continue
            if (lifetime := _lifetime_s(exchange, attribute, text)) is None:
                return False
            lifetimes.setdefault(index, []).append(lifetime)
            if one.side is Side.BASELINE:
                told.add(text)
    if attribute == "max-age" and len(told) < 2:
        return False
    return all(max(each) - min(each) <= AHEAD_SLACK_S for each in lifetimes.values())


def _attribute(exchange: Exchange, name: str, attribute: str) -> str | None:
    """Return what a cookie of an answer says, empty where nothing; None where it is not set."""
    if exchange.response is None:
        return None
    jar = response_tree(exchange.response.headers).get("set-cookie")
    cookie = jar.get(name) if isinstance(jar, dict) else None
    if not isinstance(cookie, dict):
        return None
    text = cookie.get(attribute)
    return text if isinstance(text, str) else ""


def _lifetime_s(exchange: Exchange, attribute: str, text: str) -> float | None:
    if attribute == "max-age":
        return float(text) if text.isascii() and text.isdigit() else None
    moment = instant_s(text)
    return None if moment is None or not exchange.ended_s else moment - exchange.ended_s


def _cookie_at(pointer: str) -> str:
    """Return the name of the cookie that is there as a whole; empty for any other place."""
    names = json_pointer.parse(pointer)
    return names[2] if len(names) == 3 and names[:2] == ("headers", "set-cookie") else ""


def _renews(exchange: Exchange, name: str) -> bool:
    """Whether an answer sets a cookie to nothing else than what the client sent with it."""
    if exchange.response is None:
        return True
    sent = {
        value for one in _fields(exchange.request.headers, "cookie") for value in _of(one, name)
    }
    return all(
        value in sent
        for one in _fields(exchange.response.headers, "set-cookie")
        for value in _of(one.partition(";")[0], name)
    )


def _fields(headers: Iterable[tuple[str, str]], name: str) -> Iterator[str]:
    return (value for key, value in headers if key.lower() == name)


def _of(text: str, name: str) -> Iterator[str]:
    for part in text.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            yield value
