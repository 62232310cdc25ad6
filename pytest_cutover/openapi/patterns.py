"""Patterns of a document, which are JavaScript's, as Python reads them. Pure.

What Python reads itself stays as it is. Of Unicode's properties the general categories are
known (``\\p{Lu}``, ``\\P{Letter}``); of scripts and the rest Python knows nothing.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache
from typing import Final

_CATEGORIES: Final = {
    "letter": "L", "casedletter": "LC", "uppercaseletter": "Lu", "lowercaseletter": "Ll",
    "titlecaseletter": "Lt", "modifierletter": "Lm", "otherletter": "Lo", "mark": "M",
    "combiningmark": "M", "nonspacingmark": "Mn", "spacingmark": "Mc", "enclosingmark": "Me",
    "number": "N", "decimalnumber": "Nd", "digit": "Nd", "letternumber": "Nl", "othernumber": "No",
    "punctuation": "P", "punct": "P", "connectorpunctuation": "Pc", "dashpunctuation": "Pd",
    "openpunctuation": "Ps", "closepunctuation": "Pe", "initialpunctuation": "Pi",
    "finalpunctuation": "Pf", "otherpunctuation": "Po", "symbol": "S", "mathsymbol": "Sm",
    "currencysymbol": "Sc", "modifiersymbol": "Sk", "othersymbol": "So", "separator": "Z",
    "spaceseparator": "Zs", "lineseparator": "Zl", "paragraphseparator": "Zp", "other": "C",
    "control": "Cc", "cntrl": "Cc", "format": "Cf", "surrogate": "Cs", "privateuse": "Co",
    "unassigned": "Cn",
}  # fmt: skip
_KNOWN: Final = frozenset(
    {"L", "Lu", "Ll", "Lt", "Lm", "Lo", "LC", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P",
     "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp",
     "C", "Cc", "Cf", "Cs", "Co", "Cn"}
)  # fmt: skip
_NAMED: Final = {"any": "\\x00-\\U0010ffff", "ascii": "\\x00-\\x7f"}
_CASED: Final = ("Lu", "Ll", "Lt")
_TOKEN: Final = re.compile(
    r"\\[pP](?:\{(?P<property>[^{}]*)\}|(?P<letter>[A-Z]))"
    r"|\\u\{(?P<point>[0-9a-fA-F]{1,6})\}"
    r"|\\k<(?P<back>\w+)>"
    r"|\(\?<(?P<group>[A-Za-z_]\w*)>"
    r"|(?P<empty>\[\^?\])"
    r"|(?P<escaped>\\.)"
    r"|(?P<other>.)",
    re.DOTALL,
)


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of a document. Raises `re.error` for one that Python cannot read at all."""
    try:
        return re.compile(pattern)
    except re.error:
        return re.compile(_as_python(pattern))


def _as_python(pattern: str) -> str:
    parts: list[str] = []
    in_class = False
    for found in _TOKEN.finditer(pattern):
        name = found["property"] or found["letter"]
        if name is not None:
            outside = found[0][1] == "P"
            ranges = _ranges(name, outside=outside)
            parts.append(ranges if in_class else f"[{ranges}]")
        elif found["point"]:
            parts.append(re.escape(chr(int(found["point"], 16))))
        elif found["back"]:
            parts.append(f"(?P={found['back']})")
        elif found["group"] and not in_class:
            parts.append(f"(?P<{found['group']}>")
        elif found["empty"] and not in_class:
            parts.append(r"[\s\S]" if found["empty"] == "[^]" else "(?!)")
        else:
            in_class = _is_in_class(found[0], in_class)
            parts.append(found[0])
    return "".join(parts)


def _is_in_class(token: str, in_class: bool) -> bool:
    return token == "[" or (in_class and token != "]")


@lru_cache(maxsize=64)
def _ranges(name: str, *, outside: bool) -> str:
    """Return the characters of a property as ranges of a class. Raises `re.error` for another."""
    value = name.rpartition("=")[2]
    plain = re.sub(r"[_\-\s]", "", value).lower()
    if name.partition("=")[0] in ("Script", "sc", "Script_Extensions", "scx"):
        raise re.error(f"the property {name} is of a script")
    category = value if value in _KNOWN else _CATEGORIES.get(plain)
    if category is None and plain in _NAMED and not outside:
        return _NAMED[plain]
    if category is None:
        raise re.error(f"unknown property {name}")
    kinds = _CASED if category == "LC" else (category,)
    found: list[str] = []
    first = None
    for point in range(sys.maxunicode + 2):
        is_one = point <= sys.maxunicode and (
            unicodedata.category(chr(point)).startswith(kinds) is not outside
        )
        if is_one and first is None:
            first = point
        elif not is_one and first is not None:
            found.append(f"\\U{first:08x}-\\U{point - 1:08x}")
            first = None
    return "".join(found)
