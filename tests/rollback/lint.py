"""Are the migrations safe for the baseline? ``python -m tests.rollback.lint`` asks squawk.

Exit status 0 when it finds nothing that locks or breaks what Express still uses. The first revision
is Express's own schema and is not looked at.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

_FASTAPI = Path(__file__).parents[2] / "examples" / "flowviz" / "fastapi"
_EXPRESS_OWNED = "0001"
# Of style, or about a table that the same migration makes and nobody uses yet. The time-outs are
# set where migrations are run, not in each of them.
_EXCLUDED = ("prefer-robust-stmts", "require-timeout-settings", "require-concurrent-index-creation")


def main() -> int:
    """Render each later revision as SQL and hand it to squawk; its exit status."""
    with tempfile.TemporaryDirectory(prefix="cutover-lint-") as folder:
        return linted([_written(Path(folder), name, text) for name, text in revisions().items()])


def linted(files: list[Path]) -> int:
    """squawk's exit status over some SQL files."""
    squawk = Path(sys.executable).with_name("squawk")
    command = [str(squawk), "--pg-version=15", f"--exclude={','.join(_EXCLUDED)}"]
    return subprocess.run([*command, *map(str, files)], check=False, timeout=60).returncode


def revisions() -> dict[str, str]:
    """The SQL of each revision after Express's own, by its id."""
    config = Config(str(_FASTAPI / "alembic.ini"))
    script = ScriptDirectory.from_config(config)
    return {
        revision.revision: rendered(revision.module.upgrade)
        for revision in reversed(list(script.walk_revisions()))
        if revision.revision > _EXPRESS_OWNED
    }


def rendered(upgrade: object) -> str:
    """What a migration would send, as SQL."""
    assert callable(upgrade)
    buffer = io.StringIO()
    options = {"as_sql": True, "output_buffer": buffer}
    context = MigrationContext.configure(dialect_name="postgresql", opts=options)
    with Operations.context(context):
        upgrade()
    return buffer.getvalue()


def _written(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.sql"
    path.write_text(text, "utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main())
