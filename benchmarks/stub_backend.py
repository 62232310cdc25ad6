"""A small, quick backend over a socket: lots with new ids and times, some of them wrong on request.

Run as a program it prints its URL; `stub_backend` starts it. ``/api/lots/N`` is the lot N. With
``--wrong SHARE`` that share of the lots departs, in one of five ways.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

WAYS = 5


def lot(number: int, *, wrong: bool) -> dict[str, Any]:
    """A lot as it is answered."""
    document = {
        "id": str(uuid.uuid4()),
        "lot_code": f"LOT-{number}",
        "weight_kg": 500.25,
        "metadata": {"line": [1, 2, 3], "calibrated": True},
        "phases": [{"name": f"phase {k}", "minutes": 30 + k} for k in range(5)],
        "created_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
    }
    if wrong:
        way = number % WAYS
        changes: tuple[dict[str, Any], ...] = (
            {"weight_kg": "500.25"}, {"phases": []}, {"metadata": None}, {"id": number},
            {"surplus": 1},
        )  # fmt: skip
        document |= changes[way]
    return document


class Connection(asyncio.Protocol):
    """Answers each request of one connection."""

    def __init__(self, share: float, wait_s: float) -> None:
        self._share, self._wait_s, self._heard = share, wait_s, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer what is complete; requests have no body here."""
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            if self._wait_s:
                asyncio.get_running_loop().call_later(self._wait_s, self._answer, path)
            else:
                self._answer(path)

    def _answer(self, path: str) -> None:
        last = path.rpartition("/")[2]
        number = int(last) if last.isdigit() else 0
        wrong = (number * 7919) % 1000 < self._share * 1000 and last.isdigit()
        body = json.dumps(lot(number, wrong=wrong)).encode()
        now = f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} GMT"
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: " + now.encode()
            + b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
        )  # fmt: skip


async def serve(port: int, share: float, wait_s: float) -> None:
    """Serve until ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(share, wait_s), "127.0.0.1", port)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def configuration(*, wrong: float = 0.0, wait_ms: float = 0.0) -> str:
    """A ``cutover.toml`` whose target ``local`` launches two stubs, the second one wrong."""
    text = ""
    for side, share in (("baseline", 0.0), ("candidate", wrong)):
        command = ["{python}", __file__, "--port", "{port}", "--wrong", str(share), "--wait-ms",
                   str(wait_ms)]  # fmt: skip
        text += f"[targets.local.{side}]\ncommand = {json.dumps(command)}\n"
        text += 'ready = "/api/lots/0"\n'
    return text


@contextlib.contextmanager
def stub_backend(*, wrong: float = 0.0, wait_ms: float = 0.0) -> Iterator[str]:
    """The URL of a backend that lives as long as the block."""
    command = [sys.executable, __file__, "--wrong", str(wrong), "--wait-ms", str(wait_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--wrong", type=float, default=0.0)
    parser.add_argument("--wait-ms", type=float, default=0.0)
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options.port, options.wrong, options.wait_ms / 1000))
