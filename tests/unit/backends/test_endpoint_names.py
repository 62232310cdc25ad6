"""A request that no marker names is named by its path, with what names one thing taken out."""

from __future__ import annotations

import pytest

from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.markers import endpoint_finder
from pytest_cutover.core.endpoint import EndpointIndex
from pytest_cutover.core.exchange import Side

TOKEN = "WyJ0cmlwZmhkaHFzbWNnODciXQ.fSZkkoDCb_1Ls57Sg1Gg5mZ8BUI"


@pytest.mark.parametrize(
    ("path", "named"),
    [
        (f"/garden/join/{TOKEN}", "/garden/join/{}"),
        ("/invites/V1StGXR8_Z5jdHi6B-myT", "/invites/{}"),
        ("/files/gate-3f2a1b9c8d7e6f5a/plan", "/files/{}/plan"),
        ("/items/12/parts/0c9cf2a5-3f2b-4b02-9f61-6f0fca9b7a10", "/items/{}/parts/{}"),
        # What somebody wrote is a name.
        ("/reports/2026-11-26/total_sales_by_region", "/reports/2026-11-26/total_sales_by_region"),
        ("/WikiFormatting/BetterThanEver", "/WikiFormatting/BetterThanEver"),
        ("/v2.10.3/apis/OAuth2TokenEndpoint", "/v2.10.3/apis/OAuth2TokenEndpoint"),
        (
            "/simple/python-dateutil-2.9.0.post0.tar.gz",
            "/simple/python-dateutil-2.9.0.post0.tar.gz",
        ),
        ("/.well-known/openid-configuration", "/.well-known/openid-configuration"),
    ],
)
def test_tokens_and_ids_are_taken_out_of_a_path(path: str, named: str) -> None:
    recorder = Recorder("test", Side.BASELINE, session_started_s=0.0)
    find = endpoint_finder(None, recorder, EndpointIndex())
    assert find("get", path) == f"GET {named}"
