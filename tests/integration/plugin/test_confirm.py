"""Confirm before accusing; learn noise on the spot; accept what was reviewed."""

from __future__ import annotations

import itertools
import re
import shlex

import pytest

from pytest_cutover.cli import main
from tests.harness.project import ONE_TEST, Project
from tests.harness.stub_server import Answer, Reply, Seen

ACCEPTED = """
[[accepted]]
signature = "GET /thing | value | /size | number → number"
scope = ["{scope}"]
reason = "agreed"
approver = "Ada <ada@example.com>"
expires = {expires}
"""


def alternating(*bodies: object) -> Reply:
    turns = itertools.cycle(bodies)
    return lambda _seen: Answer(200, next(turns))


def test_a_candidate_that_departs_only_sometimes_fails_marked_unstable(project: Project) -> None:
    project.candidate["GET /thing"] = alternating({"size": 4}, {"size": 3})
    project.write("test_it.py", ONE_TEST)
    run = project.run()
    assert run.verdict == "NO-GO"
    [finding] = run.report["findings"]
    assert finding["unstable"] is True
    assert "not every time" in run.screen
    run.outcomes(passed=1, failed=1)


def test_a_baseline_that_contradicts_itself_accuses_nobody(project: Project) -> None:
    answers = itertools.cycle([Answer(200, {"size": 4}), Answer(404, {})])
    project.baseline["GET /thing"] = lambda _seen: next(answers)
    project.write("test_it.py", ONE_TEST)
    run = project.run()
    assert run.verdict == "INCONCLUSIVE"
    assert run.report["findings"] == []
    assert "CUT107" in run.codes


