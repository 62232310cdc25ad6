"""What the commands print: text that the stream can show, whatever its encoding."""

from __future__ import annotations

import sys
from typing import TextIO

from pytest_cutover.core.sanitize import encodable


def say(text: str = "", *, to: TextIO | None = None) -> None:
    """Print lines; signs that the stream cannot print get their ASCII forms.

    None is one that GitHub's runner takes for a workflow command.
    """
    stream = sys.stdout if to is None else to
    for line in text.split("\n"):
        acts = line.lstrip().startswith(("::", "##["))
        shown = encodable(f"\\{line}" if acts else line, stream.encoding or "utf-8")
        print(shown, file=stream)
