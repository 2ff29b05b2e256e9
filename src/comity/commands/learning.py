"""`comity learn`: what the newsroom's own decisions teach, shown before it is switched on."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.commands import as_json, now, print_json
from comity.errors import BadInput, SettingsError
from comity.findings import Label
from comity.settings import Settings, from_environment

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from comity.commands.office import Installation
    from comity.learn.examples import Example
    from comity.learn.lesson import Lesson, Measured, Progress
    from comity.models import Site

ALL = "all"

site_option = click.option(
    "--site", "slug", default="main", show_default=True, help="Whose decisions."
)
by_option = click.option("--by", "login", help="The editor's login.")


@click.group(invoke_without_command=True)
@click.pass_context
@site_option
@by_option
@click.option("--cases", type=click.Path(path_type=Path), help="Learn from a suite instead.")
@click.option("--stories", type=click.Path(path_type=Path), help="The suite's stories, by id.")
@click.option(
    "--guidelines",
    "path",
    type=click.Path(path_type=Path),
    help="With --cases: whose tolerances count; the packaged ones when absent.",
)
@click.option("--out", type=click.Path(path_type=Path), help="With --cases: the file to write.")
@click.option(
    "--feedback",
    type=click.Path(path_type=Path),
    help="Suggested scores (COMITY_PERSPECTIVE_FEEDBACK).",
)
@click.option(
    "--community",
    "communities",
    multiple=True,
    help="Learn also from what this client of the Perspective protocol suggested; or `all`.",
)
@click.option(
    "--toxic-means",
    "toxic",
    type=click.Choice([label.value for label in Label]),
    help="The label that a suggested TOXICITY of 1 stands for.",
)
@click.option("--anyway", is_flag=True, help="Keep labels of which no gain is sure, too.")
@click.option("--switch-on", is_flag=True, help="Let it look at new comments at once.")
@as_json
def learn(ctx: click.Context, /, **options: Any) -> None:
    """Learn from what the newsroom's people have decided; show what it is worth, and keep it.

    Nothing is switched on unless you say so. Exits with status 1 if nothing is worth it.
    """
    if ctx.invoked_subcommand is None:
        from_cases(options) if options["cases"] else from_decisions(options)


def from_cases(options: dict[str, Any]) -> None:
    """Learn from a suite, without a database."""
    from comity.commands.policy import chosen
    from comity.detectors import Engine
    from comity.evaluate.suite import read_cases, read_stories, stories_beside
    from comity.learn.examples import of_suite

    if options["login"] or options["switch_on"]:
        raise BadInput(
            "What is learnt from a suite is written to a file.",
            field="cases",
            remedy="Leave --by and --switch-on out; give the file to `comity judge --adapter`.",
        )
    cases = options["cases"]
    beside = options["stories"] or stories_beside(cases)
    examples = of_suite(read_cases(cases), read_stories(beside) if beside else {})
    examples = suggested(from_environment(), options) + examples
    lesson = taught(examples, Engine.default(encoder=True), chosen(options["path"]), options)
    if lesson.adapter and options["out"]:
        options["out"].write_bytes(lesson.adapter.encoded() + b"\n")
    tell(lesson, options, f"Wrote {options['out']}." if options["out"] else "Not kept: no --out.")


def from_decisions(options: dict[str, Any]) -> None:
    """Learn from a site's decisions, and keep what was learnt in its database."""
    from comity import db
    from comity.actions import learning, users
    from comity.models import Role

    if not options["login"]:
        raise BadInput("Who learns?", field="by", remedy="Give your login: --by LOGIN.")
    if options["out"] or options["stories"] or options["path"]:
        raise BadInput(
            "--stories, --guidelines and --out go with --cases.",
            field="cases",
            remedy="What a site learns is kept in its database: see `comity learn list`.",
        )
    with site_of(options["slug"]) as (office, session, site):
        users.require(session, users.by_login(session, options["login"]), site.id, Role.EDITOR)
        examples = learning.examples(session, office.newsroom, site)
        examples += learning.unread(session, office.newsroom, site)
        guidelines = office.newsroom.guidelines(session, site.id)
    examples = suggested(office.settings, options) + examples
    lesson = taught(examples, office.newsroom.engine, guidelines, options)
    said = ""
    if lesson.adapter:
        with db.transaction(office.database) as session:
            by = users.by_login(session, options["login"])
            given: dict[str, Any] = {"site": site, "by": by, "now": now()}
            row = learning.store(session, office.newsroom, adapter=lesson.adapter, **given)
            said = f"Kept as {row.version[:12]}, switched off: comity learn on {row.version[:12]}"
            if options["switch_on"]:
                learning.switch_on(session, office.newsroom, version=row.version, **given)
                said = f"Kept as {row.version[:12]}, and on. Back: comity learn off"
    tell(lesson, options, said)


