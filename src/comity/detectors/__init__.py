"""The engine: every detector in the order it runs, and the calibration that reads their scores."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from math import exp, log, sqrt
from pathlib import Path
from typing import Any

from comity.detectors.despair import despair
from comity.detectors.harassment import harassment
from comity.detectors.hate import hate
from comity.detectors.incivility import incivility
from comity.detectors.off_topic import off_topic
from comity.detectors.personal_attack import personal_attack
from comity.detectors.personal_information import personal_information
from comity.detectors.profanity import profanity
from comity.detectors.slur import slur
from comity.detectors.spam import spam
from comity.detectors.threat import threat
from comity.detectors.tragedy_joke import tragedy_joke
from comity.detectors.vulgarity import vulgarity
from comity.findings import Detector, Finding, Label, Submission

HERE = Path(__file__).parent

# All of them always run. A new detector is a module here and one line below.
DETECTORS: dict[str, Detector] = {
    "profanity": profanity,  # swear words, in whatever disguise
    "vulgarity": vulgarity,  # crude sexual or bodily talk
    "slur": slur,  # derogatory terms for protected groups
    "personal_attack": personal_attack,  # insults to somebody, by word list and turn of phrase
    "harassment": harassment,  # pursuing, exposing, calling others in, telling to self-harm
    "threat": threat,  # violence threatened, hinted at, called for or wished
    "hate": hate,  # a protected group degraded or excluded, with no slur needed
    "incivility": incivility,  # contempt for the one who is answered, without an insult
    "tragedy_joke": tragedy_joke,  # a tragedy, a victim and mockery in one place
    "personal_information": personal_information,  # the way to a private person's door
    "spam": spam,  # advertising, bait, link drops, repeats
    "off_topic": off_topic,  # nothing in common with the story or the comment it answers
    "despair": despair,  # no breach: somebody who does not want to live
}

# These only bring a comment before a person: the machine rejects nothing on their word alone.
AT_MOST_HOLD = frozenset({"encoder", "relevance", "adapter"})

# What an unmeasured label needs to be held. Nothing is known of its mistakes, so a person reads.
UNMEASURED = 0.5

# Scores are kept to so many places, in findings as in lines.
PLACES = 4

# One-sided 95 %: a line is drawn only where we are this sure that the tolerance is kept.
SURE = 1.6449

# A detector's own score is taken to be no surer than this, when it becomes a probability.
SUREST = 0.999

Lines = tuple[tuple[float, float], ...]
Scale = tuple[float, float]  # Slope and shift of a logistic function over a score's log odds.


@dataclass(frozen=True)
class Engine:
    """All detectors with their word lists and calibration, in one version.

    `version` is a hash over the detectors' code and data: the same version gives the same scores.
    `calibration` gives, for a label and each detector that raises it, ascending scores, each with
    the largest share of fair comments that may plausibly reach it. `second` says whether a second
    opinion sees a label in a comment, without which nothing is rejected; None: nobody is asked.
    `languages` give the same by language, but with the plain shares of its own fair comments.
    `scales` make a detector's own score a probability; what has none gives one already.
    """

    version: str
    detectors: Mapping[str, Detector]
    calibration: Mapping[Label, Mapping[str, Lines]]
    second: Callable[[Submission, Label], bool] | None = None
    scales: Mapping[tuple[Label, str], Scale] = field(default_factory=dict)
    languages: Mapping[str, Mapping[Label, Mapping[str, Lines]]] = field(default_factory=dict)

    @classmethod
    def default(cls, *, encoder: bool = False) -> "Engine":
        """Return the engine that is packaged, read once; with the encoder if it is asked for."""
        return default_engine(encoder)

    def line(
        self,
        label: Label,
        detector: str,
        one_in: int,
        *,
        language: str = "",
        rejecting: bool = False,
    ) -> float | None:
        """Return the score from which at most one of `one_in` fair comments is met by this label.

        It is drawn where that is sure of all comments, and raised until it holds of those of the
        comment's own language too: of these there are mostly too few to be sure.
        Where it is about `rejecting`, those that hold at most have no share. None: no score is that
        safe, so the machine may not do it.
        """
        every = self.calibration.get(label, {})
        own = self.languages.get(language, {}).get(label, {})
        lines = [
            drawn(rows, detector, one_in, rejecting=rejecting)
            for rows in (every, own)
            if rows is every or detector in rows
        ]
        return None if None in lines else max(line for line in lines if line is not None)

    def probable(self, finding: Finding) -> Finding:
        """Return a finding with the probability, at a news site's prevalence, that it is right."""
        scale = self.scales.get((finding.label, finding.detector))
        return finding if scale is None else replace(finding, score=chance(finding.score, scale))

    def strictest(self, label: Label, detector: str) -> float:
        """Return the safest score there is: where a person is asked although no line is safe."""
        lines = self.calibration.get(label, {}).get(detector, ())
        return lines[-1][0] if lines else UNMEASURED


