"""The sets written for Comity: what a line says, what it leaves open, and who is kept apart."""

import json
import re
from pathlib import Path

import pytest

from training.authored import OWN, authored, is_held_out, of
from training.labels import RULES
from training.rows import Row

STORIES = {"s": {"id": "s", "headline": "Bridge", "deck": "It closes.", "body": ["One.", "Two."]}}


def line(**said) -> Row:
    return of({"text": "Get lost, you oaf.", "expect": [], **said}, STORIES, "sample")


def test_all_rows_of_a_story_go_the_same_way_and_a_tenth_is_kept(sample: Path):
    rows = authored(sample)
    ways: dict[str, set[bool]] = {}
    for row in rows:
        ways.setdefault(row.group, set()).add(is_held_out(row))

    assert len(rows) == 180
    assert {len(way) for way in ways.values()} == {1}
    assert 2 <= sum(way == {True} for way in ways.values()) <= 12


def test_what_is_not_expected_is_absent_and_what_is_tolerated_is_unknown():
    row = line(story="s", expect=["personal_attack"], tolerated=["hate"])

    assert row.labels["personal_attack"] == 1
    assert row.labels["spam"] == 0
    assert "hate" not in row.labels
    assert "hate" not in row.marked
    assert {*row.labels} >= {*RULES} - {"hate", "incivility"}


def test_an_expected_label_is_known_though_it_is_tolerated_too():
    assert line(expect=["spam"], tolerated=["spam"]).labels["spam"] == 1


@pytest.mark.parametrize("attack", ["personal_attack", "harassment", "hate", "slur", "threat"])
def test_whether_an_attack_is_uncivil_too_is_not_asked(attack: str):
    assert "incivility" not in line(expect=[attack]).labels


def test_labels_that_often_hold_together_are_less_surely_absent():
    row = line(expect=["threat"])

    assert row.labels["harassment"] == 0
    assert row.sure["harassment"] < 1
    assert "spam" not in row.sure


def test_nothing_is_off_topic_or_on_it_where_there_is_nothing_to_speak_of():
    assert "off_topic" not in line().labels
    assert line(story="s").labels["off_topic"] == 0
    assert line(parent="Why?").labels["off_topic"] == 0
    assert line(expect=["off_topic"]).labels["off_topic"] == 1


def test_despair_is_less_sure_where_nobody_was_asked():
    assert line(despair=True).labels["despair"] == 1
    assert "despair" not in line(despair=False).sure
    assert line().sure["despair"] < 1


def test_a_tolerated_comment_says_nothing_about_toxicity():
    assert "toxicity" not in line(tolerated=["profanity"]).labels
    assert line().labels["toxicity"] < 0.1 < line(expect=["slur"]).labels["toxicity"]


def test_a_span_marks_its_words_for_the_one_label_expected():
    row = line(expect=["personal_attack"], span=["you oaf", "Get lost"])

    assert [row.text[first:last] for first, last, *_ in row.spans] == ["you oaf", "Get lost"]
    assert {label for *_, label, _ in row.spans} == {"personal_attack"}
    assert "personal_attack" in row.marked


@pytest.mark.parametrize(
    "said",
    [
        {"expect": ["personal_attack"]},
        {"expect": ["personal_attack"], "span": "not in it"},
        {"expect": ["personal_attack", "hate"], "span": "you oaf"},
    ],
)
def test_a_breach_whose_words_are_unknown_marks_none_and_denies_none(said: dict):
    row = line(**said)

    assert row.spans == []
    assert row.marked.isdisjoint(said["expect"])
    assert "spam" in row.marked


def test_a_story_is_told_headline_first():
    assert line(story="s").story == "Bridge\nIt closes.\nOne. Two."
    assert line(story="unknown").story == ""


@pytest.mark.parametrize("name", ["untouched", "fair"])
def test_nothing_is_learnt_from_what_measures(name: str):
    learnt = {said(line) for file in OWN.glob("*.jsonl") for line in lines_of(file)}
    measures = lines_of(Path(__file__).parents[2] / "benchmarks" / f"{name}.jsonl")

    assert len(measures) > 500
    assert not [line for line in measures if len(said(line)) > 2 and said(line) in learnt]


def lines_of(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def said(line: dict) -> tuple[str, ...]:
    """The words of a comment, however they are written."""
    return tuple(re.findall(r"\w+", line["text"].casefold()))
