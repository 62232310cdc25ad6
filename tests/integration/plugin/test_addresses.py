"""Base paths, links to oneself, uploads, gzip and HEAD: what is a side's own is no finding."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.project import Project
from tests.harness.stub_server import Answer, Seen

BASES = ("/api/v1", "/v2")
SUITE = """
    import pytest

    @pytest.mark.characterization("GET /items", "GET /items/{id}")
    def test_items(backend):
        link = backend.get("/items").json()["self"]
        assert backend.get(link).status_code in (200, 404)
"""


def below(project: Project, say: Callable[[str, str], Answer]) -> list[str]:
    """Let each side live below its own base; returns the options that name them."""
    urls = []
    for name, server, base in zip(
        ("baseline", "candidate"), (project.baseline, project.candidate), BASES, strict=True
    ):
        server[f"GET {base}/items"] = say(name, base)
        server[f"GET {base}/items/1"] = Answer(200, {"id": 1})
        urls.append(f"--cutover-{name}={server.url}{base}")
    return urls


def test_each_side_below_its_own_base_is_equal(project: Project) -> None:
    def say(_side: str, base: str) -> Answer:
        headers = {"Link": f"<{base}/items?page=2>; rel=next", "Set-Cookie": f"a=b; Path={base}"}
        return Answer(200, {"self": f"{base}/items/1"}, headers)

    project.write("test_it.py", SUITE)
    run = project.run(*below(project, say), gate=False)

    assert run.verdict == "GO"


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        ("/self", lambda base, lost: Answer(200, {"self": f"{lost or base}/items/1"})),
        (
            "/headers/link",
            lambda base, lost: Answer(
                200,
                {"self": f"{base}/items/1"},
                {"Link": f"<{lost if lost is not None else base}/items?page=2>"},
            ),
        ),
        (
            "/headers/set-cookie/a/path",
            lambda base, lost: Answer(
                200,
                {"self": f"{base}/items/1"},
                {"Set-Cookie": f"a=b; Path={base if lost is None else '/'}"},
            ),
        ),
    ],
    ids=["body", "link", "cookie"],
)
def test_a_link_that_lost_the_base_is_found(
    project: Project, place: str, answer: Callable[[str, str | None], Answer]
) -> None:
    def say(side: str, base: str) -> Answer:
        if place == "/self":
            return Answer(200, {"self": f"{base if side == 'baseline' else ''}/items/1"})
        return answer(base, "" if side == "candidate" else None)

    project.write("test_it.py", SUITE)
    run = project.run(*below(project, say), gate=False)

    assert run.verdict == "NO-GO"
    assert place in {finding["pointer"] for finding in run.report["findings"]}


def test_a_line_to_repeat_a_request_has_the_base_once(project: Project) -> None:
    def say(side: str, base: str) -> Answer:
        return Answer(200, {"self": f"{base}/items/1", "n": len(side)})

    project.write("test_it.py", SUITE)
    run = project.run(*below(project, say), gate=False)

    [finding] = run.report["findings"]
    assert finding["reproduce"]["baseline"].endswith(f"{project.baseline.url}/api/v1/items")
    assert finding["reproduce"]["candidate"].endswith(f"{project.candidate.url}/v2/items")


def link(scheme: str) -> Callable[[Seen], Answer]:
    return lambda seen: Answer(200, {"next": f"{scheme}://{seen.headers['host']}/items?page=2"})


ONE = """
    import pytest

    @pytest.mark.characterization("GET /items")
    def test_items(backend):
        backend.get("/items")
"""


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_links_to_oneself_of_one_scheme_are_equal(project: Project, scheme: str) -> None:
    project.both("GET /items", link(scheme))
    project.write("test_it.py", ONE)

    assert project.run().verdict == "GO"


def test_a_link_to_oneself_that_lost_its_https_is_found(project: Project) -> None:
    project.baseline["GET /items"] = link("https")
    project.candidate["GET /items"] = link("http")
    project.write("test_it.py", ONE)

    run = project.run()

    assert run.verdict == "NO-GO"
    [finding] = run.report["findings"]
    assert (finding["kind"], finding["pointer"]) == ("value", "/next")
    assert finding["baseline"] != finding["candidate"]
    assert "https" in finding["baseline"]
    assert "\ufdd0" not in run.screen + json.dumps(run.report, ensure_ascii=False)


UPLOAD = """
    import pytest

    @pytest.mark.characterization("POST /files")
    def test_upload(backend):
        backend.post("/files", files={"file": ("a.txt", b"hello", "text/plain")})
