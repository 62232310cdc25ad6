"""No two numbers for one thing: every figure shown is one of gate.json, or a count of it."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from pytest_cutover.codes import CODES
from pytest_cutover.core.numbers import number
from pytest_cutover.gate.order import ordered
from pytest_cutover.report.headroom import headrooms
from pytest_cutover.report.io.gate_json import dumps
from pytest_cutover.report.measured import Interval, LoadSide
from pytest_cutover.report.model import AccountRow, GateVerdict, LatencyLimits, LoadResult, Report
from pytest_cutover.report.renderers import markdown, terminal
from pytest_cutover.report.renderers.html import page
from tests.unit.report.reports import FULL, GO, HEALTH, INCONCLUSIVE, PARTIAL, WEIGHT

_FIGURE = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?!\d|\.\d)")

BUSY = ordered(
    replace(
        FULL,
        requests=1_204,
        account=(
            AccountRow(
                endpoint="POST /api/lots",
                exact=812,
                constrained=90,
                waived=2,
                different=12,
                open=1,
                held_by=("open: too large (1)", "constrained: uuid4 (60)"),
            ),
            AccountRow(endpoint="GET /api/health", exact=17),
        ),
        findings=(*FULL.findings, replace(WEIGHT, id="0badcafe", signature="two", pointer="/two")),
        latency=(HEALTH, replace(HEALTH, endpoint="GET /slow", limits=LatencyLimits(p99_ms=11.5))),
        load=(
            LoadResult(
                users=137,
                verdict=GateVerdict.PASS,
                baseline=LoadSide(requests=12_345, errors=3, rate_per_s=812.6, p50_ms=3.21),
                candidate=LoadSide(requests=12_346, errors=4, rate_per_s=811.4, p99_ms=23.45),
                p50_ratio=Interval(1.04, 0.97, 1.12),
            ),
        ),
        environment={"commit": "88bebe1", "seconds": "95"},
    ),
    CODES,
)


def figures(text: str) -> Counter[str]:
    """The figures of a text, without those of commands, names and places."""
    return Counter(_FIGURE.findall(text))


def known(report: Report) -> set[str]:
    """Every figure of gate.json as it may be written, every count, and every sum of the account."""
    document = json.loads(dumps(report))
    found = set(_of(document))
    rows = document["account"]
    for fate in ("exact", "constrained", "waived", "different", "open"):
        found.add(f"{sum(row[fate] for row in rows):,}")
    for verdict in ("pass", "fail", "inconclusive"):
        found.add(str(sum(gate["verdict"] == verdict for gate in document["gates"])))
    found.add(str(sum(finding["accepted"] is None for finding in document["findings"])))
    for row in report.latency:
        for one in headrooms(row):
            found |= set(_FIGURE.findall(one.told))
    for code in {gate["code"] for gate in document["gates"]}:
        found.add(str(sum(gate["code"] == code for gate in document["gates"])))
    return found | {"50", "95", "99", "256", "1"}  # of P50, P95 and P99, SHA-256, "limit 1×"


def _of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from _FIGURE.findall(value)
        yield from _FIGURE.findall(value.replace("T", " ").replace("Z", " "))
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int | float):
        yield from (f"{value:,}", f"{value:g}", number(value))
    else:
        yield f"{len(value):,}"
        for one in value.values() if isinstance(value, dict) else value:
            yield from _of(one)


def shown(report: Report) -> dict[str, str]:
    """What each renderer says, as a reader sees it; drawings have figures of their own: ticks."""
    document = re.sub(r"(?s)<(style|script|svg)\b.*?</\1>", " ", page.render(report))
    comment = re.sub(r"(?s)```sh.*?```", " ", markdown.render(report))
    return {
        "terminal": terminal.text(terminal.render(report)),
        "quiet": terminal.text(terminal.render(report, verbosity=-1)),
        "verbose": terminal.text(terminal.render(report, verbosity=1)),
        "comment": html.unescape(re.sub(r"(?s)<!--.*?-->|<[^>]*>", " ", comment)),
        "page": html.unescape(re.sub(r"(?s)<[^>]*>", " ", re.sub(r"</?mark>", "", document))),
    }


@pytest.mark.parametrize(
    "report", [GO, INCONCLUSIVE, PARTIAL, FULL, BUSY], ids=["go", "open", "part", "full", "busy"]
)
@pytest.mark.parametrize("where", ["terminal", "quiet", "verbose", "comment", "page"])
def test_every_figure_is_one_of_gate_json(report: Report, where: str) -> None:
    text = shown(ordered(report, CODES))[where]

    assert sorted(set(figures(text)) - known(ordered(report, CODES))) == []


def test_a_figure_that_gate_json_does_not_have_is_noticed() -> None:
    other = replace(BUSY, requests=1_205)

    assert "1,204" in shown(BUSY)["page"]
    assert set(figures(shown(BUSY)["page"])) - known(other) == {"1,204"}


def test_terminal_comment_and_page_name_the_same_blockers_in_the_same_order() -> None:
    texts = shown(BUSY)
    places = ["/two", "+63 %", "at least 432 needed"]

    for where in ("terminal", "comment", "page"):
        found = [texts[where].index(place) for place in places]
        assert all(one < two for one, two in pairwise(found)), where
