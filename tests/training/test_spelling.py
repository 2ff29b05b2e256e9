"""Changes of spelling leave the marked words marked."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from training.rows import Row
from training.spelling import disguised, misspelt, moved, replaced

MARKED = re.compile(r"[α-ω](.*[α-ω])?")
SEEDS = range(200)


def row(text: str, *marked: str) -> Row:
    spans = [(text.index(words), text.index(words) + len(words), "hate", 1.0) for words in marked]
    return Row(text, {"hate": 1.0}, "sample", spans=spans)


def shown(row: Row) -> list[str]:
    return [row.text[first:last] for first, last, *_ in row.spans]


def test_spans_move_with_what_is_replaced_before_them():
    one = row("aa bb cc dd", "bb", "dd")

    replaced(one, [(0, 2, "longer"), (6, 8, "")])

    assert one.text == "longer bb  dd"
    assert shown(one) == ["bb", "dd"]


def test_a_span_takes_in_all_that_a_change_within_it_writes():
    one = row("you oaf, go", "oaf")

    replaced(one, [(4, 7, "o.a.f")])

    assert shown(one) == ["o.a.f"]


def test_a_place_inside_a_change_goes_to_its_edge():
    changes = [(2, 6, "x")]

    assert [moved(place, changes, end=False) for place in (1, 2, 4, 6)] == [1, 2, 2, 3]
    assert [moved(place, changes, end=True) for place in (1, 2, 4, 6)] == [1, 2, 3, 3]


@pytest.mark.parametrize("change", [disguised, misspelt])
def test_marked_words_stay_marked(change: Callable[[Row, np.random.Generator], None]):
    """Greek letters are the marked ones, so they tell where the mark belongs."""
    texts = set()
    for seed in SEEDS:
        one = row("Honestly, they are αβγδεζ and μνξο, nothing else than that.", "αβγδεζ and μνξο")
        change(one, np.random.default_rng(seed))
        found = MARKED.search(one.text)
        assert found is not None
        assert [span[:2] for span in one.spans] == [found.span()]
        texts.add(one.text)
    assert len(texts) > 20


def test_marked_words_are_disguised_before_any_other():
    for seed in SEEDS:
        one = row("Honestly, they are vermin and nothing else.", "vermin")
        disguised(one, np.random.default_rng(seed))
        ((first, last, *_),) = one.spans
        assert one.text[:first] == "Honestly, they are "
        assert one.text[last:] == " and nothing else."


def test_short_words_and_figures_stay_as_they_are():
    for change in (disguised, misspelt):
        one = row("no 12345 go 🙂")
        change(one, np.random.default_rng(3))
        assert one.text == "no 12345 go 🙂"


def test_the_same_seed_makes_the_same_mistakes():
    one, other = row("Honestly, nothing is forgotten."), row("Honestly, nothing is forgotten.")

    misspelt(one, np.random.default_rng(5))
    misspelt(other, np.random.default_rng(5))

    assert one.text == other.text != "Honestly, nothing is forgotten."
