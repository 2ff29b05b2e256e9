"""Whatever file the user has is read, or refused with a remedy."""

import io
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

from comity.errors import BadInput
from comity.importers.article import read_article
from comity.importers.fetch import LIMIT
from comity.importers.plain_text import from_text

PAGES = Path(__file__).parent / "pages"
SAMPLE = (files("comity") / "sample" / "article.txt").read_text(encoding="utf-8")
ONE = "The clock on the town hall was set right on Monday, for the first time since the flood."
TWO = "Nobody in the square believed it, and three people missed a train that was on time."


def test_text_and_html_are_told_apart_by_what_they_are(tmp_path):
    text, html = tmp_path / "one.dat", tmp_path / "two.txt"
    text.write_text(SAMPLE, encoding="utf-8")
    html.write_text((PAGES / "plain.html").read_text(), encoding="utf-8")

    assert read_article(text).dateline == "PORT ELLERY"
    assert read_article(str(html)).byline == "Sam Orr"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_any_usual_encoding_is_read(tmp_path, encoding):
    path = tmp_path / "page.txt"
    path.write_bytes(SAMPLE.encode(encoding))

    assert read_article(path) == from_text(SAMPLE)


def test_latin_1_accents_survive(tmp_path):
    path = tmp_path / "page.txt"
    path.write_bytes(
        f"El reloj dará la hora.\n\nLEÓN - Según el alcalde, {ONE}\n\n{TWO}".encode("latin-1")
    )

    article = read_article(path)

    assert (article.headline, article.dateline) == ("El reloj dará la hora.", "LEÓN")


def test_its_json_is_the_story():
    assert list(msgspec.to_builtins(from_text(SAMPLE))) == [
        *("headline", "deck", "byline", "dateline", "published_at"),
        *("body", "photographs", "section", "url"),
    ]


def test_a_date_in_the_future_is_announced_and_not_published(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(SAMPLE, encoding="utf-8")
    assert read_article(path, now=datetime(2026, 3, 12, tzinfo=UTC)).published_at == "2026-03-12"

    assert read_article(path, now=datetime(2026, 3, 1, tzinfo=UTC)).published_at is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n\r\n", "empty"),
        (b"Hello", "No body was found"),
        (b"%PDF-1.7 and more", "a PDF file"),
        (b"PK\x03\x04 and more", "a word processor's file"),
        (b"text\x00and more", "not text"),
        (b"x" * (LIMIT + 1), "larger than 5 MB"),
    ],
)
def test_what_is_no_article_is_refused_with_a_remedy(tmp_path, data, message):
    path = tmp_path / "page.txt"
    path.write_bytes(data)

    with pytest.raises(BadInput, match=message) as caught:
        read_article(path)

    assert caught.value.field == "source"
    assert caught.value.remedy


def test_a_page_that_opens_with_its_dateline_needs_a_headline():
    text = f"STOWE — {ONE}\n\n{TWO}"
    with pytest.raises(BadInput) as caught:
        from_text(text)

    assert caught.value.field == "headline"
    assert from_text(text, headline="Right").headline == "Right"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"nowhere\.txt cannot be read"):
        read_article(tmp_path / "nowhere.txt")
    with pytest.raises(BadInput, match="cannot be read"):
        read_article(tmp_path)


def test_a_dash_is_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SAMPLE.encode())))

    assert read_article("-") == from_text(SAMPLE)
