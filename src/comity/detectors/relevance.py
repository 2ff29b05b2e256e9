"""Comments that mean something else than their story: by likeness of meaning, not of words.

Nothing is held for being short, for sharing words or names with the story or with what it answers,
or where the encoder's first half sees no sign of it. It at most holds: a tangent may connect.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from comity.detectors.encoder import begun, see
from comity.detectors.halves import Floats, halves
from comity.detectors.off_topic import connections
from comity.detectors.reading import COMMENT, pieces
from comity.detectors.story_words import language_of, stems
from comity.findings import Finding, Label, StoryExcerpt, Submission
from comity.text import fold

NAME = "relevance"
HOW = "language model, compared with the story"
READ = "en"  # In other languages it takes likeness of letters for likeness of meaning.
WORTH_SAYING = 0.3
REACTION = 4  # Shorter comments belong to whatever they stand under.
SIGN = 0.02  # The first half's least probability of off_topic.
CONNECTED = 2  # With more words or names in common a comment is about its story.
PASSAGES = 6  # Of a story's body; the rest repeats what it is about.
PASSAGE_CHARACTERS = 400


def relevance(submission: Submission) -> list[Finding]:
    """Look for a comment that is about something else."""
    if submission.story is None or not submission.story.prose.strip():
        return []
    languages = {language_of(submission.story.prose), language_of(submission.text.original)}
    if languages != {READ}:
        return []
    own = stems(submission.text.original)
    if len(own) < REACTION or len(connections(submission, own)) > CONNECTED:
        return []
    place = halves().labels.index(Label.OFF_TOPIC)
    if all(one.early[place] < SIGN for one in begun(submission)):
        return []
    score = astray(submission, least=WORTH_SAYING)
    return [Finding(Label.OFF_TOPIC, score, (), NAME, HOW)] if score >= WORTH_SAYING else []


def astray(submission: Submission, *, least: float = 0.0) -> float:
    """Return how surely a comment is about something else than its story and parent, 0..1.

    A logistic model of the encoder's own opinion, of the words shared and of the likeness of
    meaning (cosine) to the nearest passage; training/relevance.py fits it. Passages are compared
    one by one, until it is less than `least`: the first is most often near enough.
    """
    weights = halves().astray
    known = weights["bias"] + sum(weights[name] * one for name, one in plain(submission).items())
    score = 1.0
    for cosine in likeness(submission):
        score = min(score, float(1 / (1 + np.exp(-known - weights["cosine"] * cosine))))
        if score < least:
            break
    return score


def features(submission: Submission) -> dict[str, float]:
    """Return all that `astray` weighs; the cosine is the nearest passage's."""
    return {**plain(submission), "cosine": max(likeness(submission))}


def plain(submission: Submission) -> dict[str, float]:
    """Return what `astray` weighs but likeness of meaning, which is dear.

    The log odds of off_topic, the words and names shared with the story and thread up to one more
    than connect it, and the log of the number of words that could be.
    """
    own = stems(submission.text.original)
    shared = len(connections(submission, own)) if submission.story else 0
    return {
        "log_odds": log_odds(submission),
        "shared": float(min(shared, CONNECTED + 1)),
        "length": float(np.log1p(len(own))),
    }


def log_odds(submission: Submission) -> float:
    """Return the log odds that the encoder gives off_topic."""
    seen = see(submission)
    chance = float(np.clip(seen.comment[seen.labels.index(Label.OFF_TOPIC)], 1e-3, 1 - 1e-3))
    return float(np.log(chance / (1 - chance)))


def likeness(submission: Submission) -> Iterator[float]:
    """Give the cosine of the comment's meaning to each passage's; 0 where there is none."""
    told = tuple(passages(submission))
    if not told:
        yield 0.0
        return
    own = meaning(submission.text.original)
    for passage in told:
        yield float(own @ meaning(passage))


def passages(submission: Submission) -> Iterator[str]:
    """Give the texts that a comment may be about: parts of the story, and what it answers."""
    if submission.story is not None:
        yield from parts(submission.story)
    for above in (submission.parent, *submission.thread[:1]):
        if above is not None:
            yield above.original


@lru_cache(maxsize=512)
def parts(story: StoryExcerpt) -> tuple[str, ...]:
    """Return a story's headline with its deck, and the first passages of its body."""
    heading = " ".join(part for part in (story.headline, story.deck) if part)
    body = " ".join(story.body)
    cut = [
        body[start : start + PASSAGE_CHARACTERS]
        for start in range(0, min(len(body), PASSAGES * PASSAGE_CHARACTERS), PASSAGE_CHARACTERS)
    ]
    return tuple(part for part in (heading, *cut) if part.strip())


@lru_cache(maxsize=2048)
def meaning(text: str) -> Floats:
    """Return the embedding of a text's beginning; passages come again and again."""
    return halves().meaning(pieces(fold(text)).ids[:COMMENT])
