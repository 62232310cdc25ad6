"""Which values of an exchange are secrets, by where they stood and what they look like. Pure.

A credential is what a request was let in with, or what a login was given: each side has its own.
Any other secret is one to readers only: a value beside a telling name, in whatever place.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import parse_qsl, unquote, unquote_plus

from pytest_cutover.backends.redaction.likeness import is_common, is_passphrase, looks_generated
from pytest_cutover.backends.redaction.secret_texts import (
    ISSUED,
    assigned,
    is_key,
    is_secret_name,
    mentions_secrets,
    of_arguments,
    of_columns,
    of_printed_headers,
    of_private_keys,
    of_text,
    of_urls,
)
from pytest_cutover.core.exchange import Exchange

JWT = re.compile(r"eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*")
_SHORTEST_TEXT = 16  # of a member that may name a secret, and hold it
_CREDENTIALS = frozenset({"authorization", "proxy-authorization"})
# Parameters of links that are signed for whoever has them (S3, GCS, Azure, CloudFront, Alibaba).
_SIGNATURE = re.compile(
    r"(?:^|[-_])(?:sig|signature|hmac)$|^x-(?:amz|goog)-credential$", re.IGNORECASE
)
# A part of what signs a request: `sha256=…`, `t=1798761600,v1=…`.
_SIGNED_PART = re.compile(r"[\w+/.~-]{12,}=*")
# What a redirect or a form holds that lets its bearer in once: of OAuth, of CAS, of a network of
# caches. A code or a ticket alone may be that of a product or of a complaint.
_ONE_TIME = re.compile(r"(?:auth(?:orization)?_?|device_|user_)code|code_verifier|verify")
_MAY_BE_ONE_TIME = frozenset({"code", "ticket"})
_OF_A_LOGIN = re.compile(
    r"(?:^|[?&#;])(?:state|session_state|client_id|redirect_uri|grant_type|service)=|"
    r"/(?:cb|callback|oauth2?|authori[sz]e|auth|login|signin|sso|cas)(?:/[\w/-]{1,40})?[?#]",
    re.IGNORECASE,
)
_PARAMETER = re.compile(r"[?&#;]([\w.\-]{1,60})=([^&#;\s\"'<>\\]{4,})")
# Segments behind which a path holds what lets its owner in.
_TELLING_SEGMENT = re.compile(
    r"(?:password[-_]?)?resets?|tokens?|sessions?|invit(?:e|es|ation|ations)|verif(?:y|ication)|"
    r"confirm(?:ation)?|activat(?:e|ion)|magic(?:[-_]?links?)?|unsubscribe|secrets?|api[-_]?keys?",
    re.IGNORECASE,
)
_PATH = re.compile(r"/[\w.~%!$&'()*+,;=:@/-]+")


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must not be shown; `credential` says that each side has its own."""

    value: str
    credential: bool = False


def secrets_of(exchange: Exchange, *, login: bool = False) -> Iterator[Secret]:
    """Yield every secret of an exchange; those of a login, sent or given, are credentials."""
    request, response = exchange.request, exchange.response
    yield from credentials_of(request.headers)
    found = [
        *_of_headers(request.headers),
        *_of_parameters(request.target),
        *of_arguments(unquote_plus(request.target.partition("?")[2])),
        *_of_template(request.path, exchange.endpoint),
        *_of_paths(request.path),
        *_of_body(request.body),
    ]
    if response is not None:
        found += [*_of_headers(response.headers), *_of_body(response.body)]
    yield from (Secret(value, login) for value in found)


def credentials_of(headers: Iterable[tuple[str, str]]) -> Iterator[Secret]:
    """Yield what a request with these headers is let in with."""
    for name, value in headers:
        lowered = name.lower()
        if lowered in _CREDENTIALS:
            yield from (Secret(one, True) for one in of_authorization(value))
        elif lowered == "cookie":
            yield from (Secret(one, True) for one in _of_cookies(value.split(";")))
        elif _is_key_header(lowered, value):
            yield Secret(value, True)


def of_authorization(value: str) -> Iterator[str]:
    """Yield the secret parts of an Authorization value: the credentials, and a basic password.

    The id of its session, which a signed token may hold, was given out with it.
    """
    scheme, _, credentials = value.strip().partition(" ")
    credentials = credentials.strip()
    yield credentials or scheme
    yield from (claim for claim in session_ids_of(credentials) if looks_generated(claim))
    if scheme.lower() == "basic":
        with contextlib.suppress(binascii.Error, ValueError):
            decoded = base64.b64decode(credentials, validate=True).decode("utf-8", "replace")
            yield decoded
            password = decoded.partition(":")[2]
            if not is_common(password):
                yield password


_OF_SESSION = ("sid", "jti", "session", "session_id", "sessionId", "nonce")


def session_ids_of(token: str) -> Iterator[str]:
    """Yield what a signed token calls its session by; nothing for what is no such token."""
    parts = token.split(".")
    if len(parts) != 3 or not parts[0].startswith("eyJ"):
        return
    with contextlib.suppress(ValueError):
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        if isinstance(claims, dict):
            found = (claims.get(name) for name in _OF_SESSION)
            yield from (value for value in found if isinstance(value, str))


