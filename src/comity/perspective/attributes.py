"""From what the detectors saw to the attributes of the protocol: the only place that knows both.

An attribute's *evidence* is the chance that at least one of its labels is right: one minus the
product of what each leaves, a label's share of an attribute being its weight. Where the encoder
looks too, it is weighed against what the encoder makes of the comment (see `weighed`). A monotone
table, one an attribute, turns evidence into the scale that callers' thresholds were chosen on.
Tables and weights are in calibration.json, made and measured by `python -m benchmarks.perspective`.
"""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from math import exp, log
from pathlib import Path

from comity.detectors import Engine
from comity.findings import Finding, Label, Submission
from comity.judge import look, never
from comity.text import Span, fold

TABLE = Path(__file__).parent / "calibration.json"
LANGUAGES = ("en", "es")
EXPERIMENTAL = "_EXPERIMENTAL"
# The detectors whose scores the tables were made for: one a label, named like it. Another that
# raises the same label counts once it is named here and the tables are made anew.
SOURCES = frozenset(label.value for label in Label)
ENCODER = "encoder"
LEAST = 1e-4  # Chances are weighed as log odds, and these have bounds.
LISTED, NGRAMS, BIAS = "listed", "ngrams", "bias"

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Attribute:
    """What an attribute means, in the protocol's words, and which labels speak for it, how much."""

    name: str
    meaning: str
    weights: Mapping[Label, float]
    compares: bool = False  # with the article, so that it says nothing without one

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it is served in."""
        return LANGUAGES


def attribute(
    name: str, meaning: str, *, compares: bool = False, **weights: float
) -> tuple[str, Attribute]:
    """Make a row of the table."""
    by_label = {Label(label): weight for label, weight in weights.items()}
    return name, Attribute(name, meaning, by_label, compares)


PRODUCTION = dict(
    (
        attribute(
            "TOXICITY",
            "A rude, disrespectful, or unreasonable comment that is likely to make people leave "
            "a discussion.",
            profanity=1,
            slur=1,
            personal_attack=0.95,
            hate=0.95,
            vulgarity=0.9,
            threat=0.9,
            harassment=0.8,
            incivility=0.6,
            tragedy_joke=0.6,
        ),
        attribute(
            "SEVERE_TOXICITY",
            "A very hateful, aggressive, disrespectful comment, or one very likely to make a user "
            "leave a discussion.",
            slur=0.9,
            threat=0.9,
            hate=0.9,
            profanity=0.7,
            vulgarity=0.7,
            harassment=0.6,
            personal_attack=0.4,
        ),
        attribute(
            "IDENTITY_ATTACK",
            "Negative or hateful comments targeting someone because of their identity.",
            slur=1,
            hate=1,
            profanity=0.3,
            vulgarity=0.3,
            personal_attack=0.3,
            threat=0.3,
        ),
        attribute(
            "INSULT",
            "Insulting, inflammatory, or negative comment towards a person or a group of people.",
            personal_attack=1,
            slur=0.95,
            profanity=0.9,
            hate=0.9,
            vulgarity=0.8,
            harassment=0.6,
            incivility=0.6,
            threat=0.5,
        ),
        attribute(
            "PROFANITY",
            "Swear words, curse words, or other obscene or profane language.",
            profanity=1,
            vulgarity=0.9,
            slur=0.9,
            personal_attack=0.5,
        ),
        attribute(
            "THREAT",
            "Describes an intention to inflict pain, injury, or violence against an individual or "
            "group.",
            threat=1,
            harassment=0.8,
            hate=0.3,
            profanity=0.2,
            personal_attack=0.2,
        ),
    )
)
OTHERS = dict(
    (
        attribute(
            "OBSCENE",
            "Obscene or vulgar language such as cursing.",
            profanity=1,
            vulgarity=1,
            slur=0.8,
        ),
        attribute("SPAM", "Irrelevant and unsolicited commercial content.", spam=1),
        attribute("OFF_TOPIC", "Not related to the original topic.", compares=True, off_topic=1),
    )
)
ATTRIBUTES: Mapping[str, Attribute] = {
    **PRODUCTION,
    **{f"{name}{EXPERIMENTAL}": found for name, found in PRODUCTION.items()},
    **OTHERS,
}


def known(name: str) -> Attribute | None:
    """Return the attribute of a name, which may carry a version (`TOXICITY@6`)."""
    return ATTRIBUTES.get(name.partition("@")[0])


@dataclass(frozen=True, slots=True)
class Seen:
    """What the detectors saw in a comment, to be read attribute by attribute.

    `read` is what the encoder made of the comment, label by label, from 0 to 1, where it looks; it
    is given a span in code points, or None for the whole.
    """

    findings: tuple[Finding, ...]
    undetermined: frozenset[str] = field(default=frozenset())
    read: Callable[[Span | None], Mapping[str, float]] | None = None

    def value(self, attribute: Attribute, within: Span | None = None) -> float:
        """Return an attribute's score, 0..1, of the whole or of a span in code points."""
        found = self.findings
        if within is not None:
            found = tuple(one for one in found if not one.spans or touches(one, within))
        listed = evidence(attribute, found)
        table = tables()[attribute.name]
        if self.read is None or not table.weights:
            return calibrated(listed, table.listed)
        return calibrated(weighed(listed, self.read(within), table.weights), table.read)

    def lacks(self, attribute: Attribute) -> bool:
        """Say whether a detector that speaks for an attribute could not look."""
        speaking = {ENCODER, *(label.value for label in attribute.weights)}
        return not speaking.isdisjoint(self.undetermined)


