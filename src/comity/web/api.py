"""What a reader does through the API: post, check, edit, withdraw, flag, appeal, read their own."""

from uuid import UUID

from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody
from sqlalchemy.orm import Session

from comity import db, queries
from comity.actions import appealing, flagging, posting
from comity.errors import NotFound
from comity.models import Comment, Decision, Sanction, User
from comity.web import own
from comity.web.access import Who, may
from comity.web.errors import refusals
from comity.web.house import Ask, acting, house, moment
from comity.web.shapes import (
    Appealed,
    Draft,
    Edited,
    Flagged,
    Mine,
    NewAppeal,
    NewComment,
    NewFlag,
    Posted,
    Preview,
    Statement,
)

WRITING, CONCERNED = ["Writing"], ["When a decision concerns you"]
BEARER: list[dict[str, list[str]]] = [{"reader": []}]


@get(
    "/api/v1/sites/{site:str}/stories/{key:str}/mine",
    opt=may(Who.READER),
    sync_to_thread=True,
    tags=WRITING,
    summary="What is my own under a story",
    security=BEARER,
    responses=refusals(401, 404, 429, 503),
)
def mine(request: Ask, site: FromPath[str], key: FromPath[str]) -> Mine:
    """Return the reader's own comments, whatever became of them, and whether they may write."""
    rooms = house(request)
    with db.reading(rooms.database) as session:
        story = queries.story_by_key(session, site, key)
        return own.mine(session, rooms, story, session.get_one(User, request.user.id), moment())


@post(
    "/api/v1/sites/{site:str}/stories/{key:str}/comments",
    opt=may(Who.READER, limit="posts"),
    sync_to_thread=True,
    tags=WRITING,
    summary="Post a comment",
    security=BEARER,
    responses=refusals(400, 401, 403, 404, 409, 413, 429, 503),
)
def post_comment(
    request: Ask, site: FromPath[str], key: FromPath[str], data: JSONBody[NewComment]
) -> Posted:
    """Post a comment; published, held and rejected are all answers, `status` says which.

    Sending the same `client_id` again returns the comment that it made.
    """
    rooms, author, now = house(request), request.user, moment()
    # As few objects as possible: this is the busiest of the routes that write.
    with db.transaction(rooms.database, lock=False) as session:
        comment = posting.post(
            session,
            rooms.newsroom,
            story=queries.spot(session, site, key),
            author=author,
            text=data.text,
            reply_to=data.reply_to,
            client_id=data.client_id,
            now=now,
        )
        posted = own.posted(session, rooms, comment, author, now)
        became = own.outcome(session, comment)
    rooms.metrics.count(*became[:3], care=became.care)
    return posted


@post(
    "/api/v1/sites/{site:str}/stories/{key:str}/comments:preview",
    opt=may(Who.READER, limit="previews"),
    status_code=200,
    sync_to_thread=True,
    tags=WRITING,
    summary="Check a comment before sending it",
    security=BEARER,
    responses=refusals(400, 401, 403, 404, 409, 413, 429, 503),
)
def preview(
    request: Ask, site: FromPath[str], key: FromPath[str], data: JSONBody[Draft]
) -> Preview:
    """Say what would become of a comment and which rules it would meet; nothing is published."""
    rooms = house(request)
    with acting(request, lock=False) as (session, author, now):
        story = queries.story_by_key(session, site, key)
        verdict = posting.preview(
            session,
            rooms.newsroom,
            story=story,
            author=author,
            text=data.text,
            reply_to=data.reply_to,
            now=now,
        )
        guidelines = rooms.newsroom.guidelines(session, story.site_id)
    return own.previewed(verdict, guidelines, data.text)


@patch(
    "/api/v1/comments/{id:uuid}",
    opt=may(Who.READER, limit="posts"),
    sync_to_thread=True,
    tags=WRITING,
    summary="Edit a comment",
    security=BEARER,
    responses=refusals(400, 401, 403, 404, 409, 413, 429, 503),
)
def edit(request: Ask, id: FromPath[UUID], data: JSONBody[Edited]) -> Posted:
    """Put another text in place of one's own, for a while after it was posted; judged anew."""
    rooms = house(request)
    with acting(request, lock=False) as (session, author, now):
        comment = posting.edit(
            session,
            rooms.newsroom,
            comment=own.reachable(session, id, author),
            author=author,
            text=data.text,
            now=now,
        )
        posted = own.posted(session, rooms, comment, author, now)
        became = own.outcome(session, comment)
    rooms.metrics.count(*became[:3], care=became.care)
    return posted


