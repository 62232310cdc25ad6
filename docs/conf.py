"""The site: Sphinx with MyST and Furo. `make docs` builds it, with warnings as errors."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from _site import reference  # noqa: E402

import pytest_cutover  # noqa: E402

project = "pytest-cutover"
author = "The pytest-cutover maintainers"
version = release = pytest_cutover.__version__
extensions = ["myst_parser"]
myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["_site", "_build"]
html_theme = "furo"
html_title = "pytest-cutover"
suppress_warnings = ["misc.highlighting_failure"]

reference.write_all()
