"""Measure how often fair comments reach each score, label by label: the engine's calibration.

    python -m benchmarks.calibrate DATA [--talk N] [--jobs N] [--review]

Reads the published training sets under DATA/train and DATA/authored, and our own in
training/authored, and writes src/comity/detectors/calibration.json. What the encoder was trained on
does not count. Only counts are kept; no text leaves the data.

Wikipedia's raters were asked about toxicity, not about our rules, and what they called fair holds
plain breaches. `--review` prints every hit of which nobody has said yet whether it is one; whoever
reads them adds its line to benchmarks/calibration_reviewed.txt, and the comment counts no more as
fair for that label. docs/accuracy.md tells the method.
"""

import argparse
import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from rich.progress import track

from benchmarks.reliability import (
    PICTURE,
    PREVALENCE,
    Raised,
    Told,
    crossfitted,
    error,
    picture,
    scale,
)
from comity.case import Question, StoryRecord
from comity.detectors import DETECTORS, HERE, learned
from comity.detectors.reading import WEIGHTS
from comity.detectors.story_words import LANGUAGES, language_of
from comity.findings import Label
from training.authored import HELD_OUT, OWN
from training.remembered import taken
from training.rows import share
from training.stages import ROUNDS

REVIEWED = Path(__file__).with_name("calibration_reviewed.txt")
WRITTEN = Path(__file__).with_name("fair.jsonl")

TALK, BELOW, AUTHORED, OURS = "talk", "talk below a tragedy", "authored", "authored to learn from"
FAIR = "as readers write"  # benchmarks/fair.jsonl: never learnt from, no look-alikes among them.
# Where comments are from that say something about a label's mistakes: these two need a story.
SOURCES = {Label.OFF_TOPIC: {AUTHORED, FAIR}, Label.TRAGEDY_JOKE: {AUTHORED, FAIR, BELOW}}
OTHERWISE = {AUTHORED, FAIR, TALK}
# The same for what has learnt. Talk under a story that it is not about is no joke about it, but no
# comment either, and Wikipedia's links are not what readers of news are sold.
NO_TALK = (Label.OFF_TOPIC, Label.TRAGEDY_JOKE, Label.SPAM)
UNSEEN = {label: {AUTHORED, OURS, FAIR} for label in NO_TALK}
UNSEEN_OTHERWISE = {AUTHORED, OURS, FAIR, TALK}

# What has learnt from comments says nothing of its mistakes on these.
LEARNED = {"encoder", "relevance"}

# Signatures, time stamps and markup that stand under no story.
WIKI = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}|\d{4}-\d\d-\d\d|\b\d{8,}|\(UTC\)|[|=]{2}|\(talk|\bUser:|"
    r"\b(?:Talk|Image|File|Template|WP):|ISBN|OCLC|oldid|tag has been placed|[Cc]lick here|"
    r"\b[Mm]y (?:page|link)\b"
)

# Where comments are from that were written to look like a breach. They count for no more than this
# share of the fair ones: an assumption, and their share where most labels are measured.
LOOK_ALIKES = {AUTHORED, OURS}
LOOKING_ALIKE = 0.125

# Where a comment is from that is not fair. It only shows which scores there are.
BREACH = "breach"

Seen = tuple[Label, str]  # A label, and the detector that raised it.

BELOW_TRAGEDIES = 3_000  # Of the talk, how much is also read below a tragedy.

GRID = 100  # scores are told apart to a hundredth


@dataclass(frozen=True, slots=True)
class Sample:
    """A comment to measure; `unseen` says that no training has had it.

    `expect` holds what it is, where every label is known; `group` names its story.
    """

    source: str
    unseen: bool
    question: Question
    expect: frozenset[str] = frozenset()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was seen in one comment: each detector's highest score of a label, in hundredths."""

    sample: Sample
    digest: str
    steps: dict[Seen, int]
    words: dict[Seen, str]

    @property
    def source(self) -> str:
        """Where the comment is from."""
        return self.sample.source


def talk(data: Path, most: int, *, fair: bool) -> list[Sample]:
    """Return Wikipedia's talk that raters gave none (or one) of six labels of toxicity."""
    with gzip.open(data / "train/jigsaw_davidson.csv.gz", "rt", encoding="utf-8") as file:
        texts = {
            row["text"]
            for row in csv.DictReader(file)
            if row["source"] == "jigsaw" and (row["offensive"] == "0") is fair
        }
    kept = sorted((text for text in texts if not WIKI.search(text)), key=digest)
    known = taken(data, "jigsaw_clean", ROUNDS) if fair else frozenset()
    return [
        Sample(TALK if fair else BREACH, text not in known, Question("", text))
        for text in kept[:most]
    ]


def below_tragedies(data: Path, samples: list[Sample]) -> Iterator[Sample]:
    """Give talk below stories of tragedies, one after another: it jokes about none of them."""
    told = list(stories_of(data / "authored/train_tragedy.jsonl").values())
    for place, sample in enumerate(samples):
        question = Question("", sample.question.text, story=told[place % len(told)])
        yield Sample(BELOW, sample.unseen, question)


