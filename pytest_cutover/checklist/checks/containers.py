"""The candidate's container builds, and the baseline's can still be had."""

from __future__ import annotations

from pytest_cutover.checklist.commands import run
from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.results import CheckResult, failed, passed, undecided
from pytest_cutover.config.command import Command

# What engines say when they are not there: then nothing is known about the image.
_NO_ENGINE = (
    "cannot connect to the docker daemon",
    "is the docker daemon running",
    "error during connect",
    "unable to connect to podman",
    "cannot connect to podman",
    "command not found",
)


def build(context: Context) -> CheckResult:
    """Check that the candidate's container builds."""
    return _by(context.table.container.build, context, key="build", what="build")


def baseline_image(context: Context) -> CheckResult:
    """Check that the baseline's image is still there, under its tag."""
    return _by(context.table.container.baseline_image, context, key="baseline_image", what="image")


def _by(command: Command | None, context: Context, *, key: str, what: str) -> CheckResult:
    if command is None:
        return undecided("not configured", f"[checklist.container] {key} is the command")
    ran = run(command, context)
    said = f"`{ran.shown}` said last:\n{ran.tail or '(nothing)'}"
    if ran.problem:
        return undecided(f"{what}: {ran.problem}", said)
    if ran.succeeded:
        return passed(f"{what}: `{ran.shown}` succeeded")
    if ran.status == 127 or any(words in ran.tail.lower() for words in _NO_ENGINE):
        return undecided(f"{what}: no container engine answers here", said, next=ran.shown)
    return failed(f"{what}: status {ran.status}", said, limit="status 0", next=ran.shown)
