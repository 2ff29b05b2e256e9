"""The commands, and what they share: the time, and output as JSON."""

from datetime import UTC, datetime
from typing import Any

import click
import msgspec


def now() -> datetime:
    """Return the time, which actions are handed."""
    return datetime.now(UTC)


def print_json(value: Any) -> None:
    """Print a value as indented JSON."""
    encoded = msgspec.json.format(msgspec.json.encode(value), indent=2)
    click.echo(encoded.decode())


as_json = click.option("--json", "json", is_flag=True, help="Print JSON.")
