"""The comparing walk: mask, expected value and candidate's value, side by side.

`mask` says what is volatile. `base` is the live baseline's value, or the golden's pattern where no
baseline answers. Subtrees without noise are compared in C; the walk dives only where they differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from pytest_cutover.compare.diff import (
    claims,
    descriptions,
    documents,
    ids_in_texts,
    own_values,
    relations,
    usual_times,
    varying,
)
from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.identity import Observation, says_alike
from pytest_cutover.compare.diff.ids import encoded_ids
from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.derived import OF_SOMETHING_ELSE
from pytest_cutover.compare.diff.lists import (
    arrays,
    drawn_entries,
    grown_text,
    keyed,
    parallel_columns,
    text_rows,
)
from pytest_cutover.compare.diff.places import ROOT, Path, is_attribute, is_in_row, name_of, pointer
from pytest_cutover.compare.diff.scalars import (
    number_change,
    same_instant,
    same_number,
    text_change,
    within,
)
from pytest_cutover.compare.diff.scope import Scope, Walk
from pytest_cutover.compare.diff.texts import (
    KnownTexts,
    Piece,
    TextDeparture,
    compare_row_text,
    compare_text,
    departing_claim,
)
from pytest_cutover.compare.noise import constraints, formats, links
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.compare.noise.rules import Active, Mode, Rule, descend
from pytest_cutover.compare.noise.texts import text_template
from pytest_cutover.normalize.matchers import (
    EXACT,
    NOISY,
    ArrayOf,
    ArrayPattern,
    ObjectPattern,
    Placeholder,
    Template,
    is_plain,
    is_steady,
)
from pytest_cutover.normalize.substitution import codes_of


@dataclass(slots=True)
class Walker:
    """Collects what departs, and which value stood for which identity class."""

    scope: Scope
    differences: list[Difference] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    probing: bool = False  # one difference is enough, and nobody reads it
    in_rows: bool = False  # of a list that grew: an index is another row in the next round
    loose: int = 0  # leaves that are held to their type alone

    def visit(
        self, mask: Any, base: Any, cand: Any, path: Path = ROOT, rules: Active | None = None
    ) -> None:
        """Compare one place and everything below it."""
        if rules is not None:
            here = rules.here
            if here and self._ruled(here, mask, base, cand, path, rules):
                return
        elif (
            type(mask) not in NOISY
            and type(base) not in NOISY
            and base == cand
            and not self.scope.values.sent_apart
        ):
            self._note(Fate.EXACT)
            return
        if type(mask) in NOISY and is_steady(mask) and not self.scope.in_request and is_plain(base):
            mask = base  # a secret to readers only: the baseline says it every time
        if isinstance(mask, Placeholder):
            self._symbol(mask, base, cand, path)
        elif isinstance(mask, Template) and isinstance(cand, str):
            self._template(mask, base, cand, path)
        elif isinstance(base, Placeholder):
            self._symbol(base, base, cand, path)
        elif isinstance(cand, dict) and keyed.are_entries(self, mask, base, cand):
            keyed.compare(self, mask, base, cand, path, rules)
        elif isinstance(cand, dict) and isinstance(base, dict | ObjectPattern):
            self._objects(mask, base, cand, path, rules)
        elif isinstance(cand, list) and isinstance(base, list | ArrayPattern | ArrayOf):
            arrays.compare(self, mask, base, cand, path, rules)
        elif isinstance(cand, str) and documents.compare(self, mask, base, cand, path):
            pass
        elif base != cand or type(base) is not type(cand):
            self._mismatch(base, cand, path)
        elif self._is_another(base, cand, path):
            self.report(Kind.IDENTITY, path, "the same → another", base, cand)
        else:
            self._note(Fate.EXACT)

    def below(self) -> Walker:
        """Return a walk of its own for a part, to be taken over or not."""
        return Walker(self.scope, probing=self.probing, in_rows=self.in_rows)

    def take(self, other: Walk) -> None:
        """Make what another walk found this one's."""
        self.differences += other.differences
        self.observations += other.observations
        self.loose += other.loose

    def agrees(self, mask: Any, base: Any, cand: Any, rules: Active | None = None) -> bool:
        """Whether nothing would be reported; leaves no trace."""
        if rules is None and is_plain(mask) and is_plain(base):
            return bool(base == cand)
        probe = Walker(self.scope, probing=True)
        probe.visit(mask, base, cand, ROOT, rules)
        return not probe.differences

    def report(
        self,
        kind: Kind,
        path: Path,
        change: str,
        base: Any = ...,
        cand: Any = ...,
        relation: str = "",
    ) -> None:
        """Note a difference; a side that has nothing there is left out."""
        if self.probing:
            self.differences.append(_SOME)
            return
        if base is ... or cand is ...:
            shown = tuple(None if v is ... else self.scope.excerpts.of(v) for v in (base, cand))
        else:
            shown = self.scope.excerpts.pair(base, cand)
        self._add(kind, path, change, shown, base, cand, relation)

    def _add(
        self,
        kind: Kind,
        path: Path,
        change: str,
        shown: tuple[str | None, ...],
        base: Any,
        cand: Any,
        relation: str = "",
    ) -> None:
        self._note(Fate.DIFFERENT)
        if self.scope.in_headers and not is_attribute(path):
            kind, change = descriptions.of_header(kind, change, base, cand)
        self.differences.append(
            Difference(
                self.scope.exchange,
                self.scope.endpoint,
                kind,
                pointer(path, in_headers=self.scope.in_headers),
                change,
                shown[0],
                shown[1],
                descriptions.reviewed(self.scope.excerpts, kind, change, (base, cand), path),
                relation,
            )
        )

    def leave_open(self, path: Path, reason: str) -> None:
        """Say that a place was not compared, and why."""
        if not self.probing and not self.scope.in_request:
            where = pointer(path, in_headers=self.scope.in_headers)
            self.scope.account.leave_open(self.scope.endpoint, where, reason)

    # -- containers

    def _objects(self, mask: Any, base: Any, cand: Any, path: Path, rules: Active | None) -> None:
        masks = mask.members if isinstance(mask, ObjectPattern) else mask
        optional = mask.optional if isinstance(mask, ObjectPattern) else frozenset()
        if not isinstance(masks, dict):
            masks = {}
        expected = base.members if isinstance(base, ObjectPattern) else base
        if rules is None and parallel_columns.are_rows(masks, expected, cand):
            parallel_columns.compare(self, masks, expected, cand, path)
            return
        related = {}
        if cand.keys() != expected.keys() and not (
            self.probing or self.scope.in_request or self.scope.in_headers
        ):
            related = relations.of_members(mask, masks, expected, cand, self.agrees)
        if (cand.keys() != expected.keys() or not optional.isdisjoint(masks.keys() - cand)) and (
            named := drawn_entries.compare(self, mask, base, cand, path, rules)
        ):
            expected = {key: one for key, one in expected.items() if key not in named}
            cand = {key: one for key, one in cand.items() if key not in named}
        sent_apart, exact = self.scope.values.sent_apart, 0
        for key, value in expected.items():
            if self.probing and self.differences:
                return
            if rules is None and key in cand and value == cand[key]:
                inner = masks.get(key, EXACT)
                if type(inner) not in NOISY and type(value) not in NOISY and not sent_apart:
                    exact += 1
                    continue
            below = descend(rules, key)
            if key in cand:
                self.visit(masks.get(key, EXACT), value, cand[key], (path, key), below)
            elif (
                key not in optional
                and not descriptions.is_ignored(below)
                and not descriptions.like_any(key, optional)
            ):
                change, relation = f"{descriptions.described(value)} → absent", related.get(key, "")
                self.report(Kind.MISSING, (path, key), change, value, relation=relation)
        self._note(Fate.EXACT, number=exact)
        if len(cand) == len(expected) and cand.keys() == expected.keys():
            return
        for key, value in cand.items():
            if key in expected or descriptions.is_ignored(below := descend(rules, key)):
                continue
            known = key if key in optional else descriptions.like_any(key, optional)
            if known is not None and known in masks:
                self.visit(masks[known], masks[known], value, (path, key), below)
            else:
                change, relation = f"absent → {descriptions.described(value)}", related.get(key, "")
                self.report(Kind.ADDED, (path, key), change, cand=value, relation=relation)

    def visit_noise(
        self, mask: Any, base: dict[str, Any], cand: dict[str, Any], path: Path, noise: list[str]
    ) -> None:
        """Compare an object of which all members but the noise are known to be equal."""
        apart = self.scope.values.sent_apart  # what is equal may be about another thing then
        for key in base if apart else noise:
            if self.probing and self.differences:
                return
            self.visit(mask.members.get(key, EXACT), base[key], cand[key], (path, key))
        self._note(Fate.EXACT, number=0 if apart else len(base) - len(noise))

    # -- rules

    def _ruled(
        self, here: tuple[Rule, ...], mask: Any, base: Any, cand: Any, path: Path, rules: Active
    ) -> bool:
        """Apply the rules of this place; True when nothing is left to compare."""
        for rule in here:
            if rule.mode is Mode.IGNORE:
                self._note(Fate.WAIVED, f"rule ignore: {rule.reason}")
                return True
            if (
                (rule.mode is Mode.SAME_INSTANT and same_instant(base, cand))
                or (rule.mode is Mode.SAME_NUMBER and same_number(base, cand))
                or (rule.mode is Mode.TOLERANCE and within(base, cand, rule))
            ):
                self._note(Fate.CONSTRAINED, f"rule {rule.mode}")
                return True
            if rule.mode is Mode.VOLATILE and descriptions.is_scalar(base):
                self._symbol(Placeholder(constraints.formats_for((base,))), base, cand, path)
                return True
            arrays_both = isinstance(cand, list) and isinstance(base, list | ArrayPattern)
            if rule.mode is Mode.UNORDERED and arrays_both:
                arrays.compare(self, mask, base, cand, path, rules, unordered=rule)
                return True
        return False

    # -- leaves

    def _symbol(self, symbol: Placeholder, base: Any, cand: Any, path: Path) -> None:
        if usual_times.agree(self, symbol, base, cand, path):
            return
        live = is_plain(base)
        if self.scope.in_request and live:
            if self.scope.values.same_in_request(name_of(path), base, cand):
                if type(base) is type(cand):
                    # What the test itself makes up need not be as long each time.
                    self._observe(symbol, base, cand, path)
                    return
            else:
                self.scope.values.made_up(name_of(path), str(base), str(cand))
        elif live and self._is_another(base, cand, path):
            self.report(Kind.IDENTITY, path, "the same → another", base, cand)
            return
        before, after = formats.named(base) if live else ("", None), formats.named(cand)
        if not varying.is_settled(self, symbol, before[1], after[1]):
            varying.keep(self, symbol, base, cand, path, after[1])
        names = before[0], after[0]
        is_same = live and base == cand and type(base) is type(cand)
        if live and varying.tell_null_in_row(self, base, cand, path):
            pass
        elif is_same or (symbol.per_run and own_values.hashes_alike(base, cand)):
            self._observe(symbol, base, cand, path)
        elif symbol.per_run and documents.compare_steady(self, base, cand, path):
            pass  # what stands in base64 looks made up, and is not
        elif symbol.pieces and isinstance(base, str) and isinstance(cand, str):
            self._text_of_row(symbol, base, cand, path)
        elif not (self._has_format(symbol, base, cand, names) or self._same(base, cand, path)):
            varying.tell_form(self, symbol, base, cand, path)
        elif (
            symbol.per_run
            and live
            and (self.scope.shared_state or own_values.are_of_one_row(self.scope, base, cand))
            and not self._same(base, cand, path)
        ):
            if formats.has_identity(names[1]):
                self.report(Kind.IDENTITY, path, "the same → another", base, cand)
            else:
                self.report(Kind.VALUE, path, f"{names[1]} → {names[1]}", base, cand)
        elif symbol.secret and live and descriptions.is_word(base) and descriptions.is_word(cand):
            # `session: expired` is named like a secret and is none: nobody generates words.
            self.report(Kind.VALUE, path, "text → text", base, cand)
        elif (
            live
            and claims.may_be_made(base)
            and (claim := departing_claim(base, cand, self._known(path)))
        ):
            self.report(Kind.VALUE, path, *claim)
        elif live and not self.scope.in_request and self.scope.derived.departs(base, cand):
            self.report(Kind.VALUE, path, OF_SOMETHING_ELSE, base, cand)
        elif change := self.scope.other_unit(symbol, name_of(path), base, cand):
            self.report(Kind.FORMAT, path, change, base, cand)
        elif live and (far := self.scope.time_off(symbol, base, cand, (before[1], after[1]))):
            self.report(Kind.VALUE, path, f"now → {far}", base, cand)
        else:
            if constraints.is_type_alone(symbol.formats):
                self.loose += not (live and self._same(base, cand, path))
            if live and not self.scope.in_request:
                name = self.scope.name_at(path)
                self.scope.values.heard(name, base, cand, varies=True, formats_of=names)
            self._observe(symbol, base, cand, path)

    def _has_format(
        self, symbol: Placeholder, base: Any, cand: Any, names: tuple[str, str]
    ) -> bool:
        before, after = names
        if is_plain(base) and not constraints.conforms(base, symbol.formats, before):
            # The golden is stale here: it says nothing about what the baseline answers now.
            return before == after
        return constraints.conforms(cand, symbol.formats, after)

    def _template(self, template: Template, base: Any, cand: str, path: Path) -> None:
        if text_template.open_holes(template) and grown_text.is_explained(self, base, cand, path):
            return
        found = compare_text(template, base, cand, self._known(path))
        held = found.departure and text_rows.settled(self, template, base, cand, path)
        if held:
            as_it_is = replace(self._known(path), translate=str)
            cand, found = held, compare_text(template, base, held, as_it_is)
        if found.stale:
            if base != cand:
                self._mismatch(base, cand, path)
            return
        gone = found.departure
        if gone is None and is_plain(base) and self._is_another(base, cand, path):
            self.report(Kind.IDENTITY, path, "the same → another", base, cand)
        elif gone is None:
            self._text_follows(template, found.pieces, path)
            if isinstance(base, str) and base != cand:
                self._hear_text(base, cand, path)
        elif is_plain(base) and self._same(base, cand, path):
            self._note(Fate.CONSTRAINED, "correspondence")
        elif self.probing:
            self.differences.append(_SOME)
        else:
            self._departed(gone, base, cand, path)

    def _hear_text(self, base: str, cand: str, path: Path) -> None:
        """Know which code stands for which: its holes are parts of it, and no values themselves."""
        if self.probing:
            return
        if self.scope.in_request:
            self.scope.values.same_in_request(name_of(path), base, cand)
            return
        name = self.scope.name_at(path)
        is_code = len(base) <= descriptions.LONGEST_LEAF and " " not in base
        if is_code and (names_an_id(name) or not links.is_link(base)):
            self.scope.values.heard(name, base, cand, varies=True)

    def _text_of_row(self, symbol: Placeholder, base: str, cand: str, path: Path) -> None:
        gone = compare_row_text(symbol.pieces, base, cand, self._known(path))
        if gone is None:
            self._note(Fate.CONSTRAINED, " or ".join(symbol.pieces))
        elif self.probing:
            self.differences.append(_SOME)
        else:
            self._departed(gone, base, cand, path)

    def _departed(self, gone: TextDeparture, base: Any, cand: str, path: Path) -> None:
        shown = self.scope.excerpts.around(gone.expected, cand, gone.expected_at, gone.at)
        self._add(gone.kind, path, gone.change, shown, base, cand)

    def _known(self, path: Path) -> KnownTexts:
        return KnownTexts(
            same=lambda left, right: self._same(left, right, path),
            translate=lambda text: self.scope.stamps.translate(self.scope.values.translate(text)),
            shift=self.scope.clock_shift,
            reads_clock=self.scope.both_read_the_clock,
            scope=self.scope,
        )

    def _text_follows(self, template: Template, pieces: tuple[Piece, ...], path: Path) -> None:
        self._note(Fate.EXACT)
        if text_template.open_holes(template):
            self.leave_open(path, descriptions.ANY_TEXT)
        if any(piece.value != piece.live for piece in pieces):
            self.loose += text_template.is_type_alone(template)
        hears, in_row = not self.scope.in_request, is_in_row(path)
        for part, piece in enumerate(pieces, 1):
            name, moment = piece.named
            if moment is None or in_row:
                varying.keep_piece(self, template, piece, path, part, moment)
            if hears and piece.live is not None and formats.has_identity(name):
                self.scope.values.heard("", piece.live, piece.value)
            self._observe(piece.hole, piece.live, piece.value, path)

    def _observe(self, symbol: Placeholder, base: Any, value: Any, path: Path) -> None:
        is_free = symbol.formats == ("string",) and isinstance(value, str)
        if is_free and len(value) > descriptions.LONGEST_LEAF:
            # Nothing was found that two recordings share: whatever stands here would pass.
            self.leave_open(path, descriptions.FREE)
            return
        self._note(Fate.CONSTRAINED, " or ".join(symbol.formats))
        if symbol.number is not None and isinstance(value, str):
            self.observations.append(Observation(symbol.number, value, self.scope, path, base))

    def _note(self, fate: Fate, by: str = "", number: int = 1) -> None:
        if not self.probing and not self.scope.in_request:
            self.scope.account.note(self.scope.endpoint, fate, by, number)

    def _same(self, base: Any, cand: Any, path: Path) -> bool:
        """Whether two values that differ mean the same thing."""
        scope, name = self.scope, self.scope.name_at(path)
        if scope.in_request:
            return scope.values.same_in_request(name_of(path), base, cand)
        same = scope.values.same(name, base, cand) or own_values.give_back(scope, name, base, cand)
        return same and type(base) is type(cand)  # no client reads the id `"7"` as 7

    def _is_id_of_its_database(self, base: Any, cand: Any, path: Path) -> bool:
        """Whether two ids name one seeded row, each in a database of its own."""
        if self.scope.in_request or self.probing:
            return False
        if not self.scope.own_ids:
            return self.scope.known_ids and self.scope.id_slots().name_known_ids(base, cand, path)
        is_one = self.scope.values.may_be_one_thing(self.scope.name_at(path), base, cand)
        if is_one or encoded_ids.name_one_thing(base, cand, self.scope.ids_shown):
            return True
        return not self.scope.in_headers and self.scope.id_slots().name_one_thing(base, cand, path)

    def _is_another(self, base: Any, cand: Any, path: Path) -> bool:
        """Whether the answer is about another thing than the request that was built for it."""
        if self.scope.in_request:
            return False
        values, name = self.scope.values, self.scope.name_at(path)
        if values.gives_back_another(base, cand) or values.are_two_things(name, base, cand):
            return True
        if isinstance(base, str) and isinstance(cand, str) and codes_of(base) != codes_of(cand):
            return True  # what this very test made stands where the baseline has something else
        if not (values.sent_apart or self.scope.own_ids) or type(base) is not type(cand):
            return False
        expected = values.expected(name, base, path)
        return expected not in (None, text_of(cand)) and not says_alike(expected, cand)

    def _mismatch(self, base: Any, cand: Any, path: Path) -> None:
        if self._same(base, cand, path) or self._is_id_of_its_database(base, cand, path):
            if self.scope.own_ids and not self.probing and not self.scope.in_request:
                self.scope.values.referred(self.scope.name_at(path), base, cand)
            self._note(Fate.CONSTRAINED, "correspondence")
            return
        if isinstance(cand, str):
            cand = text_rows.settled(self, EXACT, base, cand, path) or cand
        why = text_rows.OF_OTHERS if isinstance(cand, str) and cand == base else ""
        if why := why or own_values.explanation(self.scope, name_of(path), base, cand):
            self._note(Fate.CONSTRAINED, why)
            return
        if self.probing:
            self.differences.append(_SOME)
            return
        if ids_in_texts.left_open(self, base, cand, path):
            return
        if not self.scope.in_request:
            self.scope.values.heard(self.scope.name_at(path), base, cand, told=True)
        before, after = formats.type_of_pattern(base), formats.type_of(cand)
        if before != after:
            relation = relations.of_types(base, cand, self.agrees)
            self.report(Kind.TYPE, path, f"{before} → {after}", base, cand, relation)
        elif isinstance(base, bytes):
            kind, change = number_change(base, cand)
            self.report(kind, path, change, base, cand)
        elif isinstance(base, str):
            kind, change = text_change(base, cand)
            self.report(kind, path, change, base, cand)
        else:
            self.report(Kind.VALUE, path, f"{before} → {after}", base, cand)


_SOME = Difference(0, "", Kind.VALUE, "", "")
