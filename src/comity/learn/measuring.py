"""Says what an adapter is worth on comments that were held out, beside the engine alone."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from comity.detectors import Engine
from comity.detectors.adapter import NAME, Learnt, Numbers
from comity.findings import Finding, Label
from comity.guidelines import Action, Guidelines
from comity.judge import ruling

SAMPLES = 1000
BOUNDS = (0.025, 0.975)
GRID = 1000  # Scores are told apart to a thousandth where lines are drawn.


def area(breaches: Numbers, fair: Numbers) -> float:
    """Return the area under the ROC curve: how often a breach scores above a fair comment."""
    order = np.sort(fair)
    below = np.searchsorted(order, breaches, "left") + np.searchsorted(order, breaches, "right")
    return float(below.mean() / (2 * len(fair)))


def gain(truth: Numbers, before: Numbers, after: Numbers) -> tuple[float, float, float]:
    """Return what the area gains, and the 95 % interval of a paired bootstrap over comments.

    Breaches and fair comments are drawn anew with their two scores, each as often as there are.
    """
    draw = np.random.default_rng(0)
    kinds = [np.flatnonzero(truth == kind) for kind in (1, 0)]
    gains = []
    for _ in range(SAMPLES):
        some, others = (draw.choice(kind, len(kind)) for kind in kinds)
        gains.append(area(after[some], after[others]) - area(before[some], before[others]))
    some, others = kinds
    whole = area(after[some], after[others]) - area(before[some], before[others])
    low, high = np.quantile(gains, BOUNDS)
    return whole, float(low), float(high)


def met(fair: Numbers) -> list[tuple[float, int]]:
    """Return ascending scores, each with how many fair comments reach it; the last has none."""
    steps = np.sort(np.floor(fair * GRID + 1e-6).astype(int))
    found: list[tuple[float, int]] = []
    for step in sorted({0, *(int(one) + 1 for one in steps)}):
        reached = len(steps) - int(np.searchsorted(steps, step))
        if step <= GRID and (not found or reached < found[-1][1]):
            found.append((step / GRID, reached))
    return found


def sharing(engine: Engine, label: Label, learnt: Learnt) -> tuple[Engine, Engine]:
    """Return the engine as it reads scores alone, and where the adapter shares a tolerance."""
    rows = {**engine.calibration.get(label, {}), NAME: learnt.lines}
    return engine, replace(engine, calibration={**engine.calibration, label: rows})


def stopped(
    findings: Sequence[Finding], label: Label, guidelines: Guidelines, engine: Engine
) -> bool:
    """Say whether findings of a label hold or reject a comment under the guidelines."""
    of_label = tuple(finding for finding in findings if finding.label is label)
    breaches = (ruling(rule, of_label, engine) for rule in guidelines.rules if label in rule.labels)
    return any(breach is not None and breach.action is not Action.NUDGE for breach in breaches)
