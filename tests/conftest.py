"""What every test of the project's own relies on."""

import gc
import random
import signal
from collections import defaultdict

import pytest

# pytest takes this in a conftest of the folder that a run begins with, and in no deeper one.
pytest_plugins = ["pytester"]

# A run in the background of a script, as CI starts them, ignores Ctrl-C, and its children inherit
# that; the tests that press it are about programs in the foreground.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Seven thousand tests and what they import stay for the whole run. While they come, nothing can be
# freed, and afterwards every run within this process would walk through all of them, and does more
# than once: that was a fifth of collecting, and a sixth of such a run.
gc.disable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shuffle", metavar="SEED", help="run files, and their tests, in its order")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: begins first, or one worker ends long after the rest")


def pytest_report_header(config: pytest.Config) -> str | None:
    seed = config.getoption("--shuffle")
    return f"shuffled: --shuffle={seed}" if seed else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files keep together, since their tests share what is set up for a file; the long ones come
    first.
    """
    seed = config.getoption("--shuffle")
    if seed:
        dice = random.Random(seed)
        files = defaultdict(list)
        for item in items:
            files[item.path].append(item)
        order = list(files.values())
        dice.shuffle(order)
        for file in order:
            dice.shuffle(file)
            file.sort(key=_short)
        order.sort(key=lambda file: _short(file[0]))
        items[:] = [item for file in order for item in file]


def _short(item: pytest.Item) -> bool:
    return item.get_closest_marker("long") is None


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.enable()
    gc.collect()
    gc.freeze()
