"""Somebody pursued, watched, exposed, pestered or hounded, or urged to end their life.

A comment that answers somebody in despair is read together with what it answers: "Do it then" is
harmless elsewhere. Not raised for asking people to write to their representatives, to vote or to
attend a public meeting, nor for firm replies and support.
"""

from comity.detectors.phrases import Seen, findings, holds, seen
from comity.detectors.sentences import sentences
from comity.findings import Finding, Label, Submission
from comity.text import Text

# How long a nudge towards suicide may be; a longer answer is judged by its own words.
SHORT = 24
# An answer this short that has no word of comfort is shown to a person.
CURT = 12
UNKIND = 0.55


def harassment(submission: Submission) -> list[Finding]:
    """Look for harassment in the comment and in how it answers its parent."""
    text = submission.text
    found = seen(text, "harassment") + _pile_on(text)
    if submission.parent is not None and holds(submission.parent, "harassment_despair"):
        found += _nudges(text)
    return findings(submission, Label.HARASSMENT, found)


def _pile_on(text: Text) -> list[Seen]:
    """Find what is to be done to somebody, where the comment calls many to do it."""
    if not holds(text, "harassment_crowd"):
        return []
    return seen(text, "harassment_action", "calls others to it")


def _nudges(text: Text) -> list[Seen]:
    """Find what pushes the writer of a despairing parent further."""
    answer = sentences(text)
    length = sum(len(sentence.words) for sentence in answer)
    if not 0 < length <= SHORT or holds(text, "harassment_comfort"):
        return []
    how = "read with the comment it answers"
    found = seen(text, "harassment_nudge", how)
    if not found and length <= CURT:
        found = [Seen(UNKIND, (answer[0].spans[0][0], answer[-1].spans[-1][1]), how)]
    return found