def see(submission: Submission, engine: Engine, expired: Callable[[], bool] = never) -> Seen:
    """Let every detector that speaks for an attribute look at a comment."""
    speaking = {name: detector for name, detector in engine.detectors.items() if name in SOURCES}
    findings, undetermined = look(
        submission, replace(engine, detectors=speaking, scales={}), expired
    )
    if ENCODER not in engine.detectors:
        return Seen(findings, frozenset(undetermined))
    try:
        return Seen(findings, frozenset(undetermined), reading(submission))
    except Exception:  # noqa: BLE001  Whatever broke, no low score may come of it.
        return Seen(findings, frozenset({*undetermined, ENCODER}))


def reading(submission: Submission) -> Callable[[Span | None], dict[str, float]]:
    """Return what tells, of a span or of the whole, what encoder and n-grams make of it."""
    from comity.detectors.encoder import reader  # noqa: PLC0415  Its libraries are slow to import.
    from comity.detectors.relevance import astray  # noqa: PLC0415
    from comity.perspective.ngrams import toxicity  # noqa: PLC0415

    by_label, text = reader(submission), submission.text
    whole = {NGRAMS: toxicity(text)}
    if submission.story is not None:
        whole[Label.OFF_TOPIC] = astray(submission)

    def read(within: Span | None) -> dict[str, float]:
        if within is None:
            return {**by_label(None), **whole}
        return {**by_label(within), **whole, NGRAMS: toxicity(fold(text.words(within)))}

    return read


def scores(submission: Submission, engine: Engine) -> dict[str, float]:
    """Return every attribute's score of a comment."""
    seen = see(submission, engine)
    return {name: seen.value(attribute) for name, attribute in ATTRIBUTES.items()}


def evidence(attribute: Attribute, findings: Iterable[Finding]) -> float:
    """Return the chance that at least one label speaks for an attribute, 0..1."""
    strongest: dict[Label, float] = {}
    for finding in findings:
        if finding.detector in SOURCES and finding.label in attribute.weights:
            strongest[finding.label] = max(strongest.get(finding.label, 0.0), finding.score)
    left = 1.0
    for label, score in strongest.items():
        left *= 1 - attribute.weights[label] * score
    return 1 - left


def touches(finding: Finding, span: Span) -> bool:
    """Say whether a finding's words lie in a span."""
    return any(start < span[1] and end > span[0] for start, end in finding.spans)


def calibrated(evidence: float, points: Points) -> float:
    """Return the score of an evidence: straight lines between the points of its table."""
    place = bisect_right(points, (evidence, 2.0))
    if place == 0:
        return points[0][1]
    if place == len(points):
        return points[-1][1]
    (x0, y0), (x1, y1) = points[place - 1 : place + 1]
    return round(y0 + (y1 - y0) * (evidence - x0) / (x1 - x0), 6)


def weighed(listed: float, read: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the evidence of lists and encoder together: a logistic model of their log odds."""
    given = {**read, LISTED: listed}
    total = weights[BIAS] + sum(
        weight * log_odds(given[name]) for name, weight in weights.items() if name != BIAS
    )
    return 1 / (1 + exp(-total))


def log_odds(chance: float) -> float:
    """Return the log odds of a chance, kept within bounds."""
    held = min(max(chance, LEAST), 1 - LEAST)
    return log(held / (1 - held))


@dataclass(frozen=True, slots=True)
class Scale:
    """An attribute's tables: of lists alone, and of what is weighed where the encoder looks too."""

    listed: Points
    weights: Mapping[str, float]
    read: Points


@cache
def tables() -> dict[str, Scale]:
    """Read the tables."""
    rows = json.loads(TABLE.read_text(encoding="utf-8"))["attributes"]
    return {
        name: Scale(
            tuple((x, y) for x, y in row["points"]),
            row.get("weights", {}),
            tuple((x, y) for x, y in row.get("read", ())),
        )
        for name, row in rows.items()
    }


@cache
def version() -> str:
    """Return the hash of the tables, twelve characters: the same ones give the same scores."""
    return sha256(TABLE.read_bytes()).hexdigest()[:12]
