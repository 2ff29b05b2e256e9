"""Figures on the dev sets, the way a checkpoint or an exported model gives them."""

import json
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from training import dev
from training.encode import tokenizer
from training.fairness import swaps
from training.labels import OVERLAPS, PLACE, RULES
from training.lines import held_out, known, verdict_lines
from training.reading import read
from training.rows import Row
from training.scoring import Run, from_checkpoint, from_onnx, score

Figures = dict[str, float]
TOXIC_WORD = 0.5  # From here on a word is marked as toxic.
QUICK = 1200  # Rows of a large set in a quick round.


def evaluate(model: Path, data: Path, *, quick: bool = False) -> Figures:
    """Return every figure of a model."""
    run = from_onnx(model) if model.is_dir() else from_checkpoint(model)
    limit = QUICK if quick else None
    rows = held_out(data)
    scores, *_ = score(run, rows)
    drawn = verdict_lines(scores, rows)
    found: Figures = {}
    for label in RULES:
        places, truth = known(rows, label)
        if truth.sum() >= 5:
            found[f"held-out {label} AUC"] = auc(truth, scores[places, PLACE[label]])
    for name in ("civility_dev", "civility_dev2"):
        found |= functional(run, data, name, drawn)
    found |= public(run, data, limit)
    return found | {f"swap {k}": v for k, v in swaps(run).items()}


def functional(run: Run, data: Path, name: str, drawn: dict[str, float]) -> Figures:
    """Return the figures of a functional suite (docs/accuracy.md says how it is scored)."""
    rows, lines = dev.functional(data, name)
    scores, words, _ = score(run, rows)
    expect = [set(line["expect"]) for line in lines]
    allowed = [set(e) | set(x["tolerated"] or ()) for e, x in zip(expect, lines, strict=True)]
    for may, must in zip(allowed, expect, strict=True):
        may.update(*(OVERLAPS.get(label, set()) for label in must))
    raised = [
        {label for label, line in drawn.items() if row[PLACE[label]] > line} for row in scores
    ]
    found: Figures = {}
    for label in RULES:
        truth = np.array([label in e for e in expect])
        of = np.array([label in e or label not in a for e, a in zip(expect, allowed, strict=True)])
        if truth.sum() >= 5:
            found[f"{name} {label} AUC"] = auc(truth[of], scores[of, PLACE[label]])
    for lang in ("", "en", "es"):
        of = [n for n, line in enumerate(lines) if lang in {"", line["lang"]}]
        of = [n for n in of if expect[n] != {"incivility"}]
        fair = [n for n in of if not expect[n] and not allowed[n]]
        foul = [n for n in of if expect[n]]
        if not fair or not foul:
            continue
        key = f"{name} {lang}".strip()
        found[f"{key} clean published"] = float(np.mean([not raised[n] for n in fair]))
        found[f"{key} caught"] = float(np.mean([bool(raised[n] & allowed[n]) for n in foul]))
        found[f"{key} balanced"] = (found[f"{key} clean published"] + found[f"{key} caught"]) / 2
        worst = scores[:, [PLACE[label] for label in drawn]].max(1)
        truth = np.repeat([0, 1], [len(fair), len(foul)])
        found[f"{key} any-label AUC"] = auc(truth, worst[fair + foul])
    found |= by_label(name, raised, expect, allowed, drawn)
    found[f"{name} pairs"] = pairs(lines, raised, expect, allowed)
    found[f"{name} span F1"] = float(
        np.mean(
            [
                overlap(rows[n], words[n], expect[n], lines[n]["span"])
                for n in range(len(rows))
                if expect[n] and lines[n]["span"]
            ]
        )
    )
    return found


def by_label(
    name: str,
    raised: list[set[str]],
    expect: list[set[str]],
    allowed: list[set[str]],
    drawn: dict[str, float],
) -> Figures:
    """Return recall and precision, the mean over labels."""
    recalls, precisions = [], []
    together = list(zip(raised, expect, allowed, strict=True))
    for label in drawn:
        wanted = sum(label in e for _, e, _ in together)
        if wanted < 5:
            continue
        got = sum(label in r for r, _, _ in together)
        recalls.append(sum(label in r & e for r, e, _ in together) / wanted)
        precisions.append(sum(label in r & a for r, _, a in together) / max(1, got))
    return {
        f"{name} macro recall": float(np.mean(recalls)),
        f"{name} macro precision": float(np.mean(precisions)),
    }


def pairs(
    lines: list[dict], raised: list[set[str]], expect: list[set[str]], allowed: list[set[str]]
) -> float:
    """Return the share of pairs of which both are judged right."""
    right = {
        line["id"]: bool(r & a) if e else not r
        for line, r, e, a in zip(lines, raised, expect, allowed, strict=True)
    }
    met = {tuple(sorted((line["id"], line["pair"]))) for line in lines if line["pair"] in right}
    return float(np.mean([right[one] and right[other] for one, other in met])) if met else 0.0


