"""Two recordings of one second show one time: it is a reading of the clock, and no text."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import NOON_S, brief, exchange, judged, transcript


def written(form: str) -> Callable[[float], str]:
    return lambda at: time.strftime(form, time.gmtime(at))


FORMS: dict[str, Callable[[float], str]] = {
    "iso": written("made %Y-%m-%dT%H:%M:%SZ by x"),
    "blank": written("made %Y-%m-%d %H:%M:%S by x"),
    "http": written("made %a, %d %b %Y %H:%M:%S GMT by x"),
    "log": written("made [%d/%b/%Y:%H:%M:%S +0000] by x"),
    "basic": written("/files/7.pdf?X-Amz-Date=%Y%m%dT%H%M%SZ&n=1"),
    "file": written("exports/all-%Y%m%d%H%M%S.zip"),
    "file with a sign": written("all_%Y%m%d_%H%M%S.csv"),
    "file of a calendar": written("log-%Y%m%dT%H%M%SZ.tar.gz"),
    "file with hyphens": written("all %Y-%m-%d_%H-%M-%S.csv"),
    "file by the epoch": lambda at: f"all_{at:.0f}.csv",
    "epoch": lambda at: f"made at {at:.0f} by x",
    "epoch ms": lambda at: f"/feed?since={1000 * at:.0f}&n=1",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_later_second_is_no_difference_and_another_text_is(form: str) -> None:
    def asked(at_s: float, words: str = "fine") -> Transcript:
        return transcript(exchange({"text": f"{FORMS[form](at_s)} {words}"}, at_s=at_s))

    recorded = asked(NOON_S)
    assert brief(judged(recorded, asked(NOON_S + 7), again=asked(NOON_S)).differences) == []
    assert brief(judged(recorded, asked(NOON_S + 7, "bad")).differences) == [("value", "/text")]


def test_a_number_that_is_not_now_is_a_text() -> None:
    def said(number: int) -> Transcript:
        return transcript(exchange({"text": f"the number {number} is yours"}))

    assert brief(judged(said(4012345678), said(4012345679)).differences) == [("value", "/text")]


NAMES = [
    "%Y%m%d-%H%M%S",
    "%Y%m%d_%H%M%SZ",
    "%Y-%m-%d_%H-%M-%S",
    "%Y-%m-%dT%H-%M-%S",
    "%Y%m%d%H%M%S",
]


@pytest.mark.parametrize("form", NAMES)
@pytest.mark.parametrize("other", NAMES)
def test_a_time_in_the_name_of_a_file_is_spelled_as_the_baseline_spells_it(
    form: str, other: str
) -> None:
    def asked(name: str, at_s: float) -> Transcript:
        file = written(f"report-{name}.csv")(at_s)
        headers = (
            "Content-Disposition",
            f"attachment; filename=\"{file}\"; filename*=UTF-8''{file}",
        )
        return transcript(exchange(body=b"a,b\n", headers=[headers], at_s=at_s))

    recorded = asked(form, NOON_S)
    found = judged(recorded, asked(other, NOON_S + 1), again=asked(form, NOON_S)).differences
    assert bool(found) is (form != other)
