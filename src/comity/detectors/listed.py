"""What the plain-word detectors share: listed words become findings, surest first."""

from itertools import groupby

from comity.detectors.disguises import told
from comity.detectors.lexicon import matches
from comity.detectors.reported import is_reported
from comity.findings import Finding, Label, Submission


def listed(submission: Submission, label: Label, detector: str) -> list[Finding]:
    """Return a finding for each score, apart for words reported and for words in disguise."""
    text = submission.text
    met = sorted(
        (
            -match.entry.score,
            is_reported(text, match.span),
            told(text, [match.span], "word list"),
            match.span,
        )
        for match in matches(text, submission.story, label)
    )
    return [
        Finding(
            label=label,
            score=-score,
            spans=tuple(span for *_, span in group),
            detector=detector,
            how=how,
            reported=reported,
        )
        for (score, reported, how), group in groupby(met, key=lambda entry: entry[:3])
    ]
