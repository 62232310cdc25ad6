"""Services from PyPI and npm that nobody here wrote, each against itself.

    python benchmarks/foreign/run.py install --scratch FOLDER
    python benchmarks/foreign/run.py run --scratch FOLDER [--only NAME …] [--modes MODE …]

`install` puts the packages into FOLDER (an environment for Python, a prefix for npm) and nowhere
else. `run` runs each suite in the ways that a user would, on data of each side's own:

- ``first``: both sides launched by the run, serial, on fresh data;
- ``stays``: two runs by URL on servers that stay, so that the second meets the rows of the first
  (a service that tells when its process began is launched twice on data that stays instead);
- ``workers``: launched, fresh, ``-n 2``;
- ``control``: the candidate behind a proxy that changes nothing;
- ``drift``: the candidate behind the proxy with the drift of the service (see `drifts`).

With ``--rows FILE`` each row is added to a file of JSON lines as soon as it is known, and what the
file has already is not run again: a run that was broken off goes on where it was.

No rule, no golden, no accepted difference and no twin is given. All is 127.0.0.1, and every process
ends with the run. Exit status 1 where a row is not as expected: GO in all but the last, and there
NO-GO with a finding at the place of the drift.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from services import SERVE, SERVICES, Service  # noqa: E402

MODES = ("first", "stays", "workers", "control", "drift")
# By URL and launched, both turns are one mode.
_MODE_OF = {"url": "stays", "fresh": "stays"}
# Loading them is most of a short run, and no suite here asks for them.
WITHOUT = ("-p", "no:schemathesis", "-p", "no:locust", "-p", "no:hypothesispytest")
_FOREIGN = ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_SHA", "PYTEST_ADDOPTS")


@dataclass(slots=True)
class Row:
    """One run: the verdict, what was open or accused, and whether it is as expected."""

    service: str
    mode: str
    verdict: str
    good: bool
    seconds: float
    tests: int
    blockers: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def line(self) -> str:
        """The row as it is printed."""
        sign = "ok " if self.good else "BAD"
        head = f"{sign} {self.service:13} {self.mode:9} {self.verdict:13} {self.seconds:5.1f} s"
        shown = [*self.blockers, *self.findings] if not self.good or self.mode == "drift" else []
        return "\n".join([head, *(f"      {one[:220]}" for one in shown[:14])])


def install(scratch: Path, services: Sequence[Service]) -> None:
    """Install the packages of the services into the scratch folder."""
    scratch.mkdir(parents=True, exist_ok=True)
    for folder in {service.venv: scratch / service.venv for service in services}.values():
        python = [word for one in services if folder.name == one.venv for word in one.python]
        if python and not folder.exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        if python:
            subprocess.run([str(folder / "bin/pip"), "install", "-q", *python], check=True)
    npm = [word for service in services for word in service.npm]
    if npm:
        (scratch / "npm").mkdir(exist_ok=True)
        (scratch / "npm/package.json").write_text('{"private": true}\n')
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *npm]
        subprocess.run(command, cwd=scratch / "npm", check=True)


def _command(service: Service, scratch: Path, data: Path) -> list[str]:
    places = {
        "{data}": str(data),
        "{bin}": str(scratch / service.venv / "bin"),
        "{node}": str(scratch / "npm/node_modules"),
        "{serve}": str(SERVE),
    }
    words = list(service.command)
    for name, value in places.items():
        words = [word.replace(name, value) for word in words]
    return words


def _environment(**more: str) -> dict[str, str]:
    known = {k: v for k, v in os.environ.items() if k not in _FOREIGN}
    return known | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "", **more}


@contextlib.contextmanager
def _served(service: Service, scratch: Path, data: Path) -> Iterator[str]:
    """A server that somebody else started: its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [w.replace("{port}", str(port)) for w in _command(service, scratch, data)]
    more = {
        name: value.replace("{data}", str(data)).replace("{port}", str(port))
        for name, value in service.env
    }
    log = (data.parent / f"{data.name}.log").open("wb")
    process = subprocess.Popen(
        words, cwd=data, env=os.environ | more, start_new_session=True, stdout=log, stderr=log
    )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(url + service.ready, timeout=5).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield url
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


def _data(service: Service, scratch: Path, folder: Path, side: str) -> Path:
    data = folder / side
    data.mkdir()
    if service.prepare is not None:
        service.prepare(data, scratch)
    return data


def _target(service: Service, scratch: Path, folder: Path, drift: str | None) -> str:
    lines = ["[targets.t]", "# Each has a database of its own.", "shared_state = false"]
    for side in ("baseline", "candidate"):
        data = _data(service, scratch, folder, side)
        words = _command(service, scratch, data)
        if drift is not None and side == "candidate":
            proxy = ["{python}", str(HERE / "drift_proxy.py"), "--port", "{port}"]
            words = [*proxy, "--drift", drift, "--", *words]
            # The proxy fills in a port of its own.
            head, tail = words[: len(proxy) + 3], words[len(proxy) + 3 :]
            words = head + [word.replace("{port}", "@port@") for word in tail]
        lines += ["", f"[targets.t.{side}]", f"command = {json.dumps(words)}"]
        lines += [f"cwd = {json.dumps(str(data))}", f'ready = "{service.ready}"']
        more = {name: value.replace("{data}", str(data)) for name, value in service.env}
        if more:
            pairs = ", ".join(f"{name} = {json.dumps(value)}" for name, value in more.items())
            lines.append(f"env = {{ {pairs} }}")
    return "\n".join(lines) + "\n"


