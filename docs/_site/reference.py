"""Writes the pages of the reference: options, configuration keys, hooks, fixtures, API, gate.json.

Called by conf.py before Sphinx reads anything; nothing of it is committed.
"""

from __future__ import annotations

import inspect
import json
import textwrap
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

import pytest_cutover
from pytest_cutover import hookspecs
from pytest_cutover import plugin as door
from pytest_cutover.config.model import Config
from pytest_cutover.config.target import BackendSpec, Target

FOLDER = Path(__file__).parents[1] / "reference" / "generated"
PAGES: dict[str, Callable[[], Iterator[str]]] = {}


def page(name: str) -> Callable[[Callable[[], Iterator[str]]], Callable[[], Iterator[str]]]:
    """Register what yields the lines of a page."""

    def register(lines: Callable[[], Iterator[str]]) -> Callable[[], Iterator[str]]:
        PAGES[name] = lines
        return lines

    return register


def write_all() -> None:
    """Write every page; one that has not changed is left alone, so that it is not built anew."""
    FOLDER.mkdir(exist_ok=True)
    for name, lines in PAGES.items():
        path, text = FOLDER / f"{name}.md", "\n".join(lines()) + "\n"
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


@page("options")
def options() -> Iterator[str]:
    """The command line of the plugin, as pytest knows it."""
    yield "# Options and markers\n"
    yield "| option | does |\n|---|---|"
    parser = pytest.Parser(_ispytest=True)
    door.pytest_addoption(parser)
    for option in parser.getgroup("cutover").options:
        known = option.attrs()
        value = f" {known['metavar']}" if known.get("metavar") else ""
        if known.get("choices"):
            value = " " + "\\|".join(known["choices"])
        names = ", ".join(f"`{name}{value}`" for name in option.names())
        yield f"| {names} | {_cell(known['help'])} |"
    yield "\nOf syrupy, and obeyed: `--snapshot-update` records goldens, from the baseline.\n"
    yield (
        "The ini value `cutover_target` names the target of daily work, for runs without "
        "`--cutover-target`.\n"
    )
    yield "## Markers\n"
    for line in (*door.MARKERS.values(), door.CHECKLIST_MARKER):
        signature, _, what = line.partition(": ")
        yield f"`@pytest.mark.{signature}`\n: {what}\n"


@page("fixtures")
def fixtures() -> Iterator[str]:
    """What a test or a conftest.py may take, and what it may define."""
    yield "# Fixtures\n"
    for name in vars(door._NoTarget):
        value = inspect.getattr_static(door._NoTarget, name)
        if name.startswith(("_", "pytest_")):
            continue
        yield f"`{name}`\n: {_said(value)}\n"
    yield "## Defined by a project\n"
    yield (
        "`cutover_login` and `cutover_seed` are fixtures that a project defines, in place of the "
        "[hooks](hooks.md) of these names.\n"
    )


@page("hooks")
def hooks() -> Iterator[str]:
    """What a project may tell the plugin in its conftest.py."""
    yield "# Hooks\n"
    yield "A conftest.py defines them; arguments that it does not need may be left out.\n"
    for name, hook in vars(hookspecs).items():
        if name.startswith("pytest_cutover_"):
            yield f"## {name}\n\n```python\n{_signature(name, hook)}\n```\n\n{_said(hook)}\n"


@page("api")
def api() -> Iterator[str]:
    """Every public name."""
    yield "# API\n"
    yield "What a suite, a conftest.py or a locustfile may import from `pytest_cutover`.\n"
    for name in sorted(pytest_cutover.__all__):
        if name.startswith("__"):
            continue
        value = getattr(pytest_cutover, name)
        yield f"## {name}\n\n{_said(value)}\n"
        for member, function in vars(value).items():
            if member.startswith("_") or member == "build_request":
                continue
            if isinstance(function, property):
                yield f"`{name}.{member}`\n: {_said(function.fget)}\n"
            elif inspect.isfunction(function) or isinstance(function, classmethod):
                plain = inspect.unwrap(getattr(function, "__func__", function))
                if inspect.getdoc(plain):
                    yield f"### {name}.{member}\n\n```python\n{_signature(member, plain)}\n```\n"
                    yield f"{_said(plain)}\n"


