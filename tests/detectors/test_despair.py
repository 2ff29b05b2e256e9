"""Despair is seen in whoever writes it of themselves, and not in what only looks like it."""

import tomllib
from pathlib import Path

import pytest

from comity.detectors.despair import despair
from comity.findings import Label, StoryExcerpt, Submission

CASES = tomllib.loads(
    (Path(__file__).parents[1] / "data/despair.toml").read_text(encoding="utf-8"),
)
HOLDS = 0.5  # What a label needs that nobody has calibrated.


def score(text: str, **context: object) -> float:
    found = despair(Submission.of(text, **context))  # type: ignore[arg-type]
    assert all(finding.label is Label.DESPAIR for finding in found)
    return max((finding.score for finding in found), default=0.0)


def missed(which: str) -> list[str]:
    return [text for text in CASES["despair"][which] if score(text) < HOLDS]


def mistaken(which: str) -> list[str]:
    return [text for text in CASES["fair"][which] if score(text) >= HOLDS]


def test_whoever_despairs_is_seen():
    assert len(missed("first")) <= len(CASES["despair"]["first"]) // 20, missed("first")


def test_what_only_looks_like_it_is_let_be():
    assert mistaken("first") == []


def test_in_words_that_no_list_was_made_after_half_is_seen_and_little_mistaken():
    assert len(missed("unseen")) <= len(CASES["despair"]["unseen"]) // 2
    assert len(mistaken("unseen")) <= len(CASES["fair"]["unseen"]) // 20


def test_one_vague_phrase_is_not_enough_and_two_are():
    assert score("I feel hopeless.") < HOLDS
    assert score("I feel hopeless. I hate myself.") >= HOLDS


@pytest.mark.parametrize(
    "text",
    [
        "I want to die 😂",
        "I want to die lol, what a penalty.",
        "She wrote “I want to die” on the wall, and nobody asked her why.",
        "I tried to kill myself, years ago, and I am glad that I am still here.",
    ],
)
def test_jest_quotation_and_what_is_over_count_for_less(text):
    assert score("I want to die.") >= 0.9
    assert score(text) < HOLDS


def test_what_the_story_says_is_not_the_writers_own():
    story = StoryExcerpt(body=("“I want to die”, said the patient, and nobody came for an hour.",))
    assert score("“I want to die”, said the patient. Shame on them.") < 0.9

    assert score("“I want to die”, said the patient. Shame on them.", story=story) == 0.0


if __name__ == "__main__":
    for which in ("first", "unseen"):
        seen, fair = len(CASES["despair"][which]), len(CASES["fair"][which])
        print(  # noqa: T201
            f"{which}: {seen - len(missed(which))} of {seen} seen, "
            f"{len(mistaken(which))} of {fair} taken for it by mistake"
        )