@delete(
    "/api/v1/comments/{id:uuid}",
    opt=may(Who.READER, limit="posts"),
    sync_to_thread=True,
    tags=WRITING,
    summary="Withdraw a comment",
    security=BEARER,
    responses=refusals(401, 403, 404, 409, 429, 503),
)
def withdraw(request: Ask, id: FromPath[UUID]) -> None:
    """Take one's own comment back; answers to it stay."""
    with acting(request) as (session, author, now):
        comment = own.reachable(session, id, author)
        newsroom = house(request).newsroom
        posting.withdraw(session, newsroom, comment=comment, author=author, now=now)


@post(
    "/api/v1/comments/{id:uuid}/flags",
    opt=may(Who.READER),
    sync_to_thread=True,
    tags=WRITING,
    summary="Flag a comment",
    security=BEARER,
    responses=refusals(400, 401, 403, 404, 409, 413, 429, 503),
)
def flag(request: Ask, id: FromPath[UUID], data: JSONBody[NewFlag]) -> Flagged:
    """Report a comment to the moderators, naming the rule that it breaks."""
    with acting(request, lock=False) as (session, reader, now):
        made = flagging.flag(
            session,
            house(request).newsroom,
            comment=own.reachable(session, id, reader),
            reader=reader,
            rule=data.rule,
            note=data.note,
            now=now,
        )
        return Flagged(made.id)


@get(
    "/api/v1/comments/{id:uuid}/statement",
    opt=may(Who.READER),
    sync_to_thread=True,
    tags=CONCERNED,
    summary="Why my comment is not public",
    security=BEARER,
    responses=refusals(401, 404, 429, 503),
)
def statement(request: Ask, id: FromPath[UUID]) -> Statement:
    """Return the statement of reasons of the latest decision, to the writer only."""
    rooms = house(request)
    with db.reading(rooms.database) as session:
        comment = session.get(Comment, id)
        if comment is None or comment.author_id != request.user.id:
            raise nothing_here()
        return own.statement(session, rooms, session.get_one(Decision, comment.decision_id))


@post(
    "/api/v1/decisions/{id:uuid}/appeals",
    opt=may(Who.READER),
    sync_to_thread=True,
    tags=CONCERNED,
    summary="Appeal a decision",
    security=BEARER,
    responses=refusals(400, 401, 403, 404, 409, 413, 429, 503),
)
def appeal_decision(request: Ask, id: FromPath[UUID], data: JSONBody[NewAppeal]) -> Appealed:
    """Ask for a second look by somebody else than the one who decided."""
    with acting(request) as (session, person, now):
        decision = session.get(Decision, id)
        if decision is None or not is_about(session, decision, person):
            raise nothing_here()
        newsroom = house(request).newsroom
        made = appealing.appeal(
            session, newsroom, person=person, text=data.text, decision=decision, now=now
        )
        return Appealed(made.id)


@post(
    "/api/v1/sanctions/{id:uuid}/appeals",
    opt=may(Who.READER),
    sync_to_thread=True,
    tags=CONCERNED,
    summary="Appeal a sanction",
    security=BEARER,
    responses=refusals(400, 401, 403, 404, 409, 413, 429, 503),
)
def appeal_sanction(request: Ask, id: FromPath[UUID], data: JSONBody[NewAppeal]) -> Appealed:
    """Ask for a second look at a warning, suspension or block."""
    with acting(request) as (session, person, now):
        sanction = session.get(Sanction, id)
        if sanction is None or sanction.user_id != person.id:
            raise nothing_here()
        newsroom = house(request).newsroom
        made = appealing.appeal(
            session, newsroom, person=person, text=data.text, sanction=sanction, now=now
        )
        return Appealed(made.id)


def is_about(session: Session, decision: Decision, person: User) -> bool:
    """Say whether a decision is about a comment of this person."""
    return session.get_one(Comment, decision.comment_id).author_id == person.id


def nothing_here() -> NotFound:
    """Make the error for what is not there, or is not this person's to know of."""
    return NotFound("There is nothing of yours at this address.", remedy="Check the address.")
