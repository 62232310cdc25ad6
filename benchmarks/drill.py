"""The drill: switch the reference pair under load, break it in eleven ways, and look what is said.

    python -m benchmarks.drill [--only FAULT …] [--json FILE]

Real nginx, real Prometheus, both backends, PostgreSQL, locust at 150 requests per second. After a
rehearsed switch each fault comes alone: the monitoring phase is started, the fault switched on once
it says "keep monitoring", and the clock runs until the phase demands the action that the matrix
names. Then the team's own script rolls back, and every write that was acknowledged is looked for on
the baseline. About ten minutes; exit status 1 where a row is not as expected.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])

from tests.slow.drill.faults import FAULTS, Row, drill  # noqa: E402
from tests.slow.drill.rig import MissingProgram  # noqa: E402


def main() -> int:
    """Run the drill, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", nargs="*", choices=list(FAULTS), help="these faults only")
    parser.add_argument("--json", type=Path, help="where the rows go as JSON")
    arguments = parser.parse_args()
    rows: list[Row] = []
    try:
        for row in drill(arguments.only or list(FAULTS)):
            rows.append(row)
            print(row.line(), flush=True)
    except MissingProgram as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.json:
        text = json.dumps([asdict(row) for row in rows], indent=1) + "\n"
        arguments.json.write_text(text, "utf-8")
    bad = [row for row in rows if not row.good]
    print(f"\n{len(rows) - len(bad)} of {len(rows)} rows as expected")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
