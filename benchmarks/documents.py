"""Public OpenAPI documents under generated requests: each against a stub that answers its examples.

    python benchmarks/documents.py [NAME …] [--cases N] [--drifts N]

The documents come from packages of public registries (`DOCUMENTS` below), by their ordinary
clients, into a temporary folder. Each is run with the documented command against two stubs
(`document_stub.py`) that are alike, and against such a pair where one operation answers something
else. The only thing added is a login. A row holds when nothing crashed, nothing was found in the
pair that is alike, and each drift was found, or its operation named as not entered, and nothing
besides.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.document_stub import TOKEN, Document  # noqa: E402

_MOST_SECONDS = 1800
_OAS_EXAMPLES = "npm @readme/oas-examples@8.2.2"
_VALIDATOR = "pypi openapi-spec-validator==0.9.0"


@dataclass(frozen=True)
class Public:
    """A document that others published: its package, its place there, and how many cases are
    asked of each operation.
    """

    name: str
    package: str
    place: str
    cases: int = 10


DOCUMENTS = (
    Public("petstore", _OAS_EXAMPLES, "2.0/json/petstore.json"),
    Public(
        "petstore in five files",
        _VALIDATOR,
        "tests/integration/data/v3.0/petstore-separate/spec/openapi.yaml",
    ),
    Public("circles", _OAS_EXAMPLES, "3.0/json/schema-circular.json"),
    Public("train travel", _OAS_EXAMPLES, "3.1/json/train-travel.json"),
    Public("galaxy", "npm @scalar/galaxy@0.6.12", "dist/3.1.json"),
    Public("readme", _OAS_EXAMPLES, "3.1/json/readme.json"),
    Public("blockfrost", "npm @blockfrost/openapi@0.1.93", "openapi.yaml"),
    Public("okta", "npm @okta/openapi@2.15.0", "dist/spec.json", cases=3),
    Public("docker", _VALIDATOR, "tests/bench/specs/docker.yaml", cases=5),
    Public("stripe", _VALIDATOR, "tests/bench/specs/stripe.yaml", cases=2),
    Public("kubernetes", _VALIDATOR, "tests/bench/specs/kubernetes.yaml", cases=2),
    Public("github", _VALIDATOR, "tests/bench/specs/github.yaml", cases=2),
)
# Both answer the same examples, so that an id of another value is a drift.
_TARGET = """
[fuzz]
seconds = {seconds}.0

[targets.pair]
shared_state = true
baseline.url = "{baseline}"
candidate.url = "{candidate}"
writes = true
fuzz_writes = true
max_requests_per_second = 10000.0
"""


def fetched(package: str, into: Path) -> Path:
    """The folder of an unpacked package; fetched once."""
    registry, _, name = package.partition(" ")
    folder = into / name.replace("/", "-").lstrip("@")
    if not folder.exists():
        folder.mkdir(parents=True)
        command = (
            ["npm", "pack", "--silent", name]
            if registry == "npm"
            else [
                sys.executable,
                "-m",
                "pip",
                "download",
                "-q",
                "--no-deps",
                "--no-binary",
                ":all:",
                name,
            ]
        )
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        for archive in [*folder.glob("*.tgz"), *folder.glob("*.tar.gz")]:
            with tarfile.open(archive) as file:
                file.extractall(folder, filter="data")
            archive.unlink()
    return next(one for one in folder.iterdir() if one.is_dir())


@contextlib.contextmanager
def stub(path: Path, drift: str = "") -> Iterator[str]:
    """The URL of a stub in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "benchmarks/document_stub.py"), str(path), f"--drift={drift}"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            raise RuntimeError(f"the stub of {path} did not start")
        yield url
    finally:
        process.terminate()
        process.wait(10)


def login_of(document: Document) -> str:
    """A conftest.py that gives what the document's security schemes ask for."""
    headers, cookies = {}, {}
    for scheme in document.schemes.values():
        found, _ = document.resolved(scheme, document.path)
        name, place = str(found.get("name", "")), found.get("in")
        if found.get("type") != "apiKey":
            headers["Authorization"] = f"Bearer {TOKEN}"
        elif place == "header":
            headers.setdefault(name, TOKEN)
        elif place == "cookie":
            cookies[name] = TOKEN
    # A login has no place for a key in the query.
    return (
        "def pytest_cutover_login(backend):\n"
        f"    backend.headers.update({headers!r})\n"
        + "".join(f"    backend.cookies.set({k!r}, {v!r})\n" for k, v in cookies.items())
        + "    return True\n"
    )


