"""gate.md: what a reviewer reads in the pull request."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pytest_cutover.codes import CODES
from pytest_cutover.gate.order import ordered
from pytest_cutover.report.model import BothSides, EvidenceChange, Report, UnderReview
from pytest_cutover.report.renderers.markdown import COMMENT_CHARACTERS, render
from pytest_cutover.report.renderers.markdown_text import code, item, prose
from tests.unit.report.io.test_json import HOSTILE
from tests.unit.report.reports import ALL, FULL, GO, INCONCLUSIVE, NO_GO, PARTIAL, WEIGHT

GITHUB = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")

NASTY = [
    "</code></td></tr></table><script>alert(1)</script>",
    "a|b\\|c",
    "`code` ``",
    "![x](https://evil.example/pixel.png)",
    "[click](javascript:alert(1)) https://evil.example www.evil.example <https://evil.example>",
    "**bold** _it_ ~~gone~~ # h\n# h1\n\n---\n- item\n1. item\n> quote\n```\nfence",
    "\x1b[31mred\x1b[0m \u202egnp.exe \u2066",
    "&lt;b&gt; &#60;b&#62;",
    "$$x$$ @octocat #1 <!-- comment",
    "x" * 100_000,
]


def shape(markdown: str) -> list[str]:
    """The elements that a Markdown reader makes of it, without their text."""
    return re.findall(r"<[^>]*>", GITHUB.render(markdown))


def words(markdown: str) -> str:
    """The text that a person reads."""
    return html.unescape(re.sub(r"<[^>]*>", "", GITHUB.render(markdown)))


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (GO, "✅ cutover: GO · ready for the switch"),
        (NO_GO, "❌ cutover: NO-GO · do not switch"),
        (INCONCLUSIVE, "❓ cutover: INCONCLUSIVE · do not switch yet"),
        (PARTIAL, "➗ cutover: PARTIAL · no answer yet"),
    ],
    ids=lambda value: str(getattr(value, "verdict", "")),
)
def test_the_verdict_stands_first(report: Report, expected: str) -> None:
    lines = render(report).splitlines()

    assert lines[0] == "<!-- pytest-cutover staging -->"
    assert lines[1].startswith(f"## {expected}")


def test_a_go_claims_no_more_than_was_judged() -> None:
    local = replace(GO, not_judged=NO_GO.not_judged)

    assert "Nothing judged here speaks against the switch; 1 thing" in render(local)


def test_the_first_screen_names_blocker_endpoint_limit_and_next_command() -> None:
    first_screen = words("\n".join(render(NO_GO).splitlines()[:40]))

    for expected in (
        "2 of 4 gates failed, 1 inconclusive",
        "CUT101",
        "POST /api/lots",
        '/weight_kg  500.5 → "500.5"   12× in 2 tests',
        "+63 % [58, 69]",
        "+50 %",
        "n=120, at least 432 needed",
        'pytest "tests/characterization/test_lots.py::test_create_lot[candidate]"',
        "pytest-cutover explain CUT101",
    ):
        assert expected in first_screen


def test_findings_latency_accepted_and_not_judged_follow() -> None:
    shown = words(render(FULL))

    assert "Findings: 1 unaccepted" in shown
    assert 'curl -X POST http://127.0.0.1:3000/api/lots -d \'{"lot_code"' in shown
    assert "P50 3.10 (1.90)" in shown
    assert "P50 ratio 1.63 of 1.50×, 0.130× (9 %) over" in shown
    assert "1.63 [1.58, 1.69]" in shown
    assert "FastAPI answers 422 to what its models refuse" in shown
    assert "container builds: needs the staging environment" in shown


def test_what_the_pull_request_itself_changed_stands_above_the_blockers() -> None:
    review = UnderReview(
        accepted=(
            EvidenceChange(what="added", name="POST /api/lots | status", detail="meant (Mira)"),
        ),
        goldens=(EvidenceChange(what="re-recorded", name="snapshots/x.json"),),
    )

    shown = words(render(replace(NO_GO, under_review=review)))

    place = shown.index("accepted difference added POST /api/lots | status: meant (Mira)")
    golden = shown.index("golden re-recorded snapshots/x.json")
    assert place < golden < shown.index("What blocks it")


def test_a_pull_request_whose_changes_are_not_known_is_no_clean_one() -> None:
    shown = words(render(replace(GO, under_review=UnderReview(unknown="git knows no origin/main"))))

    assert "It could not be told whether this pull request itself accepts differences" in shown
    assert "git knows no origin/main" in shown


def test_a_pull_request_that_leaves_the_evidence_alone_says_nothing_of_it() -> None:
    assert render(replace(GO, under_review=UnderReview())) == render(GO)


def test_findings_new_since_the_base_branch_are_marked_and_keep_their_place() -> None:
    fresh = replace(WEIGHT, id="ffffffff", signature="new", pointer="/fresh", occurrences=1)
    harmless = replace(fresh, kind="added", change="absent → string", nodeids=("a",) * 9)

    shown = words(render(ordered(replace(NO_GO, findings=(WEIGHT, harmless)), CODES), base=NO_GO))

    changed = "1 new difference since the base branch, 1 as before"
    assert f"Findings: 2 unaccepted, {changed}" in shown
    assert changed in shown.splitlines()[1], "it is what the comment says first"
    assert shown.index("🆕 ffffffff") > shown.index("/weight_kg", shown.index("Findings"))


@pytest.mark.parametrize("filler", ["x" * 5_000, "|" * 5_000, "✗" * 5_000, "\x1b" * 5_000])
def test_a_thousand_findings_fit_a_comment_and_the_rest_is_counted(filler: str) -> None:
    findings = tuple(
        replace(WEIGHT, id=f"{number:08x}", baseline=filler, candidate=filler, endpoint=filler)
        for number in range(1_000)
    )

    text = render(replace(FULL, findings=findings, notes=(filler,) * 100))

    assert len(text.encode()) <= COMMENT_CHARACTERS
    assert "more findings: gate.html has them all." in text


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_hostile_text_changes_no_element_of_the_comment(nasty: str) -> None:
    (first, *rest), (named, *plain) = (shape(render(_filled(text))) for text in (nasty, "plain"))

    assert rest == plain
    assert re.fullmatch(r"<!-- pytest-cutover [A-Za-z0-9_.-]{1,60} -->", first)
    assert named == "<!-- pytest-cutover plain -->"
    assert "\x1b" not in render(_filled(nasty))
    assert "\u202e" not in render(_filled(nasty))


@settings(max_examples=150, deadline=None)
@example(" 0.")
@given(st.one_of(HOSTILE, st.text("<>&|`*_[]()!#\\-+~$:@wW.1 \n\r\t\"'=", max_size=30)))
def test_no_text_at_all_leaves_its_place(text: str) -> None:
    for quote in (code, prose):
        row = f"| a | b |\n|---|---|\n| {quote('x' + text)} | {quote('y' + text)} |"
        plain = f"| a | b |\n|---|---|\n| {quote('x')} | {quote('y')} |"
        assert shape(row) == shape(plain)
    assert shape(item(text)) == shape(item("x" if text.strip() else ""))


@settings(max_examples=100, deadline=None)
@example("##[group]")
@example("::error::x")
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60))
def test_escaped_text_reads_as_what_it_was(text: str) -> None:
    """But for the first sign of what a log reader of CI would obey."""
    read = re.sub(
        r"\A(?::(?=:[A-Za-z])|#(?=#(?:\[|vso)))", lambda sign: f"\\x{ord(sign[0]):x}", text
    )
    assert words(f"x {code(text)} y") == f"x {read} y\n"
    assert words(f"x {prose(text)} y") == f"x {read} y\n"


def test_every_verdict_renders_to_whole_elements() -> None:
    for report in (*ALL.values(), FULL):
        shown = render(report)
        assert shown.count("<details>") == shown.count("</details>")
        assert shown.count("<code>") == shown.count("</code>")


def _filled(text: str) -> Report:
    finding = replace(
        WEIGHT,
        signature=text,
        endpoint=text,
        kind=text,
        pointer=text,
        change=text,
        baseline=text,
        candidate=text,
        nodeids=(text,),
        reproduce=BothSides(text, text),
    )
    gate = replace(
        NO_GO.gates[0], title=text, place=text, limit=text, observed=text, message=text, next=text
    )
    entry = replace(NO_GO.accepted[0], signature=text, reason=text, approver=text)
    return replace(
        FULL,
        target=text,
        phase=text,
        gates=(gate, NO_GO.gates[1]),
        findings=(finding,),
        accepted=(entry,),
        notes=(text,),
        latency=(replace(FULL.latency[0], endpoint=text),),
        not_judged=(replace(FULL.not_judged[0], title=text, reason=text),),
        under_review=UnderReview(
            accepted=(EvidenceChange(what=text, name=text, detail=text),),
            goldens=(EvidenceChange(what=text, name=text),),
        ),
    )


@given(st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1))
@example('pytest "tests/test_a.py::test_b[07:14:20-a:b-&#58;-`x`]"')
@example('curl -d \'{"a":  1, "b": " ::error::x ##[group]"}\'')
@example("```")
def test_a_command_is_copied_from_the_comment_to_the_byte(command: str) -> None:
    report = replace(
        NO_GO,
        gates=(replace(NO_GO.gates[0], next=command), *NO_GO.gates[1:]),
        findings=(replace(WEIGHT, reproduce=BothSides(command, command)),),
    )

    text = render(ordered(report, CODES))

    blocks = [token.content for token in GITHUB.parse(text) if token.type == "fence"]
    assert f"{command}\n" in blocks
    assert f"\n{command}\n{command}\n" in f"\n{blocks[-1]}"
    assert f"\n{command}\n" in text, "as it stands in the file, too"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("requests: 4,027 places", "requests: 4,027 places"),
        ("tests/test_a.py::test_b", "tests/test&#95;a.py::test&#95;b"),
        ("at https://x.example", "at https&#58;//x.example"),
        ("said :+1: and 10:100:20", "said &#58;+1: and 10&#58;100:20"),
    ],
)
def test_a_colon_is_one_but_where_it_would_act(text: str, shown: str) -> None:
    assert prose(text) == shown
