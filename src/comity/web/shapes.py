"""What the API reads and writes, field by field; a field that is not here is refused."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

# PostgreSQL keeps no NUL, and no reader means one.
NO_NUL = "^[^\\x00]*$"
Words = Annotated[str, Meta(pattern=NO_NUL, examples=["The ferry was late twice this week."])]
RuleId = Annotated[str, Meta(pattern=NO_NUL, max_length=200, examples=["personal_attack"])]
Note = Annotated[str, Meta(pattern=NO_NUL, max_length=2_000, examples=["See the last line."])]
ClientId = Annotated[str, Meta(pattern=NO_NUL, min_length=1, max_length=64, examples=["5f1c-0001"])]
Login = Annotated[
    str, Meta(pattern=NO_NUL, min_length=1, max_length=80, examples=["ana@example.org"])
]
Name = Annotated[str, Meta(pattern=NO_NUL, min_length=1, max_length=80, examples=["Ana"])]
Password = Annotated[
    str, Meta(pattern=NO_NUL, min_length=1, max_length=256, examples=["four plain words here"])
]


class Asked(Struct, forbid_unknown_fields=True):
    """Base of all that is read: no field but the named ones."""


class NewComment(Asked):
    """A comment to post; `client_id` makes sending it twice the same as once."""

    text: Words
    client_id: ClientId
    reply_to: UUID | None = None


class Draft(Asked):
    """A comment to check before sending."""

    text: Words
    reply_to: UUID | None = None


class Edited(Asked):
    """The new text of one's own comment."""

    text: Words


class NewFlag(Asked):
    """A report about a comment: the rule it breaks, and a note for the moderators."""

    rule: RuleId
    note: Note = ""


class NewAppeal(Asked):
    """An objection to a decision or a sanction."""

    text: Words


class Code(Asked):
    """The one-time code of a sign-in."""

    code: Annotated[str, Meta(max_length=2_000)]


class Credentials(Asked):
    """Login and password of a local account."""

    login: Login
    password: Password


class NewAccount(Asked):
    """A local account to make; `name` is shown beside comments."""

    name: Name
    login: Login
    password: Password


class Author(Struct):
    """Who wrote a comment."""

    id: UUID
    name: str


class Comment(Struct, kw_only=True):
    """A comment as everybody sees it; a place-holder has neither author nor html."""

    id: UUID
    parent: UUID | None
    depth: int
    author: Author | None
    html: str | None
    status: str
    created_at: datetime
    edited_at: datetime | None
    replies: int
    items: list["Comment"] = []
    more: str | None = None


class StoryHead(Struct):
    """The story above a thread; `version` grows with each change of the thread."""

    key: str
    headline: str
    open: bool
    comments: int
    version: int


class Thread(Struct):
    """A page of a story's comments."""

    story: StoryHead
    items: list[Comment]
    next: str | None


class Replies(Struct):
    """More replies below one comment."""

    items: list[Comment]
    next: str | None


class Place(Struct):
    """A comment with those it answers, outermost first."""

    comment: Comment
    ancestors: list[Comment]
    root: UUID


class Me(Struct):
    """The one who asks."""

    id: UUID
    name: str


class SanctionInForce(Struct):
    """Why the reader may not write, until when (null: until lifted), and where to appeal."""

    message: str
    until: datetime | None
    appeal_url: str | None


class CitedRule(Struct):
    """A rule as it stood when applied; `prose_html` is its Markdown `prose`, safe to insert."""

    id: str
    title: str
    prose: str
    prose_html: str
    version: str
    url: str


class Part(Struct):
    """One part of a statement in words."""

    heading: str
    text: str


class Statement(Struct, kw_only=True):
    """What was decided about a comment and why, in fields and, as `summary` and `parts`, in words.

    `words` are those concerned; none means the whole comment. `care` is what the guidelines tell
    somebody in despair: it is no rule, and the comment goes to a person at once.
    """

    id: str
    about: str
    result: str
    site: str
    decided_at: datetime
    until: datetime | None
    lifted_at: datetime | None
    prompt: str
    revision: int
    spans: list[tuple[int, int]]
    words: list[str]
    decided_by: str
    found_by: str
    how: list[str]
    targets: list[str]
    undetermined: bool
    premoderated: bool
    near_copy: bool
    care: CitedRule | None
    rules: list[CitedRule]
    reason: str
    note: str
    decision_url: str
    appeal_url: str
    appeal_until: datetime | None
    summary: str
    parts: list[Part]


class MyComment(Comment, kw_only=True):
    """One's own comment, with its text and what became of it."""

    text: str
    may_edit: bool
    edit_until: datetime
    statement: Statement | None


class Mine(Struct):
    """What is the reader's own under a story."""

    me: Me
    may_write: bool
    sanction: SanctionInForce | None
    items: list[MyComment]
    flagged: list[UUID]


class Posted(Struct):
    """What became of a comment; `statement` gives the reasons if it was not published."""

    id: UUID
    status: str
    html: str
    statement: Statement | None
    comment: MyComment


class NudgeNote(Struct):
    """One rule that a draft would meet: the rule, and the writer's own words."""

    rule: str
    title: str
    prose_html: str
    words: list[str]
    spans: list[tuple[int, int]]
    nudge: bool


class Help(Struct):
    """What the guidelines tell somebody in despair; `prose_html` is safe to insert."""

    title: str
    prose_html: str


class Preview(Struct):
    """What would become of a draft; with `care`, it goes to a person at once, as no breach."""

    outcome: str
    notes: list[NudgeNote]
    care: Help | None


class RuleTitle(Struct):
    """A rule by its id and title."""

    id: str
    title: str


class Rules(Struct):
    """The rules that a flag can name."""

    items: list[RuleTitle]
    next: str | None = None


class Token(Struct):
    """A bearer token, good until `expires_at`."""

    token: str
    expires_at: datetime


class Flagged(Struct):
    """The flag that was kept."""

    id: UUID


class Appealed(Struct):
    """The appeal that was kept; somebody else than the one who decided will answer."""

    id: UUID
