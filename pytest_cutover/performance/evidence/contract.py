"""The endpoints of the OpenAPI document: each must be measured, or the gate says that it was not.

Reads JSON by itself and YAML where PyYAML is installed. Called by the plugin.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

from pytest_cutover.core.endpoint import METHODS, Endpoint, parse
from pytest_cutover.core.errors import InvalidValueError


class ContractError(Exception):
    """The document cannot be read; the message says why."""


def contract_endpoints(path: Path) -> tuple[Endpoint, ...]:
    """The operations of an OpenAPI document, in its order. Raises ContractError."""
    try:
        document = _parsed(path)
        paths = document["paths"]
        return tuple(
            parse(f"{method.upper()} {template}")
            for template, operations in paths.items()
            for method in operations
            if method.upper() in METHODS
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidValueError) as error:
        raise ContractError(
            f"{path.name} cannot be read as an OpenAPI document: {type(error).__name__}: {error}"
        ) from error


def _parsed(path: Path) -> Any:
    text = path.read_text("utf-8")
    if path.suffix == ".json":
        return json.loads(text)
    try:
        yaml = importlib.import_module("yaml")
    except ImportError:
        raise ValueError("it is YAML, and PyYAML is not installed: pip install pyyaml") from None
    return yaml.safe_load(text)
