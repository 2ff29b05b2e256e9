"""How alike comment and story are, by MiniLM as it was, alone and beside the off_topic head."""

from pathlib import Path

import numpy as np
import onnxruntime
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from training import dev
from training.encode import COMMENT, CONTEXT, Example, batches, padded, pieces_of, tokenizer
from training.labels import LABELS, PLACE
from training.lines import held_out
from training.reading import read
from training.rows import Row
from training.scoring import Run, score


def likeness(run: Run, folder: Path, data: Path, limit: int | None) -> dict[str, float]:
    """Return how well likeness tells comments under their own title from those under another.

    What weighs head against likeness is fitted on the authored stories that are kept apart.
    """
    kept = [row for row in held_out(data) if row.story and "off_topic" in row.labels]
    truth = np.array([row.labels["off_topic"] > 0.5 for row in kept])
    weigh = LogisticRegression(class_weight="balanced").fit(seen(run, folder, kept), truth)
    rows, other = dev.ruddit(data, limit)
    both = seen(run, folder, rows)
    return {
        "ruddit cosine AUC": float(roc_auc_score(other, -both[:, 1])),
        "ruddit head and cosine AUC": float(roc_auc_score(other, weigh.decision_function(both))),
        "held-out off_topic cosine AUC": float(
            roc_auc_score(truth, -seen(run, folder, kept)[:, 1])
        ),
    }


def seen(run: Run, folder: Path, rows: list[Row]) -> np.ndarray:
    """Return (rows, 2): the head's logit and the cosine of comment and story."""
    chance = score(run, rows)[0][:, PLACE["off_topic"]]
    logit = np.log(chance + 1e-6) - np.log(1 - chance + 1e-6)
    said = sentences(folder, [row.text for row in rows], COMMENT)
    told = sentences(folder, [row.story for row in rows], CONTEXT)
    return np.stack([logit, (said * told).sum(1)], 1)


def sentences(folder: Path, texts: list[str], most: int) -> np.ndarray:
    """Return the embeddings of texts, each of length one."""
    quiet = onnxruntime.SessionOptions()
    quiet.log_severity_level = 3
    words, layers = (
        onnxruntime.InferenceSession(str(folder / name), quiet, ["CPUExecutionProvider"])
        for name in ("model.int8.onnx", "similar.int8.onnx")
    )
    none = np.zeros(len(LABELS), np.float32)
    at = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    examples = [
        Example(*pieces_of(read_pieces(text)[:most], []), none, none, None, none) for text in at
    ]
    found = np.zeros((len(at), 384), np.float32)
    for batch in batches(examples, None):
        told = padded([examples[place] for place in batch])
        (pieces,) = words.run(["pieces"], {name: told[name] for name in ("ids", "part", "mask")})
        (found[batch],) = layers.run(None, {"pieces": pieces, "mask": told["mask"]})
    return found[[at[text] for text in texts]]


def read_pieces(text: str) -> list[int]:
    """Return a text's word pieces."""
    return list(tokenizer().encode(read(text)[0], add_special_tokens=False).ids)
