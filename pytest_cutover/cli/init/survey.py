"""What two backends say of themselves: their document, health, base paths, login and operations.

Reads only: GET and OPTIONS, a hundred requests at most to a side.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin

from pytest_cutover.cli.init.asking import Answer, Asker, clients
from pytest_cutover.cli.init.operations import Operation, operations_of, templates
from pytest_cutover.core.errors import FileError
from pytest_cutover.openapi.document import ApiDocument
from pytest_cutover.openapi.read import load_document, read

_DOCUMENTS: Final = (
    *("/openapi.json", "/swagger.json", "/openapi.yaml", "/v3/api-docs", "/v2/api-docs"),
    *("/api-docs.json", "/api-docs", "/docs/openapi.json", "/docs/json", "/docs-json"),
    *("/api/openapi.json", "/api/v1/openapi.json", "/swagger/v1/swagger.json"),
    *("/docs/swagger.json", "/documentation/json", "/api/schema/?format=json", "/api-json"),
    *("/spec.json", "/spec", "/__api__", "/api/spec.yaml", "/openapi"),
)
# Pages for people that name the document, or hold it.
_PAGES: Final = ("/docs", "/api-docs/", "/docs/", "/swagger", "/swagger/", "/api/docs", "/")
_NAMED: Final = re.compile(r"""["']([^"'\s<>]*(?:openapi|swagger|api-docs)[^"'\s<>]*)["']""")
_INSIDE: Final = re.compile(r'"swaggerDoc"\s*:\s*')
_HEALTH: Final = (
    *("/health", "/healthz", "/api/health", "/health/live", "/livez", "/readyz", "/ping"),
    *("/status", "/up", "/_health", "/actuator/health", "/__heartbeat__", "/version"),
)
_BASES: Final = ("/api", "/api/v1", "/v1", "/rest")
_LOGIN: Final = re.compile(r"log-?in|sign-?in|authenticate|(^|/)auth(/|$)|token|(^|/)sessions?$")
_LOGINS: Final = (
    "/login",
    "/api/login",
    "/auth/login",
    "/api/auth/login",
    "/token",
    "/users/login",
)
_MOST_TESTS: Final = 12


