"""Items, the evidence that satisfies them, and what blocks where there is none."""

from __future__ import annotations

import pytest

from tests.harness.project import LAUNCHED, ONE_TEST, Project
from tests.harness.run import Run

# Every built-in item of the phase but those that a test names, so that a test sees its own only.
PRE = (
    "parity.contracts",
    "parity.negative-coverage",
    "parity.diffs-reviewed",
    "environment.container",
    "environment.variables",
    "environment.migrations",
    "environment.health",
    "environment.logging",
    "environment.secrets",
    "rollback.container",
    "rollback.drill",
    "rollback.compatible",
    "rollback.team",
)


def dropping(*but: str) -> str:
    """Tables that drop the items of the phase, but for those named."""
    return "\n".join(
        f'[checklist.items."{name}"]\ndrop = true\nreason = "not what this test is about"'
        for name in PRE
        if name not in but
    )


def run(project: Project, tables: str, *arguments: str) -> Run:
    project.target(tables=f"{tables}\n")
    project.write("test_it.py", ONE_TEST)
    return project.run("--cutover-target=staging", *arguments, gate=False)


def item(found: Run, item_id: str) -> dict[str, object]:
    return next(one for one in found.report["checklist"] if one["id"] == item_id)


def test_all_items_satisfied_say_switch(project: Project) -> None:
    found = run(project, "[checklist]\n" + dropping())

    assert found.verdict == "GO"
    assert found.report["action"]["name"] == "switch"
    assert " cutover: GO · ready for the switch " in found.screen
    assert found.next == "pytest --cutover-target=staging --cutover-phase=validation"
    assert (
        item(found, "parity.differences")["evidence"] == "gate parity.differences, parity.goldens"
    )
    dropped = f"{len(PRE)} checklist items are dropped (not what this test is about): "
    assert dropped + ", ".join(PRE) in found.report["notes"]


def test_without_the_table_nothing_is_asked_and_no_action_named(project: Project) -> None:
    found = run(project, "")

    assert found.verdict == "GO"
    assert found.report["checklist"] == []
    assert found.report["action"] is None


def test_an_item_that_nobody_signed_holds_the_switch(project: Project) -> None:
    found = run(project, "[checklist]\n" + dropping("rollback.team"))

    assert found.verdict == "INCONCLUSIVE"
    assert found.status == 1
    assert found.report["action"]["name"] == "hold"
    assert found.codes == {"CUT409"}
    assert "? CUT409 sign-off   rollback.team" in found.screen
    assert "nobody said so for staging" in " ".join(found.screen.split())
    assert found.next.startswith("pytest-cutover sign-off rollback.team --target=staging")


def sign(project: Project, **changes: str) -> None:
    entry = {
        "item": "rollback.team",
        "target": "staging",
        "by": "Ada",
        "at": "2026-01-05T10:00:00Z",
        "note": "walked through",
        "valid_until": "2999-01-01",
        **changes,
    }
    lines = [f'{key} = "{value}"' for key, value in entry.items()]
    project.write("cutover-signoffs.toml", "[[sign-off]]\n" + "\n".join(lines))


def test_a_sign_off_is_shown_as_the_statement_of_a_person(project: Project) -> None:
    sign(project)
    found = run(project, "[checklist]\n" + dropping("rollback.team"))

    assert found.verdict == "GO"
    row = item(found, "rollback.team")
    assert (row["signed_by"], row["signed_at"]) == ("Ada", "2026-01-05T10:00:00+00:00")
    assert row["evidence"] == "sign-off: walked through"
    assert item(found, "parity.differences")["signed_by"] == ""


@pytest.mark.parametrize(
    ("changes", "evidence"),
    [
        ({"valid_until": "2026-02-01"}, "expired 2026-02-01, signed by Ada"),
        ({"target": "production"}, "signed for production only"),
        ({"item": "validation.on-call"}, "not signed"),
    ],
)
def test_a_sign_off_that_does_not_count(
    project: Project, changes: dict[str, str], evidence: str
) -> None:
    sign(project, **changes)
    production = (
        '[targets.production]\nbaseline = {url = "http://127.0.0.1:9"}\n'
        'candidate = {url = "http://127.0.0.1:9"}\n'
    )
    found = run(project, "[checklist]\n" + dropping("rollback.team") + "\n" + production)

    assert found.verdict == "INCONCLUSIVE"
    assert item(found, "rollback.team")["evidence"] == evidence


