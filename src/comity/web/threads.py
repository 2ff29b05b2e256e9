"""What anybody may read through the API: threads, replies, one comment, the rules for flags."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import MediaType, Response, get
from litestar.params import FromPath, FromQuery, QueryParameter
from sqlalchemy import Engine as Database
from sqlalchemy import bindparam, select

from comity import db, queries
from comity.actions import sites
from comity.errors import NotFound
from comity.models import Site, Status, Story
from comity.queries import Root, Shown, Sort
from comity.web.access import Who, may
from comity.web.cache import CACHE_CONTROL, Document, Key
from comity.web.errors import refusals
from comity.web.house import Ask, house
from comity.web.present import comment_html
from comity.web.shapes import (
    Author,
    Comment,
    Place,
    Replies,
    Rules,
    RuleTitle,
    StoryHead,
    Thread,
)

TAGS = ["Reading"]
SHARED = {"Cache-Control": CACHE_CONTROL}
ENCODER = msgspec.json.Encoder()
HEAD = (
    select(Story.id, Story.headline, Story.open, Story.comments, Story.version)
    .join(Site, Site.id == Story.site_id)
    .where(Site.slug == bindparam("site"), Story.key == bindparam("key"))
)

After = Annotated[
    str | None, QueryParameter(description="`next` of the page before.", max_length=100)
]


@get(
    "/api/v1/sites/{site:str}/stories/{key:str}/comments",
    opt=may(Who.ANYONE),
    tags=TAGS,
    summary="A story's comments",
    responses=refusals(304, 400, 404, 429, 503),
)
async def thread(
    request: Ask,
    site: FromPath[str],
    key: FromPath[str],
    sort: FromQuery[Sort] = Sort.NEWEST,
    after: After = None,
) -> Response[Thread]:
    """Return a page of threads, the same for everybody, with an ETag; each with first replies."""
    document = await house(request).threads.get(Key(site, key, sort.value, after))
    headers = {**SHARED, "ETag": document.etag}
    known = request.headers.get("if-none-match", "")
    same = document.etag in known
    content: Any = None if same else document.body
    return Response(
        content, status_code=304 if same else 200, headers=headers, media_type=MediaType.JSON
    )


@get(
    "/api/v1/comments/{id:uuid}/replies",
    opt=may(Who.ANYONE),
    sync_to_thread=True,
    tags=TAGS,
    summary="More replies of a thread",
    responses=refusals(400, 404, 429, 503),
)
def replies(request: Ask, id: FromPath[UUID], after: After = None) -> Response[Replies]:
    """Return replies in the order they came; `id` is the thread's first comment."""
    with db.reading(house(request).database) as session:
        queries.place_of(session, id)
        shown, next = queries.replies_page(session, id, after=after)
    return Response(Replies([comment(one) for one in shown], next), headers=SHARED)


@get(
    "/api/v1/comments/{id:uuid}",
    opt=may(Who.ANYONE),
    sync_to_thread=True,
    tags=TAGS,
    summary="One comment and where it stands",
    responses=refusals(404, 429, 503),
)
def place(request: Ask, id: FromPath[UUID]) -> Response[Place]:
    """Return a comment with those it answers, outermost first: for links to one comment."""
    with db.reading(house(request).database) as session:
        found = queries.place_of(session, id)
    shown = Place(
        comment(found.comment),
        [comment(one) for one in found.ancestors],
        found.comment.root_id or found.comment.id,
    )
    return Response(shown, headers=SHARED)


@get(
    "/api/v1/sites/{site:str}/rules",
    opt=may(Who.ANYONE),
    sync_to_thread=True,
    tags=TAGS,
    summary="The rules that a flag can name",
    responses=refusals(404, 429, 503),
)
def rules(request: Ask, site: FromPath[str]) -> Response[Rules]:
    """Return the rules of the guidelines in force, by id and title."""
    rooms = house(request)
    with db.reading(rooms.database) as session:
        found = sites.by_slug(session, site)
        guidelines = rooms.newsroom.guidelines(session, found.id)
    titles = [RuleTitle(rule.id, rule.title) for rule in guidelines.rules]
    return Response(Rules(titles), headers=SHARED)


def builder(database: Database) -> Callable[[Key], Document]:
    """Return the function that makes a page of a thread; it reads and encodes, in a thread."""

    def build(key: Key) -> Document:
        with db.reading(database) as session:
            # The version first: what is written from here on may be on the page, but is later.
            story = session.execute(HEAD, {"site": key.site, "key": key.story}).first()
            if story is None:
                raise NotFound("There is no such story.", field="key", remedy="Check the address.")
            page = queries.thread_page(session, story.id, sort=Sort(key.sort), after=key.after)
        head = StoryHead(key.story, story.headline, story.open, story.comments, story.version)
        made = Thread(head, [nested(root) for root in page.items], page.next)
        return Document.of(story.version, ENCODER.encode(made))

    return build


def nested(root: Root) -> Comment:
    """Put a thread's first replies below what they answer."""
    first = comment(root.comment)
    first.more = root.more
    known = {first.id: first}
    for shown in root.items:
        reply = known[shown.id] = comment(shown)
        parent = known.get(shown.parent_id, first) if shown.parent_id else first
        parent.items.append(reply)
    return first


def comment(shown: Shown) -> Comment:
    """Say what readers see of a comment; why a place-holder is one concerns only its writer."""
    hidden = "withdrawn" if shown.status is Status.WITHDRAWN else "removed"
    return Comment(
        id=shown.id,
        parent=shown.parent_id,
        depth=shown.depth,
        author=Author(shown.author_id, shown.author_name or "") if shown.author_id else None,
        html=None if shown.text is None else comment_html(shown.text),
        status="published" if shown.status is Status.PUBLISHED else hidden,
        created_at=shown.created_at,
        edited_at=shown.edited_at,
        replies=shown.replies,
    )
