"""Rows told otherwise: nothing leaks, nothing false is learnt, and a seed tells the same again."""

import re
from pathlib import Path

import numpy as np
import pytest

from training.augment import authored_rows, change_context, drawn, forget, swap_story, varied
from training.authored import authored, is_held_out
from training.rows import Row
from training.swaps import other_names
from training.templates import quoted, seconded

MARKED = re.compile(r"[α-ω](.*[α-ω])?")
NUMBER = re.compile(r"\((\d+)\)")
STORY = "Council repairs the bridge\nIt closes.\nMayor Petersen promised it."


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def fair(text: str, **said) -> Row:
    labels = {"off_topic": 0.0, "incivility": 0.0, "hate": 0.0, "tragedy_joke": 0.0}
    return Row(text, labels, "sample", story=STORY, **said)


def test_nothing_of_a_story_kept_apart_is_ever_told(sample: Path):
    apart = {row.group for row in authored(sample) if is_held_out(row)}

    told = [row for seed in range(8) for row in authored_rows(sample, rng(seed))]
    seen = {f"s{n}" for row in told for n in NUMBER.findall(f"{row.text} {row.story}")}

    assert len(apart) > 1
    assert len(seen) > 40
    assert seen.isdisjoint(apart)


def test_the_same_seed_tells_the_same_rows(sample: Path):
    assert authored_rows(sample, rng(1)) == authored_rows(sample, rng(1))
    assert authored_rows(sample, rng(1)) != authored_rows(sample, rng(2))


def test_telling_a_row_leaves_the_row_as_it_was(sample: Path):
    rows, again = authored(sample), authored(sample)

    for seed in range(5):
        for row in rows:
            varied(row, rows, rng(seed))

    assert rows == again


def test_every_row_is_drawn_and_spanish_more_often(sample: Path):
    rows = [row for row in authored(sample) if not row.labels["hate"]]
    places = drawn(rows, rng(0))
    times = {lang: sum(rows[place].lang == lang for place in places) for lang in ("en", "es")}

    assert set(places) == set(range(len(rows)))
    assert times == {"en": 60, "es": 120}


def test_marked_words_stay_marked_however_a_row_is_told():
    """Greek letters are the marked ones, so they tell where the mark belongs."""
    text = "Honestly, Petersen, they are αβγδεζ and nothing else."
    others = [fair("The shops will manage without it."), fair("Who pays for it?")]
    texts = set()
    for seed in range(400):
        spans = [(text.index("α"), text.index("ζ") + 1, "hate", 1.0)]
        row = Row(text, {"hate": 1.0}, "sample", story=STORY, parent="Why?", spans=spans)
        told = varied(row, others, rng(seed))
        found = MARKED.search(told.text)
        assert found is not None
        assert [span[:2] for span in told.spans] == [found.span()]
        texts.add(told.text)
    assert any("shops" in one for one in texts)
    assert any("Petersen" not in one for one in texts)


def test_a_story_or_parent_that_is_dropped_takes_what_hangs_on_it_along():
    for seed in range(200):
        row = fair("It will be late.", parent="When is it ready?")
        row.labels |= {"harassment": 1.0, "profanity": 0.0}
        row.spans = [(0, 2, "harassment", 1.0)]
        change_context(row, [row], rng(seed))
        assert row.labels["profanity"] == 0
        if not row.story:
            assert "off_topic" not in row.labels
        if not row.parent:
            assert row.labels.keys().isdisjoint({"off_topic", "harassment", "incivility"})
            assert row.spans == []


def test_what_is_forgotten_is_neither_true_nor_false_nor_marked():
    row = Row("oaf", {"hate": 1.0, "spam": 0.0}, "sample", spans=[(0, 3, "hate", 1.0)])
    row.marked = frozenset({"hate", "spam"})

    forget(row, {"hate"})

    assert (row.labels, row.spans, row.marked) == ({"spam": 0.0}, [], {"spam"})


@pytest.mark.parametrize(
    ("text", "other", "off_topic"),
    [
        ("The bridge closes for the council.", "Goalkeeper retires\nHe is forty.", 1.0),
        ("The bridge closes for the council.", "Another bridge opens", None),
        ("Nobody asked me.", "Goalkeeper retires\nHe is forty.", None),
    ],
)
def test_a_comment_is_off_topic_elsewhere_only_if_it_spoke_of_its_own_story(
    text: str, other: str, off_topic: float | None
):
    row = fair(text)

    swap_story(row, Row("", {}, "sample", story=other))

    assert row.story == other
    assert row.labels.get("off_topic") == off_topic


def test_a_name_becomes_the_same_other_name_wherever_it_stands():
    row = fair("Ask Petersen. Only Petersen knows, not Lindow.", parent="Petersen again!")

    other_names(row, rng(0))

    name = row.text.split()[1].strip(".")
    assert name != "Petersen"
    assert row.text == f"Ask {name}. Only {name} knows, not Lindow."
    assert row.story == STORY.replace("Petersen", name)
    assert row.parent == f"{name} again!"


def test_a_group_keeps_its_name():
    row = Row("All those Catholics lie.", {"hate": 1.0}, "sample", story="Where Catholics meet")

    other_names(row, rng(0))

    assert row.text == "All those Catholics lie."


def test_a_quoted_breach_is_fair_and_a_seconded_one_is_none_the_less_a_breach():
    breach = Row("They are vermin.", {"hate": 1.0, "spam": 0.0}, "sample")
    breach.spans = [(9, 15, "hate", 1.0)]
    for seed in range(20):
        fair, foul = quoted(breach, rng(seed)), seconded(breach, rng(seed))
        assert breach.text in fair.text
        assert fair.labels["hate"] == 0
        assert fair.spans == []
        assert foul.labels["hate"] == 1
        assert [foul.text[first:last] for first, last, *_ in foul.spans] == ["vermin"]
