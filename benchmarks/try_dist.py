"""Installs what was built into empty environments, and asks each for a verdict.

`python benchmarks/try_dist.py DIST`, with the standard library alone: wheel and sdist, each by
itself; GO for two servers that agree, NO-GO where one says another word, and one sentence for an
extra that is not there.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

SERVER = """\
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"name": "%s"}' % sys.argv[2].encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
TEST = """\
import pytest

@pytest.mark.characterization("GET /lots")
def test_lots(backend):
    assert backend.get("/lots").is_success
"""
SIDE = 'command = ["{{python}}", "server.py", "{{port}}", "{word}"]'


def main(dist: Path) -> int:
    """Try each file that was built; raises where one does not hold."""
    for built in (*dist.glob("*.whl"), *dist.glob("*.tar.gz")):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
            bin_ = folder / "venv" / "bin"
            words = [str(bin_ / "python"), "-m", "pip", "install", "-q", str(built.resolve())]
            subprocess.run(words, check=True)
            (folder / "server.py").write_text(SERVER)
            (folder / "test_lots.py").write_text(TEST)
            for word, verdict, status in (("bolt", "GO", 0), ("nut", "NO-GO", 1)):
                sides = zip(("baseline", "candidate"), ("bolt", word), strict=True)
                tables = [f"[targets.t.{side}]\n{SIDE.format(word=one)}\n" for side, one in sides]
                (folder / "cutover.toml").write_text("".join(tables))
                done = run(bin_, folder, "--cutover-target=t")
                assert done.returncode == status, done.stdout + done.stderr
                assert f"cutover: {verdict}" in done.stdout, done.stdout
            asked = run(bin_, folder, "--cutover-target=t", "--cutover-fuzz=1")
            assert asked.returncode == 4, asked.stdout
            assert 'pip install "pytest-cutover[fuzz]"' in asked.stderr, asked.stderr
            print(f"{built.name}: holds in an empty environment")
    return 0


def run(bin_: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run pytest there."""
    command = [str(bin_ / "pytest"), *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
