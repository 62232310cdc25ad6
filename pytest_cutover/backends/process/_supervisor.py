"""The small program between us and a launched process: it outlives neither of them.

Run as ``python -I -S _supervisor.py SPEC`` with a pipe as standard input. The pipe's other end is
held by the process that launched us and by nobody else, so its end of file means that the launcher
is gone, however it went (SIGKILL included); then the whole tree is stopped. Prints ``pid N`` once
the program runs and ``failed MESSAGE`` when it could not be started.

Standard library only, and nothing of this package: it starts in a few milliseconds.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from typing import Any

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def _prctl(option: int, value: int) -> None:
    """Call Linux' prctl where there is one; elsewhere the process group has to do."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _children_of(pid: int) -> list[int]:
    """Process ids of all descendants, deepest last; empty where there is no /proc."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as children:
                found += [int(child) for child in children.read().split()]
    for child in list(found):
        found += _children_of(child)
    return found


def _send(pids: list[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _stop(child: subprocess.Popen[bytes], stop_signal: int, grace_s: float) -> None:
    """Ask the program to stop, then end whatever of its tree is still there."""
    if child.poll() is None:
        _send([child.pid], stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=grace_s)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        rest = _children_of(os.getpid())
        if not rest:
            break
        _send(rest, signal.SIGKILL)
        time.sleep(0.02)
        if child.poll() is not None:
            _reap()
    child.wait()


def main() -> int:
    spec = json.loads(sys.argv[1])
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    identity: dict[str, Any] = {
        key: spec[key] for key in ("user", "group") if spec.get(key) is not None
    }
    if identity:
        identity["extra_groups"] = []
    try:
        with (
            open(spec["log"], "ab", buffering=0) as log,
            open(spec.get("errors") or spec["log"], "ab", buffering=0) as errors,
        ):
            child = subprocess.Popen(
                spec["argv"],
                cwd=spec["cwd"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=errors,
                process_group=0,
                preexec_fn=lambda: _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL),
                **identity,
            )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        print(f"failed {type(error).__name__}: {error}", flush=True)
        return 127
    print(f"pid {child.pid}", flush=True)
    _watch(child, wake_read)
    _stop(child, spec["stop_signal"], spec["grace_s"])
    code = child.returncode
    return code if code >= 0 else 128 - code


def _watch(child: subprocess.Popen[bytes], wake_read: int) -> None:
    """Return when the program has ended, a signal asks us to stop, or the launcher is gone."""
    while child.poll() is None:
        ready, _, _ = select.select([sys.stdin.fileno(), wake_read], [], [], 1.0)
        if sys.stdin.fileno() in ready and not os.read(sys.stdin.fileno(), 4096):
            return
        if wake_read in ready:
            numbers = os.read(wake_read, 4096)
            if any(number != signal.SIGCHLD for number in numbers):
                return


if __name__ == "__main__":
    sys.exit(main())
