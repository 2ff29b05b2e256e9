"""The encoder: a small transformer that reads a comment with its story and parent, label by label.

It sees what no list of words does: an insult without a bad word, a threat said politely, a joke
about the dead. Most comments are plainly fair, and its first half is enough to tell.
training/ makes its weights; training/MODEL_CARD.md tells of their data and limits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from comity.detectors.groups import is_group
from comity.detectors.halves import Floats, Halfway, halves
from comity.detectors.reading import Pieces, pieces, windows
from comity.detectors.reported import is_reported
from comity.detectors.sentences import sentences
from comity.detectors.story_quotes import borrowed
from comity.findings import Finding, Label, Submission
from comity.text import Span, Text, fold

NAME = "encoder"
HOW = "language model"
WORTH_SAYING = 0.5  # A lower score is no finding,
RARE = {Label.HARASSMENT: 0.25, Label.THREAT: 0.25}  # but for labels whose scores run low.
MARKED = 0.3  # From this probability on a word piece may be one of the words in question,
BESIDE = 0.5  # if it has at least this share of the highest one's.
# Lists know swear words and slurs better, and relevance.py sees what is off topic.
RAISED = frozenset(Label) - {Label.PROFANITY, Label.SLUR, Label.OFF_TOPIC}
SECONDS = 0.25  # From this probability on it seconds what a list saw.
NEAR = 2  # Code points between two marked words that are shown as one.


@dataclass(frozen=True, slots=True)
class Seen:
    """What the encoder sees in a comment: probabilities by label, and by word piece and label.

    `labels` are the names of the columns; `comment` (labels) are the highest of all windows,
    `words` (pieces, labels) stand in the order of the comment's pieces, `embedding` (width) is the
    mean of the windows'.
    """

    labels: tuple[str, ...]
    comment: Floats
    words: Floats
    embedding: Floats


def encoder(submission: Submission) -> list[Finding]:
    """Raise what the encoder sees, each with the words that carry it."""
    if is_plainly_fair(submission):
        return []
    seen = see(submission)
    findings = []
    for column, name in enumerate(seen.labels):
        score = float(seen.comment[column])
        if name in RAISED and score >= RARE.get(Label(name), WORTH_SAYING):
            spans = words_of(submission, seen, column)
            if spans and borrowed(submission.text, submission.story, spans) == {*spans}:
                continue  # The story's own words say nothing against whoever quotes them.
            findings.append(
                Finding(
                    label=Label(name),
                    score=score,
                    spans=spans,
                    detector=NAME,
                    how=HOW,
                    reported=bool(spans) and all(is_reported(submission.text, s) for s in spans),
                )
            )
    return findings


def sees(submission: Submission, label: Label) -> bool:
    """Say whether a label is likely enough to second somebody else's opinion."""
    seen = see(submission)
    return float(seen.comment[seen.labels.index(label)]) >= SECONDS


def is_plainly_fair(submission: Submission) -> bool:
    """Say whether the first half alone finds nothing that could matter."""
    enough = halves().enough
    return all((one.early < enough).all() for one in begun(submission))


@lru_cache(maxsize=8)
def begun(submission: Submission) -> tuple[Halfway, ...]:
    """Read every window as far as the first half goes."""
    return tuple(halves().begin(window) for window in windows(submission))


@lru_cache(maxsize=16)
def see(submission: Submission) -> Seen:
    """Read a comment, a long one window by window: one insult among a thousand words counts."""
    model = halves()
    count = len(pieces(submission.text).ids)
    comment = np.zeros(len(model.labels), np.float32)
    words = np.zeros((count, len(model.labels)), np.float32)
    read = [(one.window, model.finish(one)) for one in begun(submission)]
    for window, whole in read:
        comment = np.maximum(comment, whole.comment)
        here = slice(window.first, window.first + window.count)
        words[here] = np.maximum(words[here], whole.words)
    embedding = np.mean([whole.embedding for _, whole in read], axis=0)
    return Seen(model.labels, comment, words, embedding)


def reader(submission: Submission) -> Callable[[Span | None], dict[str, float]]:
    """Return what tells, of a span or of the whole, each label's probability.

    A span has the whole's, in proportion to its hottest word: code points of the original.
    """
    seen = see(submission)
    starts = np.array([start for start, _ in pieces(submission.text).spans])
    top = seen.words.max(axis=0, initial=1e-6)

    def read(within: Span | None) -> dict[str, float]:
        chances = seen.comment
        if within is not None:
            here = seen.words[(starts >= within[0]) & (starts < within[1])]
            chances = chances * here.max(axis=0, initial=0.0) / top
        return {label: float(one) for label, one in zip(seen.labels, chances, strict=True)}

    return read


def words_of(submission: Submission, seen: Seen, column: int) -> tuple[Span, ...]:
    """Return the words that carry a label; none where the comment as a whole does.

    They are shown only if they do carry it: without them its probability falls by half at least.
    Where the marked words do not, the sentences around them may. The name of a group alone is
    never shown.
    """
    text = submission.text
    cut = pieces(text)
    heat = seen.words[:, column]
    marked = heat >= max(MARKED, BESIDE * float(heat.max(initial=0.0)))
    spans = whole_words(text, merged(cut, marked))
    if not spans or all(is_group(text.words(span)) for span in spans):
        return ()
    for shown in (spans, around(text, spans)):
        left = see(without(submission, shown)).comment[column]
        if left <= seen.comment[column] / 2:
            return shown
    return ()


def around(text: Text, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the sentences in which words stand."""
    wholes = [(one.spans[0][0], one.spans[-1][1]) for one in sentences(text) if one.spans]
    return tuple(
        whole
        for whole in wholes
        if any(start < whole[1] and end > whole[0] for start, end in spans)
    )


def merged(cut: Pieces, marked: NDArray[np.bool_]) -> list[Span]:
    """Return where the marked pieces stand, neighbours as one."""
    spans: list[Span] = []
    for place in np.flatnonzero(marked):
        start, end = cut.spans[place]
        if spans and start - spans[-1][1] <= NEAR:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def whole_words(text: Text, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Widen spans to whole words: a piece of a word tells nobody anything."""
    return tuple(
        (edge(text.original, start, -1), edge(text.original, end, 1)) for start, end in spans
    )


def edge(original: str, place: int, step: int) -> int:
    """Return where the word that is cut at a place begins (step -1) or ends (step 1)."""
    while 0 < place < len(original) and original[place - 1 : place + 1].isalnum():
        place += step
    return place


def without(submission: Submission, spans: Sequence[Span]) -> Submission:
    """Return the submission with some words taken out."""
    original, left, done = submission.text.original, [], 0
    for start, end in spans:
        left.append(original[done:start])
        done = end
    rest = fold("".join((*left, original[done:])))
    return Submission(rest, submission.parent, (), submission.story)
