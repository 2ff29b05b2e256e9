"""Whom a finding is about: measured on labelled cases, and shown on a few of them."""

import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.detectors.target import target, targeted
from comity.findings import TARGETED, Finding, Label, StoryExcerpt, Submission, Target

CASES = tomllib.loads(
    (Path(__file__).parents[1] / "data/targets.toml").read_text(encoding="utf-8"),
)
HALF = len(CASES["case"]) // 2


def excerpt(name: str | None) -> StoryExcerpt | None:
    if name is None:
        return None
    told = CASES["stories"][name]
    return StoryExcerpt(told["headline"], told["deck"], tuple(told["body"]), "", told["byline"])


def told(case: dict[str, str]) -> Target | None:
    """Whom the words of a case are about, as the program has it."""
    submission = Submission.of(
        case["text"], parent=case.get("parent"), story=excerpt(case.get("story"))
    )
    start = case["text"].index(case["words"])
    span = (start, start + len(case["words"]))
    return target(Finding(Label(case["label"]), 0.9, (span,), "test", "test"), submission)


def wrong(cases: list[dict[str, str]]) -> list[tuple[str, str | None, Target | None]]:
    return [
        (case["text"], case.get("target"), told(case))
        for case in cases
        if told(case) != case.get("target")
    ]


@pytest.mark.parametrize("half", [CASES["case"][:HALF], CASES["case"][HALF:]], ids=["1", "2"])
def test_most_are_told_right(half):
    assert len(wrong(half)) <= len(half) // 10, wrong(half)


@pytest.mark.parametrize("context", [{}, {"parent": "Is it?"}])
def test_of_somebody_without_a_name_nobody_knows_who_it_is(context):
    finding = Finding(Label.PERSONAL_ATTACK, 0.9, ((9, 14),), "test", "test")
    story = excerpt("ferry")

    assert target(finding, Submission.of("He is an idiot.", story=story, **context)) is (
        Target.STORY_PERSON
    )
    assert target(finding, Submission.of("He is an idiot.", **context)) is None


def test_whom_an_answer_calls_by_name_is_whom_it_answers():
    finding = Finding(Label.PERSONAL_ATTACK, 0.9, ((0, 17),), "test", "test")

    def about(text):
        return target(finding, Submission.of(text, parent="The bridge is fine as it is."))

    assert about("You are an idiot, Gerald.") is Target.READER
    assert about("You are an idiot, Minister.") is Target.PUBLIC_FIGURE


@pytest.mark.parametrize("label", [label for label in Label if label not in TARGETED])
def test_what_is_about_nobody_has_no_target(label):
    finding = Finding(label, 0.9, ((0, 3),), "test", "test")

    assert targeted(finding, Submission.of("You idiot.", parent="Is it?")).target is None


def test_what_a_detector_knows_itself_stands():
    finding = Finding(Label.HATE, 0.9, ((0, 3),), "test", "test", target=Target.AUTHOR)

    assert targeted(finding, Submission.of("You idiot.")).target is Target.AUTHOR


@settings(deadline=None)  # The first call reads the lists.
@given(text=st.text(st.characters(), min_size=1), label=st.sampled_from(sorted(TARGETED)))
def test_any_string_is_read(text, label):
    finding = Finding(label, 0.9, ((0, len(text)),), "test", "test")
    story = StoryExcerpt(text, "", (text,), "", text)

    for submission in (Submission.of(text), Submission.of(text, parent=text, story=story)):
        assert targeted(finding, submission).target in {None, *Target}


if __name__ == "__main__":
    for number, half in enumerate((CASES["case"][:HALF], CASES["case"][HALF:]), start=1):
        missed = wrong(half)
        print(f"half {number}: {len(half) - len(missed)} of {len(half)} right")  # noqa: T201
        if "-v" in sys.argv:
            print(*missed, sep="\n")  # noqa: T201
