"""`comity export` and `comity import`: everything out, everything in, lossless."""

from typing import BinaryIO

import click

from comity import db
from comity.commands import now
from comity.commands.office import opened
from comity.exporters import archive as exporter
from comity.importers import archive as importer
from comity.migrations import HEAD


@click.command()
@click.argument("file", type=click.File("wb"), default="-")
def export(file: BinaryIO) -> None:
    """Write the whole installation as JSON lines, to FILE or standard output.

    The archive holds texts and password hashes: keep it like the database.
    """
    office = opened()
    with db.reading(office.database) as session:
        file.writelines(exporter.lines(session, revision=HEAD, now=now()))


@click.command(name="import")
@click.argument("file", type=click.File("rb"), default="-")
def import_(file: BinaryIO) -> None:
    """Read an archive that `comity export` wrote into a new, empty database.

    It is all or nothing: a broken line is named, and then nothing was imported.
    """
    office = opened(migrated=False)
    db.migrate(office.database)
    with db.transaction(office.database) as session:
        stored = importer.load(session, file, revision=HEAD)
    click.echo(f"Imported {stored:,} rows.", err=True)