def drawn(
    rows: Mapping[str, Lines], detector: str, one_in: int, *, rejecting: bool
) -> float | None:
    """Return the least score of a detector at which a label's tolerance is kept; None: at none.

    Detectors that raise one label share its tolerance, for a comment is met when any of them meets
    it: word lists first, and what one needs less than its share is left to the others.
    """
    sharing = sorted(
        (name for name in rows if name == detector or not (rejecting and name in AT_MOST_HOLD)),
        key=lambda name: name in AT_MOST_HOLD,
    )
    left = 1 / one_in
    for place, name in enumerate(sharing):
        allowed = left / (len(sharing) - place)
        safe = next(((score, share) for score, share in rows[name] if share <= allowed), None)
        if name == detector:
            return safe[0] if safe else None
        left -= safe[1] if safe else allowed
    return None


@cache
def default_engine(encoder: bool) -> Engine:
    """Put the packaged engine together."""
    detectors = {**(learned() if encoder else {}), **DETECTORS}
    table = json.loads((HERE / "calibration.json").read_text(encoding="utf-8"))
    second = sees if encoder else None
    scales = {
        (Label(name), detector): (row["scale"][0], row["scale"][1])
        for name, rows in table["labels"].items()
        for detector, row in rows.items()
        if row.get("scale")
    }
    return Engine(
        version(encoder=encoder),
        detectors,
        calibrated(table["labels"], detectors),
        second,
        scales,
        {
            language: calibrated(table["labels"], detectors, language)
            for language in table.get("languages", ())
        },
    )


def sees(submission: Submission, label: Label) -> bool:
    """Say whether the language model sees a label in a comment."""
    from comity.detectors.encoder import sees  # noqa: PLC0415  Its libraries are slow to import.

    return sees(submission, label)


def learned() -> dict[str, Detector]:
    """Return what also looks unless it is switched off: a language model sees what no list does."""
    from comity.detectors.encoder import encoder  # noqa: PLC0415  Its libraries are slow to import.
    from comity.detectors.relevance import relevance  # noqa: PLC0415

    return {
        "encoder": encoder,  # every label but off_topic, by what is meant
        "relevance": relevance,  # off_topic by likeness of meaning, where no word is shared
    }


def version(*, encoder: bool) -> str:
    """Return the hash over everything that a score depends on: code, word lists, calibration."""
    sources = [path for path in HERE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    sources += [*HERE.parent.glob("text*.py"), HERE.parent / "findings.py"]
    weights = HERE / "weights"
    digest = sha256()
    for path in sorted(sources):
        if path.is_relative_to(weights) and not encoder:
            continue
        content = path.read_bytes()
        digest.update(f"{path.relative_to(HERE.parent).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def calibrated(
    labels: Mapping[str, Mapping[str, Any]], detectors: Collection[str], language: str = ""
) -> dict[Label, dict[str, Lines]]:
    """Turn counts of fair comments that reached a score into shares: those that may be relied on.

    Of one language they are the shares as they were counted. Detectors' own scores become the
    probabilities that findings will have.
    """
    return {
        Label(name): {
            detector: shares(rows[detector], language) for detector in detectors if detector in rows
        }
        for name, rows in labels.items()
    }


def shares(row: Mapping[str, Any], language: str) -> Lines:
    """Return one detector's scores with the shares of fair comments that reach them."""
    if not language:
        return tuple(
            (probability(score, row), at_most(met, row["fair"])) for score, met in row["met"]
        )
    own = row["languages"][language]
    return tuple((probability(score, row), met / max(1, own["fair"])) for score, met in own["met"])


def probability(score: float, row: Mapping[str, Any]) -> float:
    """Return a line's score as the probability that a finding there is given, rounded like it."""
    scale = row.get("scale")
    return round(chance(score, (scale[0], scale[1])), PLACES) if scale else score


def chance(score: float, scale: Scale) -> float:
    """Return the probability that a detector is right, from its own score (Platt's scaling)."""
    slope, shift = scale
    inside = min(max(score, 1 - SUREST), SUREST)
    return 1 / (1 + exp(-slope * log(inside / (1 - inside)) - shift))


def at_most(met: int, of: int) -> float:
    """Return the upper end of Wilson's interval for `met` out of `of`, one-sided 95 %."""
    share = met / of
    middle = share + SURE**2 / (2 * of)
    spread = SURE * sqrt(share * (1 - share) / of + SURE**2 / (4 * of**2))
    return (middle + spread) / (1 + SURE**2 / of)
