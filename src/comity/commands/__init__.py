"""The commands, and what they share: the time, output as JSON, and a quick start."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click
import msgspec


def now() -> datetime:
    """Return the time, which actions are handed."""
    return datetime.now(UTC)


@contextmanager
def uncollected() -> Iterator[None]:
    """Import modules without looking for garbage among them: it takes a tenth of the time.

    What is made meanwhile lives as long as the process and is never looked through again.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def print_json(value: Any) -> None:
    """Print a value as indented JSON."""
    encoded = msgspec.json.format(msgspec.json.encode(value), indent=2)
    click.echo(encoded.decode())


as_json = click.option("--json", "json", is_flag=True, help="Print JSON.")
