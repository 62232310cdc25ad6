"""A text beside its template and the baseline's text: whether it departs, and where. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from pytest_cutover.compare.diff import claims, elapsed
from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.ids.derived import OF_SOMETHING_ELSE
from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.noise import clock, formats, links, written_times
from pytest_cutover.compare.noise.notation import symbol_text
from pytest_cutover.compare.noise.texts import text_template
from pytest_cutover.compare.noise.texts.text_match import Match, fits, match
from pytest_cutover.compare.noise.texts.text_tokens import shared_beginning
from pytest_cutover.normalize.matchers import Placeholder, Template

# Beside the formats of a row's text: whatever is random, or reads the clock.
RANDOM = "random"


@dataclass(frozen=True, slots=True)
class TextDeparture:
    """How a text departs, and the places in both texts; `expected` is the one to be shown."""

    kind: Kind
    change: str
    expected: str
    expected_at: int
    at: int


class Piece(NamedTuple):
    """What stands in a hole, beside what the baseline has there, if it is up."""

    hole: Placeholder
    value: str
    live: str | None
    named: tuple[str, float | None]  # the format of the value, and its instant


@dataclass(frozen=True, slots=True)
class TextComparison:
    """What came of a text: how it departs, or what stands in the holes.

    `stale`: the baseline's own text does not follow the template, which then says nothing.
    """

    departure: TextDeparture | None = None
    pieces: tuple[Piece, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True)
class KnownTexts:
    """What is known of the two sides beside their texts.

    `same` says whether two values mean one thing, `translate` puts the candidate's ids in the place
    of the baseline's, `shift` says how far a reading of the clock is off, or nothing, and
    `reads_clock` whether both are such readings.
    """

    same: Callable[[str, str], bool]
    translate: Callable[[str], str]
    shift: Callable[[str, str, int], str]
    reads_clock: Callable[[str, str], bool]
    scope: Scope


def departing_claim(base: object, cand: object, known: KnownTexts) -> claims.Claim | None:
    """Return what a token of an answer says otherwise than the baseline's: requests send each
    side's own.
    """
    return None if known.scope.in_request else claims.departure(base, cand, known.same)


def compare_text(template: Template, base: Any, cand: str, known: KnownTexts) -> TextComparison:
    """Hold the candidate's text against the template and the baseline's text.

    `base` is the golden's pattern where no baseline answers.
    """
    live = None
    if not isinstance(base, Template):
        live = match(template, base) if isinstance(base, str) else None
        if live is None or not live.follows:
            return TextComparison(stale=True)
    found = match(template, cand)
    if found.departure is not None and live is not None:
        # Literals may hold ids that are another one on each side, and the same in all rounds.
        moved = _translated(template, known.translate)
        found = match(moved, cand) if moved != template else found
    if found.departure is not None and clock.tell_one_age(base, cand):
        return TextComparison()
    named = [formats.named(value) for _, value in found.pieces]
    is_fitting = found.follows and _all_fit(found, named)
    if live is not None and not is_fitting:
        settled = clock.ages_in_their_place(base, cand)
        settled = elapsed.in_its_place(template, live, base, settled)
        settled = written_times.in_its_place(
            base, settled, known.scope.clock_s, own_ids=known.scope.own_ids
        )
        again = match(template, settled) if settled != cand else found
        if again.follows and again is not found:
            found, named = again, [formats.named(value) for _, value in again.pieces]
    if found.departure is not None:
        gone = found.departure
        at = _places(template, base, live, part=gone.part, within=gone.within)
        return TextComparison(TextDeparture(Kind.VALUE, "text → text", *at, gone.at))
    holes = [at for at, part in enumerate(template.parts) if isinstance(part, Placeholder)]
    pieces = []
    for number, (hole, value) in enumerate(found.pieces):
        beside = live.pieces[number][1] if live is not None else None
        piece = Piece(hole, value, beside, named[number])
        pieces.append(piece)
        part = holes[number]
        how = None if value == piece.live else _departs(piece, known, is_fitting=is_fitting)
        if how is None and hole.formats == ("digits",) and not known.scope.in_request:
            how = _padding(template.parts[part - 1] if part else "", piece)
        if how is not None:
            places = _places(template, base, live, part=part)
            return TextComparison(TextDeparture(*how, *places, found.starts[part]))
    return TextComparison(pieces=tuple(pieces))


def _all_fit(found: Match, named: list[tuple[str, float | None]]) -> bool:
    """Whether each value, of which the format is known, is one that its hole admits."""
    return all(
        name in hole.formats or fits(hole, value)
        for (hole, value), (name, _) in zip(found.pieces, named, strict=True)
    )


def compare_row_text(
    varying: tuple[str, ...], base: str, cand: str, known: KnownTexts
) -> TextDeparture | None:
    """Hold a text of a row against that of its partner, where values of these formats vary."""
    expected = known.translate(base)
    pairs: list[tuple[str, str]] = []
    hole = Placeholder(varying)

    def may_vary(left: str, right: str) -> bool:
        if fits(hole, left) and fits(hole, right):
            return True
        if RANDOM in varying:
            told = links.is_one_value(left) and links.is_one_value(right)
            return told or known.reads_clock(left, right)
        return False

    def part(left: str, right: str) -> Placeholder | str:
        if left == right:
            return left
        pairs.append((left, right))
        return Placeholder(("text", "empty"))

    found = links.align(expected, cand, part)
    departs = text_template.open_holes(found) or any(
        not may_vary(*pair) and not known.same(*pair) for pair in pairs
    )
    if not departs:
        return None
    at = shared_beginning(base, cand)
    return TextDeparture(Kind.VALUE, "text → text", base, at, at)


def _translated(template: Template, translate: Callable[[str], str]) -> Template:
    return Template(
        tuple(translate(part) if isinstance(part, str) else part for part in template.parts)
    )


def _departs(piece: Piece, known: KnownTexts, *, is_fitting: bool) -> tuple[Kind, str] | None:
    """How a value departs from what its hole admits, or from what the baseline has there.

    `is_fitting`: it is known to be what the hole admits.
    """
    hole, value, live, _ = piece
    if not (is_fitting or fits(hole, value)):
        # Where the baseline has another format today, the golden says nothing: it shows the format.
        stale = live is not None and not fits(hole, live)
        if not stale or formats.format_of(live) != formats.format_of(value):
            return Kind.FORMAT, f"{' or '.join(hole.formats)} → {formats.format_of(value)}"
    if live is None:
        return None
    if hole.per_run and known.scope.shared_state and not known.same(live, value):
        return Kind.IDENTITY, "the same → another"
    if claims.may_be_made(live) and (claim := departing_claim(live, value, known)):
        return Kind.VALUE, claim.change
    if not known.scope.in_request and known.scope.derived.departs(live, value):
        return Kind.VALUE, OF_SOMETHING_ELSE
    if hole.clock and (unit := clock.other_unit(live, value)):
        return Kind.FORMAT, unit
    if hole.clock and (far := known.shift(live, value, hole.ahead_s)):
        return Kind.VALUE, f"now → {far}"
    return None


def _padding(before: Placeholder | str, piece: Piece) -> tuple[Kind, str] | None:
    """How digits depart in their leading zeros: `00042` beside `000041`, and not `1000000`."""
    _, value, live, _ = piece
    if live is None or not (live + value).isdigit():
        return None
    is_fraction = isinstance(before, str) and before.endswith((".", ","))
    if is_fraction or len(live) == len(value) or max(live, value, key=len)[0] != "0":
        return None
    return Kind.FORMAT, f"{len(live)} digits → {len(value)} digits"


def _places(
    template: Template, base: Any, live: Match | None, *, part: int, within: int = 0
) -> tuple[str, int]:
    """Return the text to show for the baseline, and where in it a place of the template is."""
    if live is not None:
        return base, live.starts[part] + within
    written = [one if isinstance(one, str) else symbol_text(one) for one in template.parts]
    return "".join(written), sum(map(len, written[:part])) + within