@contextmanager
def site_of(slug: str) -> Iterator[tuple["Installation", "Session", "Site"]]:
    """Yield the installation, a session that reads, and a site."""
    from comity import db
    from comity.actions import sites
    from comity.commands.office import opened

    office = opened()
    with db.reading(office.database) as session:
        yield office, session, sites.by_slug(session, slug)


def suggested(settings: Settings, options: dict[str, Any]) -> list["Example"]:
    """Return what clients of the Perspective protocol suggested, as far as it is asked for."""
    from comity.learn import examples, feedback

    path = options["feedback"] or settings.perspective_feedback
    if not options["communities"]:
        return []
    if not path:
        raise SettingsError(
            "No suggested scores are kept.",
            field="COMITY_PERSPECTIVE_FEEDBACK",
            remedy="Name the file in COMITY_PERSPECTIVE_FEEDBACK, or by --feedback.",
        )
    hashes = None
    if ALL not in options["communities"]:
        hashes = {feedback.hashed(key_of(settings), name) for name in options["communities"]}
    feedback.sweep(Path(path), now() - timedelta(days=settings.retain_feedback_days))
    found = feedback.suggestions(Path(path), hashes)
    return examples.of_suggestions(found, Label(options["toxic"]) if options["toxic"] else None)


def key_of(settings: Settings) -> bytes:
    """Return the key by which clients' names are hashed."""
    from comity.web.auth import feedback_key, secret

    return feedback_key(secret(settings))


def taught(examples: list["Example"], engine: Any, guidelines: Any, options: Any) -> "Lesson":
    """Learn, with a progress bar on standard error."""
    from comity.learn.lesson import learn as learn_from

    with meter() as progress:
        return learn_from(examples, engine, guidelines, anyway=options["anyway"], progress=progress)


@contextmanager
def meter() -> Iterator["Progress"]:
    """Yield what shows progress on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:

        def progress(what: str, of: int) -> Callable[[], None]:
            task = bar.add_task(what, total=of)
            return lambda: bar.advance(task)

        yield progress


def tell(lesson: "Lesson", options: dict[str, Any], said: str) -> None:
    """Show what was learnt and what it is worth."""
    version = lesson.adapter.version if lesson.adapter else None
    labels = sorted(lesson.adapter.labels) if lesson.adapter else []
    if options["json"]:
        print_json({"version": version, "labels": labels, "measured": lesson.measured})
    else:
        show(lesson.measured)
        click.echo(said if version else NOTHING)
    sys.exit(0 if version else 1)


NOTHING = (
    "Nothing is kept: of no label is a gain sure. Decide on more comments and learn again, or say "
    "--anyway."
)
HEADINGS = ("label", "breaches", "fair", "AUC", "gain", "95 %", "caught", "fair stopped", "advice")
METHOD = (
    "Of the engine alone → with the adapter, on comments held out in ten folds. The interval is "
    "from a paired bootstrap over them. “40 + 900” fair: 40 that people let stand, and 900 public "
    "ones to which nobody objected. Caught and stopped: what the guidelines would hold or reject."
)


def show(measured: list["Measured"]) -> None:
    """Print what is known of each label."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    if not measured:
        click.echo("There is nothing to learn from: no breach was confirmed by a person.")
        return
    table = Table(box=box.SIMPLE_HEAD)
    for heading in HEADINGS:
        table.add_column(heading, no_wrap=True)
    for one in measured:
        table.add_row(
            one.label,
            str(one.breaches),
            f"{one.fair} + {one.unread}" if one.unread else str(one.fair),
            "–" if one.area is None else f"{one.area[0]:.3f} → {one.area[1]:.3f}",
            "–" if one.gain is None else f"{one.gain:+.3f}",
            "–" if one.low is None else f"{one.low:+.3f} to {one.high:+.3f}",
            change(one.caught, one.breaches),
            change(one.stopped, one.fair + one.unread),
            one.advice,
        )
    Console(width=140).print(table)
    click.echo(METHOD)


