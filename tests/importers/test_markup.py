"""A page of HTML becomes the same proper story."""

from pathlib import Path

import msgspec
import pytest

from comity.errors import BadInput
from comity.importers.markup import from_html

PAGES = Path(__file__).parent / "pages"
ONE = "The clock on the town hall was set right on Monday, for the first time since the flood."


def test_json_ld_in_a_graph_tells_all():
    article = from_html(
        (PAGES / "json_ld.html").read_text(), url="https://stowe.example/x?from=mail"
    )

    assert article.headline == "Lock keepers win their boat back"
    assert (
        article.deck == "A court finds that the council sold what it did not own & must return it."
    )
    assert article.byline == "Nadia Farrow, Piet de Vries"
    assert article.dateline == "STOWE LOCK"
    assert article.published_at == "2026-03-14T09:30:00+00:00"
    assert article.section == "Local"
    assert article.url == "https://stowe.example/2026/03/lock-keepers"
    assert [text[:12] for text in article.body] == [
        "The four kee",
        "“She was nev",
        "The council ",
    ]
    (photograph,) = article.photographs
    assert photograph.url == "https://stowe.example/img/boat-1200x800.jpg"
    assert photograph.credit == "Nadia Farrow"


def test_open_graph_and_what_a_reader_sees():
    article = from_html((PAGES / "open_graph.html").read_text())

    assert article.headline == "Library opens its roof garden"
    assert article.deck == "Forty beds, two hives and a view of the lock."
    assert (article.byline, article.section) == ("Ines Cole", "Culture")
    assert article.published_at == "2026-05-02T06:00:00Z"
    assert article.url == "https://stowe.example/library"
    assert [text[:12] for text in article.body] == [
        "The public l",
        "“People come",
        "The beds can",
        "Nobody has b",
    ]


def test_figures_become_photographs_with_credit_and_address():
    article = from_html((PAGES / "open_graph.html").read_text(), url="https://stowe.example/a")

    assert msgspec.to_builtins(article.photographs) == [
        {
            "caption": "Volunteers water the first bed on the library roof.",
            "credit": "Tom Reed/Stowe Courier",
            "url": "https://cdn.stowe.example/garden.jpg?width=640",
        },
        {
            "caption": "One of the two hives, in Stowe.",
            "credit": "Courier Photo/Tom Reed",
            "url": "https://stowe.example/media/hive-1600.jpg",
        },
    ]


def test_plain_markup_is_enough():
    article = from_html((PAGES / "plain.html").read_text())

    assert article.headline == "Ferry returns to the evening run"
    assert article.deck == "The last boat will leave at ten again, after two winters without it."
    assert (article.byline, article.dateline) == ("Sam Orr", "PORT ELLERY")
    assert article.published_at == "2026-04-20"
    assert [text[:12] for text in article.body] == [
        "The evening ",
        "The company ",
        "Fares stay a",
    ]


def test_an_address_that_is_no_web_address_is_never_kept():
    html = (
        (PAGES / "json_ld.html")
        .read_text()
        .replace('"/img/boat-1200x800.jpg"', '"javascript:alert(1)"')
    )
    article = from_html(html.replace('"/img/boat-400x300.jpg"', '"data:image/png;base64,AAAA"'))

    assert article.photographs[0].url is None
    assert article.url is None


@pytest.mark.parametrize(
    "html",
    ["<html></html>", "<p>Hello</p>", "<html><body><nav><a>Home</a></nav></body></html>"],
)
def test_a_page_without_an_article_is_refused(html):
    with pytest.raises(BadInput, match="No body was found") as caught:
        from_html(html)

    assert caught.value.field == "source"
    assert caught.value.remedy


def test_markup_nested_without_end_is_survived():
    html = "<html><body><h1>Right</h1>" + "<div>" * 20_000 + f"<p>{ONE}</p>"

    with pytest.raises(BadInput):
        from_html(html)


def test_a_blog_engine_s_page_is_read_through_its_many_wrappers():
    article = from_html((PAGES / "blog_engine.html").read_text())

    assert (article.headline, article.byline) == ("Ice on the canal", "Ann Lee")
    assert article.deck == "Skates were sold out by noon, and boots by one."
    assert article.published_at == "2026-01-12T23:50:00+00:00"
    assert [text[:12] for text in article.body] == ["The canal fr", "Where to ska", "The stretch "]
    assert msgspec.to_builtins(article.photographs) == [
        {"caption": "Skaters at dusk.", "credit": "Ann Lee", "url": "https://stowe.example/ice.jpg"}
    ]
