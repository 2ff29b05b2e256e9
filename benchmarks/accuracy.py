"""Every figure of docs/accuracy.md, measured on what is served; `make evaluate` writes them there.

python -m benchmarks.accuracy DATA [--half open|frozen|whole] [--write]

The two functional suites are cut in halves by a hash of each case's id (both sides of a pair go the
same way). Choices are made on the open half; the frozen one is looked at once a release. A third,
ours, is only ever looked at as a whole: nothing is learnt from it, chosen or drawn on it. Simpler
judges of the same comments stand beside (baselines.py). Reads DATA and nothing else; needs
training/requirements.txt, alt-profanity-check and better-profanity.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track
from sklearn.metrics import roc_auc_score

from benchmarks.baselines import baselines, published_and_stopped
from comity.detectors import HERE, Engine, probability
from comity.detectors.encoder import see
from comity.detectors.reading import WEIGHTS, pieces
from comity.detectors.relevance import astray
from comity.detectors.story_words import LANGUAGES
from comity.evaluate import Report, read_cases, read_stories, score, stories_beside
from comity.evaluate.report import Share, mean
from comity.evaluate.suite import LabelledCase
from comity.findings import StoryExcerpt, Submission
from comity.guidelines import Guidelines
from comity.judge import Outcome, judge
from training import dev
from training.fairness import swaps
from training.rows import Row
from training.scoring import from_onnx

PAGE = Path(__file__).parents[1] / "docs" / "accuracy.md"
BEGIN, END = "<!-- figures: made by `make evaluate` -->", "<!-- end of figures -->"
SUITES = ("civility_dev", "civility_dev2")
OURS = Path(__file__).with_name("untouched.jsonl")
WORST = 12  # Functionalities that are named.
DRAWS, SEED = 200, 0  # Of a bootstrap.
HELD = 0.15  # Of the traffic, how much a newsroom may read.

Lines = list[str]


def main() -> None:
    """Measure, and print or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--half", choices=("open", "frozen", "whole"), default="open")
    parser.add_argument("--suites", action="store_true", help="only the functional suites")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    asked = parser.parse_args()
    lines = suites(asked.data, asked.half) + beside(asked.data, asked.half)
    if not asked.suites:
        lines += drawn_lines() + natural(asked.data) + sets(asked.data) + fairness()
    text = "\n".join(lines)
    print(text)
    if asked.write:
        page = PAGE.read_text(encoding="utf-8")
        start, end = page.index(BEGIN) + len(BEGIN), page.index(END)
        PAGE.write_text(f"{page[:start]}\n\n{text}\n\n{page[end:]}", encoding="utf-8")


def suites(data: Path, half: str) -> Lines:
    """Return the figures of the functional suites, word lists alone and with the encoder."""
    reports: dict[str, Report] = {}
    for name, file in files(data, half).items():
        told = read_stories(stories_beside(file) or file)
        cases = cases_of(file, half)
        for encoder in (False, True):
            engine = Engine.default(encoder=encoder)
            title = f"{name}{', encoder' if encoder else ', lists'}"
            shown = track(cases, title, len(cases))
            reports[title] = score(shown, told, Guidelines.default(), engine)
            if encoder:
                spanish = [case for case in cases if case.lang == "es"]
                reports[f"{name}, encoder, es"] = score(spanish, told, Guidelines.default(), engine)
    heads = list(reports)
    lines = [f"Half: {half}.", "", row("", *heads), row("---", *["---"] * len(heads))]
    for what, read in SHOWN.items():
        lines.append(row(what, *(read(one) for one in reports.values())))
    lines += ["", row("recall / false share", *heads), row("---", *["---"] * len(heads))]
    for label in reports[heads[0]].recall:
        lines.append(
            row(
                f"`{label}`",
                *(f"{said(r.recall[label])} / {said(r.false[label])}" for r in reports.values()),
            )
        )
    for title, report in reports.items():
        if title.endswith("encoder"):
            worst = list(report.groups["functionality"].items())[:WORST]
            named = ", ".join(f"{name} {one.right}/{one.of}" for name, one in worst)
            lines += ["", f"Worst functionalities in {title.split(',')[0]}: {named}."]
    return [*lines, ""]


