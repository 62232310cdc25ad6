"""The provider that the configuration names, connected as it says, and closed again."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pytest_cutover.backends.redaction.secrets import of_authorization
from pytest_cutover.checklist.context import Context
from pytest_cutover.config.constraints import REFERENCE
from pytest_cutover.config.monitoring import Monitoring
from pytest_cutover.core.errors import Mistake, MistakesError
from pytest_cutover.monitoring.providers.command import CommandProvider
from pytest_cutover.monitoring.providers.prometheus import Prometheus
from pytest_cutover.monitoring.providers.prometheus_provider import PrometheusProvider
from pytest_cutover.monitoring.providers.provider import FigureName, Provider

# Who waits longer for one answer has missed a scrape.
_LEAST_S: Final = 2.0
_MOST_S: Final = 5.0


@contextmanager
def provider_of(context: Context, table: Monitoring) -> Iterator[Provider]:
    """Return the provider of a table, closed at the end of a `with`. Raises MistakesError."""
    if table.commands is not None:
        # A little before now, so that the first look has something to count from.
        since_s = time.time() - table.range
        yield CommandProvider(context, table, table.commands, since_s=since_s)
        return
    with _prometheus_of(context, table, table.prometheus or "") as prometheus:
        yield PrometheusProvider(prometheus, table, _figures(context))


def _figures(context: Context) -> dict[FigureName, tuple[str, str]]:
    """Return the key and the query of each figure that the tables of the checklist name."""
    after, logging = context.table.after, context.table.logging
    queries = {
        FigureName.BASELINE_REQUESTS: ("after", after.baseline_requests),
        FigureName.COVERED: ("after", after.covered),
        FigureName.COUNTER: ("logging", logging.counter if logging else None),
        FigureName.UP: ("logging", logging.up if logging else None),
    }
    return {
        name: (f"checklist.{table}.{name}", query)
        for name, (table, query) in queries.items()
        if query is not None
    }


@contextmanager
def _prometheus_of(context: Context, table: Monitoring, named: str) -> Iterator[Prometheus]:
    """Return a client of the Prometheus that a table names. Raises MistakesError."""
    source, filling = context.config.source_name, _Filling(context)
    url = filling.filled(named, "prometheus", secret=False)
    headers = {
        name: filling.filled(value, f"headers.{name}") for name, value in table.headers.items()
    }
    basic = None
    if table.username is not None:
        user = filling.filled(table.username, "username", secret=False)
        basic = (user, filling.filled(table.password or "", "password"))
    verify = table.verify if isinstance(table.verify, bool) else context.root / table.verify
    if not isinstance(verify, bool) and not verify.exists():
        filling.wrong.append(
            Mistake(
                "checklist.monitoring.verify",
                "no such file",
                value=str(table.verify),
                advice="the path is relative to the configuration file",
            )
        )
    if filling.wrong:
        raise MistakesError(source, filling.wrong)
    try:
        client = Prometheus(
            url,
            headers,
            basic=basic,
            verify=verify if isinstance(verify, bool) else str(verify),
            timeout_s=max(_LEAST_S, min(_MOST_S, table.interval)),
        )
    except OSError as error:
        what = f"not a file of certificates: {error}"
        wrong = Mistake("checklist.monitoring.verify", what, value=str(table.verify))
        raise MistakesError(source, [wrong]) from None
    try:
        yield client
    finally:
        client.close()


class _Filling:
    """Fills in what the environment holds, and keeps in mind what is missing."""

    def __init__(self, context: Context) -> None:
        self._secrets = context.session.secrets
        self.wrong: list[Mistake] = []

    def filled(self, text: str, key: str, *, secret: bool = True) -> str:
        missing = [name for name in REFERENCE.findall(text) if not os.environ.get(name)]
        if missing:
            self.wrong.append(
                Mistake(
                    f"checklist.monitoring.{key}",
                    f"the environment variable {missing[0]} is not set",
                    advice="set it where pytest runs",
                )
            )
        value = REFERENCE.sub(lambda found: os.environ.get(found[1], ""), text)
        if secret and value:
            self._secrets.add(value)
            for one in of_authorization(value):
                self._secrets.add(one)
        return value
