"""The encoder cannot read which group is meant, so no score can hang on it."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.detectors.encoder import see
from comity.detectors.groups import is_group, unnamed
from comity.detectors.reading import read
from comity.findings import Submission
from comity.text import fold

# Fifty groups a language, and sentences that every one of them fits.
LISTS = json.loads((Path(__file__).parents[2] / "training/fairness.json").read_text("utf-8"))
MOVES = 0.05  # The most that a score may move with the group.


def plain(text: str) -> str:
    return read(fold(text))[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Muslims pay taxes.", "Women pay taxes."),
        ("Deaf people pay taxes.", "Jews pay taxes."),
        ("A black nurse helped me.", "A Polish nurse helped me."),
        ("Las personas sordas pagan.", "Las mujeres pagan."),
        ("Una vecina china me ayudó.", "Una vecina gitana me ayudó."),
    ],
)
def test_the_same_sentence_about_another_group_reads_the_same(one, other):
    assert plain(one) == plain(other)
    assert "minorit" in plain(one)


@pytest.mark.parametrize(
    "text",
    [
        "The White House painted in black.",
        "Go straight on and polish it.",
        "He flew from China to Roma.",
        "He went straight through the lights.",
        "They are idiots.",
    ],
)
def test_words_that_name_no_group_here_stay(text):
    assert "minorit" not in plain(text)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("kind", ["fair", "foul"])
def test_no_score_moves_with_the_group(lang, kind):
    for sentence in LISTS[kind][lang]:
        scores = np.array(
            [see(Submission.of(sentence.format(term))).comment for term in LISTS["terms"][lang]]
        )
        assert np.ptp(scores, axis=0).max() <= MOVES, sentence


def test_the_lists_are_whole_and_their_foul_sentences_do_score():
    assert all(len(terms) >= 50 for terms in LISTS["terms"].values())
    for lang, sentence in product(("en", "es"), ("{}",)):
        foul = [sentence.format(one) for one in LISTS["foul"][lang]]
        terms = LISTS["terms"][lang]
        assert (
            max(float(see(Submission.of(one.format(terms[0]))).comment.max()) for one in foul) > 0.5
        )


@given(st.text(max_size=80))
def test_every_character_knows_where_it_stood(text):
    folded = fold(text)
    shown, places = unnamed(folded.folded, folded.offsets, folded.original)

    assert len(shown) == len(places)
    assert list(places) == sorted(places)
    assert all(0 <= place < len(text) for place in places)


def test_a_group_alone_is_told_from_what_is_said_of_it():
    assert is_group("the Muslims")
    assert is_group("personas sordas")
    assert not is_group("Muslims are vermin")
    assert not is_group("you")
