"""Prove that the `curl` of every drift shows it: `python -m examples.warehouse.shown [NAME …]`.

Each is sent to the application as it is and with that drift alone, both on fresh data. What is
drawn anew each time (ids, times) is not compared; a drift that shows in nothing else fails.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import urllib.request
from typing import Any

from examples.warehouse.serve import EXPRESS, FASTAPI, HERE, LOGIN, backend, database_server

_DRAWN = (
    (r"(?i)^(date|server|connection|keep-alive|transfer-encoding|content-length):.*\r?\n", ""),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "<id>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "<second>"),
    (r"\.\d{3}(\d{3})?Z", lambda found: ".<micros>Z" if found[1] else ".<millis>Z"),
)


def manifest() -> list[dict[str, Any]]:
    """The drifts, in the order of their table."""
    drifts: list[dict[str, Any]] = tomllib.loads((HERE / "drifts.toml").read_text("utf-8"))["drift"]
    return drifts


def answer(url: str, drift: dict[str, Any]) -> str:
    """What a backend answers to the `curl` of a drift, without what is drawn anew each time."""
    text = raw_answer(url, drift).decode("utf-8", "backslashreplace").replace(url, "<url>")
    for pattern, instead in _DRAWN:
        text = re.sub(pattern, instead, text, flags=re.MULTILINE)
    return text


def raw_answer(url: str, drift: dict[str, Any]) -> bytes:
    """The answer as curl prints it, headers first, after the requests that go before."""
    request = urllib.request.Request(
        f"{url}/api/v1/auth/token",
        json.dumps(LOGIN).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        token = json.load(response)["access_token"]
    said = b""
    for line in (*drift.get("before", ()), drift["curl"]):
        command = f"URL={url}/api/v1; curl -s -i --max-time 10 {line}"
        if "-H Authorization:" not in line:
            command += f" -H 'Authorization: Bearer {token}'"
        if "-d " in line and "-H Content-Type:" not in line:
            command += " -H 'Content-Type: application/json'"
        ran = subprocess.run(["bash", "-c", command], capture_output=True, check=True, timeout=20)
        said = ran.stdout
    return said


def main(names: list[str]) -> int:
    """Print what each `curl` shows; 1 where one shows nothing, or where the pair itself differs."""
    failed = []
    drifts = [one for one in manifest() if not names or one["name"] in names]
    with database_server() as database:
        for drift in drifts:
            with (
                backend(EXPRESS, database, "express") as express,
                backend(FASTAPI, database, "sound") as sound,
                backend(FASTAPI, database, "drifted", drifts=drift["name"]) as drifted,
            ):
                before, after = answer(sound, drift), answer(drifted, drift)
                agreed = sorted(answer(express, drift).lower().splitlines()) == sorted(
                    before.lower().splitlines()
                )
            if before == after or not agreed:
                failed.append(drift["name"])
            verdict = "shows nothing" if before == after else "shown"
            doubt = "" if agreed else "   (Express differs from FastAPI as it is)"
            print(f"{verdict:<14}{drift['name']}{doubt}", flush=True)
            if names:
                print(f"--- as it is\n{before}\n--- drifted\n{after}")
    print(f"{len(drifts) - len(failed)} of {len(drifts)} shown")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