def test_nor_does_one_whose_value_wavers_against_its_golden(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    project.run("--snapshot-update")
    project.baseline["GET /thing"] = alternating({"size": 4}, {"size": 3})
    run = project.run()
    assert run.verdict == "INCONCLUSIVE"
    assert run.report["findings"] == []
    assert "does not agree with itself" in run.screen


def test_where_a_baseline_wavers_is_waived_by_the_line_that_the_gate_shows(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("test_it.py", ONE_TEST)
    project.run("--snapshot-update")
    project.baseline["GET /thing"] = alternating({"size": 4}, {"size": 3})
    waiver = shlex.split(project.run().gate("parity.steady")["next"])
    assert waiver[:3] == ["pytest-cutover", "accept", "--open"]
    monkeypatch.chdir(project.path)
    assert main([*waiver[1:], "--approver", "Mira"]) == 0
    run = project.run()
    assert "CUT107" not in run.codes, run.screen
    run.outcomes(passed=2)
    project.baseline["GET /thing"] = lambda _seen: Answer(200, {"size": 4})
    assert "CUT105" not in project.run().codes  # it comes and goes
    project.candidate["GET /thing"] = lambda _seen: Answer(200, {"size": 4, "name": "new"})
    assert project.run().verdict == "NO-GO"


NUMBERED = """
    import pytest

    @pytest.mark.characterization("GET /thing/{n}")
    @pytest.mark.parametrize("n", [1, 2])
    def test_thing(backend, n):
        assert backend.get(f"/thing/{n}").status_code == 200
"""
HIT, MISS = {"cache": "HIT"}, {"cache": "MISS"}


def at_first(odd: object, usual: object, *, after: int = 0) -> Reply:
    """The usual answer, but for one: the first, or that which comes `after` so many."""
    turns = itertools.chain([usual] * after, [odd], itertools.repeat(usual))
    return lambda _seen: Answer(200, next(turns))


def test_a_new_difference_is_looked_at_four_times_and_a_known_one_twice(project: Project) -> None:
    for n in (1, 2):
        project.baseline[f"GET /thing/{n}"] = Answer(200, HIT)
        project.candidate[f"GET /thing/{n}"] = Answer(200, MISS)
    project.write("test_it.py", NUMBERED)
    run = project.run()
    assert run.verdict == "NO-GO"
    assert [4, 2] == [len(project.baseline.asked(f"GET /thing/{n}")) for n in (1, 2)]


def test_a_baseline_that_departs_from_itself_in_the_fourth_round_accuses_nobody(
    project: Project,
) -> None:
    project.baseline["GET /thing"] = at_first({"size": 3}, {"size": 3, "slow": True}, after=3)
    project.write("test_it.py", ONE_TEST)
    run = project.run()
    assert run.report["findings"] == []
    assert run.verdict != "NO-GO"


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize(
    ("odd", "usual"), [(MISS, HIT), ({"cache": "HIT", "slow": True}, HIT), (["b", "a"], ["a", "b"])]
)
def test_what_the_baseline_does_by_chance_in_one_test_accuses_nobody_in_another(
    project: Project, odd: object, usual: object, recorded: bool
) -> None:
    project.write("test_it.py", NUMBERED)
    if recorded:
        for n in (1, 2):
            project.both(f"GET /thing/{n}", Answer(200, usual))
        project.run("--snapshot-update")
    project.baseline["GET /thing/1"] = at_first(odd, usual, after=1)
    project.candidate["GET /thing/1"] = at_first(odd, usual)
    project.baseline["GET /thing/2"] = Answer(200, usual)
    project.candidate["GET /thing/2"] = at_first(odd, usual)
    run = project.run()
    assert (run.verdict, run.report["findings"]) == ("INCONCLUSIVE", [])
    assert "CUT107" in run.codes


def test_what_varies_by_right_in_one_test_excuses_no_difference_in_another(
    project: Project,
) -> None:
    codes = (f"LOT-{number}" for number in itertools.count())
    project.both("GET /thing/1", lambda _seen: Answer(200, {"code": next(codes)}))
    project.baseline["GET /thing/2"] = Answer(200, {"code": "A-1"})
    project.candidate["GET /thing/2"] = Answer(200, {"code": "a-1"})
    project.write("test_it.py", NUMBERED)
    run = project.run()
    assert run.verdict == "NO-GO"
    assert [["test_it.py::test_thing[2-candidate]"]] == [
        finding["nodeids"] for finding in run.report["findings"]
    ]


def test_noise_is_learned_on_the_spot(project: Project) -> None:
    numbers = itertools.count(1)

    def changing(_seen: Seen) -> Answer:
        return Answer(200, {"id": f"00000000-0000-4000-8000-{next(numbers):012d}", "size": 3})

    project.both("GET /thing", changing)
    project.write("test_it.py", ONE_TEST)
    run = project.run()
    assert run.verdict == "GO"
    assert run.report["tests"]["unrecorded"] == 1
    assert "unrecorded" in run.screen


def signature(project: Project) -> str:
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    project.write("test_it.py", ONE_TEST)
    [finding] = project.run().report["findings"]
    return str(finding["signature"])


def accept(project: Project, known: str, scope: str, expires: str = "2999-01-01") -> None:
    text = ACCEPTED.format(scope=scope, expires=expires)
    project.write(
        "cutover-accepted.toml",
        re.sub(r'signature = ".*"', lambda _found: f'signature = "{known}"', text),
    )


def test_an_accepted_difference_passes_within_its_scope(project: Project) -> None:
    known = signature(project)
    accept(project, known, "test_it.py::test_thing")
    run = project.run()
    run.outcomes(passed=2)
    assert run.verdict == "GO"
    [finding] = run.report["findings"]
    assert finding["accepted"]["approver"] == "Ada <ada@example.com>"


def test_the_same_difference_outside_the_scope_is_a_new_finding(project: Project) -> None:
    known = signature(project)
    accept(project, known, "test_it.py::test_thing")
    project.write("test_two.py", ONE_TEST.replace("test_thing", "test_two"))
    run = project.run()
    run.outcomes(passed=3, failed=1)
    assert run.verdict == "NO-GO"
    assert [finding["accepted"] is None for finding in run.report["findings"]] == [True, False]


@pytest.mark.parametrize(
    ("expires", "matches", "code"),
    [("2020-01-01", True, "CUT104"), ("2999-01-01", False, "CUT105")],
    ids=["expired", "unmatched"],
)
def test_entries_that_had_their_day_fail_a_full_run(
    project: Project, expires: str, matches: bool, code: str
) -> None:
    known = signature(project)
    accept(project, known, "test_it.py::test_thing", expires)
    if not matches:
        project.candidate["GET /thing"] = Answer(200, {"size": 3})
    run = project.run()
    assert run.verdict == "NO-GO"
    assert code in run.codes
    if not matches:
        assert project.run("test_it.py").verdict == "PARTIAL"


def test_generated_codes_stand_for_each_other(project: Project) -> None:
    def echo(seen: Seen) -> Answer:
        code = seen.path.rpartition("=")[2]
        return Answer(
            201,
            {"code": code, "text": f"lot {code} was made", "nested": [f"/api/lots/{code}?x=1"]},
            {"Location": f"/api/lots/{code}"},
        )

    project.both("GET /thing", echo)
    project.write(
        "test_it.py",
        """
        import pytest

        SEEN = set()

        @pytest.mark.characterization("GET /thing")
        def test_thing(backend):
            for _ in range(2):
                code = backend.unique("LOT")
                assert code.startswith("LOT") and code.isalnum() and code not in SEEN
                SEEN.add(code)
                backend.get("/thing", params={"code": code})
            assert len(backend.unique("LOT", length=20)) == 20
            with pytest.raises(ValueError, match="length >= 10"):
                backend.unique("LOT", length=5)
        """,
    )
    assert project.run().verdict == "GO"
    project.run("--snapshot-update")
    assert project.run().verdict == "GO"
    swapped: list[str] = []

    def confused(seen: Seen) -> Answer:
        swapped.append(seen.path.rpartition("=")[2])
        return Answer(201, echo(seen).body | {"code": swapped[0]}, echo(seen).headers)

    project.candidate["GET /thing"] = confused
    run = project.run()
    assert run.verdict == "NO-GO"
    assert {finding["pointer"] for finding in run.report["findings"]} == {"/code"}


def test_rules_that_are_dead_are_reported(project: Project) -> None:
    project.target(
        "staging",
        tables="""
        [[parity.rules]]
        endpoint = "GET /thing"
        pointer = "/name"
        volatile = "format"

        [[parity.rules]]
        endpoint = "GET /thing"
        pointer = "/nowhere"
        volatile = "format"
        """,
    )
    project.both("GET /thing", Answer(200, {"size": 3, "name": "any text is a text"}))
    project.write("test_it.py", ONE_TEST)
    run = project.run("--cutover-target=staging", gate=False)
    assert run.verdict == "GO"
    gate = run.gate("parity.rules")
    assert gate["code"] == "CUT106"
    assert "/nowhere matched nothing" in gate["message"]
    assert "/name would catch no change" in gate["message"]
    assert [rule["vacuous"] for rule in run.report["rules"]] == [True, False]


def test_an_unrecorded_baseline_that_changes_a_type_has_no_answer(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    sizes = itertools.cycle([4, "three"])
    project.baseline["GET /thing"] = lambda _seen: Answer(200, {"size": next(sizes)})
    project.candidate["GET /thing"] = Answer(200, {"size": "five"})
    run = project.run()
    assert run.verdict == "INCONCLUSIVE"
    assert "a value is now number and then string" in " ".join(run.screen.split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Answer(200, {"session": "expired"}), Answer(200, {"session": "running"})),
        (
            Answer(200, {}, {"Set-Cookie": "theme=dark; Path=/"}),
            Answer(200, {}, {"Set-Cookie": "theme=light; Path=/"}),
        ),
    ],
)
@pytest.mark.parametrize("recorded", [True, False])
def test_a_word_is_compared_though_it_is_named_like_a_secret(
    project: Project, one: Answer, other: Answer, recorded: bool
) -> None:
    project.both("GET /thing", one)
    project.write("test_it.py", ONE_TEST)
    if recorded:
        project.run("--snapshot-update")
    assert project.run().verdict == "GO"
    project.candidate["GET /thing"] = other
    run = project.run()
    assert run.verdict == "NO-GO"


@pytest.mark.parametrize("is_sorted", [False, True])
def test_an_order_without_a_rule_is_open_and_names_the_second_process_that_would_tell(
    project: Project, is_sorted: bool
) -> None:
    words = ["admin", "list", "read", "write"] if is_sorted else ["read", "admin", "write", "list"]
    project.baseline["GET /thing"] = Answer(200, {"may": words})
    project.candidate["GET /thing"] = Answer(200, {"may": [words[1], words[0], *words[2:]]})
    project.write("test_it.py", ONE_TEST)
    run = project.run()
    assert run.verdict == ("NO-GO" if is_sorted else "INCONCLUSIVE")
    told = " ".join(run.screen.split())
    assert ("an order by hash seed" in told and "twin_url" in told) is not is_sorted
    assert ("accept --open" in told) is not is_sorted
