"""The files that `pytest-cutover init` writes, as texts; `@NAME@` is filled in by `init`."""

from __future__ import annotations

from typing import Final

CONFIGURATION: Final = """\
# pytest-cutover: may we switch the traffic?
#
#   pytest --cutover-target=@TARGET@
#
# Secrets never stand in this file: "{env:NAME}" is taken from the environment.

[targets.@TARGET@]
# Without consent only GET and OPTIONS are sent. Say true where test data may be written.
writes = false
# Both backends use one database. Say false where each has its own.
shared_state = true

# The backend in service.
[targets.@TARGET@.baseline]
url = @BASELINE@
# headers = { Authorization = "Bearer {env:BASELINE_TOKEN}" }
# profile = "express"        # the framework, whose own headers are then known

# The backend that is to replace it.
[targets.@TARGET@.candidate]
url = @CANDIDATE@
# headers = { Authorization = "Bearer {env:CANDIDATE_TOKEN}" }
# profile = "fastapi"

# Instead of a url, a backend may be launched by the run. Where both are, consent is not needed.
#   command = ["{python}", "-m", "uvicorn", "app:app", "--port", "{port}"]
#   env = { DATABASE_URL = "{env:DATABASE_URL}" }
#   ready = "/api/health"

# Values that may differ, narrowly. Most noise (ids, times) is learned and needs no rule.
#   [[parity.rules]]
#   endpoint = "GET /api/lots"
#   pointer = "/items"
#   unordered = "/id"
"""

FIRST_TEST: Final = '''\
"""The first test of the cutover: one request to both backends, and their answers compared."""

import pytest


@pytest.mark.characterization(@ENDPOINT@)
def test_first(backend):
    # No assertion is needed for the comparison. `backend` is an httpx.Client, once for each side.
    response = backend.get(@PATH@)

    assert response.status_code < 500
'''

CONFTEST: Final = '''\
"""What the cutover tests of this project share."""

# import os

import pytest


@pytest.hookimpl(optionalhook=True)
def pytest_cutover_login(backend):
    """Log in on one side, once per session; what is left on `backend` goes with every test.

    For an API that needs a login, take the example and make it your own. The password comes from
    the environment. A login by POST needs `writes = true` for the target.
    """
    # response = backend.post(
    #     "/api/login", json={"user": "test", "password": os.environ["CUTOVER_PASSWORD"]}
    # )
    # response.raise_for_status()
    # backend.headers["Authorization"] = f"Bearer {response.json()['token']}"
    # return True
'''

WORKFLOW: Final = """\
# May we switch the traffic? GitHub runs this; on any other CI, run the same two commands:
#   python -m pip install pytest-cutover
#   pytest --cutover-target=@TARGET@
# and keep the folder .cutover/. The exit status is 0 for GO and nothing else.
name: cutover

on:
  pull_request:
  workflow_dispatch:

permissions:
  contents: read

concurrency:
  group: cutover-@TARGET@
  cancel-in-progress: false

jobs:
  gate:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
      - uses: actions/setup-python@a309ff8b426b58ec0e2a45f0f869d46889d02405 # v6.2.0
        with:
          python-version: "3.13"
      - run: python -m pip install pytest-cutover  # and what your tests import
      - run: pytest --cutover-target=@TARGET@
        # env:
        #   BASELINE_TOKEN: ${{ secrets.BASELINE_TOKEN }}
        #   CANDIDATE_TOKEN: ${{ secrets.CANDIDATE_TOKEN }}
      - if: always()
        uses: actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0
        with:
          name: cutover
          path: .cutover/
          include-hidden-files: true
          if-no-files-found: ignore
"""
