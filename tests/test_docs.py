"""What the documentation must mention, so that nothing that people can use stays unsaid."""

import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import chain
from pathlib import Path

import click
import pytest
import sqlalchemy

from comity.cli import main
from comity.detectors import DETECTORS, Engine
from comity.errors import ComityError
from comity.findings import Label
from comity.guidelines import Guidelines
from comity.guidelines.blocks import CARE_KEYS, EXAMPLE_KEYS, RULE_KEYS, RUNG_KEYS, STORY_KEYS
from comity.settings import Settings
from tests.web.conftest import make_app

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
SETTING = re.compile(r"`(COMITY_\w+)`")
VERSION = re.compile(r"`[0-9a-f]{12,}`")
LOCKS = sorted([*ROOT.glob("requirements/*.txt"), ROOT / "package-lock.json"])


def text(name: str = "") -> str:
    """A page of the documentation, or all of it."""
    pages = [ROOT / name] if name else [path for path in PAGES if path.name != "CHANGELOG.md"]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def commands(command: click.Command, words: tuple[str, ...] = ("comity",)) -> Iterator[str]:
    """Every command that can be given, with all its words."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, (*words, name))
    else:
        yield " ".join(words)


def errors(kind: type[ComityError] = ComityError) -> Iterator[type[ComityError]]:
    """Every kind of error."""
    yield kind
    yield from chain.from_iterable(errors(below) for below in kind.__subclasses__())


def in_backticks(words: set[str], page: str) -> set[str]:
    """Those of the words that a page does not have as code, alone or with a value."""
    said = text(page)
    return {
        word for word in words if not re.search(rf"`{re.escape(word)}`|\b{re.escape(word)} =", said)
    }


def test_every_setting_is_in_the_table():
    said = text("docs/operating.md")

    assert [f"COMITY_{field.name.upper()}" for field in fields(Settings)]
    assert {
        name
        for field in fields(Settings)
        if f"`{(name := f'COMITY_{field.name.upper()}')}`" not in said
    } == set()


def test_no_setting_stands_in_the_table_twice():
    rows = [line for line in text("docs/operating.md").splitlines() if line.startswith("| `COMITY")]
    names = [name for row in rows for name in SETTING.findall(row.split("|")[1])]

    assert len(names) > 20
    assert sorted(set(names)) == sorted(names)


def test_no_page_names_a_version_that_the_next_change_makes_stale():
    newest = {Engine.default().version[:12], Guidelines.default().version[:12]}

    assert all(VERSION.search(f"engine `{version}`") for version in newest)
    assert VERSION.findall(text("docs/accuracy.md")) == []


def test_every_command_is_documented():
    given = set(commands(main))

    assert "comity judge" in given
    assert {name for name in given if name not in text()} == set()


def test_every_address_of_the_api_is_documented():
    app = make_app(sqlalchemy.create_engine("sqlite://"))
    described = app.openapi_schema.to_schema()["paths"]
    said = text("docs/api.md")

    assert "/api/v1/me" in described
    assert {
        f"{method.upper()} {path}"
        for path, methods in described.items()
        for method in methods
        if not re.search(
            rf"{method.upper()} +{re.escape(path.removeprefix('/api/v1'))}(?![\w/:])", said
        )
    } == set()


def test_every_error_code_is_documented():
    assert in_backticks({kind.code for kind in errors()}, "docs/api.md") == set()


def test_every_label_and_every_detector_is_documented():
    assert in_backticks({*Label, *DETECTORS}, "docs/labels.md") == set()


def test_every_key_of_the_guidelines_is_documented():
    keys = {str(key) for key in RULE_KEYS | RUNG_KEYS | CARE_KEYS | EXAMPLE_KEYS | STORY_KEYS}

    assert in_backticks(keys | {"extends"}, "docs/guidelines-format.md") == set()


def test_the_example_in_the_readme_runs(capsys):
    (example,) = PYTHON.findall(text("README.md"))

    exec(compile(example, "README.md", "exec"), {})

    outcome, rules = capsys.readouterr().out.split(" ", 1)
    assert outcome in {"hold", "reject"}
    assert "personal_attack" in rules


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_repository_leads_somewhere(page):
    said = FENCED.sub("", page.read_text(encoding="utf-8"))
    here = [link for link in LINK.findall(said) if not re.match(r"[a-z]+:", link)]

    assert {link for link in here if not leads_somewhere(page, link)} == set()


def leads_somewhere(page: Path, link: str) -> bool:
    """Whether a link's file is there, and in it the heading that the link may name."""
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    if not anchor or target.suffix != ".md":
        return target.exists()
    return target.exists() and anchor in anchors(target.read_text(encoding="utf-8"))


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings."""
    titles = HEADING.findall(FENCED.sub("", page))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_pins_by_hash_and_names_no_registry(lock):
    said = lock.read_text(encoding="utf-8")

    assert re.search(r"sha(256|512)[:-]", said)
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|\"resolved\"", said)
