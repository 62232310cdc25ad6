"""A backend that says all it knows: in its answers, in its errors and in its log."""

from __future__ import annotations

import html
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SIDE, PORT = sys.argv[1], int(sys.argv[2])
PLANTS: dict[str, Any] = json.loads(Path(sys.argv[3]).read_text("utf-8"))


def say(*words: object) -> None:
    sys.stdout.buffer.write((" ".join(map(str, words)) + "\n").encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode("utf-8", "replace")
        heard = [self.path, body, *(f"{name}={value}" for name, value in self.headers.items())]
        say(self.command, *heard, repr(dict(self.headers)), json.dumps({"body": body}))
        path = self.path.partition("?")[0]
        if path == "/die":
            say("going down, the last token was", PLANTS["token"])
            os._exit(9)
        status, document, headers = getattr(self, "_" + path[1:], self._home)(heard)
        text = document if isinstance(document, str) else json.dumps(document)
        say("answers", text)
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        payload = text.encode()
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _home(self, _heard: list[str]) -> tuple[int, Any, dict[str, str]]:
        return 200, {"ok": True}, {}

    def _login(self, _heard: list[str]) -> tuple[int, Any, dict[str, str]]:
        given = {"session": [{"accessToken": PLANTS["token"]}], "proof": PLANTS["jwt"]}
        cookie = {"Set-Cookie": f"sid={PLANTS['set_cookie']}; Path=/; HttpOnly"}
        return 200, {"data": given, "role": SIDE}, cookie

    def _echo(self, heard: list[str]) -> tuple[int, Any, dict[str, str]]:
        said = "; ".join(heard)
        return 400, {"error": f"{SIDE} cannot accept {said}", "html": html.escape(said)}, {}

    def _links(self, _heard: list[str]) -> tuple[int, Any, dict[str, str]]:
        link = f"http://bob:{PLANTS['link']}@files.example/{SIDE}"
        return 302, {"next": link, "why": f"not {PLANTS['link']}"}, {"Location": link}

    def _boom(self, _heard: list[str]) -> tuple[int, Any, dict[str, str]]:
        url, key = os.environ["DATABASE_URL"], os.environ["SIGNING_SECRET"]
        error = f"Traceback ({SIDE}): cannot connect to {url} as {PLANTS['database']}, key {key}"
        return 500, error, {"Content-Type": "text/plain"}

    def log_message(self, *_arguments: object) -> None:
        pass


for method in ("GET", "POST"):
    setattr(Handler, f"do_{method}", Handler._answer)
say("connecting to", os.environ["DATABASE_URL"], "signing with", os.environ["SIGNING_SECRET"])
ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever(0.05)
