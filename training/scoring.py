"""Scores of rows, from a checkpoint or from an exported model, the way the server reads them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from training.encode import COMMENT, Example, batches, context, padded, pieces_of, tokenizer
from training.labels import LABELS, PLACE
from training.model import Classifier
from training.reading import read
from training.rows import Row

STRIDE = 96  # Word pieces from one window of a long comment to the next.
Run = Callable[[dict[str, np.ndarray]], tuple[np.ndarray, np.ndarray, np.ndarray]]


def from_checkpoint(path: Path) -> Run:
    """Return what runs a checkpoint."""
    model = Classifier()
    model.load_state_dict(torch.load(path, map_location="cpu")["model"])
    model.eval()

    def run(batch: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        told = [torch.from_numpy(batch[name]) for name in ("ids", "part", "mask")]
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            logits, words, embedding = model(*told)
        return logits.float().numpy(), words.float().numpy(), embedding.float().numpy()

    return run


def from_onnx(path: Path, threads: int = 2) -> Run:
    """Return what runs an exported model."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])

    def run(batch: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        told = {name: batch[name] for name in ("ids", "part", "mask")}
        logits, words, embedding = session.run(["logits", "words", "embedding"], told)
        return logits, words, embedding

    return run


def windows(row: Row) -> Iterable[tuple[Example, int]]:
    """Give a row's windows, each with the number of the word piece that it begins with."""
    ids = tokenizer().encode(read(row.text)[0], add_special_tokens=False).ids
    beside = context(row.story, row.parent)
    none = np.zeros(len(LABELS), np.float32)
    for first in range(0, max(1, len(ids) - COMMENT + STRIDE), STRIDE):
        whole = pieces_of(ids[first : first + COMMENT], beside)
        yield Example(*whole, none, none, None, none), first


def score(run: Run, rows: list[Row]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return probabilities (rows, labels), and of each row's word pieces (pieces, labels).

    A long comment counts as its worst window; it is off topic only if all of it is.
    """
    examples: list[Example] = []
    of: list[tuple[int, int]] = []
    for number, row in enumerate(rows):
        for example, first in windows(replace(row)):
            examples.append(example)
            of.append((number, first))
    whole = np.full((len(rows), len(LABELS)), -np.inf, np.float32)
    apart = np.full(len(rows), np.inf, np.float32)
    words: list[np.ndarray] = [np.zeros((0, len(LABELS)), np.float32) for _ in rows]
    parts: dict[int, list[tuple[int, np.ndarray]]] = {}
    for batch in batches(examples, None):
        logits, seen, _ = run(padded([examples[place] for place in batch]))
        for inside, place in enumerate(batch):
            number, first = of[place]
            whole[number] = np.maximum(whole[number], logits[inside])
            apart[number] = min(apart[number], logits[inside, PLACE["off_topic"]])
            length = sum(part == 1 for part in examples[place].part)
            parts.setdefault(number, []).append((first, seen[inside, 1 : 1 + length]))
    whole[:, PLACE["off_topic"]] = apart
    for number, found in parts.items():
        length = max(first + len(seen) for first, seen in found)
        joined = np.full((length, len(LABELS)), -np.inf, np.float32)
        for first, seen in found:
            here = joined[first : first + len(seen)]
            np.maximum(here, seen, out=here)
        words[number] = chance(joined)
    return chance(whole), words


def chance(logits: np.ndarray) -> np.ndarray:
    """Turn logits into probabilities."""
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
