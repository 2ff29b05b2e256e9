"""Stored text becomes HTML in one place: escaped, with paragraphs and bare links, nothing else."""

import re
import unicodedata
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
    assert bare(re.sub(r"\s", "", found.text)) == bare(words)


def bare(text: str) -> str:
    """The text without the marks upon its letters."""
    return "".join(char for char in text if unicodedata.category(char) not in {"Mn", "Me"})


@pytest.mark.parametrize(
    "text",
    [
        "Tiếng Việt",
        unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ánh đã nghỉ việc ở Đặng Thị Nhỏ"),
        "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
        "ผู้ใหญ่บ้านที่น้ำขึ้นแล้ว",
        "क्षत्रियों की ज़िन्दगी में हिन्दी",
        "ကျွန်ုပ်တို့ရဲ့ ကြွှံ့",
        "བསྒྲུབས་པ་ཨོཾ་མ་ཎི་པདྨེ་ཧཱུྃ",
        "ٱلْحَمْدُ لِلَّٰهِ رَبِّ ٱلْعَٰلَمِينَ",
        "👁️‍🗨️ 1️⃣ 👩🏽‍🚒 q̃̂",
    ],
)
def test_no_script_loses_a_mark(text: str):
    assert read(comment_html(text)).text == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Z" + "\u0301" * 300 + " the bridge", "Z" + "\u0301" * 5 + " the bridge"),
        ("ก" + "็" * 90 + "ก", "ก" + "็" * 5 + "ก"),
        ("a" + "\u0301\u0316" * 9 + "b\u0301", "a" + "\u0301\u0316" * 2 + "\u0301b\u0301"),
        ("\u20dd" * 9 + "x", "\u20dd" * 5 + "x"),
    ],
)
def test_marks_that_are_piled_upon_a_letter_are_not_all_shown(text: str, shown: str):
    assert comment_html(text) == f'<p dir="auto">{shown}</p>'


@pytest.mark.parametrize("between", ["\u200d", "\u034f", "\u00ad", "\ufe0f", "\u2060"])
def test_invisible_characters_between_marks_do_not_hide_a_pile(between: str):
    html = comment_html("Z" + ("\u0301" + between) * 90)

    assert 1 <= html.count("\u0301") <= 5
