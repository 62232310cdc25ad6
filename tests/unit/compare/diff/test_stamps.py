"""Stamps in links to scripts and styles are held to their form, and to standing for one another."""

from __future__ import annotations

import pytest

from tests.unit.compare.building import brief, exchange, judged, transcript

PAGE = """<html><head><link rel="stylesheet" href="red/{style}"><title>Gates</title></head>
<body><p>Two hinges</p><script>var TS = "{told}", rows = 3;</script>
<script src="red/{script}"></script></body></html>
"""


def apart(ours: tuple[str, ...], theirs: tuple[str, ...]) -> list[tuple[str, str]]:
    pages = [
        exchange(
            body=PAGE.format(style=style, script=script, told=told).encode(),
            headers=(("Content-Type", "text/html"),),
        )
        for style, script, told in (ours, theirs)
    ]
    return brief(judged(*map(transcript, pages)).differences)


def stamped(stamp: str, other: str = "", told: str = "") -> tuple[str, str, str]:
    return f"style.css?v={stamp}", f"red.js?v={other or stamp}", told or stamp


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("47694475295b", "35a1932a7be3"),
        ("1795710753", "1795710761"),
        ("aWoB", "aW-7"),
    ],
)
def test_each_side_has_a_stamp_of_its_own(ours: str, theirs: str) -> None:
    assert apart(stamped(ours), stamped(theirs)) == []


OURS, THEIRS = "47694475295b", "35a1932a7be3"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (stamped(OURS), stamped(THEIRS, told=THEIRS[::-1])),  # told as another than it is
        (stamped(OURS), stamped(THEIRS, other=THEIRS[::-1])),  # one stamp is two
        (stamped(OURS, other=OURS[::-1]), stamped(THEIRS)),  # two are one
        (stamped(OURS), stamped(THEIRS[:8])),
        (stamped(OURS), stamped(THEIRS.upper())),
        (stamped("beta"), stamped("main")),
        (stamped("1.2.3"), stamped("1.2.4")),
        (stamped("12"), stamped("13")),
        (stamped(OURS), ("style.css", f"red.js?v={THEIRS}", THEIRS)),
        (stamped(OURS), (f"style2.css?v={THEIRS}", f"red.js?v={THEIRS}", THEIRS)),
        (stamped(OURS), (f"style.css?w={THEIRS}", f"red.js?v={THEIRS}", THEIRS)),
        ((f"plan.pdf?v={OURS}", "a.js", ""), (f"plan.pdf?v={THEIRS}", "a.js", "")),
        ((f"red.js?sig={OURS}", "a.js", ""), (f"red.js?sig={THEIRS}", "a.js", "")),
    ],
)  # fmt: skip
def test_what_is_no_stamp_or_not_its_partner_is_a_difference(
    ours: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    assert apart(ours, theirs) != []
