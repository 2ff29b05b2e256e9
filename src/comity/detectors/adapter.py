"""The adapter: what a newsroom's own decisions add to the engine, as one more detector.

For each label it is a logistic regression on what the engine makes of a comment. It begins at the
engine's own score and moves away from it only as far as the decisions carry. `comity.learn` makes
it; it holds numbers and no words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from math import isfinite
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from comity.detectors import Engine, Lines, at_most
from comity.errors import BadInput, ComityError, Conflict
from comity.findings import Detector, Finding, Label, Submission

Numbers = NDArray[np.float64]

NAME = "adapter"
HOW = "learnt from this newsroom's decisions"
ENCODER = "encoder"
WORTH_SAYING = 0.1  # A lower score is no finding.
REMEMBERED = 16  # Comments of which the adapter need not ask the other detectors again.
# How much a column may count before a weight of one costs the same. benchmarks/learn.py compares.
READ, LISTED, MEANING = 0.5, 0.25, 6.5
TRUSTED = 0.5  # The engine's log odds are surer of themselves than another newsroom's comments are.
SURE, SUREST = 4.5, 8.0  # Log odds beyond this say no more: of a word list, of the encoder.


@dataclass(frozen=True, slots=True)
class Features:
    """What the engine makes of a comment.

    `columns` (encoder's labels + labels + width of its embedding) are what a regression reads;
    `own` is the engine's own score of each label, the highest that any of its detectors gives.
    """

    columns: Numbers
    own: Mapping[Label, float]

    def start(self, label: Label) -> float:
        """Return the log odds at which a regression begins."""
        return TRUSTED * float(log_odds(np.array([self.own[label]]))[0])


class Learnt(msgspec.Struct, frozen=True):
    """One label of an adapter, and what is known of it.

    `weights` begin with the constant. `met` gives ascending scores, each with how many of the
    `fair` comments reached it while they were held out. `gain` is that of the area under the ROC
    curve, with its 95 % interval from `low` to `high`.
    """

    weights: list[float]
    fair: int
    breaches: int
    met: list[tuple[float, int]]
    gain: float
    low: float
    high: float

    @property
    def lines(self) -> Lines:
        """The scores, each with the largest share of fair comments that may plausibly reach it."""
        return tuple((score, at_most(met, self.fair)) for score, met in self.met)


class Adapter(msgspec.Struct, frozen=True):
    """What was learnt, label by label, and the version of the engine that it was learnt for."""

    engine: str
    labels: dict[Label, Learnt]

    @property
    def version(self) -> str:
        """The hash of all that it holds."""
        return sha256(self.encoded()).hexdigest()

    def encoded(self) -> bytes:
        """Return it as JSON."""
        return msgspec.json.encode(self)


def decoded(content: bytes | str, where: str) -> Adapter:
    """Read an adapter.

    Raises:
        BadInput: it is none; `where` it stands is told.
    """
    try:
        adapter = msgspec.json.decode(content, type=Adapter)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise broken(where, str(error)) from error
    if not adapter.labels:
        raise broken(where, "there is no label in it")
    for label, learnt in adapter.labels.items():
        if len(learnt.weights) < 2 or not all(map(isfinite, learnt.weights)):
            raise broken(where, f"the weights of {label} are not all numbers")
        if learnt.fair < 1 or not learnt.met:
            raise broken(where, f"no fair comment says where the lines of {label} are")
    return adapter


def read(path: Path) -> Adapter:
    """Read the file of an adapter.

    Raises:
        BadInput: it cannot be read, or is none.
    """
    try:
        return decoded(path.read_bytes(), path.name)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", remedy="Correct it.") from error


def broken(where: str, why: str) -> BadInput:
    """Return the error for what is no adapter."""
    return BadInput(
        f"{where} is not an adapter: {why.rstrip('.')}.",
        field="adapter",
        remedy="Make one with `comity learn --cases FILE --out adapter.json`.",
    )


def adapted(engine: Engine, adapter: Adapter) -> Engine:
    """Return the engine with the adapter as one more detector.

    Raises:
        Conflict: the adapter was learnt for another version, or there is no encoder to read by.
        BadInput: its weights are not of this engine's shape.
    """
    require_encoder(engine)
    if adapter.engine != engine.version:
        raise Conflict(
            f"The adapter was learnt for engine {adapter.engine[:12]}; this is "
            f"{engine.version[:12]}.",
            field="adapter",
            remedy="Learn anew with `comity learn`: scores of another version mean something else.",
        )
    listening = remembering(engine)
    width = 1 + len(features(Submission.of("Good morning."), listening).columns)
    for label, learnt in adapter.labels.items():
        if len(learnt.weights) != width:
            raise broken("It", f"{label} has {len(learnt.weights)} weights instead of {width}")
    calibration = {label: dict(rows) for label, rows in engine.calibration.items()}
    for label, learnt in adapter.labels.items():
        calibration.setdefault(label, {})[NAME] = learnt.lines
    return replace(
        listening,
        version=named(engine, adapter.version),
        detectors={**listening.detectors, NAME: detector(adapter, listening)},
        calibration=calibration,
    )


def unable(engine: Engine, version: str, why: ComityError) -> Engine:
    """Return the engine with a detector in the adapter's place that leaves all to a person."""

    def look(_submission: Submission) -> list[Finding]:
        raise why

    return replace(
        engine, version=named(engine, version), detectors={**engine.detectors, NAME: look}
    )


def named(engine: Engine, version: str) -> str:
    """Return the version of an engine together with an adapter's."""
    return f"{engine.version}+{version}"


def require_encoder(engine: Engine) -> None:
    """Raise Conflict unless the engine has an encoder, and BadInput unless it can look."""
    if ENCODER not in engine.detectors:
        raise Conflict(
            "Learning reads what the language model makes of a comment, and it is off.",
            field="COMITY_ENCODER",
            remedy="Set COMITY_ENCODER=true (docs/learning.md says what it costs).",
        )
    try:
        from comity.detectors.encoder import see  # noqa: PLC0415  Its libraries are slow to import.

        engine.detectors[ENCODER](Submission.of("Good morning."))
        see(Submission.of("Good morning."))
    except Exception as error:
        raise Conflict(
            f"The language model cannot look: its libraries or weights are missing or broken "
            f"({type(error).__name__}).",
            field="COMITY_ENCODER",
            remedy="Install Comity anew; `comity doctor` says whether all detectors can look.",
        ) from error


def remembering(engine: Engine) -> Engine:
    """Return the engine with detectors that are not asked twice about the same comment."""
    remembered = {
        name: lru_cache(maxsize=REMEMBERED)(look) for name, look in engine.detectors.items()
    }
    return replace(engine, detectors=remembered)


def detector(adapter: Adapter, engine: Engine) -> Detector:
    """Make the detector that raises what an adapter has learnt to see in whole comments."""
    weights = {label: np.array(learnt.weights) for label, learnt in adapter.labels.items()}

    def look(submission: Submission) -> list[Finding]:
        found = features(submission, engine)
        scores = {label: score(found, label, learnt) for label, learnt in weights.items()}
        return [
            Finding(label, value, (), NAME, HOW)
            for label, value in scores.items()
            if value >= WORTH_SAYING
        ]

    return look


def score(found: Features, label: Label, weights: Numbers) -> float:
    """Return the chance that a label is right, as far as the decisions tell."""
    odds = found.start(label) + weights[0] + found.columns @ weights[1:]
    return float(1 / (1 + np.exp(-odds)))


def features(submission: Submission, engine: Engine) -> Features:
    """Return what the engine makes of a comment.

    Raises:
        Exception: a detector cannot look.
    """
    from comity.detectors.encoder import see  # noqa: PLC0415  Its libraries are slow to import.

    seen = see(submission)
    chances = seen.comment.astype(np.float64)
    listed = dict.fromkeys(Label, 0.0)
    for name, look in engine.detectors.items():
        if name not in {ENCODER, NAME}:
            for finding in look(submission):
                listed[finding.label] = max(listed[finding.label], finding.score)
    read = dict(zip(seen.labels, chances, strict=True))
    length = float(np.linalg.norm(seen.embedding)) or 1.0
    columns = (
        READ * log_odds(chances, SUREST),
        LISTED * log_odds(np.array(list(listed.values()))),
        MEANING * seen.embedding.astype(np.float64) / length,
    )
    own = {label: max(listed[label], float(read.get(label, 0.0))) for label in Label}
    return Features(np.concatenate(columns), own)


def log_odds(chances: Numbers, most: float = SURE) -> Numbers:
    """Return log odds within bounds."""
    least = 1 / (1 + np.exp(most))
    inside = np.clip(chances, least, 1 - least)
    return np.asarray(np.log(inside / (1 - inside)))
