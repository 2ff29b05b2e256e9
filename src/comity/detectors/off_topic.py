"""Comments that have nothing to do with the story, nor with what they answer; told with reserve."""

from collections.abc import Sequence
from functools import lru_cache

from comity.detectors.story_words import (
    Hit,
    find,
    stems,
    story_names,
    story_stems,
    words,
)
from comity.findings import Finding, Label, StoryExcerpt, Submission

# Shorter comments are reactions, and reactions belong to whatever they stand under.
REACTION = 8
LONG = 20
# Comments of these kinds leave the story by their form alone, however short.
FRAMED = frozenset({"chain", "theory", "preach", "notice", "ask", "turn"})


def off_topic(submission: Submission) -> list[Finding]:
    """Look for a comment that shares nothing with its story, its parent and the thread."""
    if submission.story is None or not submission.story.prose.strip():
        return []
    text = submission.text.original
    own = stems(text)
    shared = connections(submission, own)
    if len(shared) > 2:
        return []
    hits = find("off_topic", text)
    score = max(framed(hits, len(own)), strange(submission, own)) * reserve(
        submission, shared, hits
    )
    if score < 0.3:
        return []
    spans = tuple(sorted({hit.span for hit in hits if hit.phrase.kind in FRAMED}))
    return [
        Finding(Label.OFF_TOPIC, round(score, 3), spans, "off_topic", "compared with the story")
    ]


def connections(submission: Submission, own: frozenset[str]) -> frozenset[str]:
    """Return the stems and names shared with the story, the parent and the thread."""
    assert submission.story is not None
    shared = own & story_stems(submission.story)
    names = {word.plain for word in words(submission.text.original)} & story_names(submission.story)
    for above in (submission.parent, *submission.thread):
        if above is not None:
            shared |= own & stems(above.original)
    return shared | names


def framed(hits: Sequence[Hit], length: int) -> float:
    """Return how surely the form of the comment leaves the story; small talk only adds to it."""
    best: dict[str, float] = {}
    for hit in hits:
        best[hit.phrase.kind] = max(best.get(hit.phrase.kind, 0.0), hit.phrase.weight)
    best.pop("stay", None)
    if not best.keys() & FRAMED and length < REACTION:
        return 0.0
    doubt = 1.0
    for weight in best.values():
        doubt *= 1 - weight
    return 1 - doubt


def strange(submission: Submission, own: frozenset[str]) -> float:
    """Return how surely a text is about something else: by its length, or by another topic."""
    if len(own) < REACTION:
        return 0.0
    assert submission.story is not None
    known = story_topics(submission.story)
    if submission.parent is not None:
        known |= topics(submission.parent.original).keys()
    other = max(
        (count for topic, count in topics(submission.text.original).items() if topic not in known),
        default=0,
    )
    if submission.parent is None and len(own) >= LONG and other:
        return 0.65
    return (0.0, 0.0, 0.45, 0.6)[min(other, 3)]


@lru_cache(maxsize=2048)
def story_topics(story: StoryExcerpt) -> frozenset[str]:
    """Return the topics of which a story has a word."""
    return frozenset(topics(story.prose))


def topics(text: str) -> dict[str, int]:
    """Count the different words that a text has of each topic."""
    found: dict[str, set[str]] = {}
    for hit in find("topics", text):
        found.setdefault(hit.phrase.kind, set()).add(hit.phrase.words[0])
    return {topic: len(named) for topic, named in found.items()}


def reserve(submission: Submission, shared: frozenset[str], hits: Sequence[Hit]) -> float:
    """Return what the ties to the story, the thread and the paper leave of the suspicion."""
    left = (1.0, 0.65, 0.35)[len(shared)]
    if any(hit.phrase.kind == "stay" for hit in hits):
        left *= 0.4
    if submission.parent is not None:
        answers = {"you", "your", "you're", "yes", "no", "usted", "tu", "te"}
        if answers & {word.plain for word in words(submission.text.original)[:12]}:
            left *= 0.6
    return left
