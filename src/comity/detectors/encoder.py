"""The encoder: a small transformer that reads a comment with its story and parent, label by label.

It sees what no list of words does: an insult without a bad word, a threat said politely, a joke
about the dead. training/ makes its weights; training/MODEL_CARD.md tells of their data and limits.
It is read once, on one thread, when the first comment comes. Where it cannot be read it raises,
and the judge leaves the comment to a person.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.detectors.reading import WEIGHTS, Pieces, Window, pieces, windows
from comity.detectors.reported import is_reported
from comity.findings import Finding, Label, Submission
from comity.text import Span, Text, fold

NAME = "encoder"
HOW = "language model"
WORTH_SAYING = 0.1  # A lower probability is no finding.
MARKED = 0.5  # From this probability on a word piece is one of the words in question.
# What it is better at than any list of words. Hate is not among it: there, and in swear words and
# slurs, the name of a group alone moves its scores too far (training/MODEL_CARD.md).
RAISED = frozenset(
    {
        Label.INCIVILITY,
        Label.PERSONAL_ATTACK,
        Label.HARASSMENT,
        Label.THREAT,
        Label.TRAGEDY_JOKE,
        Label.SPAM,
        Label.PERSONAL_INFORMATION,
    }
)
NEAR = 2  # Code points between two marked words that are shown as one.

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the encoder sees in a comment: probabilities by label, and by word piece and label.

    `labels` are the names of the columns; `comment` (labels) are the highest of all windows,
    `words` (pieces, labels) stand in the order of the comment's pieces.
    """

    labels: tuple[str, ...]
    comment: Floats
    words: Floats


def encoder(submission: Submission) -> list[Finding]:
    """Raise what the encoder sees, each with the words that carry it."""
    seen = see(submission)
    findings = []
    for column, name in enumerate(seen.labels):
        score = float(seen.comment[column])
        if name in RAISED and score >= WORTH_SAYING:
            spans = words_of(submission, seen, column)
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


@lru_cache(maxsize=16)
def see(submission: Submission) -> Seen:
    """Read a comment, a long one window by window: one insult among a thousand words counts."""
    model = weights()
    count = len(pieces(submission.text).ids)
    comment = np.zeros(len(model.labels), np.float32)
    words = np.zeros((count, len(model.labels)), np.float32)
    for window in windows(submission):
        said, by_word = model.run(window)
        comment = np.maximum(comment, said)
        here = slice(window.first, window.first + window.count)
        words[here] = np.maximum(words[here], by_word)
    return Seen(model.labels, comment, words)


def words_of(submission: Submission, seen: Seen, column: int) -> tuple[Span, ...]:
    """Return the words that carry a label; none where the comment as a whole does.

    They are shown only if they do carry it: without them its probability falls by half at least.
    """
    cut = pieces(submission.text)
    marked = seen.words[:, column] >= MARKED
    spans = whole_words(submission.text, merged(cut, marked))
    if not spans:
        return ()
    left = see(without(submission, spans)).comment[column]
    return spans if left <= seen.comment[column] / 2 else ()


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


@dataclass(frozen=True)
class Weights:
    """The encoder in memory; `labels` name its columns."""

    session: object
    labels: tuple[str, ...]

    def run(self, window: Window) -> tuple[Floats, Floats]:
        """Return probabilities by label, and by word piece and label."""
        ids = np.array([window.ids], np.int64)
        given = {"ids": ids, "part": np.array([window.part], np.int64), "mask": np.ones_like(ids)}
        logits, words = self.session.run(["logits", "words"], given)  # type: ignore[attr-defined]
        return probabilities(logits[0]), probabilities(words[0, 1 : 1 + window.count])


def probabilities(logits: Floats) -> Floats:
    """Return the logistic function of logits."""
    return (1 / (1 + np.exp(-logits))).astype(np.float32)


@cache
def weights() -> Weights:
    """Return the packaged weights, read once."""
    return read_weights(WEIGHTS)


def read_weights(folder: Path) -> Weights:
    """Read weights.

    Raises:
        Exception: they are missing or broken.
    """
    import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415  It is slow to import.

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))["labels"]
    session = onnxruntime.InferenceSession(
        folder / "encoder.onnx", options, providers=["CPUExecutionProvider"]
    )
    return Weights(session, tuple(labels))
