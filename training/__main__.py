"""`python -m training train|evaluate|export|relevance|ngrams --data DIR --out DIR`."""

import json
from pathlib import Path

import click

from comity.detectors.reading import WEIGHTS
from comity.perspective.ngrams import TABLE
from training.evaluate import evaluate as measure
from training.evaluate import report
from training.export import export as write
from training.ngrams import ngrams as fit_ngrams
from training.relevance import relevance as fit_relevance
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
@click.option(
    "--start",
    type=click.Path(path_type=Path, exists=True),
    help="Go on from this checkpoint, or from this folder of served weights.",
)
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
    """Print the dev figures of MODEL, a checkpoint (.pt) or the folder of an exported model."""
    report(measure(model, data, quick=quick), out)


@main.command()
@click.argument("checkpoint", type=click.Path(path_type=Path, exists=True))
@click.option("--data", type=FOLDER, required=True, help="The data sets.")
@click.option("--out", type=FOLDER, required=True, help="The served files go here.")
def export(checkpoint: Path, data: Path, out: Path) -> None:
    """Write CHECKPOINT as it is served, and print what the eight bits cost."""
    for name, value in write(checkpoint, data, out).items():
        click.echo(f"{name}: {value}")


@main.command()
@click.option("--data", type=FOLDER, required=True, help="The data sets.")
@click.option("--out", type=click.Path(path_type=Path), default=TABLE, show_default=True)
def ngrams(data: Path, out: Path) -> None:
    """Write the table of n-grams that the Perspective endpoint reads."""
    click.echo(f"{fit_ngrams(data, out)} comments, {out.stat().st_size / 1e6:.2f} MB")


@main.command()
@click.option("--data", type=FOLDER, required=True, help="The data sets.")
def relevance(data: Path) -> None:
    """Weigh opinion against likeness in the packaged model, and write that into its labels.json."""
    file = WEIGHTS / "labels.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    told["astray"] = fit_relevance(data)
    file.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    click.echo(told["astray"])


if __name__ == "__main__":
    main()
