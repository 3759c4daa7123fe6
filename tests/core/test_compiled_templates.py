"""Compiled templates are shared by processes, follow their sources and are never needed."""

from __future__ import annotations

import pytest
from jinja2 import Environment, FileSystemLoader

from community.core.pages.compiled_templates import CompiledTemplates


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "page.html").write_text("Hello {{ name }}\n  {% if name %}!{% endif %}", "utf-8")
    return tmp_path


def environment(folder, **options):
    made = Environment(loader=FileSystemLoader(folder), autoescape=True, **options)
    made.bytecode_cache = CompiledTemplates(folder, made)
    return made


def says(made):
    return made.get_template("page.html").render(name="Ada")


def test_the_next_process_does_not_compile_again(folder, monkeypatch):
    first = says(environment(folder))
    monkeypatch.setattr(Environment, "_generate", None)
    assert says(environment(folder)) == first


def test_a_changed_template_is_compiled_anew(folder):
    says(environment(folder))
    (folder / "page.html").write_text("Bye {{ name }}", "utf-8")
    assert says(environment(folder)) == "Bye Ada"


def test_other_options_make_other_code(folder):
    assert says(environment(folder)) != says(environment(folder, lstrip_blocks=True))


def test_what_is_broken_or_cannot_be_written_refuses_no_page(folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    whole = says(environment(folder))
    [kept] = (folder / "__pycache__").glob("*.cache")
    kept.write_bytes(kept.read_bytes()[:40])
    assert says(environment(folder)) == whole
    kept.unlink()
    monkeypatch.setattr("community.core.pages.compiled_templates.Path.open", full)
    assert says(environment(folder)) == whole
    assert not list((folder / "__pycache__").iterdir())