def change(counts: tuple[int, int] | None, of: int) -> str:
    """Write a share before and after."""
    return "–" if counts is None else f"{counts[0] / of:.0%} → {counts[1] / of:.0%}"


@learn.command()
@click.argument("version")
@site_option
@click.option("--by", "login", required=True, help="The editor's login.")
def on(version: str, slug: str, login: str) -> None:
    """Let the adapter VERSION look at every new comment; running servers take it up at once."""
    from comity import db
    from comity.actions import learning, sites, users
    from comity.commands.office import opened

    office = opened()
    with db.transaction(office.database) as session:
        site, by = sites.by_slug(session, slug), users.by_login(session, login)
        given: dict[str, Any] = {"site": site, "by": by, "now": now()}
        row = learning.switch_on(session, office.newsroom, version=version, **given)
    click.echo(f"On: {row.version[:12]}. Back: comity learn off")


@learn.command()
@site_option
@click.option("--by", "login", required=True, help="The editor's login.")
def off(slug: str, login: str) -> None:
    """Go back to the adapter that was on before, or to none."""
    from comity import db
    from comity.actions import learning, sites, users
    from comity.commands.office import opened

    office = opened()
    with db.transaction(office.database) as session:
        site, by = sites.by_slug(session, slug), users.by_login(session, login)
        version = learning.roll_back(session, office.newsroom, site=site, by=by, now=now())
    click.echo(f"On, as before: {version[:12]}." if version else "No adapter is on.")


@learn.command(name="list")
@site_option
@as_json
def list_adapters(slug: str, *, json: bool) -> None:
    """List what a site has learnt, latest first."""
    from comity.actions import learning

    with site_of(slug) as (office, session, site):
        rows: list[dict[str, Any]] = [
            {
                "version": one.row.version,
                "on": one.is_on,
                "learnt_at": one.row.created_at,
                "by": str(one.row.by_id) if one.row.by_id else None,
                "engine": one.row.engine,
                "usable": one.row.engine == office.newsroom.engine.version,
                "labels": {
                    label: {
                        "breaches": learnt.breaches,
                        "fair": learnt.fair,
                        "gain": learnt.gain,
                        "low": learnt.low,
                        "high": learnt.high,
                    }
                    for label, learnt in one.adapter.labels.items()
                },
            }
            for one in learning.known(session, site)
        ]
    if json:
        print_json(rows)
        return
    for row in rows:
        state = "on " if row["on"] else "off"
        old = "" if row["usable"] else "  (for another engine: learn anew)"
        labels = ", ".join(f"{name} {of['gain']:+.3f}" for name, of in row["labels"].items())
        click.echo(f"{row['version'][:12]}  {state}  {row['learnt_at']:%Y-%m-%d}  {labels}{old}")
    if not rows:
        click.echo("This site has learnt nothing yet: comity learn --by LOGIN")


@learn.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--feedback", type=click.Path(path_type=Path), help="As for `comity learn`.")
def forget(names: tuple[str, ...], feedback: Path | None) -> None:
    """Remove what clients suggested under these tokens or session ids.

    Coral's token of a comment is `comment:ID`. What was learnt holds no words; learn anew so that
    it holds no trace of them either.
    """
    from comity.learn import feedback as kept

    settings = from_environment()
    path = feedback or settings.perspective_feedback
    if not path:
        raise SettingsError(
            "No suggested scores are kept.",
            field="COMITY_PERSPECTIVE_FEEDBACK",
            remedy="Name the file in COMITY_PERSPECTIVE_FEEDBACK, or by --feedback.",
        )
    key = key_of(settings)
    removed = kept.forget(Path(path), {kept.hashed(key, name) for name in names})
    click.echo(f"{removed} line(s) removed.")
