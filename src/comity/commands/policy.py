"""`comity guidelines`, `judge`, `evaluate`, `replay`: the policy, tried before it is in force."""

import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import click

from comity.commands import as_json, now, print_json
from comity.detectors import Engine
from comity.errors import BadInput
from comity.guidelines import Guidelines
from comity.judge import check as check_examples

file_argument = click.argument("file", type=click.Path(path_type=Path), required=False)
guidelines_option = click.option(
    "--guidelines",
    "path",
    type=click.Path(path_type=Path),
    help="A guidelines file; the packaged one when absent.",
)


encoder_option = click.option(
    "--encoder/--no-encoder", default=True, help="The language model looks too, or word lists only."
)


adapter_option = click.option(
    "--adapter",
    type=click.Path(path_type=Path),
    help="What was learnt, as `comity learn --out` wrote it; the language model looks too.",
)


def chosen(path: Path | None) -> Guidelines:
    """Read a guidelines file, or return the packaged one."""
    return Guidelines.read(path) if path else Guidelines.default()


def learnt(path: Path | None) -> bytes | None:
    """Read the file of an adapter, having seen that it is one."""
    if path is None:
        return None
    from comity.detectors.adapter import read

    return read(path).encoded()


@click.group()
def guidelines() -> None:
    """The file that is published and enforced."""


@guidelines.command()
@file_argument
@encoder_option
@as_json
def check(file: Path | None, *, encoder: bool, json: bool) -> None:
    """Judge every example of FILE (the packaged guidelines when absent).

    Exits with status 1 if page and program disagree.
    """
    found = chosen(file)
    failures = check_examples(found, Engine.default(encoder=encoder))
    examples = sum(len(rule.ok) + len(rule.not_ok) for rule in found.rules)
    if json:
        print_json({"version": found.version, "examples": examples, "failures": failures})
    else:
        for failure in failures:
            where = f"Under “{failure.title}”, line {failure.line}"
            said = f"{where}: {failure.problem} “{failure.example.text}”"
            click.secho(said, fg="red", err=True)
        click.echo(
            f"{len(found.rules)} rules, {examples} examples, {len(failures)} judged otherwise "
            f"than the page says. Version {found.version[:12]}."
        )
    sys.exit(1 if failures else 0)


@guidelines.command()
@file_argument
@as_json
def show(file: Path | None, *, json: bool) -> None:
    """Say what FILE lets the machine do, rule by rule."""
    found = chosen(file)
    rows: list[dict[str, Any]] = [
        {
            "id": rule.id,
            "title": rule.title,
            "labels": sorted(rule.labels),
            "targets": sorted(rule.targets),
            "gravity": rule.gravity,
            "consequence": rule.consequence(),
        }
        for rule in found.rules
    ]
    care = found.care and {
        "title": found.care.title,
        "labels": sorted(found.care.labels),
        "holds": found.care.hold is not None,
    }
    if json:
        print_json(
            {"title": found.title, "version": found.version, "rules": rows, "care": care or None}
        )
        return
    click.echo(f"{found.title} ({found.version[:12]})")
    for row in rows:
        click.echo(f"\n{click.style(row['title'], bold=True)} [{row['id']}, {row['gravity']}]")
        click.echo(click.wrap_text(row["consequence"], initial_indent="  ", subsequent_indent="  "))
    if found.care and found.care.hold:
        click.echo(f"\n{click.style(found.care.title, bold=True)} [care]")
        said = found.care.consequence()
        click.echo(click.wrap_text(said, initial_indent="  ", subsequent_indent="  "))


@guidelines.command(name="init")
@click.argument("file", type=click.Path(path_type=Path), default=Path("guidelines.md"))
def init_file(file: Path) -> None:
    """Write a copy of the packaged guidelines to FILE, to make your own."""
    if file.exists():
        raise BadInput(f"{file} exists.", field="file", remedy="Give another name, or move it.")
    file.write_text(Guidelines.default().text, encoding="utf-8")
    click.echo(f"Wrote {file}. Edit it, then: comity guidelines check {file}")


