"""A sound backend as a program, which ends by itself after so many answers.

``python mortal_server.py --port N [--answers 3] [--rude | --shy] [--status 7 | --signal 9]
[--family]``. Every answer is whole before it goes; with `--rude` it goes at the next question
instead, with `--shy` it stays and lets nobody in. With `--family` it has a child, and a grandchild
that left the session. From its start until it lets nobody in, `mortal-PORT.pid` says who it is.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BODY = b'{"size": 3}'
LAST_WORDS = "out of memory, said the mortal server"
ORPHAN = "import time; time.sleep(300)"
CHILD = (
    "import subprocess, sys, time; "
    f"subprocess.Popen([sys.executable, '-c', {ORPHAN!r}], start_new_session=True); time.sleep(300)"
)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    left = -1
    lock = threading.Lock()
    end: argparse.Namespace

    def do_GET(self) -> None:
        if self.end.rude and Handler.left == 0:
            self._end()
        self.send_response_only(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)
        self.wfile.flush()
        if self.path != "/":
            self._grow_older()

    def _grow_older(self) -> None:
        with self.lock:
            Handler.left -= 1
            if Handler.left == 0 and not self.end.rude:
                self._end()

    def _end(self) -> None:
        print(LAST_WORDS, flush=True)  # noqa: T201
        if self.end.shy:
            self.server.shutdown()
            return
        if self.end.signal:
            os.kill(os.getpid(), self.end.signal)
        os._exit(self.end.status)

    def log_message(self, *_arguments: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--answers", type=int, default=-1)
    parser.add_argument("--status", type=int, default=0)
    parser.add_argument("--signal", type=int, default=0)
    parser.add_argument("--rude", action="store_true")
    parser.add_argument("--shy", action="store_true")
    parser.add_argument("--family", action="store_true")
    Handler.end = parser.parse_args()
    Handler.left = Handler.end.answers
    if Handler.end.family:
        subprocess.Popen([sys.executable, "-c", CHILD])
    who = Path(f"mortal-{Handler.end.port}.pid")
    who.write_text(str(os.getpid()))
    with ThreadingHTTPServer(("127.0.0.1", Handler.end.port), Handler) as server:
        server.serve_forever(0.05)
    who.unlink()
    threading.Event().wait()


if __name__ == "__main__":
    main()
