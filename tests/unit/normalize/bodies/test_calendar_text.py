"""iCalendar and vCard: components and lines; folds say nothing."""

import pytest

from pytest_cutover.normalize.body import BodyKind, body_of
from pytest_cutover.normalize.substitution import Substitution

NOTHING = Substitution(())
EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:7\r\n"
    'ATTENDEE;CN="Oak: Clara":mailto:clara@example.com\r\nSUMMARY:Paint the gate\r\n'
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def read(text, content_type="text/calendar; charset=utf-8"):
    return body_of(text.encode(), content_type, NOTHING)


def test_a_component_is_its_lines_and_components():
    found = read(EVENT)
    assert found.kind is BodyKind.CALENDAR
    assert found.tree == {
        "components": [
            {
                "VCALENDAR": [
                    {"VERSION": "2.0"},
                    {
                        "VEVENT": [
                            {"UID": "7"},
                            {'ATTENDEE;CN="Oak: Clara"': "mailto:clara@example.com"},
                            {"SUMMARY": "Paint the gate"},
                        ]
                    },
                ]
            }
        ],
        "newline": "\r\n",
    }


def test_folds_say_nothing():
    assert read(EVENT.replace("Paint the", "Pai\r\n nt t\r\n\the")).tree == read(EVENT).tree


@pytest.mark.parametrize(
    "other",
    [
        EVENT.replace("UID:7", "UID:8"),
        EVENT.replace("Paint the", "Paint  the"),
        EVENT.replace("UID:7\r\n", ""),
        EVENT.replace("VERSION:2.0\r\n", "VERSION:2.0\r\nVERSION:2.0\r\n"),
        EVENT.replace("CN=", "X=1;CN="),
        EVENT.replace("\r\n", "\n"),
        EVENT.removesuffix("\r\n"),
        EVENT.replace("UID:7", "uid:7"),
        EVENT + EVENT,
    ],
)
def test_all_else_is_seen(other):
    assert read(other).tree != read(EVENT).tree


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hello\r\n", "a line without a colon"),
        ("UID:7\r\n", "a line outside of a component"),
        ("BEGIN:VCARD\r\nFN:Ann\r\n", "a component that does not end"),
        ("BEGIN:VCARD\r\nEND:VEVENT\r\n", "a component that ends otherwise than it began"),
    ],
)
def test_what_is_none_is_a_text_with_a_reason(text, why):
    found = read(text, "text/vcard")
    assert found.tree == text
    assert [problem.what for problem in found.problems] == [why]
