"""What a pull request changes in the evidence itself, found with git in a real repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pytest_cutover.report.io.gate_json import dumps
from pytest_cutover.report.io.pull_request import BASE_REPORT, base_report, under_review
from pytest_cutover.report.model import EvidenceChange, UnderReview
from tests.unit.report.reports import GO, NO_GO

ACCEPTED = "cutover-accepted.toml"
OLD = """\
[[accepted]]
signature = "GET /old | status |  | 200 → 204"
scope = ["tests/test_old.py::test_a"]
reason = "meant"
approver = "Mira"
expires = 2030-01-01
"""
NEW = """
[[accepted]]
signature = "POST /lots | status |  | 400 → 422"
scope = ["tests/test_lots.py::test_b", "weight above 10000"]
reason = "the framework's"
approver = "Ola"
expires = 2031-01-01
"""
PULL = {"GITHUB_BASE_REF": "main", "GITHUB_REF": "refs/pull/7/merge"}


class Repository:
    """A clone of a repository with a base branch, as CI checks it out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        self.git("init", "-q", "-b", "main")
        self.commit({ACCEPTED: OLD, "snapshots/a.json": "1", "snapshots/gone.json": "1"})

    def git(self, *words: str) -> str:
        identity = ("-c", "user.name=x", "-c", "user.email=x@example.com")
        done = subprocess.run(
            ["git", *identity, *words], cwd=self.path, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, files: dict[str, str | None]) -> str:
        for name, text in files.items():
            path = self.path / name
            path.parent.mkdir(exist_ok=True)
            path.unlink() if text is None else path.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")
        return self.git("rev-parse", "HEAD")

    def review(self, environ: dict[str, str]) -> UnderReview | None:
        return under_review(
            self.path,
            accepted=self.path / ACCEPTED,
            goldens=self.path / "snapshots",
            environ=environ,
        )


@pytest.fixture
def origin(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "origin")


def pull_request(origin: Repository, *, depth: int | None = None) -> Repository:
    """What GitHub checks out for a pull request of `change` into `main`."""
    origin.git("checkout", "-q", "-b", "merge", "main")
    origin.git("merge", "-q", "--no-ff", "-m", "merge", "change")
    clone = Repository.__new__(Repository)
    clone.path = origin.path.parent / "clone"
    words = ["clone", "-q", "-b", "merge", f"file://{origin.path}", str(clone.path)]
    origin.git(*words, *([f"--depth={depth}"] if depth else []))
    clone.git("checkout", "-q", "--detach")
    return clone


@pytest.fixture
def changed(origin: Repository) -> Repository:
    """A branch that accepts a difference and records goldens, while main went on."""
    origin.git("checkout", "-q", "-b", "change")
    origin.commit(
        {
            ACCEPTED: OLD + NEW,
            "snapshots/a.json": "2",
            "snapshots/b é.json": "1",
            "snapshots/gone.json": None,
            "other.txt": "x",
        }
    )
    origin.git("checkout", "-q", "main")
    origin.commit({"snapshots/of-main.json": "1"})
    return origin


EXPECTED = UnderReview(
    accepted=(
        EvidenceChange(
            what="added",
            name="POST /lots | status |  | 400 → 422",
            detail="the framework's (Ola until 2031-01-01; "
            "tests/test_lots.py::test_b, weight above 10000)",
        ),
    ),
    goldens=(
        EvidenceChange(what="re-recorded", name="snapshots/a.json"),
        EvidenceChange(what="removed", name="snapshots/gone.json"),
        EvidenceChange(what="added", name="snapshots/b é.json"),
    ),
)


@pytest.mark.parametrize("depth", [None, 2], ids=["whole history", "fetch-depth 2"])
def test_on_github_the_changes_of_the_merge_commit_are_listed(
    changed: Repository, depth: int | None
) -> None:
    assert pull_request(changed, depth=depth).review(PULL) == EXPECTED


def test_elsewhere_the_changes_since_the_merge_base_are_listed(changed: Repository) -> None:
    base = changed.git("merge-base", "main", "change")
    clone = pull_request(changed)
    clone.git("checkout", "-q", "origin/change")

    for environ in (
        {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base},
        {"CHANGE_TARGET": "main"},
        {"GITHUB_BASE_REF": "main", "GITHUB_REF": "refs/heads/change"},
        {"CUTOVER_BASE_REF": "origin/main"},
    ):
        assert clone.review(environ) == EXPECTED


