"""Two responses to the same request: status, headers, body, and which of them says it all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from pytest_cutover.compare.diff import documents, relations, varying
from pytest_cutover.compare.diff.account import Account, Fate
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.headers import compare_headers, in_words, members, not_waived
from pytest_cutover.compare.diff.identity import Observation
from pytest_cutover.compare.diff.ids import derived
from pytest_cutover.compare.diff.ids.derived import OF_SOMETHING_ELSE
from pytest_cutover.compare.diff.lists import equal_counts, seeded_rows
from pytest_cutover.compare.diff.numbers import Numbers
from pytest_cutover.compare.diff.places import pointer, tokens_of
from pytest_cutover.compare.diff.profiles import Profiles
from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.diff.uploads import GivenBack
from pytest_cutover.compare.diff.walker import Walker
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.rules import Active, waive
from pytest_cutover.core import json_pointer
from pytest_cutover.normalize.body import Body, BodyKind
from pytest_cutover.normalize.headers import OF_BODY
from pytest_cutover.normalize.matchers import (
    EXACT,
    is_plain,
    number_of_leaves,
)
from pytest_cutover.normalize.normalized import NormalizedResponse
from pytest_cutover.normalize.strict_json import WireProblem

# Headers that belong to a status: they come and go with it, and stay between two that have them.
_OF_STATUS: tuple[tuple[str, frozenset[int]], ...] = (
    ("allow", frozenset((405,))),
    ("location", frozenset((201, 300, 301, 302, 303, 307, 308))),
    ("www-authenticate", frozenset((401,))),
    ("proxy-authenticate", frozenset((407,))),
    ("retry-after", frozenset((413, 429, 503))),
)
# Headers of a body that say what it is, and not how long it is or when it was made.
_TELLING = frozenset(
    ("content-type", "content-encoding", "content-language", "content-disposition")
)
_OF_KIND = frozenset(("content-type", "content-length"))
_VALIDATORS = ("etag", "content-md5", "digest", "repr-digest", "content-digest")
_FEW_LEAVES = 3
UNREADABLE = "the body of one side cannot be read, so that no value of it was compared"
BROKEN_OFF = "the answer broke off, so that no value of its body was compared"
AMBIGUOUS = "one side says it in two ways"
OTHER_KIND = "the bodies are of two kinds, so that no value of them was compared"
UNSEEN = frozenset((UNREADABLE, BROKEN_OFF, OTHER_KIND))
LOOSE = "more than half of its values vary without a format"


@dataclass(frozen=True, slots=True)
class Found:
    """The differences of one exchange, and the identities seen in it."""

    differences: list[Difference]
    observations: list[Observation]


def compare_responses(
    scope: Scope,
    mask: NormalizedResponse | None,
    base: NormalizedResponse,
    cand: NormalizedResponse,
    rules: Active | None,
    profiles: Profiles,
    *,
    upload: GivenBack = GivenBack.BY_NONE,
    is_whole: bool = True,
) -> Found:
    """Return what departs between two responses; `mask` is the golden's, None where it has none.

    `upload`: which bodies are, byte by byte, what their own side was sent before. `is_whole`: the
    candidate's body arrived to its end; of any other, only status and headers are compared.
    """
    walk = Walker(scope)
    subsumed: set[str] = set()
    if base.http_version != cand.http_version:
        versions = (base.http_version, cand.http_version)
        change = " → ".join(versions)
        walk.report(Kind.WIRE, (), change, *versions, relation=f"protocol: {change}")
        subsumed = {"connection"}  # whether a connection is kept is told in another way
    is_another = False
    if base.status != cand.status:
        if not _both_succeed(base, cand):
            subsumed |= _of_one_status(base, cand)
            is_another = not (
                is_whole
                and _says_the_same(
                    scope, mask, base, cand, rules=rules, profiles=profiles, subsumed=subsumed
                )
            )
        of_status = not_waived(_of_one_status(base, cand), rules, profiles)
        reviewed = _reviewed(scope, base, cand, of_status, is_another=is_another)
        walk.differences.append(_status(scope, base, cand, reviewed))
        scope.account.note(scope.endpoint, Fate.DIFFERENT)
    if is_another:
        # Its body says once more that it is another answer, and is held to where that is agreed to.
        subsumed |= OF_BODY
    elif not is_whole:
        scope.account.leave_open(scope.endpoint, "", BROKEN_OFF)
        # How it is packed, and how its end is told, is part of how it breaks off.
        subsumed |= {"content-encoding", "content-length"}
    elif base.body.kind is not cand.body.kind:
        change = f"{_kind(base.body)} → {_kind(cand.body)}"
        relation = _of_no_content(scope, base, cand)
        walk.report(Kind.BODY_KIND, (), change, base.body.tree, cand.body.tree, relation)
        reviewed = _with_headers(scope, base, cand, rules=rules, profiles=profiles)
        walk.differences[-1] = replace(walk.differences[-1], values=reviewed)
        if BodyKind.EMPTY not in (base.body.kind, cand.body.kind):
            scope.account.leave_open(scope.endpoint, "", OTHER_KIND)
        subsumed |= _OF_KIND
    elif upload is GivenBack.BY_BOTH and base.status == cand.status:
        scope.account.note(scope.endpoint, Fate.CONSTRAINED, upload)
    else:
        known = mask.body if mask is not None and mask.body.kind is base.body.kind else None
        _bodies(walk, known, base.body, cand.body, rules)
        if upload and base.body.kind is BodyKind.BINARY and not (walk.differences or rules):
            walk.report(Kind.VALUE, (), upload, base.body.tree, cand.body.tree)
        if scope.own_ids and not (scope.same_side or scope.others_write):
            _seeded(walk, base.body, cand.body, rules)
        if not scope.same_side:
            equal_counts.keep(scope, base, cand)
        if base.status >= 400 and isinstance(base.body.tree, dict):
            _name_error_format(walk, base.body.tree, cand.body.tree)
    walk.differences = _without_process(walk, profiles)
    headers = Walker(replace(scope, in_headers=True))
    if is_whole and _may_have_own_validator(walk, base, cand):
        subsumed |= _validators(headers, mask, base, cand)
    compare_headers(headers, mask, base, cand, rules=rules, profiles=profiles, subsumed=subsumed)
    return Found(walk.differences + headers.differences, headers.observations + walk.observations)


def _seeded(walk: Walker, base: Body, cand: Body, rules: Active | None) -> None:
    """Hold rows that both databases had before to what they show alike."""
    told = {one.pointer for one in walk.differences}
    for gone in seeded_rows.departures(base.tree, cand.tree):
        if pointer(gone.path) in told or waive(rules, tokens_of(gone.path)):
            continue
        walk.scope.account.retract(walk.scope.endpoint, Fate.CONSTRAINED, "correspondence")
        form = formats.format_of(gone.base)
        change = "the same → another" if gone.kind is Kind.IDENTITY else f"{form} → {form}"
        walk.report(gone.kind, gone.path, change, gone.base, gone.cand)


def _name_error_format(walk: Walker, base: dict[str, Any], cand: Any) -> None:
    """Tell the members of an error that says the same in another form as one change."""
    if not isinstance(cand, dict):
        return
    known = {one.pointer: one.relation for one in walk.differences if one.relation}
    of_key = {key: known.get(json_pointer.join((key,)), "") for key in (*base, *cand)}
    whole = relations.error_format(base, cand, {key: one for key, one in of_key.items() if one})
    named = {json_pointer.join((key,)): relation for key, relation in whole.items()}
    walk.differences = [
        replace(one, relation=named.get(one.pointer, one.relation)) for one in walk.differences
    ]


def _without_process(walk: Walker, profiles: Profiles) -> list[Difference]:
    """Return the differences but for the values that the profile `process` waives."""
    kept = []
    for one in walk.differences:
        before, _, after = one.change.partition(" → ")
        known = one.kind is Kind.VALUE and before == after
        if known and profiles.waives_of_process(one.endpoint, one.pointer):
            walk.scope.account.retract(one.endpoint, Fate.DIFFERENT)
            walk.scope.account.note(one.endpoint, Fate.WAIVED, "profile: process")
        else:
            kept.append(one)
    return kept


def _may_have_own_validator(
    walk: Walker, base: NormalizedResponse, cand: NormalizedResponse
) -> bool:
    """Whether the bodies mean the same and are other bytes, so that their hashes differ."""
    return not walk.differences and base.raw != cand.raw


def _validators(
    walk: Walker,
    mask: NormalizedResponse | None,
    base: NormalizedResponse,
    cand: NormalizedResponse,
) -> set[str]:
    """Return the validators that belong to each side's own body, and are held to their form.

    One that stood still while the baseline's own body varied is none of the bytes: a version, say.
    """
    found = set()
    known = members(mask.headers)[0] if mask is not None and walk.scope.shared_state else {}
    varies = mask is not None and not is_plain(mask.body.tree)
    worked_out = derived.of_bodies(base.raw, cand.raw)
    for name in _VALIDATORS:
        if varies and isinstance(known.get(name), str):
            continue
        left, right = members(base.headers)[0].get(name), members(cand.headers)[0].get(name)
        if not isinstance(left, str) or not isinstance(right, str) or left == right:
            continue
        if _form(left) == _form(right):
            found.add(name)
            varying.keep_token(walk, left, right, ((), name))
            if worked_out.departs(left, right):
                walk.report(Kind.VALUE, ((), name), OF_SOMETHING_ELSE, left, right)
                continue
            walk.scope.account.note(walk.scope.endpoint, Fate.CONSTRAINED, "validator of its body")
    return found


def _form(tag: str) -> tuple[bool, str, int]:
    """Weak or strong, what it is made of, and how long it is."""
    weak = tag.startswith("W/")
    opaque = tag.removeprefix("W/").strip('"')
    kind = "hex" if re.fullmatch(r"[0-9a-fA-F-]+", opaque) else "text"
    return weak, kind, len(opaque) if kind == "hex" else 0


def _both_succeed(base: NormalizedResponse, cand: NormalizedResponse) -> bool:
    return 200 <= base.status < 300 and 200 <= cand.status < 300


def _kind(body: Body) -> str:
    """Return the kind of a body; of bytes that claim to be more, what is wrong with them."""
    why = body.problems[0].what if body.problems else ""
    return f"{body.kind} ({why})" if body.kind is BodyKind.BINARY and why else str(body.kind)


def _says_the_same(
    scope: Scope,
    mask: NormalizedResponse | None,
    base: NormalizedResponse,
    cand: NormalizedResponse,
    *,
    rules: Active | None,
    profiles: Profiles,
    subsumed: set[str],
) -> bool:
    """Whether an answer of another status is the same but for that; leaves no trace."""
    if base.body.kind is not cand.body.kind or set(base.body.problems) != set(cand.body.problems):
        return False
    aside = replace(scope, account=Account(), numbers=Numbers())
    walk = Walker(aside, probing=True)
    held: Any = mask.body.tree if mask and mask.body.kind is base.body.kind else EXACT
    if base.body.kind is BodyKind.BINARY:
        documents.compare_bytes(walk, held, base.body.tree, cand.body.tree, ())
    else:
        walk.visit(held, base.body.tree, cand.body.tree, (), rules)
    headers = Walker(replace(aside, in_headers=True), probing=True)
    compare_headers(
        headers, mask, base, cand, rules=rules, profiles=profiles, subsumed=set(subsumed)
    )
    return not walk.differences and not headers.differences


def _of_one_status(base: NormalizedResponse, cand: NormalizedResponse) -> set[str]:
    """Return the headers that belong to the status of one side alone."""
    pair = {base.status, cand.status}
    return {name for name, statuses in _OF_STATUS if len(pair & statuses) == 1}


def _reviewed(
    scope: Scope,
    base: NormalizedResponse,
    cand: NormalizedResponse,
    of_status: set[str],
    *,
    is_another: bool,
) -> tuple[tuple[str, str], ...]:
    """Return what of an answer goes with its status, and is reviewed with that: all of it where it
    `is_another`, else the headers of that status alone, for the rest is compared as always.
    """
    if _both_succeed(base, cand):
        return ()
    whole = scope.excerpts.whole
    # The baseline's is told in one way, by which an entry knows that it says what it said then.
    before = [f"answer {base.status}", whole(base.body.tree), *in_words(scope, base, _TELLING)]
    if is_another:
        names = of_status | _TELLING
        after = [f"answer {cand.status}", whole(cand.body.tree), *in_words(scope, cand, names)]
    else:
        same = f"answer {cand.status}, otherwise the same"
        after = [same, *in_words(scope, cand, of_status)]
    return ((" ".join(before), " ".join(after)),)


def _with_headers(
    scope: Scope,
    base: NormalizedResponse,
    cand: NormalizedResponse,
    *,
    rules: Active | None,
    profiles: Profiles,
) -> tuple[tuple[str, str], ...]:
    """Return the headers that go with a body of another kind, and are reviewed with that."""
    held = not_waived(_OF_KIND, rules, profiles)
    told = [" ".join([_kind(one.body), *in_words(scope, one, held)]) for one in (base, cand)]
    return ((told[0], told[1]),)


def _status(
    scope: Scope,
    base: NormalizedResponse,
    cand: NormalizedResponse,
    reviewed: tuple[tuple[str, str], ...],
) -> Difference:
    shown = [scope.excerpts.of(body.tree) for body in (base.body, cand.body)]
    return Difference(
        scope.exchange,
        scope.endpoint,
        Kind.STATUS,
        "",
        f"{base.status} → {cand.status}",
        f"{base.status} {shown[0]}",
        f"{cand.status} {shown[1]}",
        reviewed,
        relation=_of_refusals(base, cand) or _of_no_content(scope, base, cand),
    )


def _of_no_content(scope: Scope, base: NormalizedResponse, cand: NormalizedResponse) -> str:
    """Return what joins a status with the body that it allows: 204 has none, whatever the
    handler says.
    """
    if (base.status == 204) == (cand.status == 204) or not _both_succeed(base, cand):
        return ""
    return f"content: {scope.endpoint} {base.status} → {cand.status}"


def _of_refusals(base: NormalizedResponse, cand: NormalizedResponse) -> str:
    """Return what two refusals have in common with others that differ like them: status and
    form.
    """
    if not (400 <= base.status < 500 and 400 <= cand.status < 500):
        return ""
    forms = [relations.shape_of(one.body.tree) for one in (base, cand)]
    return f"error status: {base.status} → {cand.status}, {forms[0]} → {forms[1]}"


def _bodies(walk: Walker, mask: Body | None, base: Body, cand: Body, rules: Active | None) -> None:
    known, seen = set(base.problems), set(cand.problems)
    for problem in (p for p in cand.problems if p not in known):
        _problem(walk, problem, f"sound → {problem.what}", base, cand)
    for problem in (p for p in base.problems if p not in seen):
        _problem(walk, problem, f"{problem.what} → sound", base, cand)
    departed = [problem.pointer for problem in known ^ seen]
    if any(p == "" for p in departed) and isinstance(base.tree, str) != isinstance(cand.tree, str):
        # What one side cannot be read as says nothing of what it says: that is not compared.
        walk.scope.account.leave_open(walk.scope.endpoint, "", UNREADABLE)
        return
    if base.kind is BodyKind.BINARY:
        held = mask.tree if mask is not None else EXACT
        documents.compare_bytes(walk, held, base.tree, cand.tree, ())
        return
    columns = _columns(base.tree, cand.tree) if base.kind is BodyKind.CSV else ()
    below = Walker(replace(walk.scope, columns=columns) if columns else walk.scope)
    below.visit(mask.tree if mask is not None else EXACT, base.tree, cand.tree, (), rules)
    if _is_loose(below, base):
        walk.scope.account.leave_open(walk.scope.endpoint, "", LOOSE)
    walk.observations += below.observations
    for one in below.differences:
        if _under(one.pointer, departed):
            # Told by what is wrong there already; the value itself was not compared.
            walk.scope.account.leave_open(walk.scope.endpoint, one.pointer, AMBIGUOUS)
        else:
            walk.differences.append(one)


def _columns(base: Any, cand: Any) -> tuple[str, ...]:
    """Return the names of the columns of two tables that have one head: the first row of cells."""
    tables = [one.get("rows") if isinstance(one, dict) else None for one in (base, cand)]
    if not all(isinstance(rows, list) for rows in tables):
        return ()  # of a golden nothing but the cells that are no noise is known
    for ours, theirs in zip(*tables, strict=False):
        if len(ours) > 1:
            names = tuple(cell.get('"', "") if isinstance(cell, dict) else cell for cell in ours)
            is_head = ours == theirs and all(isinstance(name, str) for name in names)
            return names if is_head else ()
    return ()


def _is_loose(walk: Walker, base: Body) -> bool:
    """Whether most of a body, and more than three leaves of it, is held to a type alone."""
    return walk.loose > _FEW_LEAVES and 2 * walk.loose > number_of_leaves(base.tree)


def _problem(walk: Walker, problem: WireProblem, change: str, base: Body, cand: Body) -> None:
    scope = walk.scope
    shown = scope.excerpts.pair(*(_at(problem, _legible(body)) for body in (base, cand)))
    if problem.detail:
        # What is wrong says more than the text in which it is.
        told = scope.excerpts.whole(problem.detail)
        shown = (
            told if problem in base.problems else shown[0],
            told if problem in cand.problems else shown[1],
        )
    walk.differences.append(
        Difference(
            scope.exchange, scope.endpoint, Kind.WIRE, problem.pointer, change, shown[0], shown[1]
        )
    )


def _at(problem: WireProblem, body: Any) -> Any:
    """Return what stands where something is wrong; the whole body where that has no place."""
    return json_pointer.get(body, problem.pointer, body) if problem.pointer else body


def _legible(body: Body) -> Any:
    """Return what a body says; of one that is not in its charset the bytes that are no text."""
    undecoded = any(p.pointer == "" and p.what.startswith("invalid ") for p in body.problems)
    if undecoded and isinstance(body.tree, str):
        return body.tree.encode("latin-1", "replace").decode("ascii", "backslashreplace")
    return body.tree


def _under(pointer: str, places: list[str]) -> bool:
    return any(place and (pointer == place or pointer.startswith(place + "/")) for place in places)
