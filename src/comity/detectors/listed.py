"""What the plain-word detectors share: listed words become findings, surest first."""

from itertools import groupby

from comity.detectors.lexicon import matches
from comity.detectors.reported import is_reported
from comity.findings import Finding, Label, Submission


def listed(submission: Submission, label: Label, detector: str) -> list[Finding]:
    """Return a finding for each score, and apart for words used and words reported."""
    text = submission.text
    met = sorted(
        (-match.entry.score, is_reported(text, match.span), match.span)
        for match in matches(text, submission.story, label)
    )
    return [
        Finding(
            label=label,
            score=-score,
            spans=tuple(span for _, _, span in group),
            detector=detector,
            how="word list",
            reported=reported,
        )
        for (score, reported), group in groupby(met, key=lambda entry: entry[:2])
    ]
