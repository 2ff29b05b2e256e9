"""Fits one label: a logistic regression that is held near its start, as strongly as suits it.

Nothing is drawn at random: what is held out when follows from a hash of the comments.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from comity.detectors.adapter import Numbers

FOLDS, INNER = 5, 5
STRENGTHS = (100.0, 30.0, 10.0, 3.0, 1.0)  # How strongly weights are held at nothing.
STEPS, STILL = 30, 1e-4

Tick = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Rows:
    """What one label is learnt from.

    `columns` (rows, columns), `start` (rows) in log odds, `truth` (rows) of 0 and 1; `groups`
    (rows) name what is held out together, and `always` (rows) says what never is.
    """

    columns: Numbers
    start: Numbers
    truth: Numbers
    groups: NDArray[np.str_]
    always: NDArray[np.bool_]

    def only(self, some: NDArray[np.bool_]) -> "Rows":
        """Return some of them."""
        return Rows(
            self.columns[some],
            self.start[some],
            self.truth[some],
            self.groups[some],
            self.always[some],
        )


def fit(
    columns: Numbers,
    truth: Numbers,
    start: Numbers,
    strength: float,
    begin: Numbers | None = None,
) -> Numbers:
    """Return the weights (constant, then a column each) that make the truth likeliest.

    `columns` (rows, columns), `truth` (rows) of 0 and 1, `start` (rows) in log odds. Each weight
    costs `strength` / 2 by its square; the constant is free. Newton's method from `begin`.
    """
    rows = np.column_stack([np.ones(len(columns)), columns])
    held = np.full(rows.shape[1], strength)
    held[0] = 1e-6

    def loss(weights: Numbers) -> float:
        odds = start + rows @ weights
        return float(np.logaddexp(0, odds).sum() - truth @ odds + held @ weights**2 / 2)

    weights = np.zeros(rows.shape[1]) if begin is None else begin
    now = loss(weights)
    for _ in range(STEPS):
        chance = chances(start + rows @ weights)
        curve = (rows * np.maximum(chance * (1 - chance), 1e-9)[:, None]).T @ rows
        slope = rows.T @ (chance - truth) + held * weights
        step = -np.linalg.solve(curve + np.diag(held), slope)
        while (after := loss(weights + step)) > now + 1e-9 and np.abs(step).max() > STILL:
            step = step / 2
        weights, now = weights + step, after
        if np.abs(step).max() <= STILL:
            break
    return weights


def turned(columns: Numbers) -> tuple[Numbers, Numbers]:
    """Return (rows, fewer) columns that say the same, and what turns their weights back.

    With fewer rows than columns most directions hold nothing, and no weight ever goes there.
    """
    turn = np.linalg.svd(columns, full_matrices=False)[2].T
    return columns @ turn, turn


def chances(odds: Numbers) -> Numbers:
    """Return the logistic function."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


def odds_of(columns: Numbers, start: Numbers, weights: Numbers) -> Numbers:
    """Return the log odds that weights give to rows."""
    return np.asarray(start + weights[0] + columns @ weights[1:])


def strongest(rows: Rows, tick: Tick) -> float:
    """Return the strength by which rows that were held out come out likeliest."""
    cost = dict.fromkeys(STRENGTHS, 0.0)
    place = folds(rows, INNER)
    for number in range(INNER):
        out = place == number
        some, rest = rows.only(out), rows.only(~out)
        weights = None
        for strength in STRENGTHS:
            weights = fit(rest.columns, rest.truth, rest.start, strength, weights)
            odds = odds_of(some.columns, some.start, weights)
            cost[strength] += float(np.logaddexp(0, odds).sum() - some.truth @ odds)
        tick()
    return min(STRENGTHS, key=cost.__getitem__)


def fitted(rows: Rows, tick: Tick) -> Numbers:
    """Return the weights for all rows, held as strongly as suits them."""
    return fit(rows.columns, rows.truth, rows.start, strongest(rows, tick))


def held_out(rows: Rows, tick: Tick) -> Numbers:
    """Return log odds for every row by weights, and a strength, that have not seen its fold.

    What is always learnt from is in no fold, and gets nothing.
    """
    odds = np.zeros(len(rows.truth))
    place = folds(rows, FOLDS)
    for number in range(FOLDS):
        out = place == number
        weights = fitted(rows.only(~out), tick)
        odds[out] = odds_of(rows.columns[out], rows.start[out], weights)
    return odds


def folds(rows: Rows, count: int) -> NDArray[np.int64]:
    """Return each row's fold: a group together, breaches spread evenly; -1 for no fold."""
    kinds: dict[str, float] = {}
    for group, kind in zip(rows.groups, rows.truth, strict=True):
        kinds[group] = max(kind, kinds.get(group, 0.0))
    order = sorted(kinds, key=lambda group: (kinds[group], sha256(group.encode()).digest()))
    fold = {group: place % count for place, group in enumerate(order)}
    return np.where(rows.always, -1, [fold[group] for group in rows.groups])