def files(data: Path, half: str) -> dict[str, Path]:
    """Return the suites; ours is no place to choose anything, so only the whole has it."""
    found = {name: data / "authored" / f"{name}.jsonl" for name in SUITES}
    return {**found, OURS.stem: OURS} if half == "whole" else found


def beside(data: Path, half: str) -> Lines:
    """Return what simpler judges make of the functional suites, which know no labels."""
    suites = files(data, half)
    heads = [f"{name}, {what}" for name in suites for what in ("balanced", "clean", "violating")]
    lines = [row("any reason counts", *heads), row("---", *["---"] * len(heads))]
    for title, judged in baselines(data).items():
        cells: list[str] = []
        for file in suites.values():
            cases = cases_of(file, half)
            shares = published_and_stopped(judged, cases)
            balanced = percent(mean(one.share for one in shares))
            cells += [f"**{balanced}**", *(said(one, interval=True) for one in shares)]
        lines.append(row(title, *cells))
    return [*lines, ""]


def cases_of(file: Path, half: str) -> list[LabelledCase]:
    """Return the cases of a suite, or of a half of it."""
    return [case for case in read_cases(file) if half in {"whole", half_of(case)}]


def half_of(case: LabelledCase) -> str:
    """Return the half that a case belongs to; pairs stay together."""
    key = "|".join(sorted((str(case.id), str(case.pair or case.id))))
    return "frozen" if sha256(f"half {key}".encode()).digest()[0] < 128 else "open"


def said(share: Share, *, interval: bool = False) -> str:
    """Return a share in words."""
    if share.share is None:
        return "–"
    low, high = share.interval
    bounds = f" ({100 * low:.0f}–{100 * high:.0f})" if interval else ""
    return f"{100 * share.share:.1f} % of {share.of}{bounds}"


def percent(value: float | None) -> str:
    """Return a share in per cent."""
    return "–" if value is None else f"{100 * value:.1f} %"


SHOWN = {
    "cases; left out": lambda r: f"{r.cases}; {r.either_way}",
    "**balanced**": lambda r: f"**{percent(r.balanced)}**",
    "clean, published": lambda r: said(r.clean, interval=True),
    "clean, rejected": lambda r: said(r.clean_rejected, interval=True),
    "violating, stopped for it": lambda r: said(r.violating, interval=True),
    "uncivil, nudged": lambda r: said(r.incivility, interval=True),
    "pairs, both right": lambda r: said(r.pairs, interval=True),
    "macro recall; precision": lambda r: f"{percent(r.macro_recall)}; {percent(r.macro_precision)}",
    "spans, F1": lambda r: f"{percent(r.span_f1)} of {r.spans}",
    "publish all; hold all": lambda r: "; ".join(percent(v) for v in r.baselines.values()),
}


def row(*cells: str) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cells)} |"


def drawn_lines() -> Lines:
    """Return where the packaged guidelines' tolerances draw lines, and whom these meet wrongly."""
    engine = Engine.default(encoder=True)
    counts = json.loads((HERE / "calibration.json").read_text("utf-8"))["labels"]
    shown = ("line", "met of 1,000 fair (95 %)")
    heads = [f"{what}, {one}" for one in LANGUAGES for what in shown]
    lines = [row("label", "seen by", "tolerance", *heads), row(*["---"] * (3 + len(heads)))]
    for rule in Guidelines.default().rules:
        tolerance = rule.hold or rule.nudge
        for label in sorted(rule.labels):
            for name, known in sorted(counts[label].items()):
                if tolerance is None or tolerance.one_in is None or name not in engine.detectors:
                    continue
                cells: list[str] = []
                for language in LANGUAGES:
                    line = engine.line(label, name, tolerance.one_in, language=language)
                    line = engine.strictest(label, name) if line is None else line
                    met, low, high = per_thousand(met_at(known, language, line))
                    cells += [f"{line:.3f}", f"{met:.1f} ({low:.1f}–{high:.1f})"]
                lines.append(row(f"`{label}`", name, f"1 in {tolerance.one_in}", *cells))
    return [*lines, ""]


