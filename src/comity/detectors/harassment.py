"""Somebody pursued, watched, exposed, pestered or hounded, or urged to end their life.

A comment that answers somebody in despair is read together with what it answers: "Do it then" is
harmless elsewhere. Not raised for asking people to write to their representatives, to vote or to
attend a public meeting, nor for firm replies and support.
"""

from comity.detectors.phrases import look, phrases, saw
from comity.detectors.sentences import Sentence, sentences
from comity.findings import Finding, Label, Submission

# How long a nudge towards suicide may be; a longer answer is judged by its own words.
SHORT = 24


def harassment(submission: Submission) -> list[Finding]:
    """Look for harassment in the comment and in how it answers its parent."""
    return [*look(submission, Label.HARASSMENT), *_nudges(submission)]


def _nudges(submission: Submission) -> list[Finding]:
    """Find what pushes the writer of a despairing parent further."""
    if submission.parent is None or not _despair(submission):
        return []
    answer = sentences(submission.text)
    if sum(len(sentence.words) for sentence in answer) > SHORT or _kind(answer):
        return []
    return [
        saw(
            submission.text,
            Label.HARASSMENT,
            hit.score,
            sentence.span(hit.first, hit.last),
            "read with the comment it answers",
        )
        for sentence in answer
        for hit in phrases("harassment_nudge").find(sentence)
    ]


def _despair(submission: Submission) -> bool:
    """Whether the parent speaks of not wanting to live."""
    if submission.parent is None:
        return False
    return any(phrases("harassment_despair").find(said) for said in sentences(submission.parent))


def _kind(answer: tuple[Sentence, ...]) -> bool:
    """Whether the answer offers help or comfort."""
    return any(phrases("harassment_comfort").find(said) for said in answer)
