"""A backend that is told how to behave: ``python server.py PORT BEHAVIOUR [PEM]``.

Standard library only. With PEM, a key and its certificate, it speaks TLS.

BEHAVIOUR is JSON: for each ``METHOD /path`` a `delay_ms`, a `status`, every n-th request failing
(`fails_every`), or a status from the n-th request on (`then`: [n, status]).
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from collections import Counter
from typing import Any

BEHAVIOUR: dict[str, dict[str, Any]] = json.loads(sys.argv[2])
SEEN: Counter[str] = Counter()


def status_of(key: str) -> int:
    told = BEHAVIOUR.get(key, {})
    SEEN[key] += 1
    if told.get("fails_every") and SEEN[key] % told["fails_every"] == 0:
        return 500
    if "then" in told and SEEN[key] >= told["then"][0]:
        return int(told["then"][1])
    return int(told.get("status", 200))


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            return
        lines = head.decode("latin-1").split("\r\n")
        length = next(
            (int(line[15:]) for line in lines if line.lower().startswith("content-length:")), 0
        )
        await reader.readexactly(length)
        key = " ".join(lines[0].split(" ")[:2])
        delay_ms = BEHAVIOUR.get(key, {}).get("delay_ms", 0)
        if delay_ms:
            await asyncio.sleep(delay_ms / 1000)
        answer = f"HTTP/1.1 {status_of(key)} x\r\ncontent-length: 2\r\n\r\n{{}}"
        writer.write(answer.encode())


async def main() -> None:
    tls = None
    if len(sys.argv) > 3:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(sys.argv[3])
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), ssl=tls)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
