"""The door: options, markers, and which rooms to open. Imports nothing heavier than pytest.

A project that has this plugin installed and names no target gets options, markers, and fixtures
that say what is missing; nothing else is imported.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

MARKERS = {
    "characterization": (
        'characterization("METHOD /path/{template}", …): runs on both backends; what they answer '
        "is compared"
    ),
    "negative": (
        'negative("METHOD /path/{template}", …, scenario="…"): like characterization, for errors'
    ),
    "crossover": (
        'crossover("METHOD /path/{template}", …): writes through one backend and reads through '
        "the other"
    ),
    "perf": 'perf("METHOD /path/{template}"): measures this endpoint on both backends',
}
CHECKLIST_MARKER = (
    'checklist("item-id", …): what an item of the cutover checklist rests on; runs in its phase'
)
_PHASES = (
    "pre-cutover",
    "validation",
    "switch",
    "monitoring",
    "verification",
    "rollback",
    "post-cutover",
)


# Options whose value is a path, when a blank stands between.
_WITH_PATHS = frozenset({"--cutover-schema", "--cutover-report"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options; their names are what users, CI and other tools rely on."""
    group = parser.getgroup("cutover", "may we switch the traffic?")
    group.addoption(
        "--cutover-target",
        metavar="NAME",
        help="Run against [targets.NAME] of cutover.toml and ask for the verdict.",
    )
    group.addoption(
        "--cutover-baseline",
        metavar="URL",
        help="The backend in service, for a target that no file describes.",
    )
    group.addoption(
        "--cutover-candidate",
        metavar="URL",
        help="The backend that is to replace it.",
    )
    group.addoption(
        "--cutover-writes",
        action="store_true",
        help="Allow methods other than GET and OPTIONS on the two URLs given.",
    )
    group.addoption(
        "--cutover-schema",
        metavar="PATH-OR-URL",
        help="The OpenAPI document, when [contract] does not name it.",
    )
    group.addoption(
        "--cutover-fuzz",
        metavar="N",
        type=int,
        help="Send N generated cases per operation of the schema to both backends.",
    )
    group.addoption(
        "--cutover-phase",
        metavar="NAME",
        default="pre-cutover",
        help=f"The phase of the checklist: {', '.join(_PHASES)} (default: pre-cutover).",
    )
    group.addoption(
        "--cutover-report",
        metavar="DIR",
        help="Where the artifacts go (default: .cutover).",
    )
    parser.addini(
        "cutover_target",
        "The target of daily work, when --cutover-target is not given.",
        default="",
    )


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Let projects hook into launching and logging in."""
    from pytest_cutover import hookspecs

    pluginmanager.add_hookspecs(hookspecs)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None, None, None]:
    """Find the root again where the value of one of our options moved it."""
    if any(word in _WITH_PATHS for word in early_config.invocation_params.args):
        from pytest_cutover.rootdir import find_root_again

        find_root_again(early_config, parser, args)
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the rooms when a target is chosen, else the fixtures that say what to give."""
    for line in (*MARKERS.values(), CHECKLIST_MARKER):
        config.addinivalue_line("markers", line)
    if not _chosen(config):
        if config.option.cutover_fuzz:
            raise pytest.UsageError(
                "--cutover-fuzz was given and no target: there is nothing to send cases to.\n"
                "Expected --cutover-target=NAME, or --cutover-baseline=URL and "
                "--cutover-candidate=URL. Add one of them."
            )
        config.pluginmanager.register(_NoTarget(), "cutover-no-target")
        return
    from pytest_cutover import rooms

    rooms.open_rooms(config)


def _chosen(config: pytest.Config) -> bool:
    option = config.option
    return bool(
        option.cutover_target
        or option.cutover_baseline
        or option.cutover_candidate
        or config.getini("cutover_target")
    )


class _NoTarget:
    """Fixtures and a hook for a run without a target: a marked test fails, saying what to give."""

    _MESSAGE = (
        "no target: this test runs on two backends and none was given.\n"
        "Give --cutover-target=NAME, or --cutover-baseline=URL and --cutover-candidate=URL, or "
        "set `cutover_target` in the ini file for daily work."
    )

    def _refuse(self) -> None:
        pytest.fail(self._MESSAGE, pytrace=False)

    @pytest.fixture
    def backend(self) -> None:
        """An httpx client bound to one of the two backends."""
        self._refuse()

    @pytest.fixture
    def async_backend(self) -> None:
        """What `backend` is, as an `httpx.AsyncClient` for `async def` tests."""
        self._refuse()

    @pytest.fixture
    def baseline(self) -> None:
        """An httpx client bound to the backend in service."""
        self._refuse()

    @pytest.fixture
    def candidate(self) -> None:
        """An httpx client bound to the backend that is to replace it."""
        self._refuse()

    @pytest.fixture
    def paired_benchmark(self) -> None:
        """Measures a callable over a backend on both sides, interleaved."""
        self._refuse()

    @pytest.fixture
    def cutover_load(self) -> None:
        """Runs a locustfile against both sides."""
        self._refuse()

    @pytest.fixture
    def cutover_check(self) -> None:
        """Runs a ready-made check of the checklist by its name."""
        self._refuse()

    @pytest.fixture
    def cutover_context(self) -> None:
        """What the ready-made checks are given, for calling them as plain functions."""
        self._refuse()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Fail marked tests, those too that would have opened a client by themselves."""
        if any(item.get_closest_marker(name) for name in (*MARKERS, "checklist")):
            self._refuse()