def authored(data: Path) -> Iterator[Sample]:
    """Give the comments that were written with a story, many to look like what they are not."""
    learnt = json.loads((WEIGHTS / "labels.json").read_text("utf-8"))["authored"]
    for file in [*sorted((data / "authored").glob("train_*.jsonl")), *sorted(OWN.glob("*.jsonl"))]:
        told = stories_of(file)
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            unseen = share("held out", row["story"] or row["text"]) < HELD_OUT
            unseen = unseen or (file.parent == OWN and file.stem not in learnt)
            if file.parent == OWN and not unseen:
                continue
            fair = not row["expect"] and not row.get("tolerated")
            source = (OURS if file.parent == OWN else AUTHORED) if fair else BREACH
            question = Question("", row["text"], row["parent"], story=told.get(row["story"]))
            expect = {*row["expect"], *([Label.DESPAIR] if row.get("despair") else ())}
            group = row["story"] or row["text"]
            yield Sample(source, unseen, question, frozenset(expect), group)


def as_readers_write() -> Iterator[Sample]:
    """Give the comments that were written as readers write them, to be fair and nothing else."""
    told = stories_of(WRITTEN)
    for line in WRITTEN.read_text("utf-8").splitlines():
        row = json.loads(line)
        question = Question("", row["text"], row["parent"], story=told[row["story"]])
        yield Sample(FAIR, unseen=True, question=question, group=row["story"])


def stories_of(file: Path) -> dict[str, StoryRecord]:
    """Return the stories that stand beside a file of comments, by their ids."""
    told = json.loads(file.with_name(f"{file.stem}_stories.json").read_text("utf-8"))
    return {story.pop("id"): StoryRecord(**story) for story in told}


def digest(text: str) -> str:
    """Return a short name for a text that does not give it away."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def measure(sample: Sample) -> Measured:
    """Run every detector on one comment."""
    submission = sample.question.submission()
    text = sample.question.text
    steps: dict[Seen, int] = {}
    words: dict[Seen, str] = {}
    for detector in (*DETECTORS.values(), *learned().values()):
        for finding in detector(submission):
            step, seen = int(finding.score * GRID + 1e-6), (finding.label, finding.detector)
            if step > steps.get(seen, 0):
                steps[seen] = step
                words[seen] = around(text, finding.spans)
    return Measured(sample, digest(text), steps, words)


def around(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """Return the first words found, marked, with what stands around them."""
    start, end = spans[0] if spans else (0, 0)
    shown = f"{text[max(0, start - 60) : start]}[{text[start:end]}]{text[end : end + 60]}"
    return " ".join(shown.split())


def table(measured: list[Measured], reviewed: set[tuple[str, str]]) -> dict[str, Any]:
    """Return, for a label and each detector that raises it, how many reach each score."""
    raised = sorted({seen for one in measured for seen in one.steps})
    known = {seen: raised_by(measured, fair_for(measured, seen, reviewed), seen) for seen in raised}
    found: dict[str, dict[str, Any]] = {label.value: {} for label in Label}
    for seen in raised:
        label, detector = seen
        fair = fair_for(measured, seen, reviewed)
        spoken = {
            language: [one for one in fair if language_of(one.sample.question.text) == language]
            for language in LANGUAGES
        }
        found[label.value][detector] = {
            "scale": scale(known[seen]) or scale(alike(known, detector)),
            **counted(measured, fair, seen),
            "languages": {name: counted(measured, some, seen) for name, some in spoken.items()},
        }
    return found


def counted(measured: list[Measured], fair: list[Measured], seen: Seen) -> dict[str, Any]:
    """Return how many comments are fair, and how many of them reach each score."""
    top = max(one.steps.get(seen, 0) for one in measured)
    weights = weighed(fair)
    reached = list(zip((one.steps.get(seen, 0) for one in fair), weights, strict=True))
    return {"fair": round(sum(weights), 1), "met": steps(reached, top)}


def weighed(fair: list[Measured]) -> list[float]:
    """Return for how many each fair comment counts: look-alikes for no more than their share."""
    alike = sum(one.source in LOOK_ALIKES for one in fair)
    most = LOOKING_ALIKE / (1 - LOOKING_ALIKE) * (len(fair) - alike)
    return [min(1.0, most / alike) if one.source in LOOK_ALIKES else 1.0 for one in fair]


def alike(known: dict[Seen, list[Raised]], detector: str) -> list[Raised]:
    """Return what all detectors of a kind raised: for the labels that too few breaches tell of."""
    learnt = detector in LEARNED
    return [one for seen, found in known.items() if (seen[1] in LEARNED) is learnt for one in found]


def fair_for(
    measured: list[Measured], seen: Seen, reviewed: set[tuple[str, str]]
) -> list[Measured]:
    """Return the comments that are fair by a label and tell of a detector's mistakes with it."""
    label, detector = seen
    return [
        one
        for one in measured
        if counts(one, label, detector)
        and label not in one.sample.expect
        and (label.value, one.digest) not in reviewed
    ]