def _by_url(baseline: str, candidate: str) -> str:
    return (
        "[targets.t]\nshared_state = false\nwrites = true\nmax_requests_per_second = 500\n"
        f'\n[targets.t.baseline]\nurl = "{baseline}"\n'
        f'\n[targets.t.candidate]\nurl = "{candidate}"\n'
    )


def _pytest(folder: Path, workers: int) -> tuple[dict[str, Any], float]:
    shutil.rmtree(folder / ".cutover", ignore_errors=True)
    argv = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *WITHOUT]
    argv += ["--cutover-target=t", *(["-n", str(workers)] if workers else [])]
    began = time.monotonic()
    ran = subprocess.run(argv, cwd=folder, env=_environment(), capture_output=True, timeout=900)
    took = time.monotonic() - began
    (folder / "output.txt").write_bytes(ran.stdout + ran.stderr)
    written = folder / ".cutover/gate.json"
    gate = json.loads(written.read_text("utf-8")) if written.exists() else {}
    return gate, took


def _row(service: Service, mode: str, gate: dict[str, Any], took: float) -> Row:
    blockers = [
        f"{g['code']} {g.get('observed', '')} {g.get('message', '')}".strip()
        for g in gate.get("gates", [])
        if g["verdict"] != "pass" and g.get("required", True)
    ]
    found = [f for f in gate.get("findings", []) if not f.get("accepted")]
    findings = [
        f"{f['endpoint']} {f['kind']} {f.get('pointer', '')} {f.get('change', '')}".strip()
        for f in found
    ]
    verdict = gate.get("verdict", "none")
    if mode == "drift":
        endpoint, place = service.drift
        at = [f for f in found if endpoint in f["endpoint"] and place in f.get("pointer", "")]
        good = verdict == "NO-GO" and bool(at)
    else:
        good = verdict == "GO"
    tests = len({n for f in found for n in f.get("nodeids", [])})
    return Row(service.name, mode, verdict, good, took, tests, blockers, findings)


def run(service: Service, mode: str, scratch: Path) -> list[Row]:
    """Run a service's suite in one mode, in a new folder below the scratch folder."""
    folder = scratch / "runs" / f"{service.name}-{mode}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(HERE / f"suites/test_{service.name}.py", folder)
    (folder / "pytest.ini").write_text("[pytest]\n")
    if mode != "stays":
        drift = {"control": "none", "drift": service.name}.get(mode)
        (folder / "cutover.toml").write_text(_target(service, scratch, folder, drift))
        return [_row(service, mode, *_pytest(folder, 2 if mode == "workers" else 0))]
    rows = []
    if service.tells_its_start:
        (folder / "cutover.toml").write_text(_target(service, scratch, folder, None))
        for turn in ("fresh", "stays"):
            rows.append(_row(service, turn, *_pytest(folder, 0)))
            shutil.copy(folder / "output.txt", folder / f"output-{turn}.txt")
        return rows
    with contextlib.ExitStack() as stack:
        urls = [
            stack.enter_context(_served(service, scratch, _data(service, scratch, folder, side)))
            for side in ("baseline", "candidate")
        ]
        (folder / "cutover.toml").write_text(_by_url(*urls))
        for turn in ("url", "stays"):
            rows.append(_row(service, turn, *_pytest(folder, 0)))
            shutil.copy(folder / "output.txt", folder / f"output-{turn}.txt")
    return rows


def _known(file: Path | None) -> list[Row]:
    """Return the rows of a run that was broken off."""
    if file is None or not file.exists():
        return []
    return [Row(**json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def main() -> int:
    """Install, or run and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["install", "run"])
    parser.add_argument("--scratch", type=Path, required=True, help="where everything is put")
    parser.add_argument("--only", nargs="*", choices=[s.name for s in SERVICES])
    parser.add_argument("--modes", nargs="*", choices=MODES, default=list(MODES))
    parser.add_argument("--json", type=Path, help="where the rows go as JSON")
    parser.add_argument("--rows", type=Path, help="JSON lines, one a row: goes on where it ended")
    arguments = parser.parse_args()
    scratch = arguments.scratch.resolve()
    chosen = [s for s in SERVICES if not arguments.only or s.name in arguments.only]
    if arguments.what == "install":
        install(scratch, chosen)
        return 0
    rows: list[Row] = _known(arguments.rows)
    done = {(row.service, _MODE_OF.get(row.mode, row.mode)) for row in rows}
    for service in chosen:
        for mode in arguments.modes:
            if (service.name, mode) in done:
                continue
            found = run(service, mode, scratch)
            rows += found
            for row in found:
                print(row.line(), flush=True)
            if arguments.rows:
                with arguments.rows.open("a", encoding="utf-8") as file:
                    file.writelines(json.dumps(asdict(row)) + "\n" for row in found)
    if arguments.json:
        text = json.dumps([asdict(row) for row in rows], indent=1) + "\n"
        arguments.json.write_text(text, "utf-8")
    bad = [row for row in rows if not row.good]
    print(f"\n{len(rows) - len(bad)} of {len(rows)} rows as expected")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
