"""``python -m pytest_cutover`` is ``pytest-cutover``."""

import sys

from pytest_cutover.cli import main

if __name__ == "__main__":
    sys.exit(main())