@page("configuration-keys")
def configuration_keys() -> Iterator[str]:
    """Every key of cutover.toml with its type and default, from the types that read it."""
    yield "# Configuration keys\n"
    yield "Every key, from the types that read the file; [](../configuration.md) says what for.\n"
    seen: set[type] = set()
    yield from _tables("targets.NAME", Target, seen)
    yield from _tables("targets.NAME.baseline", BackendSpec, seen)
    for name, (kind, _) in _keys(Config).items():
        if name not in ("targets", "source", "root"):
            table = _table_in(kind)
            if table is not None:
                yield from _tables(name, table, seen)


@page("gate-json")
def gate_json() -> Iterator[str]:
    """The report for tools, from its schema."""
    schema = json.loads(
        (Path(pytest_cutover.__file__).parent / "report" / "gate.v2.schema.json").read_text("utf-8")
    )
    yield "# gate.json\n"
    yield (
        "Version 2. Names and meaning of `verdict`, `target`, `phase` and of a gate's `id`, `code` "
        "and `verdict` never change; readers ignore members that they do not know. The schema is "
        "`pytest_cutover/report/gate.v2.schema.json`.\n"
    )
    for name, kind in sorted(schema["$defs"].items(), key=lambda one: one[0] != "Report"):
        if "properties" not in kind:
            yield f"## {name}\n\nOne of {', '.join(f'`{v}`' for v in kind.get('enum', []))}.\n"
            continue
        yield f"## {name}\n\n{_text(kind.get('description', ''))}\n\n| member | type |\n|---|---|"
        for member, said in kind["properties"].items():
            yield f"| `{member}` | {_cell(_json_type(said))} |"
        yield ""


def _tables(name: str, table: type, seen: set[type]) -> Iterator[str]:
    if table in seen:
        return
    seen.add(table)
    yield f"## `[{name}]`\n\n{_said(table)}\n\n| key | type | default |\n|---|---|---|"
    inner = []
    for key, (kind, default) in _keys(table).items():
        yield f"| `{key}` | {_cell(_type(kind))} | {_cell(default)} |"
        below = _table_in(kind)
        if below is not None:
            inner.append((f"{name}.{key}", below))
    yield ""
    for key, below in inner:
        yield from _tables(key, below, seen)


def _keys(table: type) -> dict[str, tuple[Any, str]]:
    hints = get_type_hints(table, include_extras=True)
    found = {}
    for one in fields(table):
        key = one.metadata.get("key", one.name)
        if key is None:
            continue
        default = ""
        if one.default is not MISSING and not is_dataclass(one.default) and one.default != ():
            default = "" if one.default is None else f"`{_plain(one.default)}`"
        elif one.default is MISSING and one.default_factory is MISSING:
            default = "needed"
        found[key] = hints[one.name], default
    return found


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(str(value)) if isinstance(value, str) else str(value)


def _table_in(kind: Any) -> type | None:
    if is_dataclass(kind):
        return kind if isinstance(kind, type) else None
    return next((found for one in get_args(kind) if (found := _table_in(one)) is not None), None)


def _type(kind: Any) -> str:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _type(parts[0])
    if origin in (Union, types.UnionType):
        return " or ".join(_type(one) for one in parts if one is not type(None))
    if origin is Literal:
        return " or ".join(f"`{_plain(one)}`" for one in parts)
    if origin is not None:
        inner = [_type(one) for one in parts if one is not Ellipsis]
        return f"table of {inner[-1]}" if issubclass(origin, Mapping) else f"list of {inner[0]}"
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return " or ".join(f"`{_plain(str(one))}`" for one in kind)
    return f"`{getattr(kind, '__name__', str(kind))}`"


def _json_type(said: Any) -> str:
    if not isinstance(said, dict):
        return ""
    if "$ref" in said:
        return said["$ref"].rpartition("/")[2]
    if "anyOf" in said:
        return " or ".join(_json_type(one) for one in said["anyOf"])
    if said.get("type") == "array":
        return f"list of {_json_type(said.get('items', {}))}"
    kind = said.get("type", "")
    return str(kind if isinstance(kind, str) else " or ".join(kind))


def _signature(name: str, function: Any) -> str:
    return f"{name}{inspect.signature(function)}".replace("'", "").replace("http.", "httpx.")


def _said(value: Any) -> str:
    return _text(inspect.getdoc(value) or "")


def _text(said: str) -> str:
    """A docstring as Markdown; two backticks or one, a code is a code."""
    return textwrap.dedent(said).replace("``", "`").replace("::\n\n", ":\n\n").strip()


def _cell(text: str) -> str:
    return " ".join(text.split()).replace(" | ", " \\| ")
