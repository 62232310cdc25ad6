"""Runs of a suite without the plugin: a plain client, the service in a thread, all its answers.

As a pytest plugin (``-p tests.services.plain``) it gives a suite its fixtures. The suite runs
against the service without a fault, again without a fault, and once with each fault that was asked
for, each on a fresh database, and what was answered goes to a file. No clock and no chance is left
in it: `normal` puts names for times and random values. Whoever departs from the first run there
can be told from it by any client.
"""

from __future__ import annotations

import importlib
import inspect
import io
import json
import re
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.services.serving import Instance, Service

AGAIN = "again"
_CHANCE = re.compile(
    r"(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
    r"|(?P<token>(?<![\w-])(?=[\w-]*[0-9A-Z])[\w-]{32,}(?![\w-]))"
    r"|(?P<iso>\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)"
    r"|(?P<date>\b20\d\d-\d\d-\d\d\b)"
    r"|(?P<compact>\b20\d{6}T\d{6}Z?)"
    r"|(?P<http>\w{3}, \d\d \w{3} 20\d\d \d\d:\d\d:\d\d GMT)"
    r"|(?P<epoch>(?<![\w.])1[789]\d{8}(?:\.\d+|\d{3})?(?![\w.]))"
    r"|(?P<hex>(?<![\w-])(?:T|job_)?(?=[a-f]*[0-9])[0-9a-f]{10,64}(?![\w-]))"
    r"|(?P<iban>\bXB\d{14}\b)"
)


def normal(text: str, names: dict[str, str]) -> str:
    """The text with names for what is random and for times near now.

    The same value has the same name. A time keeps its format, and how many hours it is off.
    """

    def name(found: re.Match[str]) -> str:
        kind = found.lastgroup or ""
        if kind in ("iso", "date", "compact", "http", "epoch"):
            return _time(kind, found[0])
        return names.setdefault(found[0], f"<{kind} {len(names) + 1}>")

    return _CHANCE.sub(name, text)


def _time(kind: str, text: str) -> str:
    shape = re.sub(r"\d", "9", text)
    try:
        if kind == "epoch":
            at = float(text) / (1000 if len(text) == 13 and "." not in text else 1)
            shape = re.sub(r"\..*", ".9", shape)
        elif kind == "http":
            at = parsedate_to_datetime(text).timestamp()
            shape = "http"
        else:
            read = datetime.fromisoformat(text.replace(",", "."))
            at = (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    except ValueError:
        return text
    hours = (at - time.time()) / 3600
    if abs(hours) > 24 * 5:
        return text
    return f"<{shape}>" if kind == "date" else f"<{shape} {round(hours):+d} h>"


class Client(httpx.Client):
    """A client with `unique`, which writes down what it was answered."""

    def __init__(self, instance: Instance, test: str, record: list[Any]) -> None:
        # Reading certificates is most of the cost of a client that meets no TLS.
        super().__init__(base_url=instance.url, verify=False)
        self._instance, self._test, self._record = instance, test, record
        self.event_hooks = {"response": [self._seen]}

    def unique(self, label: str, *, length: int | None = None) -> str:
        """A code that no other call gives, and every run gives again."""
        memory = self._instance.memory
        memory["plain"] = memory.get("plain", 0) + 1
        count = 12 if length is None else length - len(label) - 1
        return f"{label}-{memory['plain']:0{count}d}"

    def _seen(self, response: httpx.Response) -> None:
        response.read()
        request, kept = response.request, response.headers.multi_items()
        headers = [(k, v) for k, v in kept if k not in ("date", "content-length")]
        body = response.content.decode("latin-1")
        if body.startswith("PK"):
            with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
                body = json.dumps({n: archive.read(n).decode() for n in archive.namelist()})
        texts = [json.dumps(headers), body, f"{request.method} {request.url.raw_path.decode()}"]
        texts = [text.replace(self._instance.url, "http://service") for text in texts]
        if self._instance.service.varying:
            texts = [re.sub(self._instance.service.varying, "<varying>", text) for text in texts]
        names = self._instance.memory.setdefault("names", {})
        texts = [normal(text, names) for text in texts]
        exchange = [self._test, texts[2], json.dumps([response.status_code, *texts[:2]])]
        # Who polls asks the same again; how often depends on the day.
        if request.method == "GET" and self._record and self._record[-1][:2] == exchange[:2]:
            self._record.pop()
        self._record.append(exchange)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--service", required=True)
    parser.addoption("--record", required=True)
    parser.addoption("--faults", default="")


def pytest_configure(config: pytest.Config) -> None:
    for marker in ("characterization", "negative", "crossover"):
        config.addinivalue_line("markers", f"{marker}(*endpoints, scenario): compared")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if {"backend", "baseline"} & set(metafunc.fixturenames):
        faults = metafunc.config.getoption("faults").split(",")
        variants = [None, AGAIN, *filter(None, faults)]
        metafunc.parametrize("variant", variants, ids=str, indirect=True, scope="session")


@pytest.fixture(scope="session")
def records(pytestconfig: pytest.Config) -> Iterator[dict[str, list[Any]]]:
    kept: dict[str, list[Any]] = {}
    yield kept
    Path(pytestconfig.getoption("record")).write_text(json.dumps(kept))


@pytest.fixture(scope="session")
def variant(
    request: pytest.FixtureRequest, records: dict[str, list[Any]]
) -> Iterator[tuple[Instance, list[Any], Client]]:
    module = importlib.import_module(f"tests.services.{request.config.getoption('service')}")
    service: Service = module.SERVICE
    fault = None if request.param in (None, AGAIN) else request.param
    record = records.setdefault(str(request.param), [])
    with tempfile.TemporaryDirectory() as folder:
        instance = service.start(Path(folder, "data.db"), fault=fault)
        instance.pace = 0.2
        visitor = Client(instance, "login", record)
        login = request.session._fixturemanager.getfixturedefs("cutover_login", request.node)
        if login:
            names = inspect.signature(login[-1].func).parameters
            try:
                login[-1].func(**dict.fromkeys(names, visitor))
            except Exception:
                # A login that a fault breaks is seen in what it was answered.
                if fault is None:
                    raise
        yield instance, record, visitor
        visitor.close()
        instance.close()


@pytest.fixture
def backend(request: pytest.FixtureRequest, variant: Any) -> Iterator[Client]:
    instance, record, visitor = variant
    test = request.node.nodeid.replace(f"[{request.node.callspec.id}]", "")
    with Client(instance, test, record) as client:
        client.headers.update(visitor.headers)
        client.cookies.update(visitor.cookies)
        yield client


@pytest.fixture
def baseline(backend: Client) -> Client:
    return backend


@pytest.fixture
def candidate(backend: Client) -> Client:
    return backend