def overlap(row: Row, words: np.ndarray, labels: set[str], span: str) -> float:
    """Return the F1 of characters: the best word's neighbours against the expected span."""
    first = row.text.find(span)
    if not len(words) or first < 0:
        return 0.0
    heat = words[:, [PLACE[label] for label in labels]].max(1)
    marked = characters(row.text, heat > max(0.3, 0.5 * float(heat.max())))
    wanted = set(range(first, first + len(span)))
    both = len(wanted & marked)
    return 2 * both / (len(wanted) + len(marked)) if both else 0.0


def characters(text: str, chosen: np.ndarray) -> set[int]:
    """Return the places of the characters of the chosen word pieces, gaps between them filled."""
    plain, places = read(text)
    offsets = tokenizer().encode(plain, add_special_tokens=False).offsets
    marked: set[int] = set()
    last = -2
    for number, (first, end) in enumerate(offsets[: len(chosen)]):
        if not chosen[number]:
            continue
        begin = places[first]
        if last >= 0 and number and chosen[number - 1]:
            begin = min(begin, last)
        last = places[end - 1] + 1
        marked.update(range(begin, last))
    return marked


def public(run: Run, data: Path, limit: int | None) -> Figures:
    """Return the figures of the public dev sets."""
    found: Figures = {}
    rows, insult = dev.insults(data, limit)
    scores, *_ = score(run, rows)
    for label in ("personal_attack", "toxicity"):
        found[f"insults {label} AUC"] = auc(insult, scores[:, PLACE[label]])
    found["insults max AUC"] = auc(insult, combined(scores))
    rows, kinds = dev.unhealthy(data, limit and 2 * limit)
    scores, *_ = score(run, rows)
    found["unhealthy hostile toxicity AUC"] = auc(kinds["hostile"], scores[:, PLACE["toxicity"]])
    for name, truth in kinds.items():
        found[f"unhealthy {name} AUC"] = auc(truth, combined(scores))
    rows, levels = dev.c3(data, limit and 2 * limit)
    scores, *_ = score(run, rows)
    sure = (levels >= 2) | (levels == 1)
    found["c3 AUC"] = auc(levels[sure] >= 2, combined(scores)[sure])
    found["c3 toxicity AUC"] = auc(levels[sure] >= 2, scores[sure, PLACE["toxicity"]])
    rows, hate = dev.hatemoji(data, limit)
    scores, *_ = score(run, rows)
    found["hatemoji accuracy"] = float(np.mean((scores[:, PLACE["hate"]] > 0.5) == hate))
    found["hatemoji AUC"] = auc(hate, scores[:, PLACE["hate"]])
    found["tsd char F1"] = toxic_words(run, data)
    rows, said = dev.perspective(data, limit)
    scores, *_ = score(run, rows)
    for name, label in (
        ("TOXICITY@6", "perspective"),
        ("INSULT", "personal_attack"),
        ("PROFANITY", "profanity"),
        ("THREAT", "threat"),
        ("IDENTITY_ATTACK", "hate"),
    ):
        rank = spearmanr(said[name], scores[:, PLACE[label]]).statistic
        found[f"perspective {name} Spearman"] = float(rank)
    rows, other = dev.ruddit(data, limit and limit // 2)
    scores, *_ = score(run, rows)
    found["ruddit off_topic AUC"] = auc(other, scores[:, PLACE["off_topic"]])
    return found


def combined(scores: np.ndarray) -> np.ndarray:
    """Return toxicity and personal attack as one score."""
    return scores[:, PLACE["toxicity"]] + scores[:, PLACE["personal_attack"]]


def toxic_words(run: Run, data: Path) -> float:
    """Return the mean F1 of toxic characters, as SemEval-2021 task 5 counts it."""
    rows, gold = dev.tsd(data)
    _, words, _ = score(run, rows)
    found = []
    for row, seen, wanted in zip(rows, words, gold, strict=True):
        marked = characters(row.text, seen[:, PLACE["toxicity"]] > TOXIC_WORD)
        if not wanted or not marked:
            found.append(float(not wanted and not marked))
            continue
        found.append(2 * len(wanted & marked) / (len(wanted) + len(marked)))
    return float(np.mean(found))


def auc(truth: np.ndarray, scores: np.ndarray) -> float:
    """Return the area under the ROC curve."""
    return float(roc_auc_score(truth, scores))


def report(figures: Figures, out: Path | None = None) -> None:
    """Print the figures, and keep them."""
    shown = Table("figure", "value")
    for name, value in figures.items():
        shown.add_row(name, f"{value:.3f}")
    Console(width=110).print(shown)
    if out:
        out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
