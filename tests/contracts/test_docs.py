"""Follows every link of the documents to a file, because a newcomer who meets a dead one stops reading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#]+)[^)]*\)")
FOLDER_OR_FILE = re.compile(
    r"`((?:backend|device_gateway|firmware_stubs|pwa|tests|docs|assurance)/[\w./-]*[\w/])`"
)


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_and_every_named_file_of_a_page_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    linked = [page.parent / target for target in LINK.findall(text) if "://" not in target]
    named = [ROOT / path for path in FOLDER_OR_FILE.findall(text)]
    missing = [str(path) for path in (*linked, *named) if not path.exists()]
    assert not missing


def test_the_documents_a_newcomer_needs_are_there() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "LICENSE", "CHANGELOG.md", "docs/architecture.md"):
        assert (ROOT / name).stat().st_size > 500
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
