"""gate.html as people use it: open, filter, search, copy, on a phone, in the dark, on paper."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.cli.room.board import board
from pytest_cutover.cli.room.folders import Left
from pytest_cutover.cli.room.page import render as render_room
from pytest_cutover.config.checklist import Phase
from pytest_cutover.report.model import BothSides, Coverage, Report
from pytest_cutover.report.renderers.html.page import render
from tests.integration.browser.chromium import Page
from tests.integration.browser.prepared import FULL, GO, INCONCLUSIVE, PARTIAL, filled, large
from tests.unit.cli.room.test_board import watching

pytestmark = pytest.mark.browser

SHOWN = "[...document.querySelectorAll('.f')].filter(f => !f.hidden)"
NARROW = (390, 844)
WIDE = (1280, 800)


def visit(page: Page, folder: Path, report: Report, hash: str = "") -> None:  # noqa: A002
    path = folder / "gate.html"
    path.write_text(render(report), encoding="utf-8")
    page.view(WIDE)
    page.open(path.as_uri() + hash)


def set_field(page: Page, name: str, value: str) -> None:
    page.run(
        f"(() => {{ const field = document.forms.filter.elements[{name!r}];"
        f" field.value = {value!r};"
        " field.dispatchEvent(new Event('input', {bubbles: true})) })()"
    )


@pytest.mark.parametrize(
    "report", [FULL, GO, INCONCLUSIVE, PARTIAL], ids=lambda report: report.verdict
)
def test_the_page_opens_without_an_error_and_loads_nothing(
    page: Page, tmp_path: Path, report: Report
) -> None:
    visit(page, tmp_path, report)

    assert page.run("document.querySelector('.answer').textContent") == report.verdict
    assert page.errors == []
    assert [url for url in page.requests if not url.startswith(("file:", "about:"))] == []


def test_the_first_screen_holds_verdict_blockers_and_next_command(
    page: Page, tmp_path: Path
) -> None:
    visit(page, tmp_path, FULL)

    for part in (".answer", ".blockers li:last-child", "#answer pre.c"):
        bottom = page.run(f"document.querySelector('{part}').getBoundingClientRect().bottom")
        assert bottom < WIDE[1]


def test_filters_narrow_the_list_say_so_and_keep_their_place_in_the_url(
    page: Page, tmp_path: Path
) -> None:
    visit(page, tmp_path, large(findings=100, endpoints=5))

    set_field(page, "kind", "type")
    set_field(page, "state", "open")
    set_field(page, "q", "field_ RESOURCE")
    count = page.run(f"{SHOWN}.length")
    kinds = page.run(f"[...new Set({SHOWN}.map(f => f.dataset.k + f.dataset.s))]")
    url = page.run("location.href")

    assert 0 < count < 100
    assert kinds == ["typeopen"]
    assert page.run("document.getElementById('count').textContent") == (
        f"{count} of 100 findings shown"
    )
    assert url.endswith("#q=field_+RESOURCE&kind=type&state=open")

    page.open(url)
    assert page.run(f"{SHOWN}.length") == count

    page.run("document.querySelector('#filter button').click()")
    page.wait(f"{SHOWN}.length === 100")


def test_filter_by_endpoint(page: Page, tmp_path: Path) -> None:
    visit(page, tmp_path, large(findings=100, endpoints=5))

    set_field(page, "endpoint", "2")

    titles = page.run(f"[...new Set({SHOWN}.map(f => f.querySelector('b').textContent))]")
    assert titles == ["GET /api/v1/resource-2/{id}"]


def test_an_open_finding_stays_open_when_its_url_is_opened_again(
    page: Page, tmp_path: Path
) -> None:
    visit(page, tmp_path, FULL)
    page.run("document.querySelector('#f-1a2b3c4d summary').click()")
    page.wait("location.hash === '#open=1a2b3c4d'")

    page.open(page.run("location.href"))

    assert page.run("document.getElementById('f-1a2b3c4d').open")


def test_a_blocker_leads_to_its_finding_even_if_a_filter_hides_it(
    page: Page, tmp_path: Path
) -> None:
    visit(page, tmp_path, FULL, "#state=accepted")
    assert page.run("document.getElementById('f-1a2b3c4d').hidden")

    page.run("document.querySelector('.blockers a').click()")

    page.wait("document.getElementById('f-1a2b3c4d').open")
    assert not page.run("document.getElementById('f-1a2b3c4d').hidden")


def test_the_command_is_copied_as_it_stands(page: Page, tmp_path: Path) -> None:
    visit(page, tmp_path, FULL, "#f-1a2b3c4d")
    page.run("navigator.clipboard.writeText = async (text) => { window.copied = text }")
    page.wait("document.querySelectorAll('#f-1a2b3c4d .copy').length === 2")

    labels = page.run("[...document.querySelectorAll('#f-1a2b3c4d .copy')].map(b => b.ariaLabel)")
    page.run("document.querySelectorAll('#f-1a2b3c4d .copy')[1].click()")

    page.wait("window.copied")
    assert labels == ["Copy the command for the baseline", "Copy the command for the candidate"]
    assert page.run("window.copied") == (
        'curl -X POST http://127.0.0.1:8000/api/lots -d \'{"lot_code": "LOT-1"}\''
    )
    assert page.run("document.getElementById('said').textContent") == "Copied"


def test_in_a_large_report_the_candidates_command_is_made_from_the_baselines(
    page: Page, tmp_path: Path
) -> None:
    visit(page, tmp_path, large())
    late = "document.querySelectorAll('.f')[900]"
    page.run(f"{late}.querySelector('summary').click()")
    page.wait(f"{late}.querySelectorAll('pre.c').length === 2")

    commands = page.run(f"[...{late}.querySelectorAll('pre.c')].map(pre => pre.textContent)")
    assert commands[1] == commands[0].replace(":3000", ":8000")
    assert ":8000" in commands[1]


def test_a_thousand_findings_open_and_filter(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "gate.html"
    path.write_text(render(large()), encoding="utf-8")
    page.view(WIDE)

    page.open(path.as_uri())
    page.run("document.forms.filter.elements.q.value = 'field_77'; apply()")

    assert page.run(f"{SHOWN}.length") == 11


def test_hostile_text_runs_nothing(page: Page, tmp_path: Path) -> None:
    nasty = "\"'><img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
    visit(page, tmp_path, filled(nasty), "#q=<img src=x onerror=document.title='owned'>")

    assert "owned" not in page.run("document.title").partition("·")[0]
    assert page.run("document.images.length") == 0
    assert page.errors == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_no_violation(
    page: Page, tmp_path: Path, axe: str, size: tuple[int, int], dark: bool
) -> None:
    visit(page, tmp_path, with_long_answers(large(findings=12, endpoints=3)))
    page.view(size, dark=dark)
    page.run("for (const element of document.querySelectorAll('details')) element.open = true")
    page.wait("document.querySelectorAll('.f .copy').length === 24")
    page.run(axe)

    found: dict[str, Any] = page.run("axe.run().then(r => ({violations: r.violations}))")

    told = [
        f"{violation['id']}: {node['html']}: {node.get('failureSummary')}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert not told, "\n".join(told)


def with_long_answers(report: Report) -> Report:
    """Values, bodies and a command that are longer than the boxes in which they stand."""
    long = "\n".join(f'"member {number}": {number}' for number in range(150))
    first = replace(
        report.findings[0],
        baseline=long,
        candidate=f"{long}x",
        context=BothSides(long, f"{long}x"),
    )
    gate = replace(report.gates[0], next="pytest " + "tests/test_it.py::test_it " * 60)
    return replace(report, findings=(first, *report.findings[1:]), gates=(gate, *report.gates[1:]))


def test_a_phone_needs_no_sideways_scrolling(page: Page, tmp_path: Path) -> None:
    statuses = tuple(
        Coverage(endpoint="GET /thing", status=f"{number}", documented=True, tests=0)
        for number in range(200, 220)
    )
    visit(page, tmp_path, replace(large(findings=12, endpoints=3), coverage=statuses))
    page.view(NARROW)
    page.run("for (const element of document.querySelectorAll('details')) element.open = true")

    assert page.run("document.documentElement.scrollWidth") == NARROW[0]


def test_dark_mode_is_dark(page: Page, tmp_path: Path) -> None:
    visit(page, tmp_path, FULL)
    background = "getComputedStyle(document.documentElement).backgroundColor"

    light = page.run(background)
    page.view(WIDE, dark=True)

    assert light == "rgb(255, 255, 255)"
    assert page.run(background) == "rgb(21, 23, 26)"


def test_paper_shows_the_findings_opened_and_no_controls(page: Page, tmp_path: Path) -> None:
    visit(page, tmp_path, FULL)

    printed = page.pdf()
    page.view(WIDE, paper=True)

    assert printed.startswith(b"%PDF")
    assert page.run("[...document.querySelectorAll('.f')].every(f => f.open)")
    assert page.run("document.getElementById('filter').checkVisibility()") is False
    assert len(re.findall(rb"/Type\s*/Page\b", _inflated(printed))) >= 2


def test_the_keyboard_reaches_the_answer_the_filters_and_a_finding(
    page: Page, tmp_path: Path
) -> None:
    visit(page, tmp_path, FULL)
    reached = []
    for _ in range(60):
        page.key("Tab", 9)
        reached.append(
            page.run(
                "document.activeElement.name || document.activeElement.className"
                " || document.activeElement.parentElement.id"
            )
        )
        if reached[-1] == "f-1a2b3c4d":
            break
    page.key("Enter", 13)

    assert reached[0] == "skip"
    assert {"copy", "q", "endpoint", "kind", "state", "f-1a2b3c4d"} <= set(reached)
    page.wait("document.getElementById('f-1a2b3c4d').open")


def _inflated(pdf: bytes) -> bytes:
    """The PDF with its compressed streams readable."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts)


def test_the_room_counts_on_by_itself_and_says_when_there_is_no_news(
    page: Page, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    live = watching(now - timedelta(seconds=29.5), stale_after_s=30.0)
    left = Left({}, {Phase.MONITORING: live})
    shown = board(left, target="production", now=now, switch_at=now + timedelta(hours=2))
    (tmp_path / "room.html").write_text(render_room(shown, every_s=600), encoding="utf-8")
    page.view(NARROW)

    page.open((tmp_path / "room.html").as_uri())

    page.wait("document.querySelector('.live').textContent.startsWith('no news for ')")
    assert page.run("document.getElementById('clock').textContent").startswith("T−01:59:5")
    assert page.errors == []
    assert page.run("document.documentElement.scrollWidth") <= NARROW[0]
