"""The public pages: stories with comments, the guidelines, what follows from them, the log."""

import json
from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from sqlalchemy import select
from sqlalchemy.orm import undefer

from comity import db, queries
from comity.actions import newsroom, retaining, sites, stories
from comity.errors import NotFound
from comity.guidelines import Guidelines
from comity.models import Site, Story
from comity.queries import Root, Sort
from comity.web import element
from comity.web.access import Who, may
from comity.web.forms import HTML
from comity.web.house import Ask, house
from comity.web.templating import page
from comity.web.threads import nested

SCRIPT, PACKED = element.script(), element.packed()
SCRIPT_HEADERS = {"Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding"}


@get("/comity.js", opt=may(Who.ANYONE), include_in_schema=False, media_type="text/javascript")
async def script(request: Ask) -> Response[bytes]:
    """Return the element, which pages of other origins embed."""
    if element.takes_gzip(request.headers.get("accept-encoding", "")):
        return Response(PACKED, headers={**SCRIPT_HEADERS, "Content-Encoding": "gzip"})
    return Response(SCRIPT, headers=SCRIPT_HEADERS)


@get("/", opt=may(Who.ANYONE), **HTML)
def home(request: Ask) -> Template:
    """List the latest stories of all sites."""
    with db.reading(house(request).database) as session:
        stories = session.execute(
            select(Site.slug, Site.name, Story.key, Story.headline, Story.deck, Story.comments)
            .join(Story, Story.site_id == Site.id)
            .order_by(Story.id.desc())
            .limit(50)
        ).all()
    return page(request, "home.html", stories=stories)


@get("/{site:str}/stories/{key:str}", opt=may(Who.ANYONE), **HTML)
def story(
    request: Ask,
    site: FromPath[str],
    key: FromPath[str],
    sort: FromQuery[Sort] = Sort.NEWEST,
    after: FromQuery[str | None] = None,
) -> Template:
    """Show an article with its comments, readable without JavaScript."""
    with db.reading(house(request).database) as session:
        where = sites.by_slug(session, site)
        found = session.scalar(
            select(Story)
            .where(Story.site_id == where.id, Story.key == key)
            .options(undefer(Story.body), undefer(Story.photographs))
        )
        if found is None:
            raise NotFound("There is no such story.", remedy="Check the address.")
        thread = queries.thread_page(session, found.id, sort=sort, after=after)
        guidelines = house(request).newsroom.guidelines(session, where.id)
        session.expunge_all()
    return page(
        request,
        "story.html",
        site=where,
        story=found,
        guidelines=guidelines,
        roots=[nested(root) for root in thread.items],
        sort=sort.value,
        sorts=[(Sort.NEWEST, "Newest"), (Sort.OLDEST, "Oldest"), (Sort.REPLIES, "Most replied")],
        next=thread.next,
        linked_data=linked_data(request, site, found, thread.items),
    )


def linked_data(request: Ask, site: str, story: Story, roots: list[Root]) -> str:
    """Return the article and its comments in schema.org's words, safe inside a script element."""
    address = house(request).settings.url + stories.page_of(site, story.key)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "description": story.deck or None,
        "author": {"@type": "Person", "name": story.byline} if story.byline else None,
        "datePublished": written(story.published_at),
        "articleSection": story.section or None,
        "image": [photo["url"] for photo in story.photographs if photo["url"]] or None,
        "mainEntityOfPage": story.url or address,
        "commentCount": story.comments,
        "discussionUrl": address,
        "comment": [comment_data(root) for root in roots if root.comment.text is not None],
    }
    text = json.dumps({name: value for name, value in data.items() if value is not None})
    return text.replace("<", "\\u003c").replace("&", "\\u0026")


def comment_data(root: Root) -> dict[str, Any]:
    """Return a thread's first comment in schema.org's words."""
    return {
        "@type": "Comment",
        "text": root.comment.text,
        "dateCreated": written(root.comment.created_at),
        "author": {"@type": "Person", "name": root.comment.author_name},
    }


def written(at: datetime | None) -> str | None:
    """Write a time as ISO 8601."""
    return at.isoformat() if at else None


@get("/{site:str}/guidelines", opt=may(Who.ANYONE), **HTML)
def guidelines(request: Ask, site: FromPath[str]) -> Template:
    """Show the guidelines in force, rule by rule, with what happens."""
    with db.reading(house(request).database) as session:
        where = sites.by_slug(session, site)
        found = house(request).newsroom.guidelines(session, where.id)
        past = newsroom.past_versions(session, house(request).newsroom, where)
    return page(
        request, "guidelines.html", site=where, guidelines=found, past=past, is_current=True
    )


@get("/{site:str}/guidelines/{version:str}", opt=may(Who.ANYONE), **HTML)
def guidelines_version(request: Ask, site: FromPath[str], version: FromPath[str]) -> Template:
    """Show the guidelines as they stood in one version, for whoever was judged by it."""
    with db.reading(house(request).database) as session:
        where = sites.by_slug(session, site)
        current = house(request).newsroom.guidelines(session, where.id)
        found = house(request).newsroom.version(session, version)
        past = newsroom.past_versions(session, house(request).newsroom, where)
    return page(
        request,
        "guidelines.html",
        site=where,
        guidelines=found,
        past=past,
        is_current=found.version == current.version,
    )


@get("/{site:str}/faq", opt=may(Who.ANYONE), **HTML)
def faq(request: Ask, site: FromPath[str]) -> Template:
    """Answer what readers ask, from what is really enforced."""
    return about(request, site, "faq.html")


@get("/{site:str}/terms", opt=may(Who.ANYONE), **HTML)
def terms(request: Ask, site: FromPath[str]) -> Template:
    """Show the terms of service, made from what is really enforced and kept."""
    return about(request, site, "terms.html")


def about(request: Ask, site: str, template: str) -> Template:
    """Render a page about what is enforced on a site."""
    with db.reading(house(request).database) as session:
        where = sites.by_slug(session, site)
        found: Guidelines = house(request).newsroom.guidelines(session, where.id)
    return page(
        request,
        template,
        site=where,
        guidelines=found,
        settings=house(request).settings,
        text_days=retaining.text_days(house(request).settings),
        titles={rule.id: rule.title for rule in found.rules},
    )


@get("/{site:str}/log", opt=may(Who.ANYONE), **HTML)
def log(request: Ask, site: FromPath[str], after: FromQuery[str | None] = None) -> Template:
    """Show the log of decisions, where the publisher switched it on; it never quotes or names.

    Raises:
        NotFound: it is not switched on.
    """
    rooms = house(request)
    if not rooms.settings.public_log:
        raise NotFound("This publisher keeps no public log.", remedy="Ask the newsroom.")
    with db.reading(rooms.database) as session:
        where = sites.by_slug(session, site)
        entries, next = queries.public_log(session, where.id, after=after)
        current = rooms.newsroom.guidelines(session, where.id)
    return page(
        request,
        "log.html",
        site=where,
        entries=entries,
        next=next,
        titles={rule.id: rule.title for rule in current.rules},
    )