def test_another_expiry_is_a_change_of_what_was_accepted(origin: Repository) -> None:
    origin.git("checkout", "-q", "-b", "change")
    origin.commit({ACCEPTED: OLD.replace("2030", "2039")})

    review = origin.review({"CUTOVER_BASE_REF": "main"})

    assert review is not None
    (change,) = review.accepted
    assert (change.what, change.name) == ("changed", "GET /old | status |  | 200 → 204")
    assert "until 2030-01-01;" in change.detail.partition(" → ")[0]
    assert "until 2039-01-01;" in change.detail.partition(" → ")[2]


def test_a_member_more_of_a_decision_is_listed_and_so_is_another_change(
    origin: Repository,
) -> None:
    decision = NEW.replace("signature", 'change = "lower case"\n#').replace("scope", "#")
    member = '\n[[accepted.members]]\nsignature = "GET /{} | a | /b | c"\nscope = ["t"]\n'
    before = origin.commit({ACCEPTED: decision + member.format(1)})
    more = decision + member.format(1) + member.format(2)
    origin.commit({ACCEPTED: more})

    review = origin.review({"CUTOVER_BASE_REF": before})
    assert review is not None
    (added,) = review.accepted
    assert ("added", "GET /2 | a | /b | c") == (added.what, added.name)
    assert added.detail == "the framework's (Ola until 2031-01-01; t)"

    origin.commit({ACCEPTED: more.replace("lower case", "other case")})
    review = origin.review({"CUTOVER_BASE_REF": before})
    assert review is not None
    assert ["changed", "added"] == [one.what for one in review.accepted]


def test_a_pull_request_that_leaves_the_evidence_alone(origin: Repository) -> None:
    origin.git("checkout", "-q", "-b", "change")
    origin.commit({"other.txt": "x", ACCEPTED: f"# a comment\n{OLD}"})

    assert origin.review({"CUTOVER_BASE_REF": "main"}) == UnderReview()


def test_the_first_accepted_difference_of_a_project_is_listed(origin: Repository) -> None:
    origin.commit({ACCEPTED: None})
    origin.git("checkout", "-q", "-b", "change")
    origin.commit({ACCEPTED: OLD})

    review = origin.review({"CUTOVER_BASE_REF": "main"})

    assert review is not None
    assert [change.what for change in review.accepted] == ["added"]


def test_outside_a_pull_request_nothing_is_asked_of_git(tmp_path: Path) -> None:
    environ = {"GITHUB_BASE_REF": "", "GITHUB_REF": "refs/heads/main"}

    assert under_review(tmp_path, accepted=tmp_path, goldens=tmp_path, environ=environ) is None


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"GITHUB_BASE_REF": "no-such"}, "git does not know origin/no-such; check out with"),
        ({"CUTOVER_BASE_REF": "--all"}, "git does not know --all"),
        ({"CUTOVER_BASE_REF": "main:snapshots"}, "git does not know main:snapshots"),
    ],
)
def test_a_base_that_is_not_there_is_told_and_fails_nothing(
    origin: Repository, environ: dict[str, str], expected: str
) -> None:
    review = origin.review(environ)

    assert review is not None
    assert expected in review.unknown


def test_a_checkout_without_history_is_told(changed: Repository) -> None:
    review = pull_request(changed, depth=1).review(PULL)

    assert review is not None
    assert "fetch-depth: 0" in review.unknown


def test_a_folder_that_is_no_repository_is_told(tmp_path: Path) -> None:
    review = under_review(
        tmp_path, accepted=tmp_path / "a", goldens=tmp_path / "s", environ={"CHANGE_TARGET": "main"}
    )

    assert review is not None
    assert "git does not know origin/main" in review.unknown


def test_a_base_report_is_read_from_its_file_or_folder(tmp_path: Path) -> None:
    (tmp_path / "gate.json").write_text(dumps(NO_GO), encoding="utf-8")

    for name in (tmp_path, tmp_path / "gate.json"):
        base, why = base_report(GO, {BASE_REPORT: str(name)})
        assert base is not None
        assert (base.verdict, why) == (NO_GO.verdict, "")
    assert base_report(GO, {}) == (None, "")


def test_a_base_report_that_cannot_be_used_is_a_note(tmp_path: Path) -> None:
    missing = base_report(GO, {BASE_REPORT: str(tmp_path / "none.json")})
    path = tmp_path / "gate.json"
    path.write_text(dumps(GO).replace('"staging"', '"local"'), encoding="utf-8")
    other = base_report(GO, {BASE_REPORT: str(path)})

    assert missing[0] is other[0] is None
    assert "findings are not marked as new: $CUTOVER_BASE_REPORT:" in missing[1]
    assert "it is of the target local, this run of staging" in other[1]
