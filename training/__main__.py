"""`python -m training train|evaluate|export --data DIR --out DIR`."""

from pathlib import Path

import click

from training.evaluate import evaluate as measure
from training.evaluate import report
from training.export import export as write
from training.train import train as run_training


@click.group()
def main() -> None:
    """Make the weights of Comity's classifier, measure them, and write them for serving."""


FOLDER = click.Path(path_type=Path, file_okay=False)


@main.command()
@click.option("--data", type=FOLDER, required=True, help="The data sets.")
@click.option("--out", type=FOLDER, required=True, help="Checkpoints go here.")
@click.option("--resume", is_flag=True, help="Go on where a run was stopped.")
@click.option("--seed", default=0, show_default=True)
@click.option("--threads", default=2, show_default=True)
@click.option("--stage", "stages", multiple=True, help="Only this stage; may be given twice.")
@click.option("--start", type=click.Path(path_type=Path), help="Start from this checkpoint.")
@click.option("--rows", type=int, help="So many rows an epoch, to try the whole way.")
def train(
    *,
    data: Path,
    out: Path,
    resume: bool,
    seed: int,
    threads: int,
    stages: tuple[str, ...],
    start: Path | None,
    rows: int | None,
) -> None:
    """Train all stages."""
    options = {"stages": stages} if stages else {}
    at = {"seed": seed, "resume": resume, "threads": threads, "start": start, "rows": rows}
    run_training(data, out, **at, **options)


@main.command()
@click.argument("model", type=click.Path(path_type=Path, exists=True))
@click.option("--data", type=FOLDER, required=True, help="The data sets.")
@click.option("--out", type=click.Path(path_type=Path), help="Figures go to this file as JSON.")
@click.option("--quick", is_flag=True, help="Large sets in part.")
def evaluate(model: Path, data: Path, out: Path | None, quick: bool) -> None:
    """Print the dev figures of MODEL, a checkpoint (.pt) or an exported model (.onnx)."""
    report(measure(model, data, quick=quick), out)


@main.command()
@click.argument("checkpoint", type=click.Path(path_type=Path, exists=True))
@click.option("--data", type=FOLDER, required=True, help="The data sets.")
@click.option("--out", type=FOLDER, required=True, help="The served files go here.")
def export(checkpoint: Path, data: Path, out: Path) -> None:
    """Write CHECKPOINT as it is served, and print what the eight bits cost."""
    for name, value in write(checkpoint, data, out).items():
        click.echo(f"{name}: {value}")


if __name__ == "__main__":
    main()
