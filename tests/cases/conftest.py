"""Cases run in the process of the tests, which keeps what they import."""

from __future__ import annotations

import schemathesis
import schemathesis.specs.openapi._hypothesis
import schemathesis.specs.openapi.coverage
import schemathesis.specs.openapi.schemas

from tests.harness.preloading import preload
from tests.integration.plugin.conftest import no_ci

__all__ = ["no_ci"]
_PRELOADED = schemathesis
preload("pytest_cutover", apart=("pytest_cutover.performance.load.locust_harness",))
