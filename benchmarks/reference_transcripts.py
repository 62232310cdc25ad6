"""The reference suite's real transcripts, with the goldens that a recording of it gives.

Three runs of the suite: one records, one compares the real pair, one compares the baseline with
itself, for the tests in which the real candidate differs by agreement. `keep_transcripts` keeps
what they said; nothing in the product knows of this.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.keep_transcripts import VARIABLE
from pytest_cutover.backends.session import AGAIN
from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.profiles import Profiles
from pytest_cutover.compare.diff.transcripts import compare
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import UnsteadyBaseline, learn
from pytest_cutover.compare.noise.rules import Rules
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.normalized import Golden

ROOT = Path(__file__).parents[1]

Kept = dict[tuple[str, str], Transcript]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One test: what the two sides said, and what is known to be volatile.

    `real` is false where the candidate is a second baseline. They do not differ. `later` is what
    both said in further rounds, of which as many are heard as the gate would ask for; `known` are
    the values that earlier tests gave out; `shared`: both sides look at the same data.
    """

    golden: Golden
    baseline: Transcript
    candidate: Transcript
    real: bool
    later: tuple[Round, ...] = ()
    known: Correspondence = field(default_factory=Correspondence)
    shared: bool = True

    def said(
        self, rules: Rules, profiles: Profiles, *, recorded: bool = True, in_full: bool = False
    ) -> Said:
        """What the gate says of it: under its golden, or under the noise of the rounds alone.

        `in_full`: every round is heard, and not only as many as it would ask for.
        """
        book = Rulebook(rules=rules, profiles=profiles, shared_state=self.shared)
        judge = Judge(book, lambda _: None, known=self.known)
        state = TestState(self.golden if recorded else None, None)
        for heard in (Round(self.baseline, self.candidate), *self.later):
            state.rounds.append(heard)
            judged = judge.live(state)
            # As in a run in which the same was confirmed in full before.
            steady = {one.signature for one in judged.differences} - judged.unstable
            is_done = not replace(judge, confirmed=steady).wants_round(state, judged)
            if is_done and not in_full:
                break
        reasons = [f"{one.pointer}: {one.reason}" for one in judged.account.open]
        doubt = [judged.inconclusive] if judged.inconclusive else []
        return Said(judged.differences, (*doubt, *reasons), judged.values)


@dataclass(frozen=True, slots=True)
class Said:
    """What the gate says of a test: what departs, what is open and why, which values it knows."""

    differences: tuple[Difference, ...]
    open: tuple[str, ...]
    values: Correspondence
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suite:
    """All tests of the reference suite that were recorded, under the project's own settings."""

    tests: tuple[Recorded, ...]
    rules: Rules
    profiles: Profiles


def _run(target: str, *arguments: str) -> tuple[Kept, Rules, Profiles]:
    with tempfile.TemporaryDirectory() as folder:
        plugin = ("-p", "benchmarks.keep_transcripts", "-p", "no:cacheprovider")
        environment = {**os.environ, VARIABLE: folder}
        environment.pop("CI", None)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *plugin, f"--cutover-target={target}",
             f"--cutover-report={folder}/report", *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        kept = Path(folder, "kept.pickle")
        if not kept.exists():
            raise SystemExit(f"the suite did not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        found: tuple[Kept, Rules, Profiles] = pickle.loads(kept.read_bytes())
        return found


def record() -> Suite:
    """Run the suite three times; takes as long as that."""
    recorded, _, _ = _run("quick", "--snapshot-update")
    compared, rules, profiles = _run("quick")
    itself, _, _ = _run("itself")
    tests = []
    for test in dict.fromkeys(test for test, _ in compared):
        first, again = recorded.get((test, "baseline")), recorded.get((test, AGAIN))
        if first is None or again is None:
            continue
        try:
            golden = load(dump(learn(first, again, rules=rules)))
        except UnsteadyBaseline as error:
            print(f"left out, {error}")
            continue
        for run in (compared, itself):
            pair = run.get((test, "baseline")), run.get((test, "candidate"))
            if pair[0] is None or pair[1] is None:
                continue
            plain = compare(pair[0], pair[1], golden=golden, rules=rules, profiles=profiles)
            if not plain.differences and plain.inconclusive is None:
                tests.append(Recorded(golden, pair[0], pair[1], real=run is compared))
                break
        else:
            print(f"left out, {test}: its sides differ")
    return Suite(tuple(tests), rules, profiles)


def kept_or_recorded(path: Path | None) -> Suite:
    """The suite from a file of an earlier call, where there is one; else recorded, and kept."""
    if path is not None and path.exists():
        suite: Suite = pickle.loads(path.read_bytes())  # written by us
        return suite
    suite = record()
    if path is not None:
        path.write_bytes(pickle.dumps(suite))
    return suite
