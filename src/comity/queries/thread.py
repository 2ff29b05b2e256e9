"""The public thread, the same for everybody: hot, so it reads columns and makes no objects of rows.

A page holds threads, each with its first replies in the order they came; so whatever is on a page
stands below something on it. A comment that is not published is shown as a place-holder, without
words or name, where shown answers stand below it.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, literal, select, tuple_
from sqlalchemy import text as sql
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import TextualSelect

from comity.errors import NotFound
from comity.models import Comment, Status, User, table_of
from comity.queries import cursors

ROOTS = 20
REPLIES = 20


class Sort(StrEnum):
    """The order of threads."""

    NEWEST = "newest"
    OLDEST = "oldest"
    REPLIES = "replies"


class Shown(NamedTuple):
    """A comment as readers see it; a place-holder has neither words nor name.

    `replies` counts, of a root, all published ones in its thread; of others, answers shown below.
    """

    id: UUID
    parent_id: UUID | None
    root_id: UUID | None
    depth: int
    status: Status
    created_at: datetime
    edited_at: datetime | None
    replies: int
    author_id: UUID | None
    author_name: str | None
    text: str | None


class Root(NamedTuple):
    """A thread: its first comment, the first replies in the order they came, where more begin."""

    comment: Shown
    items: list[Shown]
    more: str | None


class ThreadPage(NamedTuple):
    """Threads, and where the next page begins."""

    items: list[Root]
    next: str | None


class Place(NamedTuple):
    """A comment with all that stands above it, outermost first."""

    comment: Shown
    ancestors: list[Shown]
    story_id: UUID


comments, users = table_of(Comment), table_of(User)
COLUMNS = (
    comments.c.id,
    comments.c.parent_id,
    comments.c.root_id,
    comments.c.depth,
    comments.c.status,
    comments.c.created_at,
    comments.c.edited_at,
    comments.c.answers,
    comments.c.replies,
    comments.c.author_id,
    users.c.name,
    comments.c.text,
)


def thread_page(
    session: Session,
    story_id: UUID,
    *,
    sort: Sort = Sort.NEWEST,
    after: str | None = None,
    limit: int = ROOTS,
) -> ThreadPage:
    """Return a page of threads.

    Raises:
        BadInput: `after` is not a page mark of this order.
    """
    values: dict[str, Any] = {"story": story_id, "limit": limit + 1}
    if after and sort is Sort.REPLIES:
        values["rank"], values["after"] = cursors.read_ranked(after)
    elif after:
        values["after"] = cursors.read(after)
    rows = session.execute(select_roots(sort, is_first=not after), values).all()
    roots = [shown(row) for row in rows[:limit]]
    replies = first_replies(session, [root.id for root in roots if root.replies])
    last = roots[-1] if len(rows) > limit else None
    return ThreadPage(
        [thread(root, replies.get(root.id, [])) for root in roots],
        last and cursors.write(last.id, last.replies if sort is Sort.REPLIES else None),
    )


@lru_cache
def select_roots(sort: Sort, *, is_first: bool) -> Select[*tuple[Any, ...]]:
    """Select the first comments of threads in an order, from the beginning or after a mark."""
    statement = (
        select(*COLUMNS)
        .join(users, users.c.id == comments.c.author_id)
        .where(
            comments.c.story_id == bindparam("story"),
            comments.c.root_id.is_(None),
            sql("shown"),  # As the index says it.
        )
        .limit(bindparam("limit"))
    )
    after = bindparam("after", type_=comments.c.id.type)
    match sort:
        case Sort.NEWEST:
            statement = statement.order_by(comments.c.id.desc())
            rest = comments.c.id < after
        case Sort.OLDEST:
            statement = statement.order_by(comments.c.id)
            rest = comments.c.id > after
        case Sort.REPLIES:
            statement = statement.order_by(comments.c.replies.desc(), comments.c.id.desc())
            rest = tuple_(comments.c.replies, comments.c.id) < tuple_(
                bindparam("rank", type_=comments.c.replies.type), after
            )
    return statement if is_first else statement.where(rest)


def shown(row: Any) -> Shown:
    """Make what readers see of a row."""
    (
        id,
        parent_id,
        root_id,
        depth,
        status,
        created,
        edited,
        answers,
        replies,
        author,
        name,
        text,
    ) = row
    is_public = status is Status.PUBLISHED
    return Shown(
        id,
        parent_id,
        root_id,
        depth,
        status,
        created,
        edited if is_public else None,
        replies if root_id is None else answers,
        author if is_public else None,
        name if is_public else None,
        text if is_public else None,
    )


def thread(root: Shown, replies: list[Shown]) -> Root:
    """Put a root and its first replies together."""
    more = cursors.write(replies[REPLIES - 1].id) if len(replies) > REPLIES else None
    return Root(root, replies[:REPLIES], more)


def first_replies(session: Session, roots: Sequence[UUID]) -> dict[UUID, list[Shown]]:
    """Return the first replies of some threads, one more than is shown of each."""
    if not roots:
        return {}
    rows = session.execute(
        select_first_replies(len(roots)), {f"root{i}": root for i, root in enumerate(roots)}
    )
    found: dict[UUID, list[Shown]] = {root: [] for root in roots}
    for row in rows:
        found[row[2]].append(shown(row))
    return found


@lru_cache
def select_first_replies(threads: int) -> TextualSelect:
    """Select the first replies of so many threads, each by its own walk along the index.

    Asked together, a database would read the longest thread to its end.
    """
    names = ", ".join(str(column) for column in COLUMNS)
    one = (
        f"SELECT * FROM (SELECT {names}"  # noqa: S608  Names and numbers of our own.
        " FROM comments JOIN users ON users.id = comments.author_id"
        f" WHERE root_id = :root{{}} AND shown ORDER BY comments.id LIMIT {REPLIES + 1}) AS t{{}}"
    )
    roots = range(threads)
    return (
        sql(" UNION ALL ".join(one.format(i, i) for i in roots))
        .bindparams(*(bindparam(f"root{i}", type_=comments.c.id.type) for i in roots))
        .columns(*(column for column in COLUMNS))
    )


def replies_page(
    session: Session, root_id: UUID, *, after: str | None = None, limit: int = 50
) -> tuple[list[Shown], str | None]:
    """Return further replies of a thread in the order they came, and where the next page begins.

    Raises:
        BadInput: `after` is not a page mark of ours.
    """
    statement = (
        select(*COLUMNS)
        .join(users, users.c.id == comments.c.author_id)
        .where(comments.c.root_id == root_id, sql("shown"))
        .order_by(comments.c.id)
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(comments.c.id > cursors.read(after))
    rows = [shown(row) for row in session.execute(statement)]
    return rows[:limit], cursors.write(rows[limit - 1].id) if len(rows) > limit else None


def place_of(session: Session, comment_id: UUID) -> Place:
    """Return a comment that readers see, with all that stands above it.

    Raises:
        NotFound: there is no such comment, or readers do not see it.
    """
    first = select(comments.c.id, comments.c.parent_id, literal(0).label("step"))
    above = first.where(comments.c.id == comment_id, comments.c.shown).cte("above", recursive=True)
    upper = comments.alias()
    above = above.union_all(
        select(upper.c.id, upper.c.parent_id, above.c.step + 1).join(
            above, upper.c.id == above.c.parent_id
        )
    )
    rows = session.execute(
        select(*COLUMNS, comments.c.story_id)
        .join(above, above.c.id == comments.c.id)
        .join(users, users.c.id == comments.c.author_id)
        .order_by(above.c.step.desc())
    ).all()
    if not rows:
        raise NotFound("There is no such comment.", remedy="It may have been withdrawn.")
    chain = [shown(row[:-1]) for row in rows]
    return Place(chain[-1], chain[:-1], rows[-1][-1])
