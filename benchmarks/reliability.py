"""How far a score can be taken as a probability: Platt's scaling, cross-fitted, and its picture.

A detector's own score only ranks. Of a comment in which it raised a label, the chance that people
would call it a breach is a logistic function of the score's log odds (Platt 1999), fitted at a
stated prevalence: breaches and fair comments are weighed as they stand on a news site, not as they
stand in the sets. What is scored was never fitted on: five folds, a story in one of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from comity.detectors import chance
from comity.findings import Label
from training.rows import share

PICTURE = Path(__file__).parents[1] / "docs" / "reliability.svg"
FOLDS, BINS = 5, 10
LEAST = 10  # Breaches that a detector must have raised before it is scaled.
FLATTEST = 0.3  # Slope, below which neighbouring scores would become one.

# What share of the comments to a news site is taken to break each rule: an assumption, since no set
# tells it. A site's own share moves every probability with it.
PREVALENCE = {
    Label.INCIVILITY: 0.04,
    Label.PERSONAL_ATTACK: 0.03,
    Label.OFF_TOPIC: 0.03,
    Label.PROFANITY: 0.015,
    Label.SPAM: 0.01,
    Label.HATE: 0.01,
    Label.VULGARITY: 0.005,
    Label.HARASSMENT: 0.005,
    Label.THREAT: 0.004,
    Label.SLUR: 0.003,
    Label.TRAGEDY_JOKE: 0.002,
    Label.PERSONAL_INFORMATION: 0.001,
    Label.DESPAIR: 0.001,
}

Numbers = NDArray[np.float64]
Scale = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Raised:
    """A finding of which the truth is known; `weight` is what it stands for on a site.

    `group` names its story, which stays in one fold.
    """

    score: float
    breach: bool
    weight: float
    group: str


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of a finding by a scale that had not seen it, and what it was."""

    chance: float
    breach: bool
    weight: float


def scale(raised: Sequence[Raised]) -> Scale | None:
    """Return slope and shift of the logistic function; None where too little was raised.

    One fair comment more than was seen is counted at the highest score: none is ever certain.
    """
    breaches = sum(one.breach for one in raised)
    if breaches < LEAST:
        return None
    light = min(one.weight for one in raised)
    doubt = Raised(max(one.score for one in raised), breach=False, weight=light, group="")
    rows = [*raised, doubt]
    x = np.array([[log_odds(one.score)] for one in rows])
    weights = np.array([one.weight for one in rows])
    fitted = LogisticRegression(C=1.0).fit(
        x, [one.breach for one in rows], sample_weight=weights * len(rows) / weights.sum()
    )
    return round(max(float(fitted.coef_[0, 0]), FLATTEST), 4), round(float(fitted.intercept_[0]), 4)


def log_odds(score: float) -> float:
    """Return a score's log odds, as `comity.detectors.chance` bounds them."""
    inside = min(max(score, 0.001), 0.999)
    return float(np.log(inside / (1 - inside)))


def crossfitted(raised: Sequence[Raised]) -> list[Told]:
    """Return each finding with the chance that the other folds give it."""
    told = []
    for fold in range(FOLDS):
        here = [one for one in raised if int(share("fold", one.group) * FOLDS) == fold]
        there = [one for one in raised if int(share("fold", one.group) * FOLDS) != fold]
        fitted = scale(there)
        if fitted is not None:
            told += [Told(chance(one.score, fitted), one.breach, one.weight) for one in here]
    return told


def bins(told: Iterable[Told]) -> list[tuple[float, float, float]]:
    """Return, for each tenth of chance that was told: mean told, share that were, weight."""
    sums = np.zeros((BINS, 3))
    for one in told:
        place = min(int(one.chance * BINS), BINS - 1)
        sums[place] += np.array([one.chance, one.breach, 1.0]) * one.weight
    return [(a / w, b / w, w) for a, b, w in sums.tolist() if w]


def error(told: Sequence[Told], silent: float = 0.0) -> float:
    """Return the expected calibration error: the mean distance of told and true, by weight.

    `silent` is the weight of the comments in which nothing was raised, and nothing told.
    """
    found = bins(told)
    whole = sum(weight for _, _, weight in found) + silent
    return sum(abs(mean - true) * weight for mean, true, weight in found) / whole


def picture(told: Sequence[Told]) -> str:
    """Return the reliability plot as SVG: told from left to right, true from bottom to top."""
    found = bins(told)
    most = max(weight for _, _, weight in found)
    dots = "\n".join(
        f'<circle cx="{40 + 300 * mean:.1f}" cy="{340 - 300 * true:.1f}" '
        f'r="{3 + 9 * (weight / most) ** 0.5:.1f}"><title>{mean:.2f}: {true:.2f}</title></circle>'
        for mean, true, weight in found
    )
    marks = "\n".join(
        f'<text x="{40 + 3 * tick}" y="358" text-anchor="middle">{tick}</text>'
        f'<text x="32" y="{344 - 3 * tick}" text-anchor="end">{tick}</text>'
        for tick in (0, 25, 50, 75, 100)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 380" role="img" '
        'font-family="sans-serif" font-size="11" fill="#555">\n'
        "<title>Of findings that were given a chance, how many were breaches, in per cent"
        "</title>\n"
        '<rect x="40" y="40" width="300" height="300" fill="none" stroke="#999"/>\n'
        '<path d="M40 340 340 40" stroke="#999" stroke-dasharray="4"/>\n'
        f"{marks}\n"
        '<text x="190" y="374" text-anchor="middle">told, per cent</text>\n'
        '<text x="40" y="32">were breaches, per cent</text>\n'
        f'<g fill="#1a5fb4">\n{dots}\n</g>\n</svg>\n'
    )
