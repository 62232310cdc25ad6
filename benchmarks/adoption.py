"""How long from `pip install` to a verdict worth believing, on pairs that nobody here wrote.

`python -m benchmarks.adoption WHEEL FOLDER [PAIR …]`. Each pair is a public package at a fixed
version, unmodified, with a login, state and a base path: two processes of it on one state, and then
a proxy before the candidate that changes one value of its answers. Counted are the commands that a
newcomer types, by README and tutorial alone, the lines that are edited in files, and seconds.
Believed means: GO without the drift, NO-GO with it, nothing undecided, at most six commands and
five minutes.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PASSWORD = "correct-horse-7"
UV = Path(sys.executable).with_name("uv")


@dataclass
class Pair:
    """A package, how two of it are started on one state, and what the newcomer says of it."""

    package: str
    install: Callable[[Path], None]
    start: Callable[[Path, int, str], list[str]]
    bases: tuple[str, str]
    drift: tuple[bytes, bytes]
    seed: Callable[[str], None] = lambda _url: None
    before: Callable[[Path], contextlib.AbstractContextManager[dict[str, str]]] = lambda _folder: (
        contextlib.nullcontext({})
    )
    words: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


def main(arguments: list[str]) -> int:
    """Run the pairs, print a line for each, and say by the exit status whether all held."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.adoption")
    parser.add_argument("wheel", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pairs", nargs="*", default=list(PAIRS))
    given = parser.parse_args(arguments)
    good = True
    for name in given.pairs:
        folder = given.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        row = measured(PAIRS[name], given.wheel.resolve(), folder.resolve())
        good = good and bool(row["held"])
        print(json.dumps({"pair": name, "package": PAIRS[name].package, **row}), flush=True)
    return int(not good)


def measured(pair: Pair, wheel: Path, folder: Path) -> dict[str, object]:
    """Start the pair, walk the newcomer's way, and give what was counted."""
    if not (folder / "server").exists():
        pair.install(folder)
    ports = [free_port() for _ in range(3)]
    bases = (*pair.bases, pair.bases[0])
    with contextlib.ExitStack() as stack:
        more = stack.enter_context(pair.before(folder))
        urls = [f"http://127.0.0.1:{port}{base}" for port, base in zip(ports, bases, strict=True)]
        for port, base, url in zip(ports, bases, urls, strict=True):
            command = pair.start(folder, port, base)
            stack.enter_context(running(command, folder, more, f"{port}.log"))
            until_answers(url)  # one after the other: the first makes the tables of all
        pair.seed(urls[0])
        proxy = stack.enter_context(drifting(ports[1], *pair.drift))
        return walked(pair, wheel, folder, urls, f"http://127.0.0.1:{proxy}{pair.bases[1]}")


def walked(
    pair: Pair, wheel: Path, folder: Path, urls: list[str], drifted: str
) -> dict[str, object]:
    """The newcomer: install, init, ask, and ask again with the drift."""
    project = folder / "project"
    subprocess.run(["rm", "-rf", str(project), str(folder / "venv")], check=True)
    project.mkdir()
    bin_ = folder / "venv" / "bin"
    environment = {name: v for name, v in os.environ.items() if not name.startswith(("PY", "CI"))}
    environment |= pair.environment
    commands = [
        [sys.executable, "-m", "venv", str(folder / "venv")],
        [str(bin_ / "pip"), "install", "--quiet", f"pytest-cutover[contract] @ file://{wheel}"],
        [
            *(str(bin_ / "pytest-cutover"), "init", *pair.words),
            *("--baseline", urls[0], "--candidate", urls[1], "--twin", urls[2]),
        ],
        [str(bin_ / "pytest"), "--cutover-target=staging"],
    ]
    begun, seconds, verdicts, said = time.monotonic(), [], [], ""
    for command in [*commands, [str(bin_ / "pytest"), "--cutover-target=staging"]]:
        if len(seconds) == len(commands):
            # Somebody deploys the candidate with a mistake in it: the same address, another answer.
            toml = project / "cutover.toml"
            toml.write_text(toml.read_text().replace(urls[1], drifted))
        at = time.monotonic()
        done = subprocess.run(
            command, cwd=project, env=environment, capture_output=True, text=True, check=False
        )
        said += f"$ {' '.join(command)}\n{done.stdout}{done.stderr}\n"
        seconds.append(round(time.monotonic() - at, 1))
        if command[0].endswith("/pytest"):
            report = json.loads((project / ".cutover" / "gate.json").read_text())
            verdicts.append(report["verdict"])
            undecided = [
                one["code"]
                for one in report["gates"]
                if one["required"] and one["verdict"] == "inconclusive"
            ]
            verdicts += [f"undecided {one}" for one in undecided]
    (folder / "said.log").write_text(said)
    total = round(time.monotonic() - begun, 1)
    tests = report["tests"]["both_sides"]
    return {
        "commands": len(commands) + 1,
        "edited_lines": 0,
        "seconds": total,
        "each": seconds,
        "verdicts": verdicts,
        "tests": tests,
        "held": verdicts == ["GO", "NO-GO"] and total <= 300 and len(commands) + 1 <= 6,
    }


# -- servers ---------------------------------------------------------------------------------------


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], folder: Path, more: dict[str, str], log: str) -> Iterator[None]:
    """A server in the background, ended with the block."""
    environment = {name: v for name, v in os.environ.items() if name != "PYTHONPATH"} | more
    with (folder / log).open("wb") as file:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=file, stderr=subprocess.STDOUT
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def until_answers(url: str) -> None:
    """Wait for any HTTP answer; raises TimeoutError after three minutes."""
    end = time.monotonic() + 180
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{url}/", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(url)


