"""Odd requests: each keeps what makes it valid, but for the one thing that is changed."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import replace
from typing import Any

from pytest_cutover.fuzz.generate.case import Binding, Call, case_document, case_of
from pytest_cutover.fuzz.generate.protocol import (
    MOST_PER_OPERATION,
    Asked,
    is_login,
    label_of,
    most_of,
    protocol_cases,
)

WRITE = Call(
    endpoint="POST /api/lots",
    body={"code": "A", "kind": "RAW"},
    content_type="application/json",
    bindings=(Binding("body/code", label="code"),),
)
READ = Call(endpoint="GET /api/lots/{code}", path={"code": "a b"}, query=(("page", "1"),))


def asked(call: Call, **changes: Any) -> Asked:
    method = call.method
    return replace(
        Asked(
            call=call,
            methods=frozenset({method}),
            writes=True,
            first_of_path=True,
            logged_in=True,
            bad_token=True,
        ),
        **changes,
    )


def labelled(*operations: Asked) -> dict[str, Call]:
    return {label_of(case): case.calls[-1] for case in protocol_cases(operations)}


def test_at_most_so_many_for_each_operation() -> None:
    cases = list(protocol_cases([asked(WRITE), asked(READ)]))
    for call in (WRITE, READ):
        mine = [case for case in cases[2:] if case.calls[0].template == call.template]
        assert 10 < len(mine) <= MOST_PER_OPERATION
        assert len({case.key() for case in mine}) == len(mine)
    assert [label_of(case) for case in cases[:2]] == ["as documented"] * 2


def test_without_consent_only_get_and_options_are_sent() -> None:
    methods = {call.method for call in labelled(asked(READ, writes=False)).values()}
    assert methods == {"GET", "OPTIONS"}


def test_a_changed_body_keeps_what_must_be_new() -> None:
    found = labelled(asked(WRITE))
    sent = found["a gzip body"].with_values({WRITE.bindings[0]: "NEW"})
    assert json.loads(gzip.decompress(sent.payload())) == {"code": "NEW", "kind": "RAW"}
    assert ("Content-Encoding", "gzip") in sent.sent_headers()
    sent = found["a deflate body"].with_values({WRITE.bindings[0]: "NEW"})
    assert json.loads(zlib.decompress(sent.payload())) == {"code": "NEW", "kind": "RAW"}
    assert found["a body with a byte order mark"].payload().startswith(b"\xef\xbb\xbf{")
    assert not found["a body that is cut off"].payload().endswith(b"}")
    assert found["a body without a content type"].sent_headers() == []
    assert found["a body of text/plain"].payload() == WRITE.payload()


def test_each_of_several_documented_answers_is_asked_for() -> None:
    def kinds(*answers: str) -> list[str]:
        found = labelled(asked(READ, answers=answers)).values()
        return [value for call in found for name, value in call.headers if name == "Accept"]

    assert kinds("application/json", "text/csv") == [
        "application/json", "text/csv", "application/xml",
    ]  # fmt: skip
    assert kinds("application/json") == ["application/xml"]


def test_the_path_is_spelled_in_other_ways() -> None:
    found = labelled(asked(READ))
    assert found["a slash at the end"].target() == "/api/lots/a%20b/?page=1"
    assert found["the path in upper case"].target() == "/api/LOTS/a%20b?page=1"
    assert found["an encoded slash in the path"].target() == "/api/lots/a%20b%2Fcutover?page=1"
    assert found["an id in the other case"].target() == "/api/lots/A%20B?page=1"
    assert found["a broken escape in the path"].target() == "/api/lots/a%20b%zz?page=1"


def test_tokens_are_left_out_only_where_there_are_any() -> None:
    found = labelled(asked(READ))
    assert (found["no token"].login, found["a wrong token"].login) == ("none", "bad")
    none = labelled(asked(READ, logged_in=False, bad_token=False))
    assert not {"no token", "a wrong token"} & none.keys()
    assert is_login("/api/auth/login")
    assert not is_login("/api/lots")


def test_an_odd_case_is_kept_and_read_again() -> None:
    for case in protocol_cases([asked(WRITE), asked(READ)]):
        again = case_of(json.loads(json.dumps(case_document(case))))
        assert again.key() == case.key()
        assert again.calls[-1].payload() == case.calls[-1].payload()


def test_the_first_of_many_operations_are_sent_every_kind_of_oddity() -> None:
    """A document of hundreds of operations is sent each of them to some, and not all to all."""
    many = [asked(replace(READ, endpoint=f"GET /api/p{n}/{{code}}")) for n in range(40)]
    cases = list(protocol_cases(many))
    some, every = cases[40:120], cases[40:]
    assert len(every) > 500
    assert {label_of(case) for case in some} == {label_of(case) for case in every}
    assert most_of(2, 400) < most_of(40, 400) == 16_000
