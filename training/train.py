"""Training, stage after stage, with checkpoints to go on from."""

from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor
from torch.nn import functional

from training.carried import carried
from training.encode import Example, batches, padded
from training.model import LAYERS, Classifier, pretrained
from training.stages import ROUNDS, STAGES, examples

SAVE_EVERY = 300.0  # Seconds between checkpoints.
MARKED_LIFT = 3.0  # Marked words are few; a missed one costs this much more than a false one.
SOMEWHERE = 0.2  # Weight of a breach whose words are not marked.


@dataclass(frozen=True)
class Plan:
    """How one stage is trained."""

    epochs: int
    rate: float = 1e-4  # Of the encoder's last layer.
    head_rate: float = 1e-3
    decay: float = 0.9  # Of the rate, a layer further down.
    warm_up: float = 0.06
    words: float = 0.5  # Weight of the loss over words beside the loss over comments.
    room: int = 4096  # Padded word pieces a batch.
    dropout: float = 0.1
    early: float = 0.3  # Weight of the first half's own loss.


PLANS = {
    "public": Plan(epochs=1),
    "together": Plan(epochs=ROUNDS, head_rate=5e-4, room=3584),
}


def train(
    data: Path,
    out: Path,
    *,
    seed: int = 0,
    resume: bool = False,
    threads: int = 2,
    stages: tuple[str, ...] = STAGES,
    plans: dict[str, Plan] = PLANS,
    start: Path | None = None,
    rows: int | None = None,
) -> Path:
    """Train all stages and return the last checkpoint's path.

    `start` is a checkpoint, or the folder of served weights, to go on from.

    With `resume`, finished stages are not repeated. `rows` cuts each epoch, to try the whole way.
    """
    torch.set_num_threads(threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    out.mkdir(parents=True, exist_ok=True)
    last = start
    for stage in stages:
        done = out / f"{stage}.pt"
        if not (resume and done.exists()):
            at = {"seed": seed, "resume": resume, "device": device, "rows": rows}
            run(stage, plans[stage], data, out, last, **at)
        last = done
    if last is None:
        raise ValueError("no stage to train")
    return last


def run(
    stage: str,
    plan: Plan,
    data: Path,
    out: Path,
    start: Path | None,
    *,
    seed: int,
    resume: bool,
    device: torch.device,
    rows: int | None = None,
) -> None:
    """Train one stage, from where it was left if there is a checkpoint to resume."""
    console = Console()
    torch.manual_seed(seed)
    model = pretrained(plan.dropout)
    if start:
        model.load_state_dict(carried(start, model))
    model.word.requires_grad_(requires_grad=False)  # They stay MiniLM's, for `similar`.
    model.to(device).train()
    optimizer = torch.optim.AdamW(groups(model, plan), weight_decay=0.01)
    partial = out / f"{stage}.partial.pt"
    begun = torch.load(partial, map_location="cpu") if resume and partial.exists() else None
    if begun:
        model.load_state_dict(begun["model"])
        optimizer.load_state_dict(begun["optimizer"])
    first_epoch, first_batch = (begun["epoch"], begun["batch"]) if begun else (0, 0)
    started = saved = monotonic()
    with progress(console) as bar:
        for epoch in range(first_epoch, plan.epochs):
            rng = np.random.default_rng([seed, epoch, STAGES.index(stage)])
            read = examples(stage, data, epoch, rng)[:rows]
            order = batches(read, rng, room=plan.room)
            task = bar.add_task(f"{stage} {epoch + 1}/{plan.epochs}", total=len(order), loss="")
            losses: list[float] = []
            for number, batch in enumerate(order):
                bar.advance(task)
                if (epoch, number) < (first_epoch, first_batch):
                    continue
                torch.manual_seed(hash((seed, epoch, number)) & 0x7FFFFFFF)
                pace(optimizer, (epoch + number / len(order)) / plan.epochs, plan)
                losses.append(step(model, optimizer, [read[n] for n in batch], plan, device))
                recent = float(np.mean(losses[-50:]))
                bar.update(task, loss=f"loss {recent:.4f}")
                if not console.is_terminal and number % 25 == 0:
                    minutes = (monotonic() - started) / 60
                    at = f"{stage} epoch {epoch + 1} batch {number}/{len(order)}"
                    console.print(f"{at} loss {recent:.4f} {minutes:.1f} min")
                if monotonic() - saved > SAVE_EVERY:
                    save(partial, model, plan, optimizer, epoch=epoch, batch=number + 1)
                    saved = monotonic()
    save(out / f"{stage}.pt", model, plan)
    partial.unlink(missing_ok=True)


def step(
    model: Classifier,
    optimizer: torch.optim.Optimizer,
    rows: list[Example],
    plan: Plan,
    device: torch.device,
) -> float:
    """Learn from one batch and return its loss."""
    batch = {name: torch.from_numpy(value).to(device) for name, value in padded(rows).items()}
    with torch.autocast(device.type, torch.bfloat16):
        logits, words, _, early = model(batch["ids"], batch["part"], batch["mask"])
    loss = whole_loss(logits.float(), batch) + plan.early * whole_loss(early.float(), batch)
    loss = loss + plan.words * word_loss(words.float(), batch)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


def whole_loss(logits: Tensor, batch: dict[str, Tensor]) -> Tensor:
    """Cross-entropy over the labels that are known of each comment."""
    each = functional.binary_cross_entropy_with_logits(logits, batch["truth"], reduction="none")
    return (each * batch["sure"]).sum() / len(logits)


def word_loss(logits: Tensor, batch: dict[str, Tensor]) -> Tensor:
    """Cross-entropy over the comment's words, a comment the same weight whatever its length.

    Where a breach is known and its words are not, some word at least must show it.
    """
    length = logits.shape[1]
    each = functional.binary_cross_entropy_with_logits(
        logits, batch["words"][:, :length], reduction="none", pos_weight=torch.tensor(MARKED_LIFT)
    )
    said = (batch["part"][:, :length] == 1).float()[:, :, None]
    each = (each * said).sum(1) / said.sum(1).clamp(min=1)
    marked = (each * batch["marked"]).sum()
    somewhere = (batch["truth"] > 0.9) & (batch["marked"] == 0)
    hottest = (logits - (1 - said) * 1e4).amax(1)
    shown = (functional.softplus(-hottest) * batch["sure"] * somewhere).sum()
    return (marked + SOMEWHERE * shown) / len(logits)


def groups(model: Classifier, plan: Plan) -> list[dict[str, Any]]:
    """Return parameters with their rates: the further down, the slower."""
    rates: dict[float, list[Tensor]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("layers."):
            rate = plan.rate * plan.decay ** (LAYERS - 1 - int(name.split(".")[1]))
        elif name.split(".")[0] in {"word", "place", "kind", "norm"}:
            rate = plan.rate * plan.decay**LAYERS
        else:
            rate = plan.head_rate
        rates.setdefault(rate, []).append(parameter)
    return [{"params": found, "lr": rate, "full": rate} for rate, found in rates.items()]


def pace(optimizer: torch.optim.Optimizer, done: float, plan: Plan) -> None:
    """Set the rates for this share of the work: up quickly, then down to a twentieth in a line."""
    factor = min(done / plan.warm_up, 1.0) * max(1.0 - done, 0.05)
    for group in optimizer.param_groups:
        group["lr"] = group["full"] * factor


def save(
    path: Path,
    model: Classifier,
    plan: Plan,
    optimizer: torch.optim.Optimizer | None = None,
    **at: int,
) -> None:
    """Write a checkpoint whole or not at all."""
    content = {"model": model.state_dict(), "plan": asdict(plan), **at}
    if optimizer:
        content["optimizer"] = optimizer.state_dict()
    beside = path.with_suffix(".new")
    torch.save(content, beside)
    beside.replace(path)


def progress(console: Console) -> Progress:
    """Return the bar that shows how far a stage is."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[loss]}"),
        console=console,
        disable=not console.is_terminal,
    )