def test_two_signatures_are_of_two_people(project: Project) -> None:
    more = '[checklist.items."rollback.team"]\nsignatures = 2\n'
    sign(project)
    found = run(project, "[checklist]\n" + dropping("rollback.team") + "\n" + more)

    assert item(found, "rollback.team")["evidence"] == "signed by 1 of 2"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"at": "2999-01-01T00:00:00Z"}, "sign-off[1].at = 2999-01-01T00:00:00+00:00: signed in"),
        ({"at": "yesterday"}, "not a time with its zone"),
        ({"item": "rollback.tem"}, "did you mean `rollback.team`?"),
        ({"target": "stagging"}, "did you mean `staging`?"),
        ({"valid_until": "2026-01-01"}, "ends before it was signed"),
        ({"by": " "}, "by = "),
    ],
)
def test_a_sign_off_that_cannot_be_meant_is_a_usage_error(
    project: Project, changes: dict[str, str], message: str
) -> None:
    sign(project, **changes)
    found = run(project, "[checklist]\n" + dropping("rollback.team"))

    assert found.status == 4
    assert message in found.errors
    assert "cutover-signoffs.toml" in found.errors


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            '[checklist.items."rolback.team"]\ntitle = "x"',
            'items."rolback.team": no such item: rolback.team',
        ),
        (
            '[checklist.items."environment.health"]\ncheck = "healht"',
            "did you mean `health`?",
        ),
        ('[checklist.items."ours"]\nphase = "switsch"', "did you mean `switch`?"),
        ('[checklist.items."rollback.team"]\ndrop = true', "an item is dropped with a reason only"),
        ('[checklist.items."parity.differences"]\ngates = ["CUT999"]', "no such code: CUT999"),
        ('[checklist.items."rollback.team"]\ntargets = ["stagging"]', "did you mean `staging`?"),
        (
            '[checklist.items."ours"]\nphase = "switch"\ntitle = "x"\nevidence = "check"',
            'evidence = "check" needs it',
        ),
    ],
)
def test_a_wrong_item_is_a_usage_error(project: Project, table: str, message: str) -> None:
    found = run(project, table)

    assert found.status == 4
    assert message in found.errors


PRODUCTION = '[targets.production]\nbaseline = {url = "http://127.0.0.1:9"}\n' + (
    'candidate = {url = "http://127.0.0.1:9"}\n'
)


def test_an_item_is_judged_on_the_targets_that_it_names(project: Project) -> None:
    mine = '[checklist.items."rollback.team"]\ntargets = ["production"]\n'
    found = run(project, "[checklist]\n" + dropping("rollback.team") + "\n" + mine + PRODUCTION)

    assert found.verdict == "GO"
    assert item(found, "rollback.team")["required"] is False
    (not_judged,) = found.report["not_judged"]
    assert "1 that other targets show" in not_judged["title"]
    assert "rollback.team" in not_judged["reason"]


def test_what_a_launched_target_can_show_may_be_asked_of_it(project: Project) -> None:
    project.write(
        "cutover.toml",
        f"""
        [targets.staging.baseline]
        {LAUNCHED}
        [targets.staging.candidate]
        {LAUNCHED}
        [checklist.health]
        attempts = 1
        [checklist.migrations.compatible]
        command = ["sh", "-c", "echo the old one cannot read it; exit 1"]
        [checklist.items."rollback.compatible"]
        targets = ["staging"]
        """,
    )
    project.write("test_it.py", ONE_TEST.replace("/thing", "/"))
    found = project.run("--cutover-target=staging", gate=False)

    assert (found.verdict, found.codes) == ("NO-GO", {"CUT401"})
    assert "cannot read it" in found.gate("checklist.rollback.compatible")["message"]
    assert item(found, "rollback.drill")["required"] is False