@dataclass(frozen=True)
class Outcome:
    """What one run said."""

    status: int
    report: dict[str, Any]
    seconds: float
    screen: str

    @property
    def crashed(self) -> bool:
        """Whether it ended otherwise than with a verdict."""
        return not self.report or self.status not in (0, 1) or "INTERNALERROR" in self.screen

    @property
    def not_entered(self) -> set[str]:
        """The operations that the report names as never entered with success."""
        rows = self.report.get("generated", ())
        return {row["endpoint"] for row in rows if not row.get("succeeded")}


def run(path: Path, document: Document, cases: int, drift: str = "") -> Outcome:
    """The documented command against two stubs."""
    with (
        tempfile.TemporaryDirectory(prefix="documents-") as name,
        stub(path) as baseline,
        stub(path, drift) as candidate,
    ):
        folder = Path(name)
        target = _TARGET.format(baseline=baseline, candidate=candidate, seconds=_MOST_SECONDS)
        (folder / "cutover.toml").write_text(target, "utf-8")
        (folder / "conftest.py").write_text(login_of(document), "utf-8")
        (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:schemathesis -p no:locust\n")
        began = time.perf_counter()
        done = subprocess.run(
            [
                sys.executable, "-m", "pytest", "-q", "--cutover-target=pair",
                f"--cutover-schema={path}", f"--cutover-fuzz={cases}",
            ],
            cwd=folder, check=False, timeout=2 * _MOST_SECONDS, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        took = time.perf_counter() - began
        report = folder / ".cutover/gate.json"
        text = report.read_text("utf-8") if report.exists() else "{}"
        return Outcome(done.returncode, json.loads(text), took, done.stdout + done.stderr)


def measured(public: Public, folder: Path, cases: int, drifts: int) -> bool:
    """Run one document; print its row, and what is wrong with it."""
    path = fetched(public.package, folder) / public.place
    document = Document(path)
    operations = document.operations
    cases = cases or public.cases
    equal = run(path, document, cases)
    wrong = [f"found where both are alike: {_shown(one)}" for one in _findings(equal)]
    if equal.crashed:
        wrong.append(f"crashed:\n{equal.screen[-3000:]}")
    compared = sum(row.get("sent", 0) for row in equal.report.get("generated", ()))
    chance = random.Random(public.name)
    found = named = 0
    for one in chance.sample(operations, min(drifts, len(operations))):
        drifted = run(path, document, cases, one.endpoint)
        mine = f"{one.method} {document.base}{one.endpoint.partition(' ')[2]}"
        findings = _findings(drifted)
        seen = any(finding["endpoint"] == mine for finding in findings)
        found += seen
        named += not seen and mine in drifted.not_entered
        if drifted.crashed:
            wrong.append(f"crashed:\n{drifted.screen[-3000:]}")
        elif not seen and mine not in drifted.not_entered:
            wrong.append(f"missed: {mine}")
        wrong += [
            f"besides {mine}: {_shown(one)}"
            for one in findings
            if one["endpoint"] not in (mine, "*")
        ]
    version = document.root.get("openapi") or document.root.get("swagger")
    entered = len(operations) - len(equal.not_entered)
    print(
        f"| {public.name} | {version} | {len(operations):,} | {cases} | {compared:,} | {entered:,} "
        f"| {equal.report.get('verdict', 'none')} | {found} of {min(drifts, len(operations))}"
        f"{f', {named} named' if named else ''} | {equal.seconds:.0f} s |",
        flush=True,
    )
    for line in wrong:
        print(f"  {line}", flush=True)
    return not wrong


def _findings(outcome: Outcome) -> list[dict[str, Any]]:
    return list(outcome.report.get("findings", ()))


def _shown(finding: dict[str, Any]) -> str:
    return " | ".join(str(finding[key]) for key in ("endpoint", "kind", "pointer", "change"))


def main() -> None:
    """All documents, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--cases", type=int, default=0, help="cases per operation")
    parser.add_argument("--drifts", type=int, default=2, help="runs with a drift, each another")
    parser.add_argument("--folder", type=Path, help="where packages are unpacked, and kept")
    options = parser.parse_args()
    chosen = [one for one in DOCUMENTS if not options.names or one.name in options.names]
    print(
        "| document | version | operations | cases each | sent | entered | equal | drifts | time |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="documents-") as name:
        folder = options.folder or Path(name)
        held = [measured(one, folder, options.cases, options.drifts) for one in chosen]
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
