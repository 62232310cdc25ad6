"""A mistake of a newcomer: what was written, and what must be told.

A message has four parts: what is wrong, where, what was expected against what was observed, and
what to do next. A mistake lists a few words of each; the test looks for them on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ONE_TEST = """
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend):
        backend.get("/thing")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """One mistake. `{baseline}` and `{candidate}` in `config` become the URLs of two servers.

    `told` are words that must stand on the screen, in any place; `never` must not. `command`
    says that the mistake is made with pytest-cutover instead of pytest. `status` is None where the
    run goes on and its verdict says it. `needs` is a package of an extra.
    """

    name: str
    config: str = ""
    suite: str = ONE_TEST
    conftest: str = ""
    arguments: tuple[str, ...] = ("--cutover-target=staging",)
    command: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    status: int | None = 4
    files: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    needs: str = ""


TARGET = """
    [targets.staging]
    baseline = {{ url = "{baseline}" }}
    candidate = {{ url = "{candidate}" }}
"""
