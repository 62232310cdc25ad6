"""Is it configured for production: environment variables by name, and secrets from outside."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
from collections.abc import Mapping

from pytest_cutover.backends.http import library as http_lib
from pytest_cutover.checklist.commands import candidate_environment, run
from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.results import CheckResult, failed, passed, undecided
from pytest_cutover.config.checklist import Variables
from pytest_cutover.config.constraints import REFERENCE
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.json_pointer import at

_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)")
_HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


def variables(context: Context) -> CheckResult:
    """Every variable is there and well-formed. No value is ever shown, nor its length."""
    table = context.table.environment
    if table is None:
        return undecided("not configured", "[checklist.environment] names the variables")
    found = _read(table, context)
    if isinstance(found, CheckResult):
        return found
    context.session.secrets.observe_environment(found)
    absent = sorted(name for name in table.variables if not found.get(name))
    malformed = sorted(
        name
        for name, pattern in table.variables.items()
        if found.get(name) and not re.fullmatch(pattern, found[name], re.DOTALL)
    )
    if absent or malformed:
        parts = [f"not set: {', '.join(absent)}"] if absent else []
        parts += [f"not well-formed: {', '.join(malformed)}"] if malformed else []
        return failed(
            "; ".join(parts),
            "the candidate would start with another configuration than it was tested with",
            limit=f"{len(table.variables)} variables set and well-formed",
        )
    return passed(f"{len(table.variables)} variables set and well-formed")


def _read(table: Variables, context: Context) -> Mapping[str, str] | CheckResult:
    if table.file is not None:
        path = context.root / table.file
        try:
            return parsed(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            return undecided(f"{table.file} cannot be read", type(error).__name__)
    if table.command is not None:
        ran = run(table.command, context)
        if not ran.succeeded:
            why = ran.problem or f"ended with status {ran.status}"
            # Its output is a list of values: none of it is shown, whatever went wrong.
            return undecided(f"`{ran.shown}` {why}", "no variable could be read")
        return parsed(ran.output)
    if context.candidate_pid is None:
        return undecided(
            "no process to look at",
            "launched = true reads the candidate that this run launched; run without -n, or name "
            "a file or a command",
        )
    found = candidate_environment(context)
    return found if found is not None else undecided("the process cannot be looked at")


def parsed(text: str) -> dict[str, str]:
    """Return the variables of a dotenv text: ``NAME=value`` lines, `export` and quotes
    understood.
    """
    values: dict[str, str] = {}
    for line in text.splitlines():
        found = _ASSIGNMENT.fullmatch(line)
        if found is None or line.lstrip().startswith("#"):
            continue
        value = found[2].strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        else:
            value = re.sub(r"\s+#.*", "", value)
        values[found[1]] = value
    return values


def rotated(context: Context) -> CheckResult:
    """Check that no token that the candidate issues verifies under a known secret of development.

    Tested from outside: the candidate's own secret is never asked for.
    """
    table = context.table.secrets
    if table is None:
        return undecided("not configured", "[checklist.secrets] names development's secrets")
    try:
        known = [REFERENCE.sub(lambda found: os.environ[found[1]], text) for text in table.known]
    except KeyError as error:
        return undecided(f"{error.args[0]} is not set", "it holds a secret of development")
    for secret in known:
        context.session.secrets.add(secret)
    method, _, path = table.request.partition(" ")
    try:
        # Logging in is a POST that writes nothing, and production is where it has to be tested.
        with context.client(Side.CANDIDATE, writes=True) as client:
            response = client.request(method, path, json=table.json)
            token = at(response.json(), table.token)
    except http_lib.TransportError as error:
        return undecided(f"{table.request}: {type(error).__name__}")
    except (ValueError, KeyError):
        return undecided(
            "no token", f"{table.request} answered {response.status_code}, without {table.token}"
        )
    context.session.secrets.add(str(token))
    return verified(str(token), known)


def verified(token: str, known: list[str]) -> CheckResult:
    """Whether one of the secrets signed the token."""
    header, payload, signature = (*token.split("."), "", "", "")[:3]
    algorithm = ""
    try:
        algorithm = json.loads(_decoded(header)).get("alg", "")
        given = _decoded(signature)
    except (ValueError, binascii.Error, AttributeError):
        return undecided("the token is no JWT", "only a signed token can be tested from outside")
    if algorithm.lower() == "none" or not given:
        return failed("the token is not signed", "anybody can make one", limit="signed")
    if algorithm not in _HASHES:
        return undecided(f"signed with {algorithm}", "only HS256, HS384, HS512 can be tested")
    for number, secret in enumerate(known, start=1):
        signed = hmac.new(secret.encode(), f"{header}.{payload}".encode(), _HASHES[algorithm])
        if hmac.compare_digest(signed.digest(), given):
            return failed(
                f"a token verifies under known secret {number} of {len(known)}",
                "whoever has development's secret can sign tokens for this target",
                limit="a secret that is not development's",
            )
    return passed(f"a token verifies under none of {len(known)} known secrets")


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
