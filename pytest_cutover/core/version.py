"""The version of the package: here for the rooms, and at the public door for everybody else."""

from __future__ import annotations

VERSION = "0.1.0"