def per_thousand(share: Share) -> tuple[float, float, float]:
    """Return a share and its interval, of a thousand."""
    low, high = share.interval
    return 1000 * (share.share or 0), 1000 * low, 1000 * high


def met_at(known: Mapping[str, Any], language: str, line: float) -> Share:
    """Return how many of a language's fair comments reach a line."""
    own = known["languages"][language]
    below = [met for score, met in own["met"] if probability(score, known) <= line]
    return Share(round(below[-1]) if below else 0, round(own["fair"]))


def natural(data: Path) -> Lines:
    """Return what becomes of natural news comments, fair and foul by their raters."""
    engine, guidelines = Engine.default(encoder=True), Guidelines.default()
    c3, levels = dev.c3(data, None)
    unhealthy, kinds = dev.unhealthy(data, None)
    sets = {
        "c3: toxicity 1": [one for one, level in zip(c3, levels, strict=True) if level == 1],
        "c3: toxicity 2 and more": [one for one, at in zip(c3, levels, strict=True) if at >= 2],
        "unhealthy: not hostile": picked(unhealthy, ~kinds["hostile"]),
        "unhealthy: hostile": picked(unhealthy, kinds["hostile"]),
    }
    lines = [row("of 1,000 comments", "held", "rejected", "nudged"), row(*["---"] * 4)]
    for name, rows in sets.items():
        verdicts = [judge(submission(one), guidelines, engine) for one in track(rows, name)]
        counts = [
            sum(verdict.outcome is outcome for verdict in verdicts)
            for outcome in (Outcome.HOLD, Outcome.REJECT)
        ]
        counts.append(sum(bool(verdict.nudge) for verdict in verdicts))
        cells = [f"{1000 * count / len(rows):.1f}" for count in counts]
        lines.append(row(f"{name} ({len(rows)})", *cells))
    return [*lines, ""]


def picked(rows: Sequence[Row], which: np.ndarray) -> list[Row]:
    """Return the rows that are chosen."""
    return [row for row, chosen in zip(rows, which, strict=True) if chosen]


def sets(data: Path) -> Lines:
    """Return ranking figures on the public dev sets, the served model's scores alone."""
    heads = ["set", "figure", "value (95 %)", *baselines(data)]
    lines = [row(*heads), row(*["---"] * len(heads))]
    for name, what, *values in figures(data):
        lines.append(row(name, what, *values, *["–"] * (len(heads) - 2 - len(values))))
    return [*lines, ""]


def figures(data: Path) -> Iterator[tuple[str, ...]]:
    """Give the figures one after another, where they can be compared the baselines' too."""

    def others(truth: np.ndarray, rows: Sequence[Row]) -> list[str]:
        texts = [one.text for one in rows]
        return [auc(truth, judged(texts)) for judged in baselines(data).values()]

    rows, truth = dev.insults(data, None)
    found = auc(truth, attack(read(rows, "insults")))
    yield "insults_train", "insult to a reader, AUC", found, *others(truth, rows)
    rows, kinds = dev.unhealthy(data, None)
    scores = attack(read(rows, "unhealthy"))
    for name in ("hostile", "antagonize"):
        yield "unhealthy", f"{name}, AUC", auc(kinds[name], scores), *others(kinds[name], rows)
    rows, levels = dev.c3(data, None)
    scores = read(rows, "c3")
    sure = (levels >= 2) | (levels == 1)
    toxic = levels[sure] >= 2
    found = auc(toxic, attack(scores)[sure])
    yield "c3_even", "toxicity ≥ 2 against 1, AUC", found, *others(toxic, picked(rows, sure))
    foul = levels >= 2
    worst = np.quantile(attack(scores), 1 - HELD)
    caught = Share(int((attack(scores)[foul] >= worst).sum()), int(foul.sum()))
    yield "c3_even", "toxicity ≥ 2 caught where 15 % is held", said(caught, interval=True)
    rows, truth = dev.hatemoji(data, None)
    hate = column(read(rows, "hatemoji"), "hate")
    right = Share(int(((hate > 0.5) == truth).sum()), len(rows))
    yield "hatemoji_check", "accuracy at 0.5", said(right, interval=True)
    rows, gold = dev.tsd(data)
    yield "tsd_trial", "toxic characters, mean F1", f"{toxic_characters(rows, gold):.3f}"
    rows, other = dev.ruddit(data, None)
    scores = np.array([astray(submission(one)) for one in track(rows, "ruddit")])
    yield "ruddit", "own title against another, AUC", auc(other, scores)


