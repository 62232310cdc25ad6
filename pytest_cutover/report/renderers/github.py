"""What GitHub Actions shows beside the log: annotations and the summary of the step.

Does nothing unless the environment says that GitHub Actions is running.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report import summary
from pytest_cutover.report.model import Report, Verdict
from pytest_cutover.report.renderers import markdown

#: Annotations for blockers; GitHub shows ten errors of a step.
BLOCKERS = 10

_LEVELS = {Verdict.GO: "notice", Verdict.NO_GO: "error", Verdict.INCONCLUSIVE: "error"}


def workflow_commands(report: Report, environ: Mapping[str, str]) -> list[str]:
    """Workflow commands, one for the verdict and one for each of the first blockers.

    Empty outside GitHub Actions. To be printed at the start of a line each.
    """
    if environ.get("GITHUB_ACTIONS") != "true":
        return []
    title = f"cutover: {report.verdict}"
    body = summary.headline(report)
    command = summary.next_command(report)
    lines = [_command(_LEVELS.get(report.verdict, "warning"), title, _and_next(body, command))]
    for blocker in summary.first(summary.blockers(report), BLOCKERS):
        gate = blocker.gate
        name = " ".join(part for part in (gate.code, gate.title, blocker.place) if part)
        explain = summary.explain_command(gate.code)
        lines.append(_command("error", name, f"{one_line(blocker.detail)} ({explain})"))
    return lines


def append_step_summary(
    report: Report, environ: Mapping[str, str], *, base: Report | None = None
) -> str:
    """Append gate.md to the file that `$GITHUB_STEP_SUMMARY` names, within GitHub's 1 MiB.

    Returns why nothing was appended, or an empty text: a summary that cannot be written must not
    change the verdict.
    """
    name = environ.get("GITHUB_STEP_SUMMARY", "")
    if not name:
        return ""
    path, taken = Path(name), -1
    try:
        taken = path.stat().st_size if path.exists() else 0
        text = markdown.render(report, base=base)
        if taken + len(text.encode("utf-8")) + 1 > markdown.STEP_SUMMARY_BYTES:
            return f"the step summary {name} is full (1 MiB): gate.md was not appended"
        with path.open("a", encoding="utf-8", newline="\n") as stream:
            stream.write("\n" + text if taken else text)
    except OSError as error:
        if taken >= 0:
            with suppress(OSError):
                os.truncate(path, taken)  # no half of it
        return f"the step summary {name} could not be written: {error.strerror or error}"
    return ""


def _and_next(body: str, command: str) -> str:
    return f"{body}\nnext: {one_line(command)}" if command else body


def _command(level: str, title: str, body: str) -> str:
    """One workflow command; newlines in the body are GitHub's own `%0A`."""
    return f"::{level} title={_property(one_line(title, 200))}::{_data(body)}"


def _data(text: str) -> str:
    lines = [one_line(line, 1_000) for line in text.split("\n")]
    return "%0A".join(line.replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    return text.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
