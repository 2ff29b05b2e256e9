"""What Comity's own word lists see in a text: a weak, free label for swear words and slurs."""

from comity.detectors.lexicon import all_matches
from comity.findings import Label
from comity.text import fold
from training.rows import Row

LISTED = (Label.PROFANITY, Label.SLUR, Label.VULGARITY)
WEAK = 0.3
CALM = 0.15  # Toxicity up to which talk without a listed word is not crude either.


def add_listed(row: Row) -> None:
    """Add what the word lists see, where nobody has said better."""
    found = [match for match in all_matches(fold(row.text)) if match.entry.score >= 0.5]
    for label in LISTED:
        name = label.value
        if name in row.labels:
            continue
        spans = [match.span for match in found if match.entry.label is label]
        if label is Label.VULGARITY and not spans:
            if row.labels.get("toxicity", 1.0) <= CALM:  # Crude talk needs no listed word.
                row.labels[name], row.sure[name] = 0.0, WEAK / 2
            continue
        row.labels[name] = float(bool(spans))
        row.sure[name] = WEAK
        if name not in row.marked:
            row.spans.extend((*span, name, 1.0) for span in spans)
            row.marked |= {name}
