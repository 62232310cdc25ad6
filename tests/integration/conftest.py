"""Whole runs between servers on loopback, most of them in the process of the test."""

from __future__ import annotations

import encodings.idna

import httpcore
import jinja2
import jsonschema
import psutil
import tenacity
import tomlkit
import yaml

from tests.harness.fixtures import no_ci, project, servers
from tests.harness.preloading import preload

__all__ = ["no_ci", "project", "servers"]
# A run in this process throws away what it imported; what was there before stays.
_PRELOADED = (encodings.idna, httpcore, jinja2, jsonschema, psutil, tenacity, tomlkit, yaml)
preload("pytest_cutover")
