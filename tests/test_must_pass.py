"""Cases that must come out right, by what is served: lists and language model together."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from comity import Engine, Guidelines, Submission
from comity.detectors import chance
from comity.detectors.encoder import RAISED, see
from comity.findings import Label, StoryExcerpt
from comity.judge import Outcome, Verdict, judge

FILE = Path(__file__).parent / "data" / "must_pass.toml"
TOLD = tomllib.loads(FILE.read_text("utf-8"))
CASES = [
    pytest.param(
        case,
        id=case["about"],
        # Known failures, told in docs/accuracy.md too.
        marks=pytest.mark.xfail(reason=case["not_yet"], strict=True) if "not_yet" in case else (),
    )
    for case in TOLD["case"]
]
# Known failures, told in docs/accuracy.md too: pairs in which something is found, or moves more.
FOUND, MOVED = {9, 14}, {9, 14, 16}
MOVES = 0.05  # The most that a probability may move with the dialect.
KIND = """\
Thank you for the careful report on the bridge that my family crosses every day. The pictures of
the old piers are wonderful and so is the map. I learnt something about how such a thing is mended.
My daughter asked me what a pier is, and now we both know. It is good to hear that the work will be
finished before the winter. The engineer explained it clearly and without a word too many. We shall
go round by the station meanwhile and take our time. I hope that the workers stay safe and dry. My
neighbour remembers when the bridge was new. Please go on writing about such things. """
INSULT = "You are an idiot."
TRAGEDY = StoryExcerpt("Four seamstresses die in workshop fire", body=("The door was locked.",))
SPORT = StoryExcerpt("Rovers lose at home again", body=("The keeper let in four.",))


def dialects(failing: set[int]) -> list[Any]:
    """Return the pairs, those that are known to fail marked."""
    return [
        pytest.param(pair, id=str(n), marks=pytest.mark.xfail(strict=True) if n in failing else ())
        for n, pair in enumerate(TOLD["dialects"])
    ]


def judged(text: str, **context) -> Verdict:
    submission = Submission.of(text, **context)
    return judge(submission, Guidelines.default(), Engine.default(encoder=True))


@pytest.mark.parametrize("case", CASES)
def test_it_comes_out_right(case):
    told = case.get("story")
    story = told and StoryExcerpt(
        told["headline"], told.get("deck", ""), tuple(told.get("body", ()))
    )
    verdict = judged(case["text"], story=story or None, parent=case.get("parent"))

    if case["outcome"] == "not reject":
        assert verdict.outcome is not Outcome.REJECT
    else:
        assert verdict.outcome == case["outcome"]
    if "words" in case:
        spans = [span for breach in verdict.breaches for span in breach.spans]
        assert case["words"] in {case["text"][start:end] for start, end in spans}


@pytest.mark.parametrize("pair", dialects(FOUND))
def test_dialect_and_a_second_language_are_never_a_reason(pair):
    for text in pair:
        verdict = judged(text)
        assert (verdict.outcome, verdict.findings) == (Outcome.PUBLISH, ())


@pytest.mark.parametrize("pair", dialects(MOVED))
def test_dialect_and_a_second_language_move_no_probability(pair):
    standard, other = (probabilities(text) for text in pair)

    assert max(abs(standard[label] - other[label]) for label in standard) <= MOVES


def probabilities(text: str) -> dict[str, float]:
    """Return what the language model would say of each label, had it anything to say."""
    scales, seen = Engine.default(encoder=True).scales, see(Submission.of(text))
    return {
        label: chance(float(score), scales[Label(label), "encoder"])
        for label, score in zip(seen.labels, seen.comment, strict=True)
        if label in RAISED
    }


def test_kindness_that_repeats_itself_is_published():
    kind = "Thank you for the careful report on the bridge that my family crosses every day. "

    assert judged(kind).outcome is Outcome.PUBLISH
    assert judged(kind * 36).outcome is Outcome.PUBLISH


@pytest.mark.parametrize("padding", ["", "What a wonderful, thoughtful, lovely piece. " * 40])
def test_one_insult_is_found_wherever_it_stands(padding):
    text = KIND * 3 + INSULT + " " + padding + KIND * 3
    alone, long = judged(INSULT), judged(text)

    assert len(text) > 2_900
    assert judged(KIND * 6 + padding).outcome is Outcome.PUBLISH
    assert [breach.rule for breach in long.breaches] == [breach.rule for breach in alone.breaches]
    start = text.index("idiot")
    assert any(first <= start < last for b in long.breaches for first, last in b.spans)


def test_mending_the_words_that_were_shown_mends_the_verdict():
    text = f"{KIND}{INSULT} {KIND}"
    (breach,) = judged(text).breaches
    mended = text
    for start, end in sorted(breach.spans, reverse=True):
        mended = mended[:start] + "neighbour" + mended[end:]

    assert judged(mended).outcome is Outcome.PUBLISH


@pytest.mark.parametrize(
    "text",
    [
        "Well, they certainly were on fire today, went out with a blaze of glory lol",
        pytest.param(
            "Well, that workshop was on fire today, they really went out with a blaze of glory lol",
            marks=pytest.mark.xfail(reason="taken for a joke about a fire", strict=True),
        ),
    ],
)
def test_the_story_turns_a_joke_into_mockery(text):

    assert judged(text, story=SPORT).outcome is Outcome.PUBLISH
    assert "tragedy_joke" in [b.rule for b in judged(text, story=TRAGEDY).breaches]


@pytest.mark.parametrize(
    "text",
    ["🤡" * 5_120, "\0" * 50, "\ud83d", "a" * 100_000, "\u202e" * 1_000, "ﷺ" * 500, "1" * 20_000],
    ids=["emoji", "nul", "half a character", "one letter", "overrides", "ligatures", "digits"],
)
def test_odd_and_long_texts_are_judged(text):
    assert not judged(text).undetermined


@pytest.mark.parametrize("words", ["The council voted on it. ", "a", "🤡"])
def test_a_megabyte_around_a_comment_saves_no_insult(words):
    around = (words * 1_000_000)[:1_000_000]
    verdict = judged(INSULT, parent=around, story=StoryExcerpt("Bridge", body=(around,)))

    assert (verdict.outcome, verdict.undetermined) == (Outcome.HOLD, ())


def test_other_processes_come_to_the_same_bytes():
    code = (
        "import sys, msgspec, comity;"
        "sys.stdout.buffer.write(msgspec.json.encode(list(comity.score(sys.argv[1:]))))"
    )
    texts = [INSULT, KIND, f"{KIND} {INSULT}", "Te voy a matar, imbécil 😂"]
    one, other = (
        subprocess.run([sys.executable, "-c", code, *texts], capture_output=True, check=True).stdout
        for _ in range(2)
    )

    assert one == other
    assert b"idiot" not in one
    assert b'"outcome"' in one