@dataclass(frozen=True, slots=True)
class Login:
    """The operation that logs in: its path, the names of its fields, whether it takes a form.

    `basic`: there is none, for every request carries name and password.
    """

    path: str
    user: str = "username"
    password: str = "password"
    form: bool = False
    basic: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found. URLs have the base path that a side needs; `problems`: side and reason."""

    baseline: str
    candidate: str
    profiles: tuple[str, str] = ("", "")
    document: ApiDocument | None = None
    document_at: str = ""
    health: str = ""
    login: Login | None = None
    operations: tuple[Operation, ...] = ()
    refused: tuple[Operation, ...] = ()
    answers: tuple[tuple[str, Answer], ...] = field(default=(), repr=False)
    problems: tuple[tuple[str, str], ...] = ()


def survey(
    baseline: str,
    candidate: str,
    *,
    path: str = "",
    credentials: tuple[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Survey:
    """Ask both sides. `path` is one that the user named, asked before all others.

    `credentials` go to a backend that asks for Basic authentication, and to no other.
    """
    with clients(headers or {}) as client:
        old, new = Asker(baseline, client), Asker(candidate, client)
        problems = []
        for side, asker in (("baseline", old), ("candidate", new)):
            answer = asker.first(path or "/")
            if not answer.status:
                problems.append((side, answer.problem))
        if problems:
            return Survey(baseline, candidate, problems=tuple(problems))
        document, where = _document(old, new)
        old, new = _below_base(old, document), _below_base(new, document)
        known = _HEALTH if document is None else (*_documented_health(document), *_HEALTH)
        health = next((one for one in known if _answers(old, one) and _answers(new, one)), "")
        login = _login_of(document) if document else _login_by_asking(old)
        asked = list(operations_of(old, document, named=path, health=health))
        if any(_is_basic(old.get(one.path)) for one in asked if not one.unknown):
            login = Login("", basic=True)
            if credentials:
                old, new = old.known_as(credentials), new.known_as(credentials)
                asked = list(operations_of(old, document, named=path, health=health))
        answered = [one for one in asked if one.status < 400 or one.unknown]
        return Survey(
            old.url,
            new.url,
            (old.profile(), new.profile()),
            document,
            where,
            health,
            login,
            tuple(answered[:_MOST_TESTS]),
            tuple(one for one in asked if one.status in (401, 403) and not one.unknown)[:5],
            tuple((one.path, old.get(one.path)) for one in answered),
        )


# -- the document ---------------------------------------------------------------------------------


def _document(*sides: Asker) -> tuple[ApiDocument | None, str]:
    for side in sides:
        for asker in (side, side.at_root()):
            found = next(_documents(asker), None)
            if found is not None:
                return found
    return None, ""


def _documents(asker: Asker) -> Iterator[tuple[ApiDocument, str]]:
    for path in _DOCUMENTS:
        answer = asker.get(path)
        if answer.is_success and not answer.is_page:
            found = _loaded(asker.url + path) or _written_down(answer, asker.url + path)
            if found:
                yield found
    for path in _PAGES:
        answer = asker.get(path)
        if not answer.is_page or not answer.is_success:
            continue
        for named in dict.fromkeys(_NAMED.findall(answer.text)):
            where = urljoin(asker.url + path, named)
            if not where.startswith(asker.origin):
                continue
            if where.endswith(".js"):
                inside = _inside(asker, where)
                if inside:
                    yield inside
            elif found := _loaded(where):
                yield found


def _loaded(url: str) -> tuple[ApiDocument, str] | None:
    try:
        document = load_document(url, named_by="init")
    except FileError:
        return None
    return (document, url) if document.operations else None


def _written_down(answer: Answer, url: str) -> tuple[ApiDocument, str] | None:
    """Return a document that nobody gets without the headers that were given: it becomes a file."""
    import yaml

    try:
        document = read(answer.json or yaml.safe_load(answer.text), url)
    except (yaml.YAMLError, ValueError, RecursionError, FileError, AttributeError, TypeError):
        return None
    return (document, "") if document.operations else None


def _inside(asker: Asker, url: str) -> tuple[ApiDocument, str] | None:
    """Return the document that swagger-ui-express writes into a script; it has no URL of its
    own.
    """
    text = asker.get(url.removeprefix(asker.url)).text if url.startswith(asker.url) else ""
    found = _INSIDE.search(text)
    if not found:
        return None
    try:
        contents, _ = json.JSONDecoder().raw_decode(text[found.end() :])
        document = read(contents, url)
    except (ValueError, RecursionError, FileError, AttributeError, TypeError):
        return None
    return (document, "") if document.operations else None


# -- base paths and health ------------------------------------------------------------------------


def _below_base(asker: Asker, document: ApiDocument | None) -> Asker:
    """Return the side below the base path that its operations need, where they need one."""
    if document is None:
        return asker
    paths = [one for one in templates(document) if "{" not in one][:4]
    documented = [base for one in document.operations for base in one.bases]
    known = (base for base in (*documented, *_BASES) if not asker.url.endswith(base))
    choices = [asker, *(asker.below(base) for base in dict.fromkeys(known) if base)]
    # The first of equals: the URL as it was given.
    return max(choices, key=lambda one: sum(_worth(one.get(path)) for path in paths))


def _documented_health(document: ApiDocument) -> Iterator[str]:
    names = tuple(f"/{one.rpartition('/')[2]}" for one in _HEALTH)
    for operation in document.operations:
        if operation.endpoint.method == "GET" and operation.endpoint.template.endswith(names):
            yield operation.endpoint.template


def _worth(answer: Answer) -> int:
    if answer.is_success and not answer.is_page:
        return 3
    return 2 if answer.is_refused or answer.status in (400, 422) else 0


def _answers(asker: Asker, path: str) -> bool:
    answer = asker.get(path)
    return answer.is_success and not answer.is_page


# -- the login ------------------------------------------------------------------------------------


def _is_basic(answer: Answer) -> bool:
    challenge = answer.headers.get("www-authenticate", "")
    return answer.status == 401 and challenge.lower().startswith("basic")


def _login_of(document: ApiDocument) -> Login | None:
    posts = [one for one in document.operations if one.endpoint.method == "POST"]
    for operation in posts:
        if not _LOGIN.search(operation.endpoint.template.lower()):
            continue
        fields = [name.removeprefix("body ") for name in operation.inputs if name[:5] == "body "]
        secret = next((one for one in fields if "pass" in one.lower()), "")
        if not secret:
            continue
        user = next((one for one in fields if re.search(r"user|mail|login|name", one, re.I)), "")
        path = operation.endpoint.template
        item = _raw(document, path, "post")
        kinds = (item.get("requestBody") or {}).get("content") or {}
        form = bool(kinds) and not any("json" in kind for kind in kinds)
        return Login(path, user or "username", secret, form=form)
    return None


def _login_by_asking(asker: Asker) -> Login | None:
    """Without a document: a path that does not take GET, and says that it takes POST."""
    for path in _LOGINS:
        allowed = asker.options(path).headers.get("allow", "")
        if "POST" in allowed.upper() and asker.get(path).status in (404, 405):
            return Login(path)
    return None


def _raw(document: ApiDocument, path: str, method: str) -> Mapping[str, Any]:
    item = document.contents.get("paths", {}).get(path, {})
    found = item.get(method, {}) if isinstance(item, dict) else {}
    return found if isinstance(found, dict) else {}