def test_an_item_of_ones_own_rests_on_marked_tests(project: Project) -> None:
    own = '[checklist.items."ours.queue"]\nphase = "pre-cutover"\ntitle = "empty"\nevidence="tests"'
    project.write(
        "test_ours.py",
        """
        import pytest

        @pytest.mark.checklist("ours.queue")
        @pytest.mark.parametrize("left", [0, 3])
        def test_queue(left):
            assert left == 0
        """,
    )
    found = run(project, "[checklist]\n" + dropping() + "\n" + own)

    assert found.verdict == "NO-GO"
    row = item(found, "ours.queue")
    assert (row["verdict"], row["evidence"]) == ("fail", "1 of 2 tests failed")
    assert found.gate("checklist.ours.queue")["nodeids"] == ["test_ours.py::test_queue[3]"]
    again = 'pytest --cutover-target=staging "test_ours.py::test_queue[3]"'
    assert found.gate("checklist.ours.queue")["next"] == row["next"] == again


def test_an_item_without_a_test_is_not_passed(project: Project) -> None:
    own = '[checklist.items."ours.queue"]\nphase = "pre-cutover"\ntitle = "empty"\nevidence="tests"'
    found = run(project, "[checklist]\n" + dropping() + "\n" + own)

    assert found.verdict == "INCONCLUSIVE"
    assert item(found, "ours.queue")["evidence"] == "no test ran"


def test_a_skipped_test_is_no_evidence(project: Project) -> None:
    own = '[checklist.items."ours.queue"]\nphase = "pre-cutover"\ntitle = "empty"\nevidence="tests"'
    project.write(
        "test_ours.py",
        """
        import pytest

        @pytest.mark.checklist("ours.queue")
        def test_queue():
            pytest.skip("no queue here")
        """,
    )
    found = run(project, "[checklist]\n" + dropping() + "\n" + own)

    assert found.verdict == "INCONCLUSIVE"
    assert "skipped: no queue here" in found.gate("checklist.ours.queue")["message"]


def test_the_marker_with_an_unknown_id_is_a_usage_error(project: Project) -> None:
    project.write(
        "test_ours.py",
        """
        import pytest

        @pytest.mark.checklist("environment.health")
        @pytest.mark.checklist("environment.heath")
        def test_it(): pass
        """,
    )
    found = run(project, "[checklist]\n")

    assert found.status == 4
    assert "did you mean `environment.health`?" in found.screen + found.errors


def test_only_the_tests_of_the_phase_run(project: Project) -> None:
    project.write(
        "test_ours.py",
        """
        import pytest

        @pytest.mark.checklist("switch.traffic")
        def test_now(): pass

        @pytest.mark.checklist("environment.health")
        def test_before(): raise AssertionError
        """,
    )
    found = run(project, "[checklist]\n", "--cutover-phase=switch", "-v")

    found.outcomes(passed=1)
    assert item(found, "switch.traffic")["evidence"] == "1 test passed"
    assert "parity.differences" not in {gate["id"] for gate in found.report["gates"]}
    assert found.report["phase"] == "switch"


def test_a_phase_of_traffic_on_a_target_without_any_says_so(project: Project) -> None:
    project.write(
        "cutover.toml",
        f"""
        [checklist]
        [targets.staging.baseline]
        {LAUNCHED}
        [targets.staging.candidate]
        {LAUNCHED}
        """,
    )
    found = project.run("--cutover-target=staging", "--cutover-phase=monitoring", gate=False)

    assert found.verdict == "INCONCLUSIVE"
    assert "staging is launched by the run itself" in " ".join(found.screen.split())
    assert found.next == "pytest --cutover-target=TARGET --cutover-phase=monitoring"


def test_an_unknown_phase_is_a_usage_error(project: Project) -> None:
    found = run(project, "[checklist]\n", "--cutover-phase=monitorng")

    assert found.status == 4
    assert "monitorng" in found.errors


def test_a_run_on_two_workers_gathers_the_same(project: Project) -> None:
    own = '[checklist.items."ours.queue"]\nphase = "pre-cutover"\ntitle = "empty"\nevidence="tests"'
    project.write(
        "test_ours.py",
        """
        import pytest

        @pytest.mark.checklist("ours.queue")
        @pytest.mark.parametrize("left", [0, 3])
        def test_queue(left):
            assert left == 0
        """,
    )
    project.target(tables="[checklist]\n" + dropping("environment.health") + "\n" + own)
    project.write("test_it.py", ONE_TEST)
    found = project.run("--cutover-target=staging", "-n", "2", gate=False, apart=True)

    assert item(found, "ours.queue")["evidence"] == "1 of 2 tests failed"
    assert item(found, "environment.health")["verdict"] == "fail"
