"""The checklist of a project: the built-in one, as `[checklist.items]` changes it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from pytest_cutover.checklist.catalogue import BUILT_IN
from pytest_cutover.checklist.item import Item
from pytest_cutover.config.checklist import EvidenceKind, ItemSpec, Phase
from pytest_cutover.core.errors import Mistake, MistakesError, did_you_mean, key_path


@dataclass(frozen=True, slots=True)
class Dropped:
    """An item that the project does without, and why."""

    item: Item
    reason: str


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a project, in the order of the checklist, and those it dropped."""

    items: tuple[Item, ...] = BUILT_IN
    dropped: tuple[Dropped, ...] = ()

    def of(self, phase: Phase) -> tuple[Item, ...]:
        """Return the items of a phase."""
        return tuple(item for item in self.items if item.phase is phase)

    def get(self, item_id: str) -> Item | None:
        """Return the item of that id, dropped ones too."""
        every = (*self.items, *(gone.item for gone in self.dropped))
        return next((item for item in every if item.id == item_id), None)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id, those of dropped items too."""
        return tuple(item.id for item in (*self.items, *(gone.item for gone in self.dropped)))


def items_of(
    specs: Mapping[str, ItemSpec],
    *,
    checks: Collection[str],
    codes: Collection[str],
    targets: Collection[str],
    source: str = "cutover.toml",
) -> Items:
    """Return the built-in items changed as configured; `checks` are the ready-made checks there
    are, and `codes` the codes that gates can have.

    Raises `MistakesError` naming every unknown id, check, target and code, with what was probably
    meant.
    """
    built_in = {item.id: item for item in BUILT_IN}
    known = dict(built_in)
    dropped: list[Dropped] = []
    mistakes: list[Mistake] = []
    for item_id, spec in specs.items():
        found = [*_mistakes(item_id, spec, built_in, checks)]
        found += [*_no_such_code(item_id, spec, codes), *_elsewhere(item_id, spec, targets)]
        mistakes += found
        if found:
            continue
        if spec.drop:
            dropped.append(Dropped(known.pop(item_id), spec.reason))
        else:
            known[item_id] = _changed(item_id, spec, built_in.get(item_id))
    if mistakes:
        raise MistakesError(source, mistakes)
    return Items(tuple(known.values()), tuple(dropped))


def unknown_item(item_id: str, known: Iterable[str], *, key: str = "") -> Mistake:
    """Return the mistake of an id that no item has."""
    names = list(known)
    return Mistake(
        key=key or item_id,
        what="no item of the checklist has this id" if not key else f"no such item: {item_id}",
        valid=", ".join(names),
        suggestion=did_you_mean(item_id, names),
        advice='mend the id, or add it: [checklist.items."ID"] with phase, title and evidence',
    )


def _no_such_code(item_id: str, spec: ItemSpec, codes: Collection[str]) -> Iterable[Mistake]:
    for code in spec.gates:
        if code not in codes:
            yield Mistake(
                key_path(("checklist", "items", item_id, "gates")),
                f"no such code: {code}",
                valid=", ".join(codes),
                suggestion=did_you_mean(code, codes),
            )


def _mistakes(
    item_id: str, spec: ItemSpec, built_in: Mapping[str, Item], checks: Collection[str]
) -> Iterable[Mistake]:
    place = ("checklist", "items", item_id)
    if item_id not in built_in:
        lacking = [name for name in ("phase", "title", "evidence") if getattr(spec, name) is None]
        if spec.drop or len(lacking) > 1:
            yield unknown_item(item_id, built_in, key=key_path(place))
            return
        for name in lacking:
            yield Mistake(
                key_path((*place, name)), "missing: a new item needs it", advice=f"add {name} = …"
            )
    if spec.check is not None and spec.check not in checks:
        yield Mistake(
            key_path((*place, "check")),
            "no such check",
            valid=", ".join(sorted(checks)),
            suggestion=did_you_mean(spec.check, checks),
        )
    before = built_in.get(item_id)
    kind = spec.evidence or (before.evidence if before else None)
    for wanted, name, inherited in (
        (EvidenceKind.CHECK, "check", before.check if before else ""),
        (EvidenceKind.GATE, "gates", before.gates if before else ()),
    ):
        if kind is wanted and not getattr(spec, name) and not inherited:
            yield Mistake(
                key_path((*place, name)),
                f'missing: evidence = "{wanted}" needs it',
                advice=f"add {name} = …",
            )


def _elsewhere(item_id: str, spec: ItemSpec, targets: Collection[str]) -> Iterable[Mistake]:
    for name in spec.targets:
        if name not in targets:
            yield Mistake(
                key_path(("checklist", "items", item_id, "targets")),
                f"no such target: {name}",
                valid=", ".join(targets),
                suggestion=did_you_mean(name, targets),
            )


def _changed(item_id: str, spec: ItemSpec, before: Item | None) -> Item:
    if before is None:
        assert spec.phase is not None
        assert spec.title is not None
        assert spec.evidence is not None
        before = Item(
            id=item_id,
            phase=spec.phase,
            title=spec.title,
            evidence=spec.evidence,
            launched=spec.evidence is not EvidenceKind.SIGN_OFF,
        )
    kind = spec.evidence or (
        EvidenceKind.CHECK if spec.check else EvidenceKind.GATE if spec.gates else before.evidence
    )
    return replace(
        before,
        phase=spec.phase or before.phase,
        title=spec.title or before.title,
        group=spec.group or before.group,
        evidence=kind,
        gates=spec.gates or before.gates,
        check=spec.check or before.check,
        targets=spec.targets,
        signatures=spec.signatures or before.signatures,
        valid_for_s=spec.valid_for or before.valid_for_s,
        owner=spec.owner or before.owner,
    )
