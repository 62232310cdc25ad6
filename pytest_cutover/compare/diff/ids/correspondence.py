"""Which value of the baseline is meant by which of the candidate. Pure.

Ids, tokens and made-up names differ between two equal backends. What one side gave out, or the test
made up, corresponds to what stood at that place on the other side. A correspondence says which
thing is meant; type and form are compared where they are shown.

A value of 64 bits or more corresponds everywhere, inside longer text too; a shorter one in requests
that are built from it, in their answers, and in members of the same name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, repeat
from operator import ne
from typing import Any

from pytest_cutover.compare.diff.ids import partners
from pytest_cutover.compare.diff.ids.id_forms import (
    are_alike_but_for,
    is_address,
    is_code,
    is_drawn_code,
    is_link,
    is_no_part,
    is_strong,
    of_one_kind,
    packed,
    pieces,
    ways_to_read,
)
from pytest_cutover.compare.diff.ids.layered import Layered
from pytest_cutover.compare.diff.ids.partners import ByName, OfAnyName, Partners
from pytest_cutover.compare.diff.ids.tables import BARE, Tables
from pytest_cutover.compare.diff.ids.writers import Writers
from pytest_cutover.compare.diff.places import ROOT, Path
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.rows import leaves, names_an_id
from pytest_cutover.core.unique import codes_in, label_of
from pytest_cutover.normalize.normalized import NormalizedExchange
from pytest_cutover.normalize.substitution import SHORTEST_INSIDE_TEXT

MOST_KEPT = 20_000  # of earlier tests: the oldest go first
_NAMELESS = ""
_ANYWHERE = "*"

Pairs = dict[tuple[str, str], str]


def text_of(value: Any) -> str | None:
    """Return a scalar as text: what it looks like in a path. None for what is no identifier."""
    if isinstance(value, str):
        return value
    return value.decode() if isinstance(value, bytes) else None


@dataclass(slots=True)
class Correspondence:
    """The pairs of values that are known so far: one side's to the other's, one to one.

    `strong` holds those that correspond everywhere; `weak` maps (member name, value) to the
    partner, for what is called like an id and for what the test made up: any other value that
    differs in an answer is a difference wherever it stands.
    """

    strong: Layered[str, str] = field(default_factory=Layered)
    weak: ByName = field(default_factory=Layered)
    _back: ByName = field(default_factory=Layered)
    _any_name: OfAnyName = field(default_factory=Layered)
    _given: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    _answer: dict[str, str] = field(default_factory=dict)
    _sent: Pairs = field(default_factory=dict)  # the same by the name under which it was sent
    _beside: Mapping[str, str] = field(default_factory=dict)
    _made: Layered[str, str] = field(default_factory=Layered)
    writers: Writers = field(default_factory=Writers)
    _others: dict[str, str] = field(default_factory=dict)
    tables: Tables = field(default_factory=Tables)
    codes: set[tuple[str, int]] = field(default_factory=set)  # how long those of a name are
    now: Pairs = field(default_factory=dict)  # the weak pairs of this comparison alone
    _told: Pairs = field(default_factory=dict)  # those that are differences themselves
    # of the strong pairs before this comparison
    _partners: Partners = field(default_factory=Partners, compare=False)

    def copy(self) -> Correspondence:
        """Return a correspondence that can grow by itself."""
        return Correspondence(
            self.strong.branch(),
            self.weak.branch(),
            self._back.branch(),
            self._any_name.branch(),
            (set(self._given[0]), set(self._given[1])),
            _made=self._made.branch(),
            writers=self.writers.copy(),
            tables=self.tables.copy(),
            codes=self.codes.copy(),
            _partners=self._partners,
        )

    # -- learning

    def heard(
        self,
        name: str,
        base: Any,
        cand: Any,
        *,
        varies: bool = False,
        told: bool = False,
        formats_of: tuple[str, str] | None = None,
    ) -> None:
        """Two values stood at one place of two answers; `varies`: one that changes by itself.

        A code that varies was given out: it corresponds in other members of its name, any other
        value only where it is called like an id. `told`: they are a difference, which what follows
        in this comparison need not repeat. `formats_of` are those of both, where they are known.
        """
        left, right = text_of(base), text_of(cand)
        if left is None or right is None:
            return
        is_id = names_an_id(name)
        if told and (name, left) not in self.weak and left not in self.strong:
            self._told[name, left] = right
        elif self._told and not told:
            self._told.pop((name, left), None)
        self._given[0].add(left)
        self._given[1].add(right)
        if left != right or is_id:
            names, is_known = is_id or (varies and is_code(base)), formats_of and left != right
            are_strong = all(map(formats.has_identity, formats_of or ())) if is_known else None
            self._pair(name, left, right, names=names, are_strong=are_strong)

    def heard_time(self, name: str, left: str, right: str) -> None:
        """Two times stood at one place of two answers, and varied; it is called like no id."""
        self._told.pop((name, left), None)
        self._given[0].add(left)
        self._given[1].add(right)
        self._pair(name, left, right, names=True, are_strong=False)

    def heard_ids(self, names: Sequence[str], lefts: Sequence[str], rights: Sequence[str]) -> None:
        """Random ids of one form stood at many places: the member's names, and both sides'."""
        apart = list(map(ne, lefts, rights))
        if not all(apart):
            names, lefts, rights = (list(compress(one, apart)) for one in (names, lefts, rights))
        ours = list(zip(names, lefts, strict=True))
        for place in ours if self._told else ():
            self._told.pop(place, None)
        self._given[0].update(lefts)
        self._given[1].update(rights)
        self.weak.own.update(zip(ours, rights, strict=True))
        self._back.own.update(zip(zip(names, rights, strict=True), lefts, strict=True))
        self.now.update(zip(ours, rights, strict=True))
        self.now.update(zip(zip(repeat(_ANYWHERE), lefts, strict=False), rights, strict=True))
        known, partners = self.strong.quick_get(), self._any_name.quick_get()
        are_new = not (any(map(known, lefts)) or any(map(partners, lefts)))
        if are_new and len(set(lefts)) == len(lefts):
            self.strong.own.update(zip(lefts, rights, strict=True))
            self._any_name.own.update(zip(lefts, zip(rights, strict=True), strict=True))
            return
        for left, right in zip(lefts, rights, strict=True):
            if known(left) is None:
                self.strong.own[left] = right
            if right not in (others := partners(left) or ()):
                self._any_name.own[left] = (*others, right)

    def _is_partner_of(self, left: str, right: str) -> None:
        known = self._any_name.get(left) or ()
        if right not in known:
            self._any_name.own[left] = (*known, right)

    def _pair(
        self, name: str, left: str, right: str, *, names: bool, are_strong: bool | None = None
    ) -> None:
        if not left or not right:
            return
        if names:
            self.weak.own[name, left] = self.now[name, left] = right
            self._back.own[name, right] = left
            self._note_code(name, left, right)
            if name in BARE:
                self.tables.add(left, right)
        self._is_partner_of(left, right)
        if are_strong is None:
            are_strong = left != right and is_strong(left) and is_strong(right)
        if are_strong:
            self.strong.setdefault(left, right)
            self.now[_ANYWHERE, left] = right

    def _note_code(self, name: str, left: str, right: str) -> None:
        if left != right and len(left) == len(right) and is_drawn_code(left):
            self.codes.add((name, len(left)))

    def given_out(self, name: str, left: str, right: str, *, by: str | None = None) -> None:
        """Take down what one write gave out on the two sides: an id, a token or a time.

        `by` is the worker whose test wrote; empty for this one, None where it does not matter.
        """
        if by is not None:
            self.writers.was_given(left, by)
            self.writers.was_given(right, by)
        self.weak[name, left] = right
        self._back[name, right] = left
        self._note_code(name, left, right)
        self._is_partner_of(left, right)
        if is_strong(left) and is_strong(right):
            self.strong[left] = right

    def generated(self, pairs: Iterable[tuple[str, str]], *, by: str = "") -> None:
        """Take down what `backend.unique` made for the two sides, as clients may spell it.

        `by` is the worker whose test made it; empty for this one.
        """
        for left, right in pairs:
            for spelled in (str, str.lower, str.upper):
                self.strong.setdefault(spelled(left), spelled(right))
            for one in (left, right):
                self._made.setdefault(one, one)
                self.writers.made(one, by)

    def made_up(self, name: str, left: str, right: str) -> None:
        """Note what the test sent to each side: servers keep names in any case."""
        self._answer[left] = self._sent[name, left] = right
        is_long = len(left) >= SHORTEST_INSIDE_TEXT <= len(right)
        for spelled in (str, str.lower, str.upper, str.title, packed):
            self._pair(name, spelled(left), spelled(right), names=True)
            if is_long and not (left.isdigit() or right.isdigit()):
                self.strong.setdefault(spelled(left), spelled(right))

    def begin_request(self, base: NormalizedExchange | None = None) -> None:
        """Forget what was sent with the request before; `base` is the baseline's exchange."""
        self._answer, self._sent, self._beside = {}, {}, {}
        if base is not None:
            status, tree = (one.status, one.body.tree) if (one := base.response) else (0, None)
            self.tables.begin(base.endpoint, status, tree)

    def sent_alike(self, base: Any, cand: Any) -> None:
        """Note the ids that the test sent to both sides alike: what refers to them does too."""
        for (name, value), (_, other) in zip(leaves(base), leaves(cand), strict=False):
            text = text_of(value) if value == other and names_an_id(name) else None
            if text is None:
                continue
            for one in BARE if name in BARE else (name,):  # CouchDB is sent `_id`, and answers `id`
                self._sent.setdefault((one, text), text)
                if (one, text) not in self.weak and (one, text) not in self._back:
                    self.weak[one, text] = self._back[one, text] = text

    def sent_beside(self, ids: Mapping[str, str]) -> None:
        """Take down the ids that headers of the request held, which answers may give back."""
        self._beside = ids

    # -- asking

    @property
    def sent_apart(self) -> bool:
        """Whether the request of the answers being compared held another value for each side."""
        return bool(self._answer)

    @property
    def answers_about_another(self) -> bool:
        """Whether anything that was sent apart, in values or in headers, may come back."""
        return bool(self._answer or self._beside)

    def same_in_request(self, name: str, base: Any, cand: Any) -> bool:
        """Whether two values of a request mean the same; notes what the test made up."""
        left, right = text_of(base), text_of(cand)
        if left is None or right is None:
            return False
        if left == right or (is_link(left) and is_link(right) and self._same_link(left, right)):
            return True
        if right in self._any_name.get(left, ()) or self._translated(left, right):
            self._answer[left] = self._sent[name, left] = right
            self._referred_to(name, left, right)
            return True
        if left in self._given[0] or right in self._given[1]:
            return False
        self.made_up(name, left, right)
        return True

    def _referred_to(self, name: str, left: str, right: str) -> None:
        """Take down that a test sent an id under a name that says nothing of ids: `"parent": 7`."""
        if left.isdigit() and right.isdigit() and not names_an_id(name):
            self._pair(name, left, right, names=True)

    def same(self, name: str, base: Any, cand: Any) -> bool:
        """Whether two values of an answer mean the same thing by what is known."""
        left, right = text_of(base), text_of(cand)
        if left is None or right is None or left == right:
            return False
        if right in (self.strong.get(left), self._answer.get(left), self._by_name(name, left)):
            return True
        if self._translated(left, right) or are_alike_but_for(self._answer, left, right):
            return True
        return is_link(left) and is_link(right) and self._same_link(left, right, asking=True)

    def are_partners(self, left: str, right: str) -> bool:
        """Whether two values are known to stand for each other, whatever they were called."""
        return self.strong.get(left) == right or right in (self._any_name.get(left) or ())

    def has_partner(self, left: str, *, but_as: Iterable[str] = ()) -> bool:
        """Whether a value of the baseline is known to stand for one of the candidate's, other than
        in members of some names.
        """
        others = {self.weak.get((name, left)) for name in but_as}
        return left in self.strong or bool({*(self._any_name.get(left) or ())} - others)

    def are_two_things(self, name: str, base: Any, cand: Any) -> bool:
        """Whether earlier tests know two long ids, and each as the name of another thing."""
        if not names_an_id(name):
            return False
        left, right = text_of(base) or "", text_of(cand) or ""
        if self.strong.earlier(left) in (None, right):
            return False
        others = (self._back.get((one, right)) or "" for one in dict.fromkeys((name, *BARE)))
        return any(self.strong.earlier(one) == right for one in others)

    def may_be_one_thing(self, name: str, base: Any, cand: Any) -> bool:
        """Whether two values may name one thing in two databases; they do from now on."""
        may_be = self.may_be_ids(name, base, cand) or self.may_be_addresses(base, cand)
        return may_be or self.of_another_run(base, cand)

    def may_be_ids(self, name: str, base: Any, cand: Any, *, drawn: bool = False) -> bool:
        """Whether two values may be the ids of one thing in two databases; they are from now on.

        They are called like ids, are of one type, and neither has another partner. Words are none
        that a database gave out (a currency is `EUR` in each) unless they are known to be `drawn`.
        """
        left, right = text_of(base), text_of(cand)
        if left is None or right is None or type(base) is not type(cand):
            return False
        if not drawn and not of_one_kind(left, right):
            return False
        if not drawn and (self.is_word(name, left) or self.is_word(name, right)):
            return False
        if not names_an_id(name) or self._has_another_partner(name, left, right):
            return False
        if self._sent.get((name, left), right) != right:
            return False  # the answer refers to another thing than the request
        self._pair(name, left, right, names=True)
        return True

    def is_word(self, name: str, text: str) -> bool:
        """Whether an id is of letters alone, and no code that has no digit by chance."""
        return text.isalpha() and (name, len(text)) not in self.codes

    def are_codes(self, name: str, left: str, right: str) -> bool:
        """Whether two ids are codes of one length, one of which may have no digit by chance."""
        are_alike = len(left) == len(right) and left.isalnum() and right.isalnum()
        return are_alike and (name, len(left)) in self.codes

    def _has_another_partner(self, name: str, left: str, right: str) -> bool:
        """Whether one of two ids stands for another; a short bare `id` does in its table alone."""
        back = self._back.get((name, right))
        if left in self.strong or (back is not None and back in self.strong):
            return True
        if name in BARE:
            return self.tables.have_another(left, right)
        return (name, left) in self.weak or back is not None

    def may_be_addresses(self, base: Any, cand: Any) -> bool:
        """Whether two links may lead to one thing in two databases; they do from now on.

        They are one but for numbers in the path or ids in the query, each with one partner behind
        what stands before it. One that is known as an id has that one's, if not just given out.
        """
        if not (isinstance(base, str) and isinstance(cand, str) and is_link(base)):
            return False
        *others, (ours, theirs) = ways_to_read(base, cand)
        wholes = [(base, cand), *(pair for one in others for pair in zip(*one, strict=False))]
        if len(ours) != len(theirs) or any(b not in self._any_name.get(a, (b,)) for a, b in wholes):
            return False
        found: list[tuple[str, str, str]] = []
        for at in (n for n, pair in enumerate(zip(ours, theirs, strict=True)) if ne(*pair)):
            one, other, before = ours[at], theirs[at], "".join(ours[:at])
            if not all(is_address(before, text) for text in (one, other)):
                return False
            known = self.weak.get((before, one))
            is_new = self.tables.gives_out(before, one, other)
            if known is None and not is_new and one in self._any_name:
                known = other if other in self._any_name[one] else ""
            if known not in (None, other) or self._back.get((before, other), one) != one:
                return False
            found.append((before, one, other))
        for before, one, other in found:
            self.weak[before, one] = other
            self._back[before, other] = one
        return True

    def referred(self, name: str, base: Any, cand: Any) -> None:
        """Take down that a member refers to a thing by these ids: to one and the same each time."""
        left, right = text_of(base), text_of(cand)
        if left is None or right is None or left == right or not names_an_id(name):
            return
        if (name, left) not in self.weak and (name, right) not in self._back:
            self._pair(name, left, right, names=True)
        elif name in BARE:
            self.tables.add(left, right)

    def given_now(self, name: str, text: str) -> str | None:
        """Return the partner of a value that was given out in this very test and round."""
        return self.now.get((name, text)) or self.now.get((_ANYWHERE, text))

    def is_apart(self, name: str, text: str) -> bool:
        """Whether a test sent one side this in the place of another value, or was given it."""
        return any(one.get((name, text), text) != text for one in (self.weak, self._back))

    def is_partner(self, name: str, value: str) -> bool:
        """Whether a value of the candidate has a partner under this name."""
        return (name, value) in self._back

    def is_of_run(self, name: str, value: Any) -> bool:
        """Whether a value was made, sent or given out in this run."""
        text = text_of(value)
        if text is None:
            return False
        is_given = (names_an_id(name) and (name, text) in self.weak) or text in self.strong
        return is_given or (isinstance(value, str) and self.holds_made(value))

    def holds_made(self, text: str) -> bool:
        """Whether a text holds a code that a test of this run made."""
        if len(self._made) < 200:
            return any(made in text for made in self._made)
        return any(piece in self._made for piece in pieces(text))

    def of_another_run(self, base: Any, cand: Any) -> bool:
        """Whether both are codes of one label, one to one, that no known test of this run made."""
        left, right = text_of(base) or "", text_of(cand) or ""
        if not (label := label_of(left)):
            return self._of_another_run_inside(self.translate(left), right)
        return label == label_of(right) and self._may_be_one_code(left, right)

    def _may_be_one_code(self, left: str, right: str) -> bool:
        if any(self.writers.of(one) is not None for one in (left, right)):
            return False  # a test of this run made it, whatever label stands before it
        if self.strong.setdefault(left, right) != right:
            return False
        return self._others.setdefault(right, left) == left

    def _of_another_run_inside(self, left: str, right: str) -> bool:
        """Whether two texts are one but for such codes, in the same order."""
        ours, theirs = list(codes_in(left)), list(codes_in(right))
        if not ours or len(ours) != len(theirs):
            return False
        at = other = 0
        for (start, end), (begin, stop) in zip(ours, theirs, strict=True):
            if left[at:start] != right[other:begin]:
                return False
            one, partner = left[start:end], right[begin:stop]
            if one != partner and not self._may_be_one_code(one, partner):
                return False
            at, other = end, stop
        return left[at:] == right[other:]

    def expected(self, name: str, base: Any, path: Path = ROOT) -> str | None:
        """Return the partner of a value that this test's own requests were built from, if any."""
        left = text_of(base)
        if left is None:
            return None
        if name in BARE and not (
            self.tables.names_what_was_asked(path)
            and any((one, left) in self._sent for one in (_NAMELESS, *BARE))
        ):
            return None  # what it refers to was sent by another name
        if name not in BARE and (sent := self._sent.get((name, left))) and names_an_id(name):
            return sent
        if self.tables.refers_to_another(name) and (name, left) not in self.weak:
            return None
        partner = self._answer.get(left)
        return partner if partner is not None and self._by_name(name, left) == partner else None

    def gives_back_another(self, base: Any, cand: Any) -> bool:
        """Whether one text has an id that headers sent to its side, and the other has not."""
        if not self._beside or not (isinstance(base, str) and isinstance(cand, str)):
            return False
        return any(one in base and other not in cand for one, other in self._beside.items())

    def _by_name(self, name: str, left: str) -> str | None:
        own = self.weak.get((name, left))
        if own is not None or not names_an_id(name):
            return own
        return self.weak.get(("id", left)) or self.weak.get(("_id", left))

    def _translated(self, left: str, right: str) -> bool:
        """Whether one text is the other with every strong value replaced by its partner."""
        is_long = len(left) > SHORTEST_INSIDE_TEXT
        return is_long and bool(self.strong) and self.translate(left) == right

    def translate(self, text: str) -> str:
        """Return the text with the baseline's strong values replaced by the candidate's."""
        found = (
            [value for value in self.strong if value in text]
            if len(self.strong) < 200
            else [piece for piece in pieces(text) if piece in self.strong]
        )
        for value in sorted(found, key=len, reverse=True):
            text = text.replace(value, self.strong[value])
        return text

    def _same_link(self, left: str, right: str, *, asking: bool = False) -> bool:
        """Whether two links or paths are the same part by part."""
        ways = ways_to_read(left, right, decoded=asking)
        return any(self._same_parts(*one, asking=asking) for one in ways)

    def _same_parts(self, ours: list[str], theirs: list[str], *, asking: bool) -> bool:
        if len(ours) != len(theirs):
            return False
        for one, other in zip(ours, theirs, strict=True):
            if one == other:
                continue
            if other in self._any_name.get(one, ()) or self.strong.get(one) == other:
                if not asking:
                    self._answer[one] = self._sent[_NAMELESS, one] = other
                continue
            is_given = one in self._given[0] or other in self._given[1]
            if asking or is_given or is_no_part(one) or is_no_part(other):
                return False
            self.made_up(_NAMELESS, one, other)
        return True

    def carried(self) -> Correspondence:
        """Return what a later comparison is given: the pairs, without what was sent and seen here,
        and without those that are differences: alone or after this one, a test shows its own.
        """
        kept = Correspondence(writers=self.writers.settled(), codes=self.codes.copy())
        kept._made, _ = self._made.settled({**self._made.own})
        told = {left: right for (_, left), right in self._told.items()}
        kept.strong, kept._partners = partners.settled_everywhere(
            self.strong, self._partners, told, most=MOST_KEPT
        )
        kept.weak, kept._back, kept._any_name = partners.settled_by_name(
            self.weak, self._back, self._any_name, self._told, most=MOST_KEPT
        )
        return kept

    def partners(self) -> Partners:
        """Return the candidate's values that correspond everywhere by what is known by now."""
        own = dict(self.strong.news())
        return self._partners.settled(own.values(), self.strong.before(own).values()).taken_down()
