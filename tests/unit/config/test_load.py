"""The configuration is found and read, and its defaults are the documented ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_cutover.config.constraints import Tolerance
from pytest_cutover.config.load import adhoc_target, load_config
from pytest_cutover.config.model import Config, RuleKind
from pytest_cutover.config.target import Family
from pytest_cutover.core.endpoint import parse
from pytest_cutover.core.errors import ConfigError, FileError

TWO_URLS = """
[targets.staging.baseline]
url = "http://localhost:3000/"
[targets.staging.candidate]
url = "https://new.example/api"
"""


def read(folder: Path, text: str) -> Config:
    (folder / "cutover.toml").write_text(text, encoding="utf-8")
    return load_config(folder)


def test_two_urls_are_a_whole_configuration(tmp_path: Path) -> None:
    config = read(tmp_path, TWO_URLS)

    target = config.target("staging")
    assert target.name == "staging"
    assert target.baseline.url == "http://localhost:3000"
    assert target.candidate.url == "https://new.example/api"
    assert (target.may_write, target.may_load, target.may_fuzz_writes) == (False, False, False)
    assert target.shared_state is None
    assert target.rate_cap_per_s == 50
    assert config.source == tmp_path / "cutover.toml"
    assert config.accepted_path == tmp_path / "cutover-accepted.toml"
    assert config.snapshots_path == tmp_path / "snapshots"


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    config = load_config(tmp_path)

    assert config.source is None
    assert config.limits.max_body_bytes == 64 * 1024 * 1024
    assert config.contract_source is None


def test_the_table_of_pyproject_is_read_where_there_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.cutover.timeouts]\nread_s = 3\n")

    assert load_config(tmp_path).timeouts.read_s == 3.0


def test_the_file_of_its_own_wins_over_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.cutover.timeouts]\nread_s = 3\n")

    assert read(tmp_path, "[timeouts]\nread_s = 4\n").timeouts.read_s == 4.0


def test_mistakes_in_pyproject_name_the_whole_key(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.cutover]\nx = 1\n")

    with pytest.raises(ConfigError, match=r"tool\.cutover\.x: unknown key"):
        load_config(tmp_path)


def test_only_a_target_that_is_launched_on_both_sides_needs_no_consent(tmp_path: Path) -> None:
    launched = 'command = ["{python}", "app.py", "{port}"]'
    config = read(
        tmp_path,
        f"""
        [targets.both]
        baseline = {{ {launched} }}
        candidate = {{ {launched} }}
        [targets.one]
        baseline = {{ {launched} }}
        candidate = {{ url = "http://127.0.0.1:1" }}
        """.replace("{{ ", "{ "),
    )

    both, one = config.target("both"), config.target("one")
    assert (both.may_write, both.may_load, both.rate_cap_per_s) == (True, True, None)
    assert (one.may_write, one.may_load, one.rate_cap_per_s) == (False, False, 50)
    assert both.baseline.command_for(81)[1:] == ("app.py", "81")


def test_what_is_required_is_parity_and_each_family_that_has_a_table(tmp_path: Path) -> None:
    config = read(tmp_path, f"{TWO_URLS}\n[fuzz]\n[contract]\n")

    assert config.required(config.target("staging")) == (
        Family.PARITY,
        Family.CONTRACT,
        Family.FUZZ,
    )


def test_a_target_may_require_less_than_the_gate(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        '[gate]\nrequire = ["parity", "coverage"]\n'
        f'[targets.staging]\nrequire = ["parity"]{TWO_URLS}'
        '[targets.other]\nbaseline = { url = "http://a" }\ncandidate = { url = "http://b" }',
    )

    assert config.required(config.target("staging")) == (Family.PARITY,)
    assert isinstance(config.required(config.target("staging"))[0], Family)
    assert config.required(config.target("other")) == (Family.PARITY, Family.COVERAGE)


def test_rules_are_typed(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        """
        [[parity.rules]]
        endpoint = "get /api/lots"
        pointer = "/items"
        unordered = "/id"
        [[parity.rules]]
        endpoint = "*"
        pointer = "/at/*"
        same-instant = true
        [[parity.rules]]
        endpoint = "GET *"
        pointer = "/x"
        tolerance = "1 %"
        [[parity.rules]]
        endpoint = "GET /x"
        pointer = ""
        ignore = true
        reason = "a clock"
        """,
    )

    rules = config.parity.rules
    assert [rule.kind for rule in rules] == [
        RuleKind.UNORDERED,
        RuleKind.SAME_INSTANT,
        RuleKind.TOLERANCE,
        RuleKind.IGNORE,
    ]
    assert rules[0].endpoint == "GET /api/lots"
    assert rules[2].tolerance == Tolerance(relative=0.01)


def test_limits_of_an_endpoint_override_the_general_ones(tmp_path: Path) -> None:
    performance = read(
        tmp_path,
        """
        [performance]
        p50_floor_ms = 2
        [performance.endpoints."GET /api/health"]
        p99_ms = 50
        p50_regression = 0.2
        [performance.load]
        duration = "2m"
        master = "load.example:5557"
        """,
    ).performance

    assert performance is not None
    health = parse("GET /api/health")
    assert performance.endpoints[health].p99_ms == 50.0
    assert performance.endpoints[health].p50_regression == 0.2
    assert (performance.p50_regression, performance.p50_floor_ms) == (0.5, 2.0)
    assert performance.load is not None
    assert performance.load.duration == 120.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a = 1\nb = = 2\n", "line 2, column 5: not valid TOML: invalid value"),
        (b'token = "s3cret', "end of the file: not valid TOML"),
        (b"token = s3cret\n", "line 1, column 9: not valid TOML"),
        (b"a = 1\n<<<<<<< HEAD\n", "line 2: a conflict marker of a merge"),
        (b'a = "\xff"\n', "line 1: not UTF-8"),
    ],
)
def test_a_file_that_is_no_toml_is_told_by_its_place(
    tmp_path: Path, text: bytes, message: str
) -> None:
    (tmp_path / "cutover.toml").write_bytes(text)

    with pytest.raises(FileError) as caught:
        load_config(tmp_path)

    assert message in str(caught.value)
    assert "next: " in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_an_unknown_target_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    config = read(tmp_path, TWO_URLS)

    with pytest.raises(ConfigError) as caught:
        config.target("stagin")

    assert str(caught.value) == (
        "cutover.toml:\n"
        "  --cutover-target=stagin: no target has this name\n"
        "    valid: staging\n"
        "    did you mean `staging`?\n"
        "    next: choose one, or add [targets.stagin]"
    )


def test_a_target_without_any_configuration_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="pytest-cutover init"):
        load_config(tmp_path).target("staging")


def test_two_urls_on_the_command_line_are_a_target() -> None:
    target = adhoc_target("http://localhost:1", "http://localhost:2/", writes=True)

    assert target.candidate.url == "http://localhost:2"
    assert target.may_write


def test_bad_urls_on_the_command_line_are_told_by_their_options() -> None:
    with pytest.raises(ConfigError) as caught:
        adhoc_target("localhost:1", "http://u:s3cret@h")

    assert "--cutover-baseline" in str(caught.value)
    assert "did you mean `http://localhost:1`?" in str(caught.value)
    assert "--cutover-candidate" in str(caught.value)
    assert "s3cret" not in str(caught.value)
