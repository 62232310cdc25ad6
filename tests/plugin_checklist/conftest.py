"""The project of `tests.plugin`, with the checklist's modules imported once."""

from __future__ import annotations

import jsonschema
import psutil
import tomlkit
import yaml

import pytest_cutover.checklist.checks
import pytest_cutover.checklist.plugin
from tests.plugin.conftest import no_ci, project, servers

pytest_plugins = ["pytester"]
# In-process runs throw away what they imported; what the outer process has stays.
_PRELOADED = (pytest_cutover.checklist.plugin, jsonschema, psutil, tomlkit, yaml)
__all__ = ["no_ci", "project", "servers"]
