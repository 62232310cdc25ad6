"""Run the reference pair by hand: `python examples/flowviz/serve.py`, Ctrl-C to stop.

`--drifts all` (or names from drifts.toml) starts the drifted candidate in place of the good one.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

# Started as a script, Python looks for modules in this directory, not in the repository's.
sys.path[0] = str(Path(__file__).parents[2])

from examples.flowviz.backends import Backend, express, fastapi  # noqa: E402
from examples.flowviz.database import reference_database  # noqa: E402
from pytest_cutover import SupervisedProcess  # noqa: E402

_READY_DEADLINE_S = 30.0


def main() -> None:
    """Start the database and both backends, print where they are, wait for Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--express-port", type=int, default=3000)
    parser.add_argument("--fastapi-port", type=int, default=8000)
    parser.add_argument("--drifts", help='"all", or names with commas between them')
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="flowviz-logs-")))
        database = stack.enter_context(reference_database())
        processes = [
            _serve(stack, express(database), arguments.express_port, logs),
            _serve(stack, fastapi(database, drifts=arguments.drifts), arguments.fastapi_port, logs),
        ]
        print(f"database  {database.url} (schema {database.schema})")
        print("Ctrl-C stops everything", flush=True)
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        for process in processes:
            print(process.log_tail(20), file=sys.stderr)


def _serve(
    stack: contextlib.ExitStack, backend: Backend, port: int, logs: Path
) -> SupervisedProcess:
    process = SupervisedProcess.start(
        backend.argv,
        env={**os.environ, **backend.environment, "PORT": str(port)},
        cwd=backend.cwd,
        log_path=logs / f"{backend.name}.log",
    )
    stack.callback(process.stop)
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + _READY_DEADLINE_S
    while not _is_ready(url + backend.ready_path):
        if process.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"{backend.name} did not start:\n{process.log_tail(20)}")
        time.sleep(0.05)
    print(f"{backend.name:<9} {url}", flush=True)
    return process


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    main()
