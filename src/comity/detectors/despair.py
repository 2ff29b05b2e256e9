"""Somebody who writes that they do not want to live, or cannot go on.

It breaks no rule; the guidelines bring it before a person at once, with words of help. Only what
writers say of themselves, of now: not worry for somebody else, figures, comfort, what a lyric says,
a crisis that is over, nor the despair that governments, trains and teams inspire. One vague phrase
is not enough; two in one comment are.
"""

import re
from dataclasses import replace

from comity.detectors.phrases import QUOTED, findings, holds, seen
from comity.detectors.reported import is_quoted
from comity.findings import Finding, Label, Submission
from comity.text import Span, Text

# Each further phrase adds so much, so that two vague ones reach what one plain one does.
EACH_MORE = 0.15
# Left of a score where the comment laughs, or tells that the crisis is over.
IN_JEST = 0.5
OVER = 0.5
WORTH_SAYING = 0.3
LAUGHING = re.compile(r"[😂🤣😆😹😜😝🤪]")


def despair(submission: Submission) -> list[Finding]:
    """Look for hopelessness and the wish to die, in the first person."""
    text = submission.text
    found = [*seen(text, "despair"), *seen(text, "despair_hopeless")]
    if not found:
        return []
    left = 1.0
    if LAUGHING.search(text.original) or holds(text, "despair_jest"):
        left *= IN_JEST
    if holds(text, "despair_over"):
        left *= OVER
    told = [replace(one, score=one.score * left * quoted(text, one.span)) for one in found]
    raised = findings(submission, Label.DESPAIR, told, each_more=EACH_MORE * left)
    return [finding for finding in raised if finding.score >= WORTH_SAYING]


def quoted(text: Text, span: Span) -> float:
    """Return what is left of a score: in quotation marks it is mostly another who speaks."""
    return QUOTED if is_quoted(text.original, span) else 1.0
