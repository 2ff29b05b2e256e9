"""The command line: one group, each command in `comity.commands`, loaded only when it is called."""

import sys
from importlib import import_module
from typing import Any

import click

from comity import __version__
from comity.commands import uncollected
from comity.errors import ComityError

# Command → the module that holds it under its own name. Modules are loaded late, so that
# `comity judge` starts without the database and the web, and `--help` without either.
COMMANDS = {
    "serve": "serving",
    "demo": "serving",
    "doctor": "serving",
    "init": "staffing",
    "site": "staffing",
    "user": "staffing",
    "story": "stories",
    "guidelines": "policy",
    "judge": "policy",
    "evaluate": "policy",
    "replay": "policy",
    "learn": "learning",
    "perspective": "perspective",
    "export": "moving",
    "import": "moving",
}


class Late(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None if there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        with uncollected():
            module = import_module(f"comity.commands.{COMMANDS[cmd_name]}")
        name = "import_" if cmd_name == "import" else cmd_name
        command: click.Command = getattr(module, name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; tell a person's error in one line, with its remedy, and exit 2."""
        try:
            return super().invoke(ctx)
        except ComityError as error:
            click.secho(f"comity: {error}", err=True, fg="red")
            sys.exit(2)


@click.group(cls=Late, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="comity")
def main() -> None:
    """Comments a newsroom can stand behind.

    Settings come from the environment (COMITY_DATABASE_URL and others); docs/operating.md lists
    them. Errors exit with status 2 and say what to do.
    """
