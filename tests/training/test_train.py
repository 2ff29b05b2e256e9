"""Training proper, on a classifier so small that a few batches take no time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from training import carried, export, model, train
from training.encode import Example, padded
from training.export import INPUTS
from training.labels import LABELS
from training.model import Classifier
from training.scoring import from_checkpoint, from_onnx
from training.stages import STAGES
from training.train import Plan

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning"),
]
SMALL = {"WIDTH": 24, "HEADS": 2, "INNER": 32, "PLACES": 64}
PLANS = {name: Plan(epochs=2, room=64) for name in ("public", "together")}
Weights = dict[str, torch.Tensor]


class Interrupted(Exception):
    """Somebody stops the run."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small classifier that starts from nothing, twelve rows an epoch, a checkpoint a batch."""
    shrink(monkeypatch)
    monkeypatch.setattr(train, "pretrained", Classifier)
    monkeypatch.setattr(train, "examples", examples)
    monkeypatch.setattr(train, "SAVE_EVERY", -1.0)


def shrink(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SMALL.items():
        monkeypatch.setattr(model, name, value)
    for module in (carried, export):
        monkeypatch.setattr(module, "WIDTH", SMALL["WIDTH"])


def examples(stage: str, data: Path, epoch: int, rng: np.random.Generator) -> list[Example]:
    return [example(rng) for _ in range(12)]


def example(rng: np.random.Generator) -> Example:
    said, told = (rng.integers(5, 250, size).tolist() for size in rng.integers(2, 9, 2))
    ids, part = model_input(said, told)
    truth = rng.integers(0, 2, len(LABELS)).astype(np.float32)
    words = rng.integers(0, 2, (len(said), len(LABELS))).astype(np.float32)
    return Example(ids, part, truth, np.ones_like(truth), words, np.ones_like(truth))


def model_input(said: list[int], told: list[int]) -> tuple[list[int], list[int]]:
    ids = [1, *said, 2, *told, 2]
    return ids, [0, *[1] * len(said), 0, *[2] * len(told), 2]


def weights(path: Path) -> Weights:
    found: Weights = torch.load(path)["model"]
    return found


def same(one: Weights, other: Weights) -> bool:
    return all(torch.equal(value, other[name]) for name, value in one.items())


def stop_at(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the run before a batch, counted over all epochs."""
    done, step = [], train.step

    def counted(*given: object) -> float:
        done.append(1)
        if len(done) > batch:
            raise Interrupted
        return step(*given)

    monkeypatch.setattr(train, "step", counted)


def trained(out: Path, *stages: str, **said: Any) -> Path:
    """Train without data: the examples are drawn."""
    return train.train(out, out, plans=PLANS, stages=stages or STAGES, threads=1, **said)


@pytest.mark.parametrize("batch", [1, 4])
def test_a_run_that_was_stopped_goes_on_to_the_same_weights(batch: int, tmp_path: Path):
    whole = trained(tmp_path / "whole", "public")

    with pytest.MonkeyPatch.context() as patch:
        stop_at(batch, patch)
        with pytest.raises(Interrupted):
            trained(tmp_path / "torn", "public")
    assert [path.name for path in (tmp_path / "torn").iterdir()] == ["public.partial.pt"]
    torn = trained(tmp_path / "torn", "public", resume=True)

    assert same(weights(whole), weights(torn))
    assert [path.name for path in torn.parent.iterdir()] == ["public.pt"]


def test_stages_follow_each_other_and_a_finished_one_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first = trained(tmp_path, "public")
    written = first.stat().st_mtime_ns
    last = trained(tmp_path, resume=True)
    assert first.stat().st_mtime_ns == written
    assert not same(weights(first), weights(last))

    stop_at(0, monkeypatch)
    assert trained(tmp_path, resume=True) == last


def test_the_words_stay_as_they_were(tmp_path: Path):
    start = checkpoint(tmp_path / "start.pt")
    last = trained(tmp_path, "public", start=start)

    before, after = weights(start), weights(last)
    assert torch.equal(before["word.weight"], after["word.weight"])
    assert not torch.equal(before["late.head"], after["late.head"])


def test_a_checkpoint_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = checkpoint(tmp_path / "one.pt")
    before = path.read_bytes()

    def half(content: object, at: Path) -> None:
        at.write_bytes(b"half")
        raise Interrupted

    monkeypatch.setattr(torch, "save", half)
    with pytest.raises(Interrupted):
        checkpoint(path)

    assert path.read_bytes() == before


def checkpoint(path: Path) -> Path:
    """Write a classifier of which no two weights are alike, and whose heads say something."""
    torch.manual_seed(3)
    classifier = Classifier()
    for name, value in classifier.named_parameters():
        value.data += torch.randn_like(value) * (0.2 if name.endswith("head") else 0.05)
    train.save(path, classifier, PLANS["public"])
    return path


def empty(path: Path) -> Path:
    path.mkdir()
    return path


def broken(path: Path) -> Path:
    path.write_bytes(b"no weights")
    return path


def further(path: Path) -> Path:
    torch.save({"epoch": 1}, path)
    return path


@pytest.mark.parametrize("make", [Path, empty, broken, further])
def test_where_there_is_nothing_to_go_on_from_it_is_said(
    make: Callable[[Path], Path], tmp_path: Path
):
    start = make(tmp_path / "start")

    with pytest.raises(ValueError, match=f"{start} holds no weights to go on from"):
        trained(tmp_path, start=start)


@pytest.mark.parametrize(
    ("name", "value"),
    [("layers.0.qkv.bias", torch.ones(3)), ("early.head", None), ("gate.bias", torch.ones(1))],
)
def test_weights_of_another_model_are_refused(
    name: str, value: torch.Tensor | None, tmp_path: Path
):
    start = checkpoint(tmp_path / "start.pt")
    state = {**weights(start), name: value}
    torch.save({"model": {key: one for key, one in state.items() if one is not None}}, start)

    with pytest.raises(ValueError, match=f"another model: {name}"):
        trained(tmp_path, start=start)


def test_labels_that_came_later_begin_as_they_are_made(tmp_path: Path):
    start = checkpoint(tmp_path / "start.pt")
    state = weights(start)
    fewer = {name: v[:-1] if name.startswith("early.") else v for name, v in state.items()}
    torch.save({"model": fewer}, start)
    fresh = Classifier()
    begun = fresh.early.head[-1].clone()

    head = carried.carried(start, fresh)["early.head"]

    assert torch.equal(head[:-1], state["early.head"][:-1])
    assert torch.equal(head[-1], begun)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint, and beside it both halves in full and in eight bits."""
    folder = tmp_path_factory.mktemp("exported")
    with pytest.MonkeyPatch.context() as patch:
        shrink(patch)
        export.write(checkpoint(folder / "one.pt"), folder)
        (folder / "small").mkdir()
        for half in ("first.onnx", "second.onnx"):
            export.quantize(folder / half, folder / "small" / half)
    return folder


@pytest.mark.parametrize(("at", "away"), [(".", 0.05), ("small", 0.1)])
def test_the_halves_answer_as_the_checkpoint_does(exported: Path, at: str, away: float):
    rng = np.random.default_rng(0)
    batch = padded([example(rng) for _ in range(5)])
    wanted = from_checkpoint(exported / "one.pt")(batch)
    given = from_onnx(exported / at)({name: batch[name] for name in INPUTS})

    for one, two in zip(wanted, given, strict=True):
        assert one.shape == two.shape
    for place in (0, 3):  # Logits of both halves.
        assert np.abs(wanted[place]).max() > 0.5
        assert wanted[place] == pytest.approx(given[place], abs=away)


def test_training_goes_on_from_what_is_served(exported: Path):
    classifier = Classifier()
    classifier.load_state_dict(carried.carried(exported / "small", classifier))
    served = classifier.state_dict()

    for name, value in weights(exported / "one.pt").items():
        if name != "word.weight":
            assert served[name] == pytest.approx(value, abs=0.02), name
