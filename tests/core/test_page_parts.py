"""What the templates and the style promise to every page, read from the files themselves."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from flask import Flask

from community.core.pages.templating import NotBuilt, check_built

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "mail" not in path.parts)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def text_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_a_template_carries_no_style_script_or_handler_of_its_own(path):
    text = text_of(path)
    assert not re.search(r"<style|\sstyle=|javascript:|\son[a-z]+=\"", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_a_template_loads_nothing_from_another_host(path):
    assert not re.search(r"(src|href|action)=\"(https?:)?//", text_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_every_icon_named_is_drawn(path):
    drawn = set(re.findall(r"id=\"i-([\w-]+)\"", (ROOT / "static/src/icons.svg").read_text("utf-8")))
    named = set(re.findall(r"icon\(\"([\w-]+)\"", text_of(path)))
    assert named <= drawn


def test_a_site_without_its_style_sheet_does_not_start_and_says_what_to_type(tmp_path):
    app = Flask("bare", static_folder=str(tmp_path))
    with pytest.raises(NotBuilt, match=re.escape("python3 dev.py assets")):
        check_built(app)
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "manifest.json").write_text("{}")
    check_built(app)


def test_the_style_sheet_stays_small():
    manifest = ROOT / "static/build/manifest.json"
    if not manifest.exists():
        pytest.skip("assets are not built here")
    built = ROOT / "static/build" / json.loads(manifest.read_text("utf-8"))["site.css"]
    assert len(gzip.compress(built.read_bytes())) < 10_000
