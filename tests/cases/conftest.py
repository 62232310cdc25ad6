"""Cases run in the process of the tests, which keeps what they import."""

from __future__ import annotations

import schemathesis
import schemathesis.specs.openapi._hypothesis
import schemathesis.specs.openapi.coverage
import schemathesis.specs.openapi.schemas

from tests.harness.fixtures import no_ci
from tests.harness.preloading import preload

__all__ = ["no_ci"]
_PRELOADED = schemathesis
preload("pytest_cutover", apart=("pytest_cutover.performance.load.locust_harness",))
