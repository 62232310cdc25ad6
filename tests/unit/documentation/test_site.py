"""The pages of the site: their snippets can be written as they stand, their links lead on."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from pytest_cutover.config.load import load_config

DOCS = Path(__file__).parents[3] / "docs"
README = DOCS.parent / "README.md"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "generated" not in path.parts)
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")


def name(path: Path) -> str:
    return path.relative_to(DOCS.parent).as_posix()


def blocks(path: Path, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(path.read_text("utf-8")) if kind == language]


@pytest.mark.parametrize("page", [*PAGES, README], ids=name)
def test_python_is_python_and_toml_is_a_configuration(page: Path, tmp_path: Path) -> None:
    for text in blocks(page, "python"):
        ast.parse(text)
    for text in blocks(page, "toml"):
        document = tomllib.loads(text)
        if {"tool", "accepted", "signoff", "checklist"} & document.keys():
            continue
        for target in document.get("targets", {}).values():
            # A page shows the side that it is about.
            for side in ("baseline", "candidate"):
                if side not in target:
                    text += (
                        f'\n[targets.{next(iter(document["targets"]))}.{side}]\nurl = "http://x"\n'
                    )
        (tmp_path / "cutover.toml").write_text(text, "utf-8")
        load_config(tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_between_pages_lead_to_one(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if not re.match(r"[a-z]+:", target) and "generated/" not in target:
            assert (page.parent / target).exists(), target


def test_the_page_of_the_package_index_has_no_link_that_is_dead_there() -> None:
    found = LINK.findall(README.read_text("utf-8"))
    assert [target for target in found if not target.startswith("https://")] == []
