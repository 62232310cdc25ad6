"""Every mistake of a configuration is named with its key, the valid ones, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.config.decode import structure
from pytest_cutover.config.load import load_config
from pytest_cutover.config.model import Config
from pytest_cutover.core.errors import ConfigError, MistakesError, VariableError, shown

CANDIDATE = '[targets.t.candidate]\nurl = "http://c"\n'


def mistakes(folder: Path, text: str, profiles: tuple[str, ...] | None = None) -> str:
    (folder / "cutover.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MistakesError) as caught:
        load_config(folder, profiles=profiles)
    return str(caught.value)


def baseline(*lines: str) -> str:
    return "\n".join(["[targets.t.baseline]", *lines, CANDIDATE])


def test_a_mistake_has_four_parts(tmp_path: Path) -> None:
    text = mistakes(tmp_path, baseline('ulr = "http://b"', 'url = "http://b"'))

    assert text == (
        f"{tmp_path / 'cutover.toml'}:\n"
        "  targets.t.baseline.ulr: unknown key\n"
        "    valid: url, command, base_path, cwd, env, ready, ready_timeout_s, ready_status,"
        " headers, verify, profile, twin_url, version\n"
        "    did you mean `url`?\n"
        "    next: rename or remove it"
    )


def test_a_base_path_is_the_end_of_a_url(tmp_path: Path) -> None:
    text = mistakes(tmp_path, baseline('url = "http://b"', 'base_path = "/v1"'))
    assert "baseline.base_path: only for a backend with a command" in text
    assert "next: remove it: the base path of a url is a part of it" in text


def test_a_version_that_names_no_place_in_its_answer(tmp_path: Path) -> None:
    text = mistakes(tmp_path, baseline('url = "http://b"', 'version = "/version#commit"'))

    assert "targets.t.baseline.version" in text
    assert "not a JSON pointer after #" in text
    assert "/version#/commit" in text


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = mistakes(
        tmp_path,
        "[timeouts]\nread_s = 0\n[target.x]\n[gate]\nrequire = ['perf']\n"
        "[targets.t]\nwrites = 'false'\nload = true\nproduction = true\n"
        + baseline('url = "ftp://b"'),
    )

    assert "6 mistakes" in text
    for part in (
        "timeouts.read_s = 0: out of range\n    valid: above 0",
        "target: unknown key",
        "did you mean `targets`?",
        'gate.require[1] = "perf": not one of the valid words',
        'targets.t.writes = "false": expected true or false, got a string',
        "targets.t.load = true: refused for a target with production = true",
        'targets.t.baseline.url = "ftp://b": not an http or https URL',
    ):
        assert part in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[timeouts]\nread_s = "5"', 'timeouts.read_s = "5": expected a number, got a string'),
        ("[timeouts]\nread_s = true", "timeouts.read_s = true: expected a number, got a boolean"),
        ("[timeouts]\nread_s = nan", "timeouts.read_s = NaN: not a finite number"),
        ("[limits]\nmax_body_bytes = 1.0", "expected an integer, got a float"),
        ("[limits]\nmax_body_bytes = 0", "limits.max_body_bytes = 0: out of range"),
        ("limits = 1", "limits = 1: expected a table, got an integer"),
        ('[gate]\nrequire = "parity"', 'expected an array, got a string\n    next: write ["…"]'),
        (
            "[targets.t.candidate]\nurl = 'http://c'",
            "targets.t.baseline: missing\n    next: add [targets.t.baseline]",
        ),
        ("[fuzz]\nseed = -1", "fuzz.seed = -1: out of range\n    valid: 0 or more"),
        ("[fuzz]\nseconds = '3x'", "not a duration"),
        ("[performance]\nerror_rate = 1", "above 0 and below 1"),
        ("[performance]\nusers = 0", "performance.users = 0: out of range"),
        ("[performance.load]\nmaster = 'x'", "not a host and a port\n    valid: HOST:PORT"),
        (
            '[performance.endpoints."GET /x"]\np50_ms = 9\np99_ms = 5',
            'performance.endpoints."GET /x".p99_ms = 5: below p50_ms, which it cannot be',
        ),
        (
            '[performance.endpoints."GET /x"]\n[performance.endpoints."get  /x"]',
            "the same endpoint as 'GET /x'",
        ),
        ('[performance.endpoints."GETT /x"]', "did you mean `GET /x`?"),
    ],
)
def test_nothing_is_coerced_and_nothing_guessed(tmp_path: Path, text: str, message: str) -> None:
    assert message in mistakes(tmp_path, text)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('url = "localhost:3000"', "did you mean `http://localhost:3000`?"),
        ('url = "http://h:0"', "the port is not a number from 1 to 65535"),
        ('url = "http://h:99999"', "the port is not a number from 1 to 65535"),
        ('url = "http://h/?x=1"', "has no query and no fragment"),
        ('url = "http://bad_host-/"', "not a host name or an address"),
        ('url = "http://1.2.3"', "not a host name or an address"),
        ('url = "http://[::g]"', "not a URL"),
        ('url = "http://h/a b"', "no spaces"),
        ('url = "http://b"\ncommand = ["x", "{port}"]', "a url or a command, not both"),
        ("ready = '/x'", "no url and no command"),
        ("command = []", "an empty command"),
        ('command = ["x"]', "the backend is never told its port"),
        ('command = ["x", "{prot}", "{port}"]', "did you mean `{port}`?"),
        ('command = ["x", "{env:KEY}", "{port}"]', "next: put it into env"),
        ('url = "http://b"\ncwd = "x"', "only for a backend with a command"),
        ('url = "http://b"\nready = "health"', "did you mean `/health`?"),
        ('url = "http://b"\nready_status = 99', "valid: 100 to 599"),
        ('url = "http://b"\nverify = 1', "expected true, false or the path of a CA file"),
        ('url = "http://b"\nheaders = { "a b" = "x" }', "not a header name"),
        ('url = "http://b"\nheaders = { Host = "x" }', "put the host into the URL"),
        ('url = "http://b"\nheaders = { a = "${KEY}" }', "did you mean `{env:KEY}`?"),
        ('url = "http://b"\nheaders = { a = "{evn:KEY}" }', "did you mean `{env:KEY}`?"),
        ('url = "http://b"\nprofile = 5', "expected a name or an array of names"),
        ('url = "http://b"\nprofile = "expres"', "did you mean `express`?"),
    ],
)
def test_a_backend_that_could_not_be_reached_is_told_before_it_is_tried(
    tmp_path: Path, line: str, message: str
) -> None:
    assert message in mistakes(tmp_path, baseline(line), profiles=("express", "fastapi"))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "a rule says exactly one thing; this one says none"),
        ("ignore = true", "parity.rules[1].reason: ignore needs a reason"),
        ("same-number = true\ntolerance = 1", "this one says same-number and tolerance"),
        ("unordered = false", "remove the key where order matters"),
        ("volatile = 'all'", "valid: format"),
        ("tolerance = 0", "valid: above 0"),
        ("same_instant = true", "did you mean `same-instant`?"),
    ],
)
def test_a_rule_says_exactly_one_thing(tmp_path: Path, lines: str, message: str) -> None:
    rule = f'[[parity.rules]]\nendpoint = "GET /x"\npointer = "/a"\n{lines}\n'

    assert message in mistakes(tmp_path, rule)


def test_a_pointer_in_another_notation_is_translated(tmp_path: Path) -> None:
    rule = '[[parity.rules]]\nendpoint = "GET /x"\npointer = "$.items[*].id"\nignore = true\n'

    assert "did you mean `/items/*/id`?" in mistakes(tmp_path, rule)


@pytest.mark.parametrize(
    "lines",
    [
        'url = "http://user:s3cret@h"',
        'url = "user:s3cret@h"',
        'url = "http://h?key=s3cret"',
        'url = "http://h#s3cret"',
        'url = "http://b"\nheaders = { a = 1, "x y" = "s3cret" }',
        'url = "http://b"\nheaders = "Bearer s3cret"',
        'command = "run --key s3cret"',
        'command = ["run", 1, "s3cret"]',
        'command = ["run", "{port}"]\nenv = { KEY = ["s3cret"], B = "{prt}s3cret" }',
        'url = "http://b"\nheader = { Authorization = "s3cret" }',
        'url = { value = "s3cret" }',
    ],
)
def test_a_secret_is_never_echoed(tmp_path: Path, lines: str) -> None:
    assert "s3cret" not in mistakes(tmp_path, baseline(lines))


def test_a_missing_variable_is_asked_for_only_by_the_target_that_needs_it(tmp_path: Path) -> None:
    (tmp_path / "cutover.toml").write_text(
        baseline('url = "http://{env:HOST}"', 'headers = { a = "Bearer {env:TOKEN}" }')
    )
    target = load_config(tmp_path).target("t")

    with pytest.raises(VariableError) as caught:
        target.resolved({"TOKEN": ""}, source="cutover.toml", root=tmp_path)

    assert "targets.t.baseline.headers.a: needs the environment variable TOKEN, which is empty" in (
        str(caught.value)
    )
    assert "targets.t.baseline.url: needs the environment variable HOST, which is not set" in (
        str(caught.value)
    )
    resolved = target.resolved({"TOKEN": "x", "HOST": "h:1"}, root=tmp_path)
    assert resolved.baseline.url == "http://h:1"
    assert resolved.baseline.headers == {"a": "Bearer x"}
    assert "Bearer" not in repr(resolved)


def test_a_variable_with_an_unusable_value_is_told_without_the_value(tmp_path: Path) -> None:
    (tmp_path / "cutover.toml").write_text(
        baseline('url = "{env:URL}"', 'headers = { a = "{env:TOKEN}" }', 'verify = "no-ca.pem"')
    )
    target = load_config(tmp_path).target("t")

    with pytest.raises(ConfigError) as caught:
        target.resolved({"URL": "http://u:s3cret@h", "TOKEN": "s3\ncret"}, root=tmp_path)

    assert "a URL holds no user name and no password" in str(caught.value)
    assert "one line of ASCII" in str(caught.value)
    assert "no such file" in str(caught.value)
    assert "s3cret" not in str(caught.value)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
KEYS = st.sampled_from(
    [
        "targets",
        "baseline",
        "candidate",
        "url",
        "command",
        "headers",
        "parity",
        "rules",
        "gate",
        "require",
        "performance",
        "endpoints",
        "load",
        "timeouts",
        "read_s",
        "endpoint",
        "pointer",
    ]
)
TABLES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, TABLES, max_size=5))
def test_any_tables_at_all_give_a_configuration_or_mistakes(table: dict[str, object]) -> None:
    config, told = structure(table, Config)

    assert (config is None) == bool(told)
    assert all(mistake.lines() for mistake in told)


@given(st.text(max_size=10), st.text(max_size=10))
def test_the_user_part_of_a_url_is_hidden_whatever_it_holds(before: str, after: str) -> None:
    text = f"http://{before}s3cret{after}@host/x"

    assert "s3cret" not in shown(text, path=("targets", "t", "baseline", "url"))
