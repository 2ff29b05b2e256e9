"""Scores of rows, from a checkpoint or from an exported model, the way the server reads them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
import torch

from training.encode import COMMENT, Example, batches, context, padded, pieces_of, tokenizer
from training.labels import LABELS, PLACE
from training.model import Classifier
from training.reading import read
from training.rows import Row

STRIDE = 96  # Word pieces from one window of a long comment to the next.
Run = Callable[[dict[str, np.ndarray]], tuple[np.ndarray, ...]]


class Scores(NamedTuple):
    """Probabilities of rows.

    `comment` (rows, labels) are the whole model's, `words` (pieces, labels) a row each those of its
    word pieces, `early` (rows, labels) the first half's.
    """

    comment: np.ndarray
    words: list[np.ndarray]
    early: np.ndarray


def from_checkpoint(path: Path) -> Run:
    """Return what runs a checkpoint."""
    model = Classifier()
    model.load_state_dict(torch.load(path, map_location="cpu")["model"])
    model.eval()

    def run(batch: dict[str, np.ndarray]) -> tuple[np.ndarray, ...]:
        told = [torch.from_numpy(batch[name]) for name in ("ids", "part", "mask")]
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            return tuple(one.float().numpy() for one in model(*told))

    return run


def from_onnx(folder: Path, threads: int = 2) -> Run:
    """Return what runs the two halves of an exported model."""
    first, second = (session(folder / f"{half}.onnx", threads) for half in ("first", "second"))

    def run(batch: dict[str, np.ndarray]) -> tuple[np.ndarray, ...]:
        told = {name: batch[name] for name in ("ids", "part", "mask")}
        early, hidden, context = first.run(["early", "hidden", "context"], told)
        length = int((batch["part"] == 1).sum(1).max()) + 2
        part = batch["part"][:, :length]
        own = batch["mask"][:, :length] * (part != 2)
        said = {"said": (part == 1).astype(np.float32), "own": own, "context": context}
        logits, words, embedding = second.run(
            ["logits", "words", "embedding"], {"hidden": hidden[:, :length], **said}
        )
        return logits, words, embedding, early

    return run


def session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """Open an exported model."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])


def windows(row: Row) -> Iterable[tuple[Example, int]]:
    """Give a row's windows, each with the number of the word piece that it begins with."""
    ids = tokenizer().encode(read(row.text)[0], add_special_tokens=False).ids
    beside = context(row.story, row.parent)
    none = np.zeros(len(LABELS), np.float32)
    for first in range(0, max(1, len(ids) - COMMENT + STRIDE), STRIDE):
        whole = pieces_of(ids[first : first + COMMENT], beside)
        yield Example(*whole, none, none, None, none), first


def score(run: Run, rows: list[Row]) -> Scores:
    """Return what a model says of rows.

    A long comment counts as its worst window; it is off topic only if all of it is.
    """
    examples: list[Example] = []
    of: list[tuple[int, int]] = []
    for number, row in enumerate(rows):
        for example, first in windows(replace(row)):
            examples.append(example)
            of.append((number, first))
    whole, early = (np.full((len(rows), len(LABELS)), -np.inf, np.float32) for _ in range(2))
    apart = np.full(len(rows), np.inf, np.float32)
    parts: dict[int, list[tuple[int, np.ndarray]]] = {}
    for batch in batches(examples, None):
        logits, seen, _, first_half = run(padded([examples[place] for place in batch]))
        for inside, place in enumerate(batch):
            number, first = of[place]
            whole[number] = np.maximum(whole[number], logits[inside])
            early[number] = np.maximum(early[number], first_half[inside])
            apart[number] = min(apart[number], logits[inside, PLACE["off_topic"]])
            length = sum(part == 1 for part in examples[place].part)
            parts.setdefault(number, []).append((first, seen[inside, 1 : 1 + length]))
    whole[:, PLACE["off_topic"]] = apart
    words = [chance(joined(parts[number])) for number in range(len(rows))]
    return Scores(chance(whole), words, chance(early))


def joined(found: list[tuple[int, np.ndarray]]) -> np.ndarray:
    """Return the word pieces of overlapping windows as one row; the larger logit counts."""
    length = max(first + len(seen) for first, seen in found)
    whole = np.full((length, len(LABELS)), -np.inf, np.float32)
    for first, seen in found:
        here = whole[first : first + len(seen)]
        np.maximum(here, seen, out=here)
    return whole


def chance(logits: np.ndarray) -> np.ndarray:
    """Turn logits into probabilities."""
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
