"""Folding: what obfuscation hides is undone, and every place can be traced to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.text import fold, mixed, utf16

# Lone surrogates, NUL and all; and what entities are made of, in look-alikes too.
ANY = st.text(st.characters()) | st.lists(
    st.sampled_from(["&", "#", ";", "x", "\u0445", "4", "30", "38", "\u0430mp", "shy", "\u0436"])
).map("".join)


@pytest.mark.parametrize(
    "disguised",
    [
        "FUDGE",
        "fu\u200bdge",
        "f\u00ad\u202eudge",
        "fúdgé",
        "ｆｕｄｇｅ",
        "𝐟𝐮𝐝𝐠𝐞",
        "ⓕⓤⓓⓖⓔ",
        "fudg\u0435",
        "🅵🆄🅳🅶🅴",
        "🅕🅤🅓🅖🅔",
        "🄕🄤🄓🄖🄔",
        "&#102;udge",
        "fu&#X64;ge",
        "fu&shy;dge",
        "f&uacute;dge",
        "f&Uacute;dge",
        "fu&amp;shy;dge",
        "＆＃１０２；udge",
        "f&#&#49;17;dge",
        "fudg&#x435;",
    ],
)
def test_a_disguised_word_folds_to_the_plain_one(disguised):
    assert fold(disguised).folded == "fudge"


def test_places_lead_back_to_the_original():
    text = fold("So: f\u200búdge! 🙂")
    start = text.folded.index("fudge")

    span = text.span(start, start + 5)

    assert text.words(span) == "f\u200búdge"


@pytest.mark.parametrize(
    ("original", "folded"),
    [
        ("R&amp;D, A &lt; B", "r&d, a < b"),
        ("Q&A; AT&T; &; &nosuch; &#; &#x;", "q&a; at&t; &; &nosuch; &#; &#x;"),
        ("&#0;&#xD800;&#99999999999;", "\ufffd\ufffd\ufffd"),
    ],
)
def test_an_entity_is_what_it_stands_for_and_nothing_else_is_one(original, folded):
    assert fold(original).folded == folded


def test_an_entity_is_shown_whole():
    text = fold("So f&#117;dg&#101; it")

    assert text.folded == "so fudge it"
    assert text.words(text.span(3, 8)) == "f&#117;dg&#101;"


@pytest.mark.parametrize(
    ("original", "folded"),
    [
        ("&" + "amp;" * 25_000, "&"),
        ("&amp;" * 20_000, "&" * 20_000),
        (";&" * 50_000, ";&" * 50_000),
    ],
)
def test_however_many_entities_are_read(original, folded):
    assert fold(original).folded == folded


def test_a_span_takes_the_marks_on_its_last_letter_along():
    text = fold("So fudge\u0301\u0302\u200b, yes")
    start = text.folded.index("fudge")

    assert text.words(text.span(start, start + 5)) == "fudge\u0301\u0302\u200b"


@pytest.mark.parametrize("word", ["сосо", "νοο"])
def test_a_foreign_word_is_only_taken_for_latin_among_latin_words(word):
    alone = fold(f"{word} жизнь, ωμέγα").folded
    among = fold(f"a nice cup of {word}").folded

    assert alone.startswith(word)
    assert not among.endswith(word)
    assert among.isascii()


def test_one_letter_may_fold_to_two_and_still_be_found():
    text = fold("straße")

    assert text.folded == "strasse"
    assert text.words(text.span(4, 6)) == "ß"


def test_utf16_counts_an_emoji_twice():
    original = "🙂 fudge"

    assert utf16(original, (2, 7)) == (3, 8)


def test_a_word_of_two_scripts_is_a_signal_and_a_word_of_one_is_not():
    original = "a \u0441ake, и торт"

    assert mixed(fold(original)) == ((2, 6),)


def test_a_sentence_in_another_script_stays_readable():
    assert mixed(fold("Съешь ещё этих мягких булок")) == ()


@given(ANY)
def test_folding_never_raises_and_is_idempotent(text):
    once = fold(text)

    assert fold(once.folded).folded == once.folded


@given(ANY)
def test_offsets_always_slice_the_original(text):
    folded = fold(text)

    assert len(folded.offsets) == len(folded.folded)
    assert all(0 <= place < len(text) for place in folded.offsets)
    assert list(folded.offsets) == sorted(folded.offsets)


@given(ANY, st.integers(0, 50), st.integers(0, 50))
def test_utf16_agrees_with_the_codec(text, a, b):
    start, end = sorted((min(a, len(text)), min(b, len(text))))

    before, after = utf16(text, (start, end))

    assert before == len(text[:start].encode("utf-16-le", "surrogatepass")) // 2
    assert after == len(text[:end].encode("utf-16-le", "surrogatepass")) // 2