@contextlib.contextmanager
def drifting(port: int, old: bytes, new: bytes) -> Iterator[int]:
    """A proxy that changes one value in what a server answers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}{self.path}",
                data=self.rfile.read(length) if length else None,
                headers=dict(self.headers),
                method=self.command,
            )
            try:
                answer = urllib.request.urlopen(request, timeout=30)
            except urllib.error.HTTPError as error:
                answer = error
            body = answer.read().replace(old, new)
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_OPTIONS = handle_any  # noqa: N815

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()


def from_pypi(*requirements: str) -> Callable[[Path], None]:
    """What installs a server into an environment of its own."""

    def install(folder: Path) -> None:
        server = str(folder / "server")
        subprocess.run([UV, "venv", "-q", "--python", sys.executable, server], check=True)
        words = [UV, "pip", "install", "-q", "--python", f"{server}/bin/python"]
        subprocess.run([*words, *requirements], check=True)

    return install


def from_npm(*packages: str) -> Callable[[Path], None]:
    """The same for npm."""

    def install(folder: Path) -> None:
        (folder / "server").mkdir()
        words = ["npm", "install", "--silent", "--no-audit", "--no-fund", *packages]
        subprocess.run(words, cwd=folder / "server", check=True)

    return install


def asked(method: str, url: str, body: object = None, **headers: str) -> None:
    """Send a request while a pair is prepared."""
    data = None if body is None else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(
        url, data, {"Content-Type": "application/json", **names}, method=method
    )
    urllib.request.urlopen(request, timeout=20).close()


# -- the pairs -------------------------------------------------------------------------------------


def _jupyter(folder: Path, port: int, base: str) -> list[str]:
    files = folder / "files"
    files.mkdir(exist_ok=True)
    (files / "lots.json").write_text('{"lot": "A-1"}')
    (files / "reports").mkdir(exist_ok=True)
    return [
        *(str(folder / "server/bin/jupyter-server"), "--allow-root", "--no-browser"),
        *("--ip=127.0.0.1", f"--port={port}", f"--ServerApp.base_url={base}/"),
        "--IdentityProvider.cookie_name=jupyter",
        *(f"--IdentityProvider.token={PASSWORD}-0123456789", f"--ServerApp.root_dir={files}"),
    ]


@contextlib.contextmanager
def _postgres(_folder: Path) -> Iterator[dict[str, str]]:
    from examples.flowviz.postgres import postgres_server

    with postgres_server() as url:
        named = url.replace("postgres://", "postgresql://")
        names = ("STORAGE", "PERMISSION", "CACHE")
        yield {
            **{f"KINTO_{name}_BACKEND": f"kinto.core.{name.lower()}.postgresql" for name in names},
            **{f"KINTO_{name}_URL": named for name in names},
        }


def _kinto(folder: Path, port: int, _base: str) -> list[str]:
    ini = folder / "kinto.ini"
    kinto = str(folder / "server/bin/kinto")
    if not ini.exists():
        words = [kinto, "init", "--ini", str(ini), "--host", "127.0.0.1"]
        words += ["--backend", "memory", "--cache-backend", "memory"]
        subprocess.run(words, check=True, capture_output=True)
        lines = ini.read_text().splitlines()
        # The database of this run, from the environment.
        dropped = tuple(f"kinto.{one}_{two}" for one in ("storage", "cache", "permission")
                        for two in ("backend", "url"))  # fmt: skip
        ini.write_text("\n".join(one for one in lines if not one.startswith(dropped)) + "\n")
    script = f"{kinto} migrate --ini {ini} && exec {kinto} start --ini {ini} --port {port}"
    return ["sh", "-c", script]


def _kinto_seed(url: str) -> None:
    asked("PUT", f"{url}/accounts/admin", {"data": {"password": PASSWORD}})
    basic = f"Basic {BASIC}"
    for path in ("/buckets/shop", "/buckets/shop/collections/parts"):
        asked("PUT", url + path, {}, Authorization=basic)
    row = {"data": {"name": "bolt", "price": 3}}
    asked("PUT", f"{url}/buckets/shop/collections/parts/records/bolt", row, Authorization=basic)


def _prefect(folder: Path, port: int, _base: str) -> list[str]:
    words = ["server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    return [str(folder / "server/bin/prefect"), *words]


@contextlib.contextmanager
def _prefect_state(folder: Path) -> Iterator[dict[str, str]]:
    yield {
        "PREFECT_HOME": str(folder / "home"),
        "PREFECT_SERVER_API_AUTH_STRING": f"admin:{PASSWORD}",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }


BASIC = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()


def _prefect_seed(url: str) -> None:
    for path, body in (
        ("/variables/", {"name": "lot", "value": "A-1"}),
        ("/flows/", {"name": "lots"}),
        ("/work_pools/", {"name": "hall", "type": "process"}),
    ):
        with contextlib.suppress(urllib.error.HTTPError):  # there from a run before
            asked("POST", url + path, body, Authorization=f"Basic {BASIC}")


PAIRS = {
    "prefect": Pair(
        "prefect 3.9.1 (PyPI)",
        from_pypi("prefect==3.9.1"),
        _prefect,
        ("/api", "/api"),
        (b"3.9.1", b"3.9.2"),
        seed=_prefect_seed,
        before=_prefect_state,
        words=("--header", "Authorization: Basic {env:CUTOVER_BASIC}"),
        environment={"CUTOVER_BASIC": BASIC},
    ),
    "kinto": Pair(
        "kinto 26.5.0 (PyPI)",
        from_pypi("kinto[postgresql]==26.5.0", "setuptools<81"),
        _kinto,
        ("/v1", "/v1"),
        (b'"id":"shop"', b'"id":"Shop"'),
        seed=_kinto_seed,
        before=_postgres,
        environment={"CUTOVER_USER": "admin", "CUTOVER_PASSWORD": PASSWORD},
    ),
    "jupyter": Pair(
        "jupyter-server 2.21.1 (PyPI)",
        from_pypi("jupyter-server==2.21.1"),
        _jupyter,
        ("/old", "/new"),
        (b'"mimetype": "application/json"', b'"mimetype": "text/json"'),
        words=("--header", "Authorization: token {env:CUTOVER_TOKEN}"),
        environment={"CUTOVER_TOKEN": f"{PASSWORD}-0123456789"},
    ),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