def counts(one: Measured, label: Label, detector: str) -> bool:
    """Say whether a comment tells of a detector's mistakes with a label."""
    if detector in LEARNED:
        return one.sample.unseen and one.source in UNSEEN.get(label, UNSEEN_OTHERWISE)
    return one.source in SOURCES.get(label, OTHERWISE)


def raised_by(measured: list[Measured], fair: list[Measured], seen: Seen) -> list[Raised]:
    """Return a detector's findings of one label with the truth, as they stand on a news site."""
    label, detector = seen
    breaches = [
        one
        for one in measured
        if label in one.sample.expect and (one.sample.unseen or detector not in LEARNED)
    ]
    prevalence = PREVALENCE[label]
    light, heavy = (1 - prevalence) / len(fair), prevalence / max(1, len(breaches))
    return [
        Raised(one.steps[seen] / GRID, breach, weight, one.sample.group or one.digest)
        for found, breach, weight in ((fair, False, light), (breaches, True, heavy))
        for one in found
        if seen in one.steps
    ]


def reliability(measured: list[Measured], reviewed: set[tuple[str, str]]) -> list[str]:
    """Draw how far the probabilities hold, cross-fitted, and return the figures."""
    told: dict[Label, list[Told]] = {}
    for seen in sorted({seen for one in measured for seen in one.steps}):
        fair = fair_for(measured, seen, reviewed)
        told.setdefault(seen[0], []).extend(crossfitted(raised_by(measured, fair, seen)))
    whole = [one for found in told.values() for one in found]
    PICTURE.write_text(picture(whole), encoding="utf-8")
    silent = len(Label) - sum(one.weight for one in whole)
    return [
        f"{label.value}: {error(found):.3f} of {len(found)} findings"
        for label, found in told.items()
        if found
    ] + [
        f"findings: {error(whole):.3f} of {len(whole)}",
        f"comments: {error(whole, max(0.0, silent)):.4f}",
    ]


def steps(reached: list[tuple[int, float]], top: int) -> list[tuple[float, float]]:
    """Return the scores at which fewer comments are met than below, with how many are."""
    met: list[tuple[float, float]] = []
    for step in range(1, top + 1):
        reaching = round(sum(weight for score, weight in reached if score >= step), 1)
        if not met or met[-1][1] != reaching:
            met.append((step / GRID, reaching))
    return met


def review(measured: list[Measured], reviewed: set[tuple[str, str]]) -> None:
    """Print every hit that nobody has read yet, by label, highest score first."""
    for seen in sorted({seen for one in measured for seen in one.steps}):
        hits = [
            one
            for one in measured
            if one.source == TALK
            and one.steps.get(seen, 0) >= GRID // 2
            and (seen[0].value, one.digest) not in reviewed
        ]
        for one in sorted(hits, key=lambda one: -one.steps[seen]):
            print(*seen, one.digest, one.steps[seen], one.words[seen])


def main() -> None:
    """Measure, and write the table or print what is to be reviewed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--talk", type=int, default=12_000, help="comments of Wikipedia's talk")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--review", action="store_true")
    asked = parser.parse_args()

    lines = REVIEWED.read_text(encoding="utf-8").splitlines()
    marked = (line.split() for line in lines if line and not line.startswith("#"))
    reviewed = {(words[0], words[1]) for words in marked}
    fair_talk = talk(asked.data, asked.talk, fair=True)
    samples = [
        *authored(asked.data),
        *as_readers_write(),
        *fair_talk,
        *below_tragedies(asked.data, fair_talk[:BELOW_TRAGEDIES]),
        *talk(asked.data, 2_000, fair=False),
    ]
    with ProcessPoolExecutor(asked.jobs) as pool:
        found = pool.map(measure, samples, chunksize=100)
        measured = list(track(found, "measuring", len(samples)))
    if asked.review:
        return review(measured, reviewed)

    sources = Counter(one.source for one in measured if one.source != BREACH)
    labels = ",\n".join(
        f" {json.dumps(name)}: {json.dumps(row)}" for name, row in table(measured, reviewed).items()
    )
    told = {"measured_on": sources, "languages": LANGUAGES, "prevalence": PREVALENCE}
    heading = ",\n".join(f"{json.dumps(name)}: {json.dumps(what)}" for name, what in told.items())
    text = f'{{{heading},\n"labels": {{\n{labels}\n}}}}\n'
    (HERE / "calibration.json").write_text(text, encoding="utf-8")
    print(*(f"{name}: {n} fair comments" for name, n in sources.items()), sep="\n")
    print(*reliability(measured, reviewed), sep="\n")
    return None


if __name__ == "__main__":
    main()
