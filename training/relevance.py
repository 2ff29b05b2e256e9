"""What weighs the encoder's opinion against likeness of meaning: is a comment about its story?

Fitted on authored stories that training never saw, told in full and by headline alone, and beside
the headline of another.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.progress import track
from sklearn.linear_model import LogisticRegression

from comity.detectors.relevance import REACTION, features
from comity.detectors.story_words import stems
from comity.findings import StoryExcerpt, Submission
from training.lines import held_out
from training.rows import Row


def relevance(data: Path) -> dict[str, float]:
    """Return the weights for the packaged model that is being served."""
    kept = [
        row
        for row in held_out(data)
        if row.story and "off_topic" in row.labels and len(stems(row.text)) >= REACTION
    ]
    headlines = [row.story.split("\n")[0] for row in kept]
    rows: list[Row] = []
    for place, row in enumerate(kept):
        rows += [row, replace(row, story=headlines[place])]
        other = headlines[(place + len(kept) // 2) % len(kept)]
        if other != headlines[place]:
            rows.append(replace(row, story=other, parent="", labels={"off_topic": 1.0}))
    seen = [features(submission(row)) for row in track(rows, "reading")]
    names = sorted(seen[0])
    truth = np.array([row.labels["off_topic"] > 0.5 for row in rows])
    x = np.array([[one[name] for name in names] for one in seen])
    fitted = LogisticRegression(class_weight="balanced").fit(x, truth)
    weights = {name: float(one) for name, one in zip(names, fitted.coef_[0], strict=True)}
    return {name: round(one, 4) for name, one in {**weights, "bias": fitted.intercept_[0]}.items()}


def submission(row: Row) -> Submission:
    """Return a row as it is judged."""
    headline, *rest = row.story.split("\n")
    story = StoryExcerpt(headline, body=tuple(rest)) if row.story else None
    return Submission.of(row.text, parent=row.parent or None, story=story)
