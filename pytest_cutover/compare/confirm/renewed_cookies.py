"""Cookies that a backend sends anew now and then, with the value that the client holds. Pure.

A session that slides is renewed with the first request of a connection, or after half a minute: in
one round both sides send the cookie, in the next neither does. The baseline seems to depart from
itself then. Where both sides sent it in the same rounds, and never with another value than the one
that they were sent, nothing that a client holds was different.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_cutover.compare.diff.difference import Difference, wildcard
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Exchange, Transcript

Place = tuple[str, str]  # endpoint and pointer


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
