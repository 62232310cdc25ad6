"""The other files that `pytest-cutover init` writes, as texts; `@NAME@` is filled in."""

from __future__ import annotations

from typing import Final

TWIN: Final = """\
# A second process of it tells start times, host names and the like from what the code says.
# twin_url = "http://HOST:PORT"
"""
CONFIGURATION: Final = """\
# pytest-cutover: may we switch the traffic?
#
#   pytest --cutover-target=@TARGET@
#
# Secrets never stand in this file: "{env:NAME}" is taken from the environment.

[targets.@TARGET@]
# Without consent only GET and OPTIONS are sent. Say true where test data may be written.
writes = @WRITES@
# Whether both backends use one database is seen where a test writes and reads; this says it.
# shared_state = true

# The backend in service.
[targets.@TARGET@.baseline]
url = @BASELINE@
@TWIN@
# headers = { Authorization = "Bearer {env:BASELINE_TOKEN}" }
@BASELINE_PROFILE@

# The backend that is to replace it.
[targets.@TARGET@.candidate]
url = @CANDIDATE@
# headers = { Authorization = "Bearer {env:CANDIDATE_TOKEN}" }
@CANDIDATE_PROFILE@

# Instead of a url, a backend may be launched by the run. Where both are, consent is not needed.
#   command = ["{python}", "-m", "uvicorn", "app:app", "--port", "{port}"]
#   env = { DATABASE_URL = "{env:DATABASE_URL}" }
#   ready = "/api/health"

@CONTRACT@
# Values that may differ, narrowly. Most noise (ids, times) is learned and needs no rule.
#   [[parity.rules]]
#   endpoint = "GET /api/lots"
#   pointer = "/items"
#   unordered = "/id"
"""

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
# May we switch the traffic? The action runs the gate, keeps the report, posts one comment to the
# pull request, marks what the base branch did not have, and passes for GO alone.
name: cutover

on:
  push:
    branches: [main]  # leaves the report that pull requests are measured against
  pull_request:

permissions: {}

concurrency:
  group: cutover-@TARGET@
  cancel-in-progress: false

jobs:
  gate:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
      contents: read
      actions: read  # the base branch's report
      pull-requests: write  # one comment
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          fetch-depth: 0  # git tells what the change does to the evidence
          persist-credentials: false
      - uses: actions/setup-python@a309ff8b426b58ec0e2a45f0f869d46889d02405 # v6.2.0
        with:
          python-version: "3.13"
      - run: python -m pip install "pytest-cutover[contract]"  # and what your tests import
      - uses: pytest-cutover/pytest-cutover@v@VERSION@ # zizmor: ignore[unpinned-uses] pin its hash
        with:
          target: @TARGET@
        # env:
        #   CUTOVER_USER: ${{ secrets.CUTOVER_USER }}
        #   CUTOVER_PASSWORD: ${{ secrets.CUTOVER_PASSWORD }}
"""

GITLAB: Final = """\
# May we switch the traffic? The job passes for GO alone.
cutover:
  image: python:3.13
  variables:
    GIT_DEPTH: "0"  # git tells what the change does to the evidence
  script:
    - python -m pip install "pytest-cutover[contract]"  # and what your tests import
    - pytest --cutover-target=@TARGET@ --junitxml=.cutover/junit.xml
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  artifacts:
    when: always
    paths: [.cutover/]
    reports:
      junit: .cutover/junit.xml
    expose_as: cutover report
"""

GITIGNORE: Final = """\
# Reports hold answers of your backends, secrets taken out; none of it belongs into git.
*
"""

CONTRACT: Final = """\
# The OpenAPI document: every answer is held against it, on both sides.
[contract]
path = @DOCUMENT@
"""

CONTRACT_LATER: Final = """\
# The OpenAPI document. @REASON@
# [contract]
# path = @DOCUMENT@
"""

COVERAGE_LATER: Final = """\
# With it there is no GO before every documented status was seen, or is named as ignored.
# [coverage]
"""
