"""A lesson: every label of which there are examples enough, learnt and measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from comity.detectors import Engine
from comity.detectors.adapter import (
    HOW,
    NAME,
    Adapter,
    Features,
    Learnt,
    Numbers,
    features,
    remembering,
    require_encoder,
)
from comity.findings import Finding, Label
from comity.guidelines import Guidelines
from comity.judge import look, never
from comity.learn import fitting, measuring
from comity.learn.examples import Example, Source, of_page

LEAST_BREACHES, LEAST_FAIR = 20, 40  # With fewer, no interval is worth its name.
MOST = 10_000  # Of each label, the latest: more take long and add little.

WORTH, LESS, UNSURE, TOO_FEW = "worth it", "catches less", "no sure gain", "too few"

Progress = Callable[[str, int], Callable[[], None]]


class Measured(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was learnt of a label; areas, gain and shares are of comments that were held out.

    `caught` counts the breaches, and `stopped` the fair comments with the `unread` ones, that this
    label's rule would hold or reject: by the engine alone, and with the adapter.
    """

    label: Label
    breaches: int
    fair: int
    advice: str
    unread: int = 0
    area: tuple[float, float] | None = None
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    caught: tuple[int, int] | None = None
    stopped: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """The adapter, unless there is nothing worth switching on; and what was measured."""

    adapter: Adapter | None
    measured: list[Measured]


@dataclass(frozen=True, slots=True)
class Read:
    """An example as the engine sees it."""

    example: Example
    features: Features
    findings: tuple[Finding, ...]


def quiet(_what: str, _of: int) -> Callable[[], None]:
    """Show no progress."""
    return lambda: None


def learn(
    examples: Sequence[Example],
    engine: Engine,
    guidelines: Guidelines,
    *,
    anyway: bool = False,
    progress: Progress = quiet,
) -> Lesson:
    """Learn every label that a rule is about and of which there are examples enough, latest first.

    The examples of the guidelines are learnt too, so that the adapter says what the page says. The
    adapter holds the labels whose gain is sure; `anyway`, all that could be measured.

    Raises:
        Conflict: there is no encoder to read by.
    """
    require_encoder(engine)
    ruled = {label for rule in guidelines.rules for label in rule.labels}
    labels = [label for label in Label if label in ruled]
    enough = [label for label in labels if is_enough(*counts(examples, label))]
    by_source = sorted(examples, key=lambda one: one.source is Source.DECIDED)
    all_of_them = [*of_page(guidelines), *by_source] if enough else []
    wanted = [one for one in all_of_them if any(label in one.truth for label in enough)]
    rows = reading(wanted, engine, progress)
    measured, learnt = [], {}
    tick = progress("learning", fitting.FOLDS * len(enough)) if enough else quiet("", 0)
    for label in labels:
        breaches, fair = counts(examples, label)
        if label not in enough:
            if breaches:
                measured.append(Measured(label, breaches, fair, TOO_FEW))
            continue
        known = [row for row in rows if label in row.example.truth][:MOST]
        told, made = one_label(label, known, engine, guidelines, tick)
        measured.append(told)
        if anyway or told.advice == WORTH:
            learnt[label] = made
    return Lesson(Adapter(engine.version, learnt) if learnt else None, measured)


def counts(examples: Sequence[Example], label: Label) -> tuple[int, int]:
    """Return on how many examples people said that a label is right, and on how many that not."""
    decided = (one for one in examples if one.source is Source.DECIDED)
    truths = [one.truth[label] for one in decided if label in one.truth]
    return sum(truths), len(truths) - sum(truths)


def is_enough(breaches: int, fair: int) -> bool:
    """Say whether there are examples enough to learn from and to say what it is worth."""
    return breaches >= LEAST_BREACHES and fair >= LEAST_FAIR


def reading(examples: Sequence[Example], engine: Engine, progress: Progress) -> list[Read]:
    """Let the engine look at every example; those it cannot read are passed over."""
    listening = remembering(engine)
    tick = progress("reading", len(examples))
    found = []
    for one in examples:
        findings, undetermined = look(one.submission, listening, never)
        if not undetermined:
            found.append(Read(one, features(one.submission, listening), findings))
        tick()
    return found


