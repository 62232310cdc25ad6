"""What a test refers to on the baseline, under whatever name, it refers to on the candidate."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.compare.diff.transcripts import RoundContext, compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import brief, exchange, judged, transcript


def _token(subject: int) -> str:
    def part(said: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")

    claims = {"sub": str(subject), "exp": 1_900_000_000}
    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}.{secrets.token_urlsafe(32)}"


def _global(number: int) -> str:
    return base64.b64encode(f"Node:{number}".encode()).decode()


def _child(own: int, name: str, shown: int) -> Exchange:
    row = {"id": own, "name": name, "parent_id": shown}
    return exchange(row, target=f"/nodes/{own}", endpoint="GET /nodes/{id}")


def _logged_in(_own: int, name: str, shown: int) -> Exchange:
    sent = {"user": name, "password": "x"}
    return exchange({"access_token": _token(shown)}, method="POST", target="/login", sent=sent)


def _node(_own: int, name: str, shown: int) -> Exchange:
    node = {"data": {"node": {"name": name, "ownerId": _global(shown)}}}
    return exchange(node, method="POST", target="/graphql", sent={"query": "{node}"})


def _drawn(_own: int, _name: str, shown: int) -> Exchange:
    return exchange({"winner_id": shown}, target="/draw")


Show = Callable[[int, str, int], Exchange]
SHOWN: dict[str, Show] = {"a parent": _child, "a token": _logged_in, "a global id": _node}


def _side(first: int, shown: int, show: Show) -> Transcript:
    """Two things with ids from `first` on, and an answer about the second one."""
    names = [new_unique("n") for _ in range(2)]
    made = [
        exchange({"id": first + at, "name": name}, status=201, method="POST", target="/nodes",
                 sent={"name": name})
        for at, name in enumerate(names)
    ]  # fmt: skip
    answer = show(first + 1, names[1], shown)
    return transcript(*made, answer, generated=[("n", name) for name in names])


def _found(show: Show, base: int, cand: int, *, shared: bool) -> list[tuple[str, str]]:
    sides = _side(7, 7 + base, show), _side(70, 70 + cand, show)
    again = _side(17, 17 + base, show)
    return brief(judged(*sides, again=again, shared_state=shared).differences)


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("show", SHOWN)
def test_it_is_the_same_of_the_tests_things(show: str, shared: bool) -> None:
    for one in range(2):
        assert _found(SHOWN[show], one, one, shared=shared) == []
    assert [kind for kind, _ in _found(SHOWN[show], 0, 1, shared=shared)] == ["identity"]
    assert [kind for kind, _ in _found(SHOWN[show], 1, 0, shared=shared)] == ["identity"]


@pytest.mark.parametrize("shared", [False, True])
def test_one_that_is_drawn_of_them_may_be_any(shared: bool) -> None:
    assert _found(_drawn, 0, 1, shared=shared) == []


@pytest.mark.parametrize("show", SHOWN)
def test_a_number_that_the_test_was_not_given_may_be_another_thing(show: str) -> None:
    """It made nodes; the user whom both sides made before is 5 and 71."""
    assert _found(SHOWN[show], -2, 1, shared=False) == []


@pytest.mark.parametrize("is_known", [True, False])
def test_an_id_that_an_earlier_test_was_given_is_no_other_thing(is_known: bool) -> None:
    """The user of the whole run is 7 and 71, as are things of this test by chance."""
    user, other = (
        transcript(exchange({"id": one}, status=201, method="POST", target="/users", sent={"n": 1}))
        for one in (7, 71)
    )
    before = compare(user, other, golden=learn(user, user), shared_state=False)
    base, cand, again = _side(7, 7, _child), _side(70, 71, _child), _side(17, 17, _child)
    context = RoundContext(known=before.values if is_known else None)
    found = compare(base, cand, context, golden=learn(base, again), shared_state=False)
    assert bool(found.differences) != is_known
