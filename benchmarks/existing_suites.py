"""Public suites that nobody here wrote, brought along by a few lines, each on its service twice.

`python -m benchmarks.existing_suites WHEEL FOLDER [SUITE …]`. Each is a source distribution from
PyPI at a fixed version, tests and all. Its own requirements and the wheel go into a new
environment, the edits below into its files, and its service is launched as both sides: first as it
is, then with one value of the candidate's answers changed. Counted are the tests that ran on both
sides and the lines that were changed beside imports; it held where the answers are GO and NO-GO.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

UV = Path(sys.executable).with_name("uv")
DRIFT = """\
from {module} import app as unchanged


async def app(scope, receive, send):
    async def changed(message):
        if message["type"] == "http.response.body":
            body = message.get("body", b"")
            message = {{**message, "body": body.replace({old!r}, {new!r})}}
        await send(message)

    await unchanged(scope, receive, changed)
"""
SIDE = """\
[targets.{target}.{side}]
command = ["{{python}}", "-m", "uvicorn", "{app}", "--port", "{{port}}"]
base_path = "{base}/"
ready = "{ready}"

"""


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A source distribution, what its suite needs, and what is changed in it.

    `edits` are a file, what stands there, and what stands there then; "" where there is no file.
    """

    name: str
    version: str
    python: str
    requirements: tuple[str, ...]
    module: str
    ready: str
    drift: tuple[bytes, bytes]
    edits: tuple[tuple[str, str, str], ...]
    words: tuple[str, ...] = ()
    base: str = ""


