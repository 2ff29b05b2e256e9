"""Stored text becomes HTML in one place: escaped, with paragraphs and bare links, nothing else."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.web.present import comment_html


class Reader(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def hrefs(text: str) -> list[str]:
    return [attrs["href"] for tag, attrs in read(comment_html(text)).tags if tag == "a"]


def test_plain_words_become_a_paragraph_that_finds_its_own_direction():
    assert comment_html("Fair enough.") == '<p dir="auto">Fair enough.</p>'


def test_blank_lines_part_paragraphs_and_single_ones_break_the_line():
    html = '<p dir="auto">a<br>b</p><p dir="auto">c</p>'

    assert comment_html("a\nb\n\nc") == html
    assert comment_html("\n a\r\nb\r\n \t\r\n\r\nc\n\n") == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</p><h1>x",
        "[a](javascript:alert(1))",
        "**bold** _it_ # no ![x](y)",
        "&lt;b&gt; &amp; &#60;",
        "<!--",
        "]]>",
        "javascript:alert(1)",
        "data:text/html,<b>",
        "//evil.example",
        "www.example.org",
    ],
)
def test_markup_is_shown_as_it_was_written(text):
    found = read(comment_html(text))

    assert [tag for tag, _ in found.tags] == ["p"]
    assert found.text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://a.example/b.", ["https://a.example/b"]),
        ("(https://a.example/b_(c)).", ["https://a.example/b_(c)"]),
        ("http://a.example?x=1&y=<2>", ["http://a.example?x=1&y="]),
        ('https://a.example/"onclick="x', ["https://a.example/"]),
        ("https://a.example/'x", ["https://a.example/"]),
        ("https://a.example, https://b.example!", ["https://a.example", "https://b.example"]),
        ("https://a.example/\u202egpj.exe", ["https://a.example/"]),
        ("https://a.example\u200b.evil.example", ["https://a.example"]),
        ("https://... or http://", []),
        ("ftp://a.example xhttps:/a", []),
    ],
)
def test_bare_links_lead_where_they_read(text, expected):
    assert hrefs(text) == expected
    assert read(comment_html(text)).text == text


def test_links_pass_on_neither_rank_nor_the_opener():
    (attrs,) = [attrs for tag, attrs in read(comment_html("https://a.example")).tags if tag == "a"]

    assert attrs["rel"] == "nofollow ugc noopener"


@given(st.text(max_size=300))
def test_any_text_keeps_its_words_and_brings_no_markup(text):
    found = read(comment_html(text))

    assert {tag for tag, _ in found.tags} <= {"p", "br", "a"}
    for tag, attrs in found.tags:
        assert set(attrs) <= {"p": {"dir"}, "a": {"href", "rel", "dir"}}.get(tag, set())
    words = re.sub(r"[\s\x00-\x1f\x7f-\x9f]", "", text)
    assert re.sub(r"\s", "", found.text) == words
