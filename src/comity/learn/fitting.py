"""Fits one label: a logistic regression that is held near its start, as strongly as suits it.

Nothing is drawn at random: what is held out when follows from a hash of the comments.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from comity.detectors.adapter import Numbers

FOLDS = 10
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


def held_out(rows: Rows, place: NDArray[np.int64], tick: Tick) -> Numbers:
    """Return (strengths, rows) log odds by weights that have not seen the row's fold.

    `place` (rows) is each row's fold; what is in none gets nothing.
    """
    odds = np.zeros((len(STRENGTHS), len(rows.truth)))
    for number in range(FOLDS):
        out = place == number
        some, rest = rows.only(out), rows.only(~out)
        weights = None
        for row, strength in enumerate(STRENGTHS):
            weights = fit(rest.columns, rest.truth, rest.start, strength, weights)
            odds[row, out] = odds_of(some.columns, some.start, weights)
        tick()
    return odds


def suited(rows: Rows, place: NDArray[np.int64], odds: Numbers) -> tuple[Numbers, float]:
    """Return (rows) log odds, each by the strength under which the other folds come out likeliest.

    With them comes the strength that suits all. `odds` are those of `held_out`.
    """
    cost = np.logaddexp(0, odds) - rows.truth * odds
    cost[:, place < 0] = 0
    best = np.zeros(len(rows.truth))
    for number in range(FOLDS):
        out = place == number
        best[out] = odds[np.argmin(cost[:, ~out].sum(axis=1)), out]
    return best, STRENGTHS[int(np.argmin(cost.sum(axis=1)))]


def folds(rows: Rows, count: int = FOLDS) -> NDArray[np.int64]:
    """Return each row's fold: a group together, breaches spread evenly; -1 for no fold."""
    kinds: dict[str, float] = {}
    for group, kind in zip(rows.groups, rows.truth, strict=True):
        kinds[group] = max(kind, kinds.get(group, 0.0))
    order = sorted(
        kinds, key=lambda group: (kinds[group], sha256(group.encode("utf-8", "replace")).digest())
    )
    fold = {group: place % count for place, group in enumerate(order)}
    return np.where(rows.always, -1, [fold[group] for group in rows.groups])
