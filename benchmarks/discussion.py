"""The data of the speed benchmark: 1,000 stories of 50 comments and one of 1,000, seeded."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

STORIES, COMMENTS, BIG = 1_000, 50, 1_000
WORDS = [
    "the",
    "council",
    "a",
    "bridge",
    "river",
    "of",
    "old",
    "new",
    "repair",
    "budget",
    "vote",
    "and",
    "to",
    "in",
    "road",
    "that",
    "is",
    "not",
    "was",
    "people",
    "town",
    "year",
    "after",
    "before",
    "money",
    "plan",
    "school",
    "bus",
    "line",
    "winter",
    "summer",
    "water",
    "street",
    "market",
    "they",
    "we",
    "I",
    "you",
    "think",
    "know",
    "said",
    "would",
    "could",
    "should",
    "good",
    "fair",
    "slow",
    "long",
    "wide",
    "paper",
    "report",
    "page",
    "number",
    "answer",
    "question",
    "neighbour",
    "morning",
    "evening",
    "train",
    "station",
    "garden",
    "tree",
    "light",
    "wall",
    "roof",
    "engineer",
    "study",
    "cost",
    "price",
    "work",
    "job",
    "team",
    "week",
    "month",
    "city",
    "county",
    "region",
    "law",
    "court",
    "judge",
    "news",
]


WRITTEN = Path(__file__).with_name("fair.jsonl")


@cache
def articles() -> tuple[list[dict[str, Any]], list[list[str]]]:
    """Return articles as they are in newspapers, and what readers say about each: in English."""
    told = json.loads(WRITTEN.with_name("fair_stories.json").read_text("utf-8"))
    said: dict[str, list[str]] = {story["id"]: [] for story in told}
    for line in WRITTEN.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["lang"] == "en":
            said[row["story"]].append(row["text"])
    kept = [story for story in told if said[story["id"]]]
    return kept, [said[story["id"]] for story in kept]


@dataclass(frozen=True)
class Entry:
    """One comment: its place in the story, the place of the one it answers, and its words."""

    number: int
    parent: int | None
    text: str


def prose(rng: random.Random, words: int = 60) -> str:
    """Return some sentences of common words, about 60 of them and 320 characters."""
    sentence = [rng.choice(WORDS) for _ in range(words)]
    return " ".join(sentence).capitalize() + "."


def entries(rng: random.Random, count: int) -> Iterator[Entry]:
    """Yield a story's comments: two in five are roots, the others answer one before them."""
    depths: list[int] = []
    for number in range(count):
        choices = [n for n in range(max(0, number - 20), number) if depths[n] < 5]
        parent = rng.choice(choices) if choices and rng.random() > 0.4 else None
        depths.append(0 if parent is None else depths[parent] + 1)
        yield Entry(number, parent, prose(rng, rng.randint(30, 90)))


def stories() -> Iterator[tuple[str, list[Entry]]]:
    """Yield keys (`s0000`…, then `big`) with their comments, the same in every run."""
    rng = random.Random(7)
    for number in range(STORIES):
        yield f"s{number:04}", list(entries(rng, COMMENTS))
    yield "big", list(entries(rng, BIG))
