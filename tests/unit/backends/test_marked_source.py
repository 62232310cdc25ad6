"""Which tests of ours a source defines, whether pytest collects them or not."""

from __future__ import annotations

import textwrap

import pytest

from pytest_cutover.backends.marked_source import MarkedFunction, marked_tests, may_hold_more

ALIASED = """
    import pytest
    C = pytest.mark.characterization

    @C("GET /a")
    def test_a(backend): ...

    async def test_unmarked(): ...
"""
NESTED = """
    import os, pytest

    if os.environ.get("RUN"):
        @pytest.mark.negative("GET /a")
        async def test_a(backend): ...
    else:
        @pytest.mark.negative("GET /a")
        def test_a(backend): ...

    @pytest.mark.crossover("GET /b")
    class TestB:
        def test_b(self, backend): ...
        def help_b(self): ...

    def test_of_a_plugin(pytester):
        @pytest.mark.characterization("GET /c")
        def test_c(backend): ...
        pytester.makepyfile('''
            @pytest.mark.characterization("GET /d")
            def test_d(backend): ...
        ''')
"""
TWICE = """
    import pytest
    pytestmark = [pytest.mark.slow, pytest.mark.characterization("GET /a")]

    def test_a(backend): ...
    def test_b(backend): ...
    def test_a(backend): ...
"""


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (ALIASED, [MarkedFunction(("test_a",))]),
        (NESTED, [MarkedFunction(("test_a",))] * 2 + [MarkedFunction(("TestB", "test_b"))]),
        (
            TWICE,
            [
                MarkedFunction(("test_a",), replaced=True),
                MarkedFunction(("test_b",)),
                MarkedFunction(("test_a",)),
            ],
        ),
        ("def test_(: no Python", []),
        ("import pytest\n@pytest.mark.slow\ndef test_a(): ...", []),
    ],
)
def test_marked_tests_are_found_where_they_stand(source: str, found: list[MarkedFunction]) -> None:
    assert marked_tests(textwrap.dedent(source)) == found


@pytest.mark.parametrize(("collected", "more"), [(1, True), (2, True), (3, False)])
def test_a_file_of_which_everything_was_collected_is_not_read(collected: int, more: bool) -> None:
    assert may_hold_more(textwrap.dedent(TWICE), collected, ["test"]) is more
