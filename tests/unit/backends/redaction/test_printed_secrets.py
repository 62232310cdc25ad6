"""Secrets as configurations, commands and crash reports print them, and what is none."""

from __future__ import annotations

import json

import pytest

from pytest_cutover.backends.redaction import secret_texts
from pytest_cutover.backends.redaction.provenance import _of_body

SECRET = "q7Kq3Lm9Xv2TqZ4b"


@pytest.mark.parametrize(
    "text",
    [
        f"failed: curl -H 'X-Api-Key: {SECRET}' https://x",
        f"failed: curl -u ann:{SECRET} https://x",
        f"config {{Host:db Password:{SECRET} Port:1}}",
        f"map[DB_PASSWORD:{SECRET} PATH:/bin]",
        f"Config(host=db, apiKey={SECRET}, port=1)",
        f"exec failed: tool --password {SECRET} --host db",
        f"exec failed: tool --api-key={SECRET} --host db",
        f"- name: DB_PASSWORD\n  value: {SECRET}\n",
        f'<add key="DbPassword" value="{SECRET}" />',
        f"env:\n  LANG: C\n  OPENAI_API_KEY: {SECRET}\n",
        f"cannot start; PATH=/bin RAILS_MASTER_KEY={SECRET} LANG=C",
        f"cannot start; PATH=/bin STRIPE_KEY={SECRET} LANG=C",
        f"cannot start; PATH=/bin GH_PAT={SECRET} LANG=C",
    ],
)
@pytest.mark.parametrize("is_json", [False, True], ids=["text", "member"])
def test_a_printed_secret_is_found(text: str, *, is_json: bool) -> None:
    body = json.dumps({"error": text}) if is_json else text
    assert SECRET in set(_of_body(body.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "CACHE_KEY=q7Kq3Lm9Xv2TqZ4b",
        "PUBLIC_KEY: q7Kq3Lm9Xv2TqZ4b",
        "the password is wrong: 3 attempts left",
        "token: expired since 2026",
        "tool --token-file /etc/x7 --verbose",
        "monkey: q7Kq3Lm9Xv2TqZ4b",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert not set(_of_body(text.encode()))


@pytest.mark.parametrize("name", ["DB_PASSWORD", "PGPASSWORD", "password", "Password"])
def test_a_password_that_is_a_word_goes_by_its_name_in_any_case(name: str) -> None:
    assert secret_texts.without_passwords(f"{name}=sesamo x") == f"{name}=<secret> x"