"""


def test_uploads_are_equal_and_a_difference_behind_one_is_found(project: Project) -> None:
    project.both("POST /files", Answer(201, {"size": 5}))
    project.write("test_it.py", UPLOAD)
    assert project.run("--cutover-writes").verdict == "GO"

    project.candidate["POST /files"] = Answer(201, {"size": 6})
    run = project.run("--cutover-writes")

    [finding] = run.report["findings"]
    assert (finding["kind"], finding["pointer"]) == ("value", "/size")
    assert r"\r\n" in finding["reproduce"]["candidate"]


NAMED = """
    import pytest

    @pytest.mark.characterization("PUT /names/{name}")
    def test_name(backend):
        backend.put("/names/" + backend.unique("pkg"))

    @pytest.mark.characterization("GET /other")
    def test_other(backend):
        backend.get("/other")
        backend.put("/names/abc")
"""


def test_a_template_of_any_marker_names_the_request_of_every_test(project: Project) -> None:
    def named(seen: Seen) -> Answer:
        return Answer(200, {"name": seen.path.rpartition("/")[2], seen.path: 1, "n": 1})

    def changed(seen: Seen) -> Answer:
        return Answer(200, {"name": seen.path.rpartition("/")[2], seen.path: 2, "n": 2})

    def either(answer: Callable[[Seen], Answer]) -> Callable[[str], Any]:
        return lambda key: answer if key.startswith("PUT /names/") else None

    for server, answer in ((project.baseline, named), (project.candidate, changed)):
        server["GET /other"] = Answer(200, {})
        server.fallback = either(answer)
    project.write("test_it.py", NAMED)

    run = project.run("--cutover-writes")

    assert {finding["endpoint"] for finding in run.report["findings"]} == {"PUT /names/{name}"}
    assert "/~1names~1<unique pkg #1>" in {one["pointer"] for one in run.report["findings"]}
    assert "\ufdd0" not in run.screen + json.dumps(run.report, ensure_ascii=False)


GZIP = {"Content-Type": "text/plain", "Content-Encoding": "gzip"}


def members(*texts: bytes, rest: bytes = b"", level: int = 9) -> Answer:
    body = b"".join(gzip.compress(text, level, mtime=0) for text in texts) + rest
    return Answer(200, body, GZIP)


@pytest.mark.parametrize(
    ("baseline", "candidate", "kind"),
    [
        (members(b"mon ", b"tue"), members(b"mon ", b"tue", level=1), None),
        (members(b"mon ", b"tue"), members(b"mon tue"), None),
        (members(b"mon ", b"tue"), members(b"mon ", b"wed"), "value"),
        (members(b"mon ", b"tue"), members(b"mon "), "value"),
        (members(b"mon", rest=b"rubbish"), members(b"mon", rest=b"rubbish"), None),
        (members(b"mon"), members(b"mon", rest=b"rubbish"), "wire"),
        (members(b"mon", rest=b"rubbish"), members(b"mon"), "wire"),
    ],
    ids=["harder", "joined", "other", "lost", "rubbish alike", "rubbish", "no rubbish"],
)
def test_every_member_of_gzip_is_read(
    project: Project, baseline: Answer, candidate: Answer, kind: str | None
) -> None:
    project.baseline["GET /items"], project.candidate["GET /items"] = baseline, candidate
    project.write("test_it.py", ONE)

    run = project.run()

    assert [finding["kind"] for finding in run.report["findings"]] == ([kind] if kind else [])
    assert run.verdict == ("NO-GO" if kind else "GO")


HEAD = """
    import pytest

    @pytest.mark.characterization("HEAD /items", "GET /items")
    def test_items(backend):
        backend.head("/items")
        assert backend.get("/items").json() == {"id": 1}
"""
BODY = b'{"id": 1}'
HEAD_OF_IT = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"


@pytest.mark.parametrize(
    ("baseline", "candidate", "verdict"),
    [(BODY, BODY, "GO"), (b"", b"", "GO"), (b"", BODY, "NO-GO"), (BODY, b"", "NO-GO")],
    ids=["both", "neither", "candidate", "baseline"],
)
def test_a_body_behind_head_is_surplus_on_the_side_that_sends_it(
    project: Project, baseline: bytes, candidate: bytes, verdict: str
) -> None:
    for server, more in ((project.baseline, baseline), (project.candidate, candidate)):
        server["HEAD /items"] = Answer(raw=HEAD_OF_IT + more, linger=True)
        server["GET /items"] = Answer(200, {"id": 1})
    project.write("test_it.py", HEAD)

    run = project.run("--cutover-writes")

    assert run.verdict == verdict
    if verdict != "GO":
        assert {finding["kind"] for finding in run.report["findings"]} == {"wire"}
