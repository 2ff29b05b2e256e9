"""The public sets: what their raters marked, which rows are taken, and which are kept apart."""

import csv
import gzip
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from training import public, remembered
from training.public import jigsaw, runs, toxic_spans, wiki_context
from training.remembered import is_held_out, public_rows, salted, taken
from training.rows import Row, share

TAKE = {"jigsaw_offensive": 40, "jigsaw_clean": 60, "related": 20}
TALK = "The bridge ({0}) closes for a year again. Shops fear for their trade ({0}) in town."
NUMBER = re.compile(r"\((\d+)\)")


def write(file: Path, *rows: dict[str, object]) -> None:
    file.parent.mkdir(exist_ok=True)
    with gzip.open(file, "wt", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four hundred comments of talk, a quarter of them offensive, and nothing else."""
    rows = [
        {"text": TALK.format(n), "offensive": int(n % 4 == 0), "source": "jigsaw"}
        for n in range(400)
    ]
    write(tmp_path / "train" / "jigsaw_davidson.csv.gz", *rows)
    loaders = {name: public.LOADERS[name] for name in ("jigsaw_offensive", "jigsaw_clean")}
    for module in (public, remembered):
        monkeypatch.setattr(module, "LOADERS", loaders)
        monkeypatch.setattr(module, "TAKE", TAKE)
    monkeypatch.setattr(remembered, "ROUND", {name: count // 2 for name, count in TAKE.items()})
    return tmp_path


def told(data: Path, take: dict[str, int], salt: str = "") -> list[Row]:
    return public_rows(data, np.random.default_rng(0), take, salt)


def test_rows_kept_apart_are_never_learnt_from(data: Path):
    talk = [*jigsaw(data / "train", offensive=True), *jigsaw(data / "train", offensive=False)]
    apart = {row.text for row in talk if is_held_out(row)}
    rows = told(data, dict.fromkeys(TAKE, 400))

    assert len(apart) > 1
    assert {row.text for row in rows if row.source == "jigsaw"} == {t.text for t in talk} - apart


def test_what_is_taken_is_named_and_nothing_else_is_learnt_from(data: Path):
    named = taken(data, "jigsaw_clean", 2) | taken(data, "jigsaw_offensive", 2)
    rounds = [told(data, remembered.ROUND, salted(epoch)) for epoch in range(3)]
    first, second, third = ({row.text for row in one if row.source == "jigsaw"} for one in rounds)

    assert {row.text for row in told(data, TAKE) if row.source == "jigsaw"} <= named
    assert first | second <= named
    assert not third <= named
    assert first != second


def test_as_many_are_taken_as_are_asked_for_and_the_same_seed_takes_the_same(data: Path):
    rows = told(data, TAKE)
    sources = Counter(row.source for row in rows)

    assert 90 <= sources["jigsaw"] <= 100
    assert sources["related"] == 20
    assert rows == told(data, TAKE)


def test_half_of_the_sentences_stand_beside_a_text_that_is_not_their_own(data: Path):
    pairs = [row for row in told(data, TAKE) if row.source == "related"]

    for pair in pairs:
        beside = pair.story or pair.parent
        assert bool(pair.story) is not bool(pair.parent)
        assert {*pair.labels} == {"off_topic"}
        own = NUMBER.findall(beside) == NUMBER.findall(pair.text)
        assert pair.labels["off_topic"] == (not own)
    assert sum(pair.labels["off_topic"] for pair in pairs) == 10


def test_marks_of_several_raters_become_spans_of_their_share(tmp_path: Path):
    text = "You stupid oaf, go away."
    write(tmp_path / "toxic_spans_comments.csv.gz", {"comment_id": "c", "comment_text": text})
    raters = [{"annotation": name, "comment_id": "c"} for name in "ab"]
    write(tmp_path / "toxic_spans_annotations.csv.gz", *raters)
    marks = [("a", "Insult", 4, 14), ("b", "Insult", 4, 10), ("b", "Threat", 16, 23)]
    names = ("annotation", "type", "start", "end")
    spans = [dict(zip(names, mark, strict=True)) for mark in marks]
    write(tmp_path / "toxic_spans_spans.csv.gz", *spans)

    (row,) = toxic_spans(tmp_path)

    found = {(label, text[first:last], part) for first, last, label, part in row.spans}
    assert {one for one in found if one[0] != "toxicity"} == {
        ("personal_attack", "stupid", 1.0),
        ("personal_attack", " oaf", 0.5),
        ("threat", "go away", 0.5),
    }
    assert (row.labels["personal_attack"], row.labels["threat"]) == (1.0, 0.5)
    assert row.labels["hate"] == 0
    assert "profanity" not in row.labels  # The word lists know better.


def test_runs_are_cut_where_the_share_changes_and_where_there_is_a_gap():
    marks = Counter({1: 1, 2: 1, 3: 2, 6: 2})

    assert list(runs(marks, "hate", 2)) == [
        (1, 3, "hate", 0.5),
        (3, 4, "hate", 1),
        (6, 7, "hate", 1),
    ]


def test_talk_that_nobody_scored_says_nothing_about_toxicity(tmp_path: Path):
    scored = {"id": 1, "text": "Why?", "parent": "No.", "label": "", "api": "0.4"}
    write(tmp_path / "wiki_context_gc.csv.gz", scored)
    write(tmp_path / "wiki_context_gn.csv.gz", {**scored, "parent": "", "api": ""})

    answer, start = wiki_context(tmp_path)

    assert answer.labels == {"off_topic": 0.0, "toxicity": 0.4, "perspective": 0.4}
    assert start.labels == {"off_topic": 0.0}
    assert start.sure["off_topic"] == 0


def test_a_share_depends_on_the_words_alone():
    assert share("a", "b") == share("a", "b") != share("ab", "")
    assert 0 <= share("\ud800") < 1
