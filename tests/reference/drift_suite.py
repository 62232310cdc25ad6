"""One test for each drift, made from the manifest's steps; run by test_drift_manifest.py."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import httpx
import pytest

DRIFTS = tomllib.loads(Path("examples/flowviz/drifts.toml").read_text("utf-8"))["drift"]


def filled(value, unique, responses):
    if isinstance(value, dict):
        return {key: filled(item, unique, responses) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, unique, responses) for item in value]
    if not isinstance(value, str):
        return value

    def member(found):
        document = responses[int(found[1])].json()
        for key in found[2].split("."):
            document = document[int(key)] if isinstance(document, list) else document[key]
        return str(document)

    return re.sub(r"\$\{steps\.(\d+)\.([\w.]+)\}", member, value.replace("${unique}", unique))


@pytest.mark.parametrize(
    "drift",
    [
        pytest.param(one, id=one["name"], marks=pytest.mark.characterization(one["endpoint"]))
        for one in DRIFTS
    ],
)
def test_drift(backend, drift):
    unique = backend.unique("LOT")
    responses: list[httpx.Response] = []
    for step in drift["steps"]:
        step = filled(step, unique, responses)
        extra = {key: step[key] for key in ("json", "headers", "content") if key in step}
        try:
            responses.append(backend.request(step["method"], step["path"], **extra))
        except httpx.RemoteProtocolError:
            assert drift["name"] == "truncated-body"
