"""Rows as numbers: what the encoder reads, and which of it costs it something."""

from collections.abc import Callable

import numpy as np
import pytest

from training.encode import COMMENT, CONTEXT, batches, encode, padded
from training.labels import LABELS, PLACE
from training.rows import Row

pytestmark = pytest.mark.usefixtures("pieces")
HATE, SPAM = PLACE["hate"], PLACE["spam"]


def row(text: str, **said) -> Row:
    return Row(text, said.pop("labels", {}), "sample", **said)


def test_what_is_unknown_costs_nothing():
    one = encode(
        row("Good day.", labels={"hate": 0.0, "spam": 1.0}, weight=0.5, sure={"spam": 0.3})
    )

    assert one.sure[HATE] == 0.5
    assert one.sure[SPAM] == pytest.approx(0.15)
    assert one.truth[SPAM] == 1
    assert np.count_nonzero(one.sure) == 2


def test_the_pieces_of_marked_words_are_true_and_no_others(pieces: Callable[[str], list[str]]):
    text = "They are -unspeakable vermin- to me."
    first = text.index("unspeakable")
    one = encode(row(text, spans=[(first, first + len("unspeakable vermin"), "hate", 1.0)]))

    assert one.words is not None
    hot = [piece for piece, true in zip(pieces(text), one.words[:, HATE], strict=True) if true]
    assert "".join(hot).replace("##", "") == "unspeakablevermin"
    assert one.words.sum() == len(hot)


def test_marks_stand_where_they_stood_before_emoji_became_words():
    text = "🔪🔪 Ýou vermin"
    first = text.index("vermin")
    one = encode(row(text, spans=[(first, len(text), "hate", 1.0)]))

    assert one.words is not None
    assert one.words[-1, HATE] == 1
    assert one.words[0, HATE] == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Muslims are liars.", "Women are liars."),
        ("I know many Poles here.", "I know many Romanians here."),
    ],
)
def test_whose_group_it_is_cannot_be_read(one: str, other: str):
    assert encode(row(one)).ids == encode(row(other)).ids


def test_a_person_s_name_is_read():
    assert encode(row("Petersen lies.")).ids != encode(row("Johnson lies.")).ids


def test_comment_and_context_take_no_more_than_their_room():
    one = encode(row("bridge " * 500, story="council " * 500, parent="shop " * 500))

    assert one.part.count(1) == COMMENT
    assert one.part.count(2) == CONTEXT + 2  # Two separators.
    assert len(one.ids) == len(one.part)
    alone = encode(row("bridge", parent="shop " * 500))
    assert alone.part.count(2) == CONTEXT + 2
    assert encode(row("bridge")).part.count(2) == 0


def test_a_batch_is_padded_and_its_marks_stand_behind_the_first_sign():
    short = encode(row("Vermin.", spans=[(0, 6, "hate", 1.0)], marked=frozenset({"hate"})))
    long = encode(row("bridge " * 30))
    batch = padded([short, long])

    assert batch["ids"].shape == batch["mask"].shape == (2, 32)
    assert batch["mask"].sum(1).tolist() == [len(short.ids), len(long.ids)]
    assert batch["words"].shape == (2, 32, len(LABELS))
    assert batch["words"][0, 0].sum() == 0
    assert batch["words"][0, 1, HATE] == 1
    assert batch["marked"][:, HATE].tolist() == [1, 0]


def test_batches_hold_every_row_once_in_the_room_there_is():
    examples = [encode(row("bridge " * (1 + n * 7 % 60))) for n in range(80)]
    drawn = batches(examples, np.random.default_rng(0), room=256)

    assert sorted(place for batch in drawn for place in batch) == list(range(80))
    assert all(padded([examples[n] for n in batch])["ids"].size <= 256 for batch in drawn)
    assert drawn == batches(examples, np.random.default_rng(0), room=256)
    assert drawn != batches(examples, np.random.default_rng(1), room=256)
