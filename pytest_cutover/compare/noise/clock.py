"""Which values read the clock of their exchange, or are reckoned from it."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from datetime import UTC, datetime

from pytest_cutover.compare.noise import formats
from pytest_cutover.normalize.matchers import Pattern

CLOCK_SLACK_S = 5.0  # how far the clocks of a backend and of this machine may be apart
SESSION_SLACK_S = 60.0
# How long before it is shown a row may have been written, and be one of this run.
SUITE_S = 3600.0
# A process tells its start in whole seconds, or a little after it has answered.
START_SLACK_S = 1.0
# The clocks of two machines in service are nearer to each other than this.
SHORTEST_SHIFT_S = 60.0
# How far apart a suite writes the same row to two sides.
_AROUND_A_ZONE_S = 10.0

# How long sessions, tokens and links commonly live: an expiry is reckoned from the clock.
LIFETIMES_S = [
    *(10.0, 15.0, 20.0, 30.0, 45.0),
    *(60.0 * m for m in (1, 1.5, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90)),
    *(3600.0 * h for h in (2, 3, 4, 6, 8, 12)),
    *(86400.0 * d for d in (1, 2, 3, 5, 7, 10, 14, 21, 28, 30, 45, 60, 90, 120, 180, 365, 400)),
]
AHEAD_SLACK_S = 2.0
_QUARTER_S = 900.0
# Values are told to the millisecond: those of two rounds so far apart tell that they go on.
_SHORTEST_COURSE_S = 0.01
_TOLD_S = 0.001
_FARTHEST_S = 400 * 86400.0
SHORTEST_NUMBER = 10  # digits of an epoch
_DIGITS_OF_A_SPAN = 6  # a week in seconds has as many
# By how many digits an epoch of our days has: what it counts, and how many of them a second has.
_UNITS = {
    10: ("epoch s", 1.0),
    13: ("epoch ms", 1e3),
    16: ("epoch us", 1e6),
    19: ("epoch ns", 1e9),
}
# Clocks of our century that do not begin in 1970: least and most, how many count a second, and the
# seconds from their beginning to 1970. Ticks of .NET and of Windows, days of sheets and of Julius.
_OTHER_CLOCKS = (
    (6.3e17, 6.6e17, 1e7, 62_135_596_800.0),
    (1.2e17, 1.6e17, 1e7, 11_644_473_600.0),
    (36_526.0, 73_050.0, 1 / 86400, 25_569 * 86400.0),
    (2_451_545.0, 2_488_070.0, 1 / 86400, 2_440_587.5 * 86400.0),
)
# A moment in figures alone, or as the name of a file may hold it.
_CALENDAR = re.compile(r"(20\d\d)(-?)(\d\d)\2(\d\d)[T_-]?(\d\d)\2(\d\d)\2(\d\d)", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_SECONDS = re.compile(r"\d{10}\.\d{1,9}", re.ASCII)
_TIME_OF_DAY = re.compile(r"(\d\d):([0-5]\d)(?::(\d\d(?:\.\d{1,9})?))?", re.ASCII)
_DAY_S, _QUARTER_S, _MINUTE_S = 86400.0, 900.0, 60.0
# A time of day is a clock reading in some zone by chance once in two hundred times.
_OF_DAY_SLACK_S = 2.5


def is_of_this_run(at_s: float, now_s: float) -> bool:
    """Whether a moment is one at which this run may have written what is shown `now_s`."""
    return 0 <= now_s + CLOCK_SLACK_S - at_s < SUITE_S


def _days(started: float, ended: float) -> set[str]:
    """Return the dates that are today somewhere on earth."""
    moments = (started - 12 * 3600, started, ended, ended + 14 * 3600)
    return {f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}" for moment in moments}


def moment_s(value: Pattern) -> float | None:
    """Return the time that a value tells: a timestamp, an HTTP date, epoch seconds or
    milliseconds.
    """
    if isinstance(value, str):
        if len(value) in _UNITS and value.isascii() and value.isdigit():
            return float(value) / _unit(float(value))[1]  # an epoch in a header, or in a text
        return float(value) if _SECONDS.fullmatch(value) else formats.instant_s(value)
    if isinstance(value, bytes) and SHORTEST_NUMBER <= len(value) <= 20:
        try:
            number = float(value)
        except ValueError:
            return None
        return number / _unit(number)[1]
    return None


def _reading_s(value: Pattern) -> float | None:
    """Return the time that a value tells if it is one at all, by whatever clock: an amount may look
    like days, and is none unless it goes with the clock.
    """
    other = _by_another_clock_s(value)
    return moment_s(value) if other is None else other


def _by_another_clock_s(value: Pattern) -> float | None:
    lexeme = value.decode() if isinstance(value, bytes) else value
    if not (isinstance(lexeme, str) and SHORTEST_NUMBER <= len(lexeme) <= 20):
        return None
    written = _CALENDAR.fullmatch(lexeme)
    if written is not None:
        return formats.instant_s("{0}-{2}-{3}T{4}:{5}:{6}Z".format(*written.groups()))
    if not _NUMBER.fullmatch(lexeme) or (isinstance(value, str) and "." in lexeme):
        return None
    number = float(lexeme)
    if "." not in lexeme and number < 1e17:
        return None  # of days nothing but a part is a time
    for least, most, a_second, began_s in _OTHER_CLOCKS:
        if least <= number <= most:
            return number / a_second - began_s
    return None


def _of_day_s(value: Pattern) -> float | None:
    """Return the seconds since midnight of a time of day, in whatever zone it is."""
    found = _TIME_OF_DAY.fullmatch(value) if isinstance(value, str) else None
    if found is None or int(found[1]) > 23:
        return None
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3] or 0)


def _zone_s(value: Pattern, now_s: float) -> float | None:
    """Return how far a time of day is off UTC, where it reads a clock in the zone of a server."""
    moment = _of_day_s(value)
    if moment is None:
        return None
    off = moment - now_s % _DAY_S
    zone = round(off / _QUARTER_S) * _QUARTER_S
    # One that tells no seconds may be a minute old.
    rest = 0.0 if isinstance(value, str) and len(value) > 5 else _MINUTE_S
    return zone % _DAY_S if -_OF_DAY_SLACK_S - rest <= off - zone <= _OF_DAY_SLACK_S else None


def _unit(number: float) -> tuple[str, float]:
    """Return what an epoch counts, by its size, and how many of them a second has."""
    digits = next((n for n in (19, 16, 13) if number > 10.0 ** (n - 2)), 10)
    return _UNITS[digits]


def reads(value: Pattern, started: float, ended: float, ahead: int = 0) -> bool:
    """Whether a value is the time between two moments, today's date, or a common lifetime later.

    `ahead`: another lifetime that this value is known to have.
    """
    return _reads(value, _reading_s(value), started, ended, ahead) if ended else False


def _reads(
    value: Pattern, moment: float | None, started: float, ended: float, ahead: int = 0
) -> bool:
    if moment is None:
        is_day = isinstance(value, str) and len(value) == 10 and formats.format_of(value) == "date"
        return is_day and value in _days(started, ended)
    if started - CLOCK_SLACK_S - _rest_s(value, moment) <= moment <= ended + CLOCK_SLACK_S:
        return True
    later = moment - ended
    if not (ahead or -AHEAD_SLACK_S <= later <= LIFETIMES_S[-1] + AHEAD_SLACK_S):
        return False
    if ahead and abs(later - ahead) <= AHEAD_SLACK_S:
        return True
    at = bisect(LIFETIMES_S, later - 2 * AHEAD_SLACK_S)  # they are farther apart than that
    return any(abs(later - one) <= AHEAD_SLACK_S for one in LIFETIMES_S[at : at + 1])


def _rest_s(value: Pattern, moment: float) -> float:
    """Return how much later than it tells a time may be: a minute, where it tells no seconds."""
    if moment % _MINUTE_S or not isinstance(value, str):
        return 0.0
    return _MINUTE_S if formats.precision_s(value) == _MINUTE_S else 0.0


Moments = tuple[float | None, float | None]
NOT_READ: Moments = (None, None)


def _moments(values: tuple[Pattern, Pattern], known: Moments) -> Moments:
    """Return the times that two values tell; `known` are those that were read by the way."""
    left, right = known
    return (
        _reading_s(values[0]) if left is None else left,
        _reading_s(values[1]) if right is None else right,
    )


def course(
    values: tuple[Pattern, Pattern],
    spans: tuple[tuple[float, float], tuple[float, float]],
    known: Moments = NOT_READ,
) -> tuple[bool, int]:
    """Return whether two values that differ read the clocks of their exchanges, and else how far
    ahead of it they went on with it.
    """
    moments = known if None not in known else _moments(values, known)
    (started, ended), (began, stopped) = spans
    ended_s = ended, stopped
    if moments[0] is None and not (isinstance(values[0], str) and len(values[0]) == 10):
        zones = {_zone_s(*one) for one in zip(values, ended_s, strict=True)}
        return all(ended_s) and None not in zones and len(zones) == 1, 0
    if (
        all(ended_s)
        and _reads(values[0], moments[0], started, ended)
        and _reads(values[1], moments[1], began, stopped)
    ):
        return True, 0
    return False, _ahead_s(moments, spans)


def _ahead_s(moments: Moments, spans: tuple[tuple[float, float], tuple[float, float]]) -> int:
    """How far two times are ahead of the clock that they went on with; 0 where they did not."""
    (started, ended), (began, stopped) = spans
    left, right = moments
    if left is None or right is None or not (ended and stopped) or left == right:
        return 0
    one, other = left - ended, right - stopped
    if max(abs(one), abs(other)) > _FARTHEST_S:
        return 0  # a counter may look like an epoch, of another year
    apart = abs(stopped - ended)
    slack = AHEAD_SLACK_S if apart >= 1 else apart / 4
    # Two values that are near to each other, as the clock was to itself, may go on otherwise.
    goes_on = apart >= _SHORTEST_COURSE_S and abs(one - other) <= slack
    # It was read within either exchange, of which one may take longer.
    is_between = began - ended <= right - left + _TOLD_S and right - left <= stopped - started
    return round(one) if goes_on or (is_between and began > ended) else 0


def departure(
    values: tuple[Pattern, Pattern], ended_s: tuple[float, float], ahead: int, known: Moments
) -> str:
    """How far the candidate's reading is off the clock, beside the baseline's; empty for none."""
    left, right = _moments(values, known)
    before, after = ended_s
    if left is None and right is None and _zone_s(values[0], before) is not None:
        ours, theirs = _of_day_s(values[0]), _of_day_s(values[1])
        if ours is None or theirs is None:
            return ""
        off = ((theirs - after) - (ours - before)) % _DAY_S
        return shift(off - _DAY_S if off > _DAY_S / 2 else off)
    if left is None and right is None:
        return _another_day(values, before, after)
    if left is None or not _reads(values[0], left, before, before, ahead):
        return ""
    if right is None:
        return "no time"
    return shift((right - after) - (left - before))


def _another_day(values: tuple[Pattern, Pattern], before: float, after: float) -> str:
    """Whether the candidate tells another day than the baseline, which tells today's.

    Between the two a day may end, in the zone of some backend: at a quarter of an hour.
    """
    base, cand = values
    if not (isinstance(base, str) and isinstance(cand, str)) or base == cand:
        return ""
    is_day = len(base) == len(cand) == 10 and formats.format_of(cand) == "date"
    if not is_day or not _reads(base, None, before, before):
        return ""
    ends = int(before // _QUARTER_S) != int(after // _QUARTER_S)
    return "" if ends and cand in _days(after, after) else "another day"


def other_zone(base: Pattern, cand: Pattern, known: Moments) -> str:
    """How many quarters of an hour two times of one run are apart, where it is just so many."""
    left, right = _moments((base, cand), known)
    if left is None or right is None:
        return ""
    quarters = round((right - left) / _QUARTER_S)
    slack = _AROUND_A_ZONE_S + max(_rest_s(base, left), _rest_s(cand, right))
    exact = abs(right - left - quarters * _QUARTER_S) <= slack
    return f"{quarters / 4:+g} h" if quarters and exact else ""


def of_start(base: Pattern, cand: Pattern, began_s: float, ready_s: float) -> bool:
    """Whether two values are times of one form at which both processes were being started.

    `began_s` and `ready_s` are when the first was launched, and when the last one answered.
    """
    if not (isinstance(base, str | bytes) and isinstance(cand, str | bytes)):
        return False
    alike = formats.format_of(base) == formats.format_of(cand) and len(base) == len(cand)
    if not alike or other_unit(base, cand):
        return False
    moments = (moment_s(base), moment_s(cand))
    return all(
        moment is not None and began_s - START_SLACK_S <= moment <= ready_s + START_SLACK_S
        for moment in moments
    )


def are_near(values: Sequence[Pattern]) -> bool:
    """Whether values are epochs or times that are no farther from each other than times of one
    kind: numbers by chance are not.
    """
    moments = [moment_s(value) for value in values]
    known = [moment for moment in moments if moment is not None]
    return 1 < len(known) == len(moments) and max(known) - min(known) <= _FARTHEST_S


def other_unit(base: Pattern, cand: Pattern) -> str:
    """``epoch s → epoch ms`` where two readings count in different units, else nothing."""
    if isinstance(base, str) and isinstance(cand, str):
        if not (base.isdigit() and cand.isdigit()) or len(base) == len(cand):
            return ""
        names = [_UNITS.get(len(text), ("digits", 1.0))[0] for text in (base, cand)]
        return " → ".join(names) if names[0] != "digits" else ""
    if not (isinstance(base, bytes) and isinstance(cand, bytes)):
        return ""
    units = []
    for value in (base, cand):
        if moment_s(value) is None:
            return ""
        units.append(_unit(float(value))[0])
    return " → ".join(units) if units[0] != units[1] else ""


def became_a_moment(base: Pattern, cand: Pattern, now_s: float) -> str:
    """``integer → epoch s`` where seconds that are left became the moment at which none are, else
    nothing.
    """
    digits = _digits(cand)
    if not 0 < _digits(base) <= _DIGITS_OF_A_SPAN or digits not in _UNITS:
        return ""
    moment = moment_s(cand)
    is_one = moment is not None and abs(moment - now_s) <= _FARTHEST_S
    return f"integer → {_UNITS[digits][0]}" if is_one else ""


def _digits(value: Pattern) -> int:
    if isinstance(value, bytes) or (isinstance(value, str) and value.isascii()):
        return len(value) if value.isdigit() else 0
    return 0


def shift(seconds: float) -> str:
    """How far a reading is off: in hours where zones or lifetimes make it so, else just that.

    Empty where two clocks may differ so far.
    """
    if abs(seconds) < SHORTEST_SHIFT_S:
        return ""
    quarters = round(seconds / 900)
    exact = quarters != 0 and abs(seconds - quarters * 900) <= 30
    return f"{quarters / 4:+g} h" if exact else "another time"


# With a blank that breaks no line, as Django writes it.
_AGE = re.compile(r"\s*(\d{1,3}|an?)[ \u00a0](second|minute)s?[ \u00a0]ago\s*")
_JUST_NOW = re.compile(
    r"\s*(?:just now|now|moments ago|a few seconds ago|less than a minute ago)\s*", re.IGNORECASE
)
_AGE_IN_TEXT = re.compile(r"(?<![\w.,:-])(?:\d{1,3}|an?)[ \u00a0](?:second|minute)s?[ \u00a0]ago\b")
_LONGEST = 20_000  # of a text that is looked into
_AGE_SLACK_S = 30.0


def tell_one_age(base: object, cand: object) -> bool:
    """Whether two texts tell how long ago something was, and it was at nearly the same time.

    Up to an hour, in whole seconds or minutes, rounded or cut: what a test made has a short age.
    """
    if not (isinstance(base, str) and isinstance(cand, str)):
        return False
    spans = [_age_s(text) for text in (base, cand)]
    (first, last), (begin, end) = spans[0] or (0.0, 0.0), spans[1] or (0.0, 0.0)
    return None not in spans and max(first, begin) - min(last, end) <= _AGE_SLACK_S


def ages_in_their_place(base: str, cand: str) -> str:
    """Return the candidate's text with the baseline's ages in it, where each pair of them is one;
    the same text where there are none, or others: `opened 4 minutes ago by Ann`.
    """
    if " ago" not in base.replace("\u00a0", " ") or max(len(base), len(cand)) > _LONGEST:
        return cand
    ours, theirs = (list(_AGE_IN_TEXT.finditer(text)) for text in (base, cand))
    pairs = list(zip(ours, theirs, strict=False))
    if len(ours) != len(theirs) or not all(tell_one_age(a[0], b[0]) for a, b in pairs):
        return cand
    parts, done = [], 0
    for one, other in pairs:
        parts += [cand[done : other.start()], one[0]]
        done = other.end()
    return "".join([*parts, cand[done:]])


def _age_s(text: str) -> tuple[float, float] | None:
    found = _AGE.fullmatch(text)
    if found is None:
        return (0.0, 60.0) if _JUST_NOW.fullmatch(text) else None
    number = int(found[1]) if found[1].isdigit() else 1
    unit = 60.0 if found[2] == "minute" else 1.0
    return (number - 0.5) * unit, (number + 1) * unit