def fairness() -> Lines:
    """Return how far scores move with the group that a sentence is about, and the groups' AUCs."""
    found = swaps(from_onnx(WEIGHTS))
    lines = [row("same sentence, fifty groups", "en", "es"), row(*["---"] * 3)]
    shown = ("moved", "furthest", "least subgroup", "least bpsn", "least bnsp")
    values = [[f"{found[f'{lang} {what}']:.3f}" for lang in ("en", "es")] for what in shown]
    lines += [row(what, *value) for what, value in zip(shown, values, strict=True)]
    return [*lines, ""]


def read(rows: Sequence[Row], name: str) -> np.ndarray:
    """Return the encoder's probabilities (rows, labels)."""
    return np.array([see(submission(one)).comment for one in track(rows, name)])


def column(scores: np.ndarray, label: str) -> np.ndarray:
    """Return one label's column."""
    chosen: np.ndarray = scores[:, see(Submission.of("")).labels.index(label)]
    return chosen


def attack(scores: np.ndarray) -> np.ndarray:
    """Return toxicity and personal attack as one score."""
    return column(scores, "toxicity") + column(scores, "personal_attack")


def toxic_characters(rows: Sequence[Row], gold: Sequence[set[int]]) -> float:
    """Return the mean F1 of toxic characters, as SemEval-2021 task 5 counts it."""
    found = []
    for one, wanted in zip(track(rows, "toxic spans"), gold, strict=True):
        marked = toxic_places(submission(one))
        if not wanted or not marked:
            found.append(float(not wanted and not marked))
            continue
        found.append(2 * len(wanted & marked) / (len(wanted) + len(marked)))
    return float(np.mean(found))


def toxic_places(submission: Submission) -> set[int]:
    """Return the places of the characters of toxic words, blanks between two of them too."""
    seen = see(submission)
    hot = seen.words[:, seen.labels.index("toxicity")] > 0.5
    marked: set[int] = set()
    last = None
    for (start, end), chosen in zip(pieces(submission.text).spans, hot, strict=True):
        if chosen:
            marked.update(range(start if last is None else min(start, last), end))
        last = end if chosen else None
    return marked


def submission(row: Row) -> Submission:
    """Return a row as it is judged."""
    headline, *rest = row.story.split("\n")
    story = StoryExcerpt(headline, body=tuple(rest)) if row.story else None
    return Submission.of(row.text, parent=row.parent or None, story=story)


def auc(truth: np.ndarray, scores: np.ndarray) -> str:
    """Return the area under the ROC curve, with a bootstrap interval."""
    rng = np.random.default_rng(SEED)
    drawn = []
    for _ in range(DRAWS):
        chosen = rng.integers(len(truth), size=len(truth))
        drawn.append(roc_auc_score(truth[chosen], scores[chosen]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{roc_auc_score(truth, scores):.3f} ({low:.3f}–{high:.3f})"


if __name__ == "__main__":
    main()