def _lets_in_once(name: str, *, beside_login: bool) -> bool:
    is_one = _ONE_TIME.fullmatch(name) is not None
    return is_one or (beside_login and name in _MAY_BE_ONE_TIME)


def _is_key_header(name: str, value: str) -> bool:
    if name in ("www-authenticate", "set-cookie", "cookie"):
        return False
    if is_secret_name(name):
        return not is_common(value)
    return name.endswith("-key") and looks_generated(value)


def _of_headers(headers: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in headers:
        lowered = name.lower()
        if lowered == "set-cookie":
            yield from _of_cookies([value.partition(";")[0]])
        elif lowered != "cookie" and lowered not in _CREDENTIALS:
            if _is_key_header(lowered, value):
                yield value
            elif "signature" in lowered and looks_generated(value):
                yield from (one for one in _SIGNED_PART.findall(value) if looks_generated(one))
            yield from _of_links(value, is_redirect=lowered == "location")
            if lowered in ("location", "content-location"):
                yield from _of_paths(value.partition("?")[0].partition("#")[0])


def _of_cookies(pairs: Iterable[str]) -> Iterator[str]:
    """Tell a secret cookie by its name or its randomness: a locale and a tenant are none."""
    for pair in pairs:
        name, _, value = pair.partition("=")
        value = value.strip().strip('"')
        if looks_generated(value) or (is_secret_name(name.strip()) and not is_common(value)):
            yield value


def _of_links(text: str, *, is_redirect: bool = False) -> Iterator[str]:
    yield from of_urls(text)
    yield from JWT.findall(text)
    yield from ISSUED.findall(text)
    yield from _of_parameters(text, is_redirect=is_redirect)


def _of_parameters(text: str, *, is_redirect: bool = False) -> Iterator[str]:
    """Query and fragment parameters, of a target, a redirect, or a link within text."""
    is_login = is_redirect or _OF_A_LOGIN.search(text) is not None
    for name, value in _PARAMETER.findall(text):
        plain = unquote(value)
        if (
            _SIGNATURE.search(name)
            or (is_secret_name(name) and not is_common(plain))
            or (_lets_in_once(name, beside_login=is_login) and looks_generated(plain))
        ):
            yield value
            yield plain


def _of_template(path: str, endpoint: str) -> Iterator[str]:
    """Yield what stands in the place of a placeholder with a telling name."""
    template = endpoint.partition(" ")[2]
    for pattern, segment in zip(template.split("/"), path.split("/"), strict=False):
        if pattern.startswith("{") and is_secret_name(pattern.strip("{}*")):
            plain = unquote(segment)
            if not is_common(plain):
                yield plain


def _of_paths(path: str) -> Iterator[str]:
    """Yield what stands behind a segment such as ``reset`` and looks like a token."""
    segments = path.split("/")
    for before, segment in pairwise(segments):
        if _TELLING_SEGMENT.fullmatch(before) and looks_generated(segment):
            yield unquote(segment)


def _of_body(body: bytes) -> Iterator[str]:
    if not body:
        return
    text = body.decode("utf-8", "replace")
    yield from _of_links(text.replace("\\/", "/").replace("\\u0026", "&"))
    yield from of_private_keys(text)
    yield from of_printed_headers(text)
    if "/" in text:
        for found in _PATH.finditer(text):
            yield from _of_paths(found[0])
    if not mentions_secrets(text):
        return
    yield from (text[start:end] for start, end in assigned(text))
    yield from of_arguments(text)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        yield from _of_form(text)
        told = (*of_text(text), *of_columns(text))
        yield from (value for value in told if not is_common(value))
        return
    yield from _of_json(document)


def _of_form(text: str) -> Iterator[str]:
    for name, value in parse_qsl(text, keep_blank_values=False):
        if is_secret_name(name) and (not is_common(value) or is_passphrase(name, value)):
            yield value


# What a member is called that holds what another one names: a list of variables or of settings.
_VALUE = frozenset({"value", "val", "plaintext", "plain", "raw", "default"})
_NAMES = ("name", "key", "variable", "field", "id", "label")


def _called(pair: dict[object, object]) -> str:
    """Return what a pair of a name and a value is called: ``{"name": "DB_PASSWORD", …}``."""
    known = {str(key).lower(): value for key, value in pair.items()} if len(pair) <= 12 else {}
    return next((str(known[name]) for name in _NAMES if isinstance(known.get(name), str)), "")


def _of_json(document: object) -> Iterator[str]:
    waiting: list[tuple[object, str]] = [(document, "")]
    while waiting:
        value, name = waiting.pop()
        secret = is_secret_name(name)
        if isinstance(value, dict):
            own = _called(value)
            for key, member in value.items():
                label = str(key)
                if label.lower() in _VALUE:
                    label = own if is_secret_name(own) else name if secret else label
                waiting.append((member, label))
        elif isinstance(value, list):
            waiting += [(item, name) for item in value]
        elif secret and isinstance(value, str):
            if not is_common(value) or is_passphrase(name, value):
                yield value
        elif secret and type(value) is int and not is_common(str(value)):
            yield str(value)
        elif isinstance(value, str):
            if name.isupper() and is_key(name, value):
                yield value
            elif len(value) > _SHORTEST_TEXT and mentions_secrets(value):
                yield from (one for one in of_text(value) if not is_common(one))
