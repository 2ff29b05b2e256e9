"""`comity story`: articles from a file, a page or an address."""

import click
from sqlalchemy import select

from comity import db
from comity.actions import sites, stories
from comity.commands import as_json, now, print_json
from comity.commands.office import opened
from comity.errors import NotFound
from comity.importers.article import read_article
from comity.models import Site, Story

site_option = click.option("--site", "slug", default="main", show_default=True, help="The site.")


@click.group()
def story() -> None:
    """Articles that can be commented on."""


@story.command()
@click.argument("source")
@click.option("--headline", help="In place of the page's own (or of its summary line).")
@click.option("--key", help="The publisher's own key; made from the headline when absent.")
@click.option("--sensitive", is_flag=True, help="Mark it as about a tragedy or the like.")
@site_option
@as_json
def add(
    *, source: str, headline: str | None, key: str | None, sensitive: bool, slug: str, json: bool
) -> None:
    """Add the article SOURCE: a text or HTML file, an http(s) address, or - for standard input.

    A saved page without markup will do. An article added again under the same key is brought up
    to date, and its comments stay. Addresses inside private networks are refused.
    """
    article = read_article(source, headline=headline, now=now())
    office = opened()
    with db.transaction(office.database) as session:
        site = sites.by_slug(session, slug)
        saved = stories.save(
            session,
            office.newsroom,
            site=site,
            key=key or stories.key_of(article.headline),
            article=article,
            sensitive=sensitive or None,
            now=now(),
        )
        place = stories.page_of(slug, saved.key)
    if json:
        print_json(article)
    else:
        click.echo(f"{article.headline}\n{office.settings.url}{place}")


@story.command(name="list")
@site_option
@as_json
def list_stories(*, slug: str, json: bool) -> None:
    """List a site's stories, newest first."""
    office = opened()
    with db.reading(office.database) as session:
        site = sites.by_slug(session, slug)
        rows = session.execute(
            select(Story.key, Story.headline, Story.open)
            .where(Story.site_id == site.id)
            .order_by(Story.id.desc())
        ).all()
    if json:
        print_json([{"key": key, "headline": line, "open": is_open} for key, line, is_open in rows])
    for key, line, is_open in [] if json else rows:
        click.echo(f"{key}\t{'open' if is_open else 'closed'}\t{line}")


@story.command(name="open")
@click.argument("key")
@site_option
def open_(*, key: str, slug: str) -> None:
    """Let readers comment on the story KEY."""
    set_open(slug, key, is_open=True)


@story.command()
@click.argument("key")
@site_option
def close(*, key: str, slug: str) -> None:
    """Take no more comments on the story KEY; those there stay."""
    set_open(slug, key, is_open=False)


def set_open(slug: str, key: str, *, is_open: bool) -> None:
    """Open or close a story and say so."""
    office = opened()
    with db.transaction(office.database) as session:
        row = session.scalar(select(Story).join(Site).where(Site.slug == slug, Story.key == key))
        if row is None:
            raise NotFound(
                f"There is no story {key} on {slug}.", remedy="`comity story list` shows all."
            )
        stories.set_open(session, office.newsroom, story=row, is_open=is_open, by=None, now=now())
    click.echo(f"{key} is {'open' if is_open else 'closed'}.")
