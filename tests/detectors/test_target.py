"""Whom a finding is about: measured on labelled cases, and shown on a few of them."""

import sys
import tomllib
from pathlib import Path

import pytest

from comity.detectors.target import target
from comity.findings import Finding, Label, StoryExcerpt, Submission, Target

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


if __name__ == "__main__":
    for number, half in enumerate((CASES["case"][:HALF], CASES["case"][HALF:]), start=1):
        missed = wrong(half)
        print(f"half {number}: {len(half) - len(missed)} of {len(half)} right")  # noqa: T201
        if "-v" in sys.argv:
            print(*missed, sep="\n")  # noqa: T201
