"""Texts that no run has used before, in the form of a sample: for fields that must be new."""

from __future__ import annotations

import re
import secrets
import string
from typing import Final

NEW_LENGTH: Final = 12
_MOST_ADDED: Final = 4
_RUNS: Final = re.compile(r"[0-9]+|[a-z]+|[A-Z]+")
# No vowels, so that no word appears by chance; no digits that read as letters.
_ALPHABET: Final = "23456789BCDFGHJKMNPQRSTVWXYZ"


def new_value(sample: str, max_length: int | None, pattern: str = "") -> tuple[str, str]:
    """Return a text like the sample, and the part of it that is new.

    A text with room for it keeps its length; a shorter one grows, as far as `max_length` allows.
    An address keeps its domain. Where that is not of the `pattern`, each letter and digit is
    another one of its kind.
    """
    value, code = _with_code(sample, max_length)
    if pattern and not _is_of(pattern, value):
        roomy = _lengthened(sample, pattern, max_length)
        shaped = "".join(_another(character) for character in roomy)
        if _is_of(pattern, shaped):
            return shaped, shaped
    return value, code


def _is_of(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text) is not None
    except re.error:  # of another dialect
        return True


def _lengthened(sample: str, pattern: str, max_length: int | None) -> str:
    """Return the sample with more letters and digits of each kind, as far as the pattern goes.

    Of ``A-0`` there are 260, of which soon one or the other is taken.
    """
    for run in reversed(list(_RUNS.finditer(sample))):
        for _ in range(_MOST_ADDED):
            longer = sample[: run.end()] + sample[run.end() - 1] + sample[run.end() :]
            if len(longer) > (max_length or len(longer)) or not _is_of(pattern, longer):
                break
            sample = longer
    return sample


def _another(character: str) -> str:
    for kind in (string.digits, string.ascii_lowercase, string.ascii_uppercase):
        if character in kind:
            return secrets.choice(kind)
    return character


def _with_code(sample: str, max_length: int | None) -> tuple[str, str]:
    code = "".join(secrets.choice(_ALPHABET) for _ in range(NEW_LENGTH))
    local, at, domain = sample.rpartition("@")
    if at and local and "." in domain:
        kept = local[: max(0, len(local) - NEW_LENGTH)] if len(local) > NEW_LENGTH else ""
        return f"{kept}{code.lower()}@{domain}", code.lower()
    if len(sample) >= NEW_LENGTH * 2:
        return sample[:-NEW_LENGTH] + code, code
    if max_length is None:
        return f"{sample}-{code}", code
    if max_length < NEW_LENGTH:
        code = code[: max(max_length, 1)]
        return code, code
    return sample[: max(0, max_length - NEW_LENGTH - 1)] + "-" * (max_length > 12) + code, code