def one_label(
    label: Label, known: Sequence[Read], engine: Engine, guidelines: Guidelines, tick: fitting.Tick
) -> tuple[Measured, Learnt]:
    """Fit a label and measure it on what was held out."""
    rows, turn = rows_of(label, known)
    place = fitting.folds(rows)
    odds, strength = fitting.suited(rows, place, fitting.held_out(rows, place, tick))
    chance = np.round(fitting.chances(odds), 4)
    weights = fitting.fit(rows.columns, rows.truth, rows.start, strength)
    own = np.array([row.features.own[label] for row in known])
    decided = np.array([row.example.source is Source.DECIDED for row in known])
    breach, fair = decided & (rows.truth == 1), decided & (rows.truth == 0)
    free = ~rows.always & (rows.truth == 0)  # Where lines are drawn.
    # No line is drawn below what the guidelines print as allowed.
    printed = fitting.chances(fitting.odds_of(rows.columns, rows.start, weights))
    drawn = np.concatenate([chance[free], printed[rows.always & (rows.truth == 0)]])
    whole, low, high = measuring.gain(rows.truth[decided], own[decided], chance[decided])
    made = Learnt(
        weights=[round(float(weight), 6) for weight in (weights[0], *(turn @ weights[1:]))],
        fair=int(free.sum()),
        breaches=int(breach.sum()),
        met=[(score, min(count, int(free.sum()))) for score, count in measuring.met(drawn)],
        gain=round(whole, 4),
        low=round(low, 4),
        high=round(high, 4),
    )
    areas = [measuring.area(scores[breach], scores[fair]) for scores in (own, chance)]
    told = Measured(
        label=label,
        breaches=made.breaches,
        fair=int(fair.sum()),
        unread=made.fair - int(fair.sum()),
        advice=advice(low),
        area=(round(areas[0], 4), round(areas[1], 4)),
        gain=made.gain,
        low=made.low,
        high=made.high,
    )
    if not any(rule.hold or rule.reject for rule in guidelines.rules if label in rule.labels):
        return told, made
    halts = stops(label, known, chance, measuring.sharing(engine, label, made), guidelines)
    caught = added(halts[breach])
    return msgspec.structs.replace(
        told, advice=advice(low, caught), caught=caught, stopped=added(halts[free])
    ), made


def advice(low: float, caught: tuple[int, int] = (0, 0)) -> str:
    """Return what is advised where the interval of a gain begins at `low`.

    An adapter that tells better may still catch less: others give it a share of their tolerance,
    and with few fair comments its own line is strict.
    """
    if low <= 0:
        return UNSURE
    return LESS if caught[1] < caught[0] else WORTH


def rows_of(label: Label, known: Sequence[Read]) -> tuple[fitting.Rows, Numbers]:
    """Return what a label is learnt from, and what turns its weights back to the columns'."""
    columns, turn = fitting.turned(np.array([row.features.columns for row in known]))
    rows = fitting.Rows(
        columns,
        start=np.array([row.features.start(label) for row in known]),
        truth=np.array([float(row.example.truth[label]) for row in known]),
        groups=np.array([row.example.group for row in known]),
        always=np.array([row.example.source is Source.PAGE for row in known]),
    )
    return rows, turn


def stops(
    label: Label,
    rows: Sequence[Read],
    chance: Numbers,
    engines: tuple[Engine, Engine],
    guidelines: Guidelines,
) -> Numbers:
    """Return (rows, 2): whether the engine alone stops a comment, and with the adapter."""
    alone, both = engines
    found = []
    for row, score in zip(rows, chance, strict=True):
        learnt = Finding(label, float(score), (), NAME, HOW)
        found.append(
            (
                measuring.stopped(row.findings, label, guidelines, alone),
                measuring.stopped((*row.findings, learnt), label, guidelines, both),
            )
        )
    return np.array(found)


def added(halts: Numbers) -> tuple[int, int]:
    """Count what is stopped before and after."""
    before, after = halts.sum(axis=0)
    return int(before), int(after)
