"""Node ids: without their side, and as pytest calls them where all else is scrubbed."""

from __future__ import annotations

import pytest

from pytest_cutover.core.nodeid import sparing_ids, without_side


def scrub(text: str) -> str:
    return text.replace("tok-1", "<secret>").replace("s3cret", "<secret>")


@pytest.mark.parametrize(
    ("nodeid", "expected"),
    [
        ("a/test_x.py::test[candidate]", "a/test_x.py::test"),
        ("a/test_x.py::test[heavy-baseline]", "a/test_x.py::test[heavy]"),
        ("a/test_x.py::test[baseline-again]", "a/test_x.py::test"),
        ("a/test_x.py::test[heavy]", "a/test_x.py::test[heavy]"),
    ],
)
def test_the_side_is_the_last_of_the_parameters(nodeid: str, expected: str) -> None:
    assert expected == without_side(nodeid)


def test_a_node_id_with_a_token_stays_whole_and_a_token_elsewhere_goes() -> None:
    spared = sparing_ids(scrub, ["a/b/test_x.py::test[tok-1-candidate]", "test_y.py::test"])

    told = 'tok-1 in pytest "a/b/test_x.py::test[tok-1-candidate]" or test_x.py::test[tok-1] tok-1'
    assert spared(told) == (
        '<secret> in pytest "a/b/test_x.py::test[tok-1-candidate]" or test_x.py::test[tok-1] '
        "<secret>"
    )


def test_without_a_token_in_a_node_id_everything_is_scrubbed_as_before() -> None:
    assert scrub is sparing_ids(scrub, ["test_y.py::test[candidate]"])