@guidelines.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", "login", required=True, help="The editor's login.")
@click.option("--site", "slug", help="For this site; for the publisher when absent.")
def publish(file: Path, login: str, slug: str | None) -> None:
    """Put FILE in force, if all its examples are judged as it says."""
    from comity import db
    from comity.actions import newsroom, sites, users
    from comity.commands.office import opened

    found, office = Guidelines.read(file), opened()
    with db.reading(office.database) as session:
        site_id = sites.by_slug(session, slug).id if slug else None
        engine = office.newsroom.engine_of(session, site_id)
    if failures := check_examples(found, engine):
        raise BadInput(
            f"{len(failures)} examples are judged otherwise than {file} says.",
            field="file",
            remedy=f"See `comity guidelines check {file}`.",
        )
    with db.transaction(office.database) as session:
        published = newsroom.publish_guidelines(
            session,
            office.newsroom,
            text=file.read_text(encoding="utf-8"),
            site=sites.by_slug(session, slug) if slug else None,
            by=users.by_login(session, login),
            now=now(),
        )
    click.echo(f"In force: {published.title}, version {published.version[:12]}.")


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@guidelines_option
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@click.option("--progress", is_flag=True, help="Show progress on standard error.")
@encoder_option
@adapter_option
def judge(
    file: IO[bytes],
    path: Path | None,
    jobs: int,
    *,
    progress: bool,
    encoder: bool,
    adapter: Path | None,
) -> None:
    """Judge JSON lines from FILE or standard input; write one answer a line, in order.

    Each line: {"id", "text", "parent", "story": {"headline", "deck", "body", "section", "byline"},
    "author"}. A bad line is told on standard error and answered with {"id", "error"}; the rest is
    judged, and the exit status is 1.
    """
    from comity import bulk

    tally = bulk.run(
        file,
        sys.stdout.buffer,
        sys.stderr,
        guidelines=chosen(path),
        jobs=jobs,
        progress=progress,
        encoder=encoder,
        adapter=learnt(adapter),
    )
    sys.exit(1 if tally.bad else 0)


@click.command()
@click.argument("cases", type=click.Path(path_type=Path))
@click.option("--stories", type=click.Path(path_type=Path), help="JSON list of stories, by id.")
@guidelines_option
@encoder_option
@adapter_option
@as_json
def evaluate(
    cases: Path,
    stories: Path | None,
    path: Path | None,
    *,
    encoder: bool,
    adapter: Path | None,
    json: bool,
) -> None:
    """Score a functional suite of labelled CASES (JSON lines), worst functionality first."""
    from rich.console import Console

    from comity.bulk import engine_with
    from comity.evaluate import score
    from comity.evaluate.report import show as show_report
    from comity.evaluate.suite import read_cases, read_stories, stories_beside

    beside = stories or stories_beside(cases)
    told = read_stories(beside) if beside else {}
    engine = engine_with(learnt(adapter), encoder=encoder)
    report = score(read_cases(cases), told, chosen(path), engine)
    if json:
        print_json(report.to_json())
    else:
        show_report(report, Console())


@click.command()
@click.option(
    "--guidelines", "path", type=click.Path(path_type=Path), required=True, help="The new file."
)
@click.option("--days", type=click.IntRange(1), default=30, show_default=True, help="How far back.")
@as_json
def replay(path: Path, days: int, *, json: bool) -> None:
    """Say which of the last days' decisions would differ under a changed guidelines file."""
    from comity import db
    from comity.actions.replaying import replay as differences
    from comity.commands.office import opened

    found, office = Guidelines.read(path), opened()
    since = now() - timedelta(days=days)
    count = 0
    with ExitStack() as stack:
        session = stack.enter_context(db.reading(office.database))
        for difference in differences(session, office.newsroom, guidelines=found, since=since):
            count += 1
            before, after = difference.before, difference.after
            row: dict[str, Any] = {
                "comment": str(difference.comment_id),
                "at": difference.at,
                "before": before.outcome,
                "after": after.outcome,
                "rules_before": sorted({breach.rule for breach in before.breaches}),
                "rules_after": sorted({breach.rule for breach in after.breaches}),
            }
            if json:
                print_json(row)
            else:
                rules = ", ".join(row["rules_after"] or row["rules_before"])
                click.echo(f"{row['comment']}  {before.outcome} → {after.outcome}  {rules}")
    click.echo(f"{count} would differ in the last {days} days.", err=True)