def main(arguments: list[str]) -> int:
    """Bring the suites along and print a line for each; the exit status says whether all held."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.existing_suites")
    parser.add_argument("wheel", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("suites", nargs="*", default=list(SUITES))
    given = parser.parse_args(arguments)
    rows = []
    for name in given.suites:
        row = brought(SUITES[name], given.wheel.resolve(), (given.folder / name).resolve())
        rows.append(row)
        print(json.dumps({"suite": name, **row}), flush=True)
    return int(not all(row["held"] for row in rows))


def brought(suite: Suite, wheel: Path, folder: Path) -> dict[str, object]:
    """Unpack, install, edit and run a suite; what came of it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    python = str(folder / "venv" / "bin" / "python")
    subprocess.run(
        [UV, "venv", "-q", "--python", interpreter(suite.python), "venv"], cwd=folder, check=True
    )
    install = [UV, "pip", "install", "-q", "--python", python]
    subprocess.run([*install, *suite.requirements, f"{wheel}[contract]"], cwd=folder, check=True)
    project = unpacked(suite, folder)
    changed = sum(edited(project, *edit) for edit in suite.edits)
    old, new = suite.drift
    (project / "drifted.py").write_text(DRIFT.format(module=suite.module, old=old, new=new))
    (project / "cutover.toml").write_text("".join(
        SIDE.format(target=target, side=side, app=app, base=suite.base, ready=suite.ready)
        for target, candidate in (("same", suite.module), ("drifted", "drifted"))
        for side, app in (("baseline", f"{suite.module}:app"), ("candidate", f"{candidate}:app"))
    ))  # fmt: skip
    path = f"{folder / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("PY", "CI"))}
    verdicts, both = [], []
    for target in ("same", "drifted"):
        words = [python, "-m", "pytest", f"--cutover-target={target}", *suite.words]
        with (folder / f"{target}.log").open("wb") as log:
            subprocess.run(
                words, cwd=project, env=environment | {"PATH": path}, check=False,
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        report = json.loads((project / ".cutover" / "gate.json").read_text())
        verdicts.append(report["verdict"])
        both.append(report["tests"]["both_sides"])
    return {
        "package": f"{suite.name} {suite.version}",
        "tests": both,
        "changed_lines": changed,
        "verdicts": verdicts,
        "held": verdicts == ["GO", "NO-GO"] and both[0] >= 20,
    }


def interpreter(version: str) -> str:
    """Return a Python of this version, from pyenv where it is kept there."""
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    return str(kept[-1]) if kept else version


def unpacked(suite: Suite, folder: Path) -> Path:
    """Fetch the source distribution and unpack it."""
    words = [interpreter(suite.python), "-m", "pip", "download", "-q", "--no-deps"]
    words += ["--no-binary", suite.name, "-d", str(folder), f"{suite.name}=={suite.version}"]
    subprocess.run(words, check=True)
    archive = next(folder.glob("*.tar.gz"))
    shutil.unpack_archive(archive, folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


def edited(project: Path, name: str, old: str, new: str) -> int:
    """Change a file; how many lines that are no import and not empty are new in it."""
    path = project / name
    before = path.read_text("utf-8") if path.exists() else ""
    assert before.count(old) == 1 if old else not before, f"{name} is another than expected"
    after = before.replace(old, new) if old else new
    path.write_text(after, "utf-8")
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    added = [line[2:].strip() for line in lines if line.startswith("+ ")]
    return sum(bool(line) and not line.startswith(("import ", "from ")) for line in added)


CLIENTS = "tests/fixtures/client_fixtures.py"
IN_PROCESS = '''\
async def registry_api_client() -> AsyncGenerator[AsyncClient]:
    """Return an async client for testing the registry API."""
    # Create ASGITransport for testing
    transport = ASGITransport(app=app)

    async with AsyncClient(
        transport=transport,
        base_url=f"http://{settings.TEST_SERVER_HOST}{settings.API_V1_STR}",
    ) as client:
        yield client
'''
OVER_HTTP = '''\
async def registry_api_client(async_backend) -> AsyncGenerator[AsyncClient]:
    """Return an async client for testing the registry API."""
    settings.TEST_SERVER_HOST = async_backend.base_url.netloc.decode()
    yield async_backend
'''
MODELS = (
    'pytestmark = pytest.mark.characterization("GET /models/{kind}", "GET /models/{kind}/{id*}")\n'
)
OF_THE_MODULE = """\
import pytest


@pytest.fixture
def over_http(request, backend, monkeypatch):
    backend.follow_redirects = True
    monkeypatch.setattr(request.module, "client", backend)
"""
CLIENT = "client = TestClient(app)\n"
GET = 'pytest.mark.characterization("GET /{path*}")'
MARKED = f'{CLIENT}pytestmark = [pytest.mark.usefixtures("over_http"), {GET}]\n'
TWO_FILES = """\
[pytest]
testpaths = tests/test_path.py tests/test_query.py
"""

SUITES = {
    # `async def` tests on httpx.AsyncClient and ASGITransport, the API below a base path, and
    # pytest-timeout with 10 s; the whole suite runs, marked or not.
    "async": Suite(
        name="langgate",
        version="0.4.1",
        python="3.13",
        requirements=(
            *("langgate[all,server]==0.4.1", "uvicorn", "openai", "factory-boy", "pytest>=8.3.5"),
            *("pytest-asyncio>=0.25.3", "pytest-cov", "pytest-env", "pytest-timeout", "vcrpy"),
            "pytest-recording",
        ),
        module="langgate.server.main",
        base="/api/v1",
        ready="/models/llms",
        drift=(b'"GPT-4o"', b'"GPT-4O"'),
        words=("--no-cov",),
        edits=(
            (CLIENTS, IN_PROCESS, OVER_HTTP),
            (
                "tests/integration_tests/server/api/api_v1/test_models_ep.py",
                'LLMS_URL = "/models/llms"\n',
                f'{MODELS}\nLLMS_URL = "/models/llms"\n',
            ),
            (
                "tests/integration_tests/client/test_http_registry_client.py",
                "import CustomImageModelInfo, CustomLLMInfo\n",
                f"import CustomImageModelInfo, CustomLLMInfo\n\n{MODELS}",
            ),
        ),
    ),
    # FastAPI's own tests on a TestClient that each module makes for itself.
    "test-client": Suite(
        name="fastapi",
        version="0.165.0",
        python="3.12",
        requirements=(
            "fastapi==0.165.0",
            "uvicorn",
            "python-multipart",
            "pytest>=8.3",
            "httpx<0.28",
        ),
        module="tests.main",
        ready="/text",
        drift=(b'"Hello World"', b'"Hello world"'),
        words=("-c", "cutover.ini"),
        edits=(
            (
                "tests/test_path.py",
                "from fastapi.testclient",
                "import pytest\nfrom fastapi.testclient",
            ),
            ("tests/test_path.py", CLIENT, MARKED),
            (
                "tests/test_query.py",
                "from fastapi.testclient",
                "import pytest\nfrom fastapi.testclient",
            ),
            ("tests/test_query.py", CLIENT, MARKED),
            ("tests/conftest.py", "", OF_THE_MODULE),
            ("cutover.ini", "", TWO_FILES),
        ),
    ),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
