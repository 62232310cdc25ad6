"""How a request is spelled: its URL, query, JSON and form are written here.

Versions of the client library spell them in different ways; goldens must not depend on which one is
installed, and a boundary drawn at random would make every upload another request. Called by
`client`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from pytest_cutover.backends.http import library as http

# Nobody's value: the same in every request, and in no file that anybody uploads.
BOUNDARY = "cutover-boundary-5b9c1f7e2d8a4063"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def absolute_url(base_url: http.URL, path: http.URL | str) -> http.URL:
    """Return the URL that a path means below `base_url`; an absolute one is left alone.

    Slashes are kept as they are: ``//items`` is a path and names no host. A path that has the base
    in front already, as links of the backend itself do, does not get it twice.
    """
    text = str(path)
    if _ABSOLUTE.match(text):
        return http.URL(text)
    base = base_path(base_url)
    if not text.startswith("/"):
        joined = f"{base}/{text}"
    elif is_below(text, base):
        joined = text
    else:
        joined = base + text
    # The library escapes what a URL cannot hold, and takes bytes only without such.
    raw_path = http.URL(f"http://a{joined.partition('#')[0]}").raw_path
    return base_url.copy_with(raw_path=raw_path)


def base_path(url: http.URL) -> str:
    """Return the path that all requests of a side have in front, without a slash at the end."""
    return url.raw_path.decode("ascii").partition("?")[0].rstrip("/")


def origin(url: http.URL) -> str:
    """Return scheme, host and port of a URL."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def is_below(path: str, base: str) -> bool:
    """Return whether a path is the base or below it."""
    return path.startswith(base) and path[len(base) : len(base) + 1] in ("", "/", "?", "#")


def relative_target(raw_path: str, base: str) -> str:
    """Return path and query of a request without the base that belongs to its side."""
    if not base or not is_below(raw_path, base):
        return raw_path
    rest = raw_path[len(base) :]
    return rest if rest.startswith("/") else f"/{rest}"


def with_query(url: http.URL, params: Any, of_client: http.QueryParams) -> http.URL:
    """Return the URL with a query of ours; None leaves that of the URL as it is."""
    if params is None and not of_client:
        return url
    pairs = of_client.merge(params).multi_items()
    return url.copy_with(query=urlencode(pairs).encode("ascii") if pairs else None)


def json_body(value: Any) -> bytes:
    """Return a value as compact JSON in UTF-8; where a text is no Unicode, in escapes.

    Raises ValueError for a number that JSON does not have, and TypeError for other objects.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")


def multipart_type(headers: http.Headers) -> str | None:
    """Return the Content-Type of an upload with our boundary; None where the test gave its own."""
    given = headers.get("content-type")
    if given is None:
        return f"multipart/form-data; boundary={BOUNDARY}"
    if given.lower().startswith("multipart/") and "boundary=" not in given.lower():
        return f"{given}; boundary={BOUNDARY}"
    return None


def spelled(
    client_base: http.URL, client_params: http.QueryParams, url: http.URL | str, given: Any
) -> tuple[http.URL, dict[str, Any]]:
    """Return the URL of a request and the arguments for the library, which spells nothing itself.

    `given` are the keyword arguments of ``httpx.Client.build_request``.
    """
    arguments: dict[str, Any] = dict(given)
    params = arguments.pop("params", None)
    absolute = with_query(absolute_url(client_base, url), params, client_params)
    if not _has_content(arguments) and arguments.get("json") is not None:
        arguments["content"] = json_body(arguments.pop("json"))
    elif arguments.get("files") and arguments.get("content") is None:
        headers = http.Headers(arguments.get("headers"))
        kind = multipart_type(headers)
        if kind is not None:
            headers["content-type"] = kind
        arguments["headers"] = headers
    return absolute, arguments


def built(
    build: Callable[..., http.Request],
    client_base: http.URL,
    client_params: http.QueryParams,
    method: str,
    url: http.URL | str,
    given: Mapping[str, Any],
) -> http.Request:
    """Return the request of a client, by its library's `build`, with all that is spelled here."""
    absolute, arguments = spelled(client_base, client_params, url, given)
    request = build(method, absolute, **arguments)
    request.url = absolute
    if given.get("json") is not None and "content" in arguments:
        request.headers.setdefault("content-type", "application/json")
    return request


def _has_content(arguments: Mapping[str, Any]) -> bool:
    return arguments.get("content") is not None or any(
        arguments.get(name) for name in ("data", "files")
    )
