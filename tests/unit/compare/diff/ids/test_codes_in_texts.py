"""A code in a text is of a test of this run, or of another run on each database, one to one."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import exchange, settled, transcript

MADE = [(new_unique("plan"), new_unique("plan")) for _ in range(3)]
OF_OTHERS = new_unique("plan"), new_unique("plan")
TEXTS = ["{}", "By {}, again", "{} (copy)", "<p>Seen by <b>{}</b></p>"]


def told(text: str, ours: str, theirs: str, *, others_write: bool = False) -> Judged:
    known = Correspondence()
    known.generated(MADE, by="4711" if others_write else "")
    said = {Side.BASELINE: text.format(ours), Side.CANDIDATE: text.format(theirs)}

    def asked(side: Side) -> Transcript:
        if text.startswith("<html>"):
            headers = (("Content-Type", "text/html"),)
            page = exchange(body=said[side].encode(), headers=headers, target="/newest")
            return transcript(page, side=side)
        return transcript(exchange({"text": said[side]}, target="/newest"), side=side)

    judge = Judge(
        Rulebook(shared_state=False, others_write=others_write),
        lambda _difference: None,
        known=known,
    )
    return settled(TestState(None, None), judge, asked)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_about_another_row_of_an_earlier_test_is_a_difference(text: str) -> None:
    assert told(text, MADE[2][0], MADE[1][1]).differences
    assert not told(text, *MADE[2]).differences


@pytest.mark.parametrize("text", TEXTS)
def test_what_another_run_made_is_one_to_one(text: str) -> None:
    assert not told(text, *OF_OTHERS).differences
    assert told(text, OF_OTHERS[0], MADE[1][1]).differences
    mixed = [
        f"{text.format(made)} of {other}" for made, other in zip(MADE[0], OF_OTHERS, strict=True)
    ]
    assert not told("{}", mixed[0], mixed[1]).differences


def test_a_part_of_a_page_is_no_row_at_its_edge() -> None:
    page = "<html><body><h1>Latest</h1><p>By {}, again</p></body></html>"
    assert told(page, MADE[2][0], MADE[1][1], others_write=True).differences
    assert not told(page, *MADE[2], others_write=True).differences
