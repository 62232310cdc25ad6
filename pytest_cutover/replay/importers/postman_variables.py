"""The variables that Postman itself makes a value for: ``{{$guid}}``, ``{{$timestamp}}`` and more.

A value is new each time it is read, and both sides are sent the same one.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

_MOST: Final = 1000
_CODE: Final = "bcdfghjkmnpqrstvwxyz"
_WORDS: Final = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron")
_FIRST: Final = ("Ada", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hana")
_LAST: Final = ("Berg", "Costa", "Dunn", "Ekman", "Fox", "Gray", "Hahn", "Ito")


def made(name: str) -> str | None:
    """Return a new value for a variable of this name, ``$`` included; None where there is none."""
    maker = _MAKERS.get(name)
    return None if maker is None else maker()


def _code(length: int = 8) -> str:
    return "".join(secrets.choice(_CODE) for _ in range(length))


def _number(most: int = _MOST) -> str:
    return str(secrets.randbelow(most + 1))


def _now() -> datetime:
    return datetime.now(UTC)


def _email() -> str:
    return f"{_code()}@mail.example"


def _any_of(words: tuple[str, ...]) -> Callable[[], str]:
    return lambda: secrets.choice(words)


_MAKERS: Final[Mapping[str, Callable[[], str]]] = {
    "$guid": lambda: str(uuid.uuid4()),
    "$randomUUID": lambda: str(uuid.uuid4()),
    "$timestamp": lambda: str(int(_now().timestamp())),
    "$isoTimestamp": lambda: _now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    "$randomInt": _number,
    "$randomPrice": lambda: f"{_number()}.{secrets.randbelow(100):02}",
    "$randomBoolean": _any_of(("true", "false")),
    "$randomAlphaNumeric": lambda: _code(1),
    "$randomPassword": lambda: _code(15),
    "$randomEmail": _email,
    "$randomExampleEmail": _email,
    "$randomUserName": lambda: _code(),
    "$randomFirstName": _any_of(_FIRST),
    "$randomLastName": _any_of(_LAST),
    "$randomFullName": lambda: f"{secrets.choice(_FIRST)} {secrets.choice(_LAST)}",
    "$randomPhoneNumber": lambda: (
        f"555-{secrets.randbelow(900) + 100}-{secrets.randbelow(10000):04}"
    ),
    "$randomCity": _any_of(("Lund", "Basel", "Turin", "Porto")),
    "$randomStreetAddress": lambda: f"{secrets.randbelow(99) + 1} Mill Lane",
    "$randomCountry": _any_of(("Norway", "Chile", "Japan", "Kenya")),
    "$randomCountryCode": _any_of(("NO", "CL", "JP", "KE")),
    "$randomCompanyName": lambda: f"{secrets.choice(_LAST)} Ltd",
    "$randomProductName": lambda: f"{secrets.choice(_WORDS)} chair",
    "$randomColor": _any_of(("red", "green", "blue", "black")),
    "$randomWord": _any_of(_WORDS),
    "$randomWords": lambda: " ".join(secrets.choice(_WORDS) for _ in range(3)),
    "$randomLoremWord": _any_of(_WORDS),
    "$randomLoremSentence": lambda: " ".join(secrets.choice(_WORDS) for _ in range(6)) + ".",
    "$randomUrl": lambda: f"https://{_code()}.example",
    "$randomDomainName": lambda: f"{_code()}.example",
    "$randomIP": lambda: f"192.0.2.{secrets.randbelow(254) + 1}",
}
