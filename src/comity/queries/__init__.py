"""What is read, as plain values: the public thread, what is one's own, the moderators' desk."""

from comity.queries.desk import (
    AppealFile,
    CommentFile,
    Flagged,
    Made,
    Queued,
    Record,
    appeals_open,
    comment_file,
    person_record,
    queue,
)
from comity.queries.own import (
    OwnComment,
    OwnDecision,
    flagged_by,
    mine,
    my_decisions,
    sanctions_of,
)
from comity.queries.publicly import LogEntry, public_log, spot, story_by_key
from comity.queries.thread import (
    Place,
    Root,
    Shown,
    Sort,
    ThreadPage,
    place_of,
    replies_page,
    thread_page,
)

__all__ = [
    "AppealFile",
    "CommentFile",
    "Flagged",
    "LogEntry",
    "Made",
    "OwnComment",
    "OwnDecision",
    "Place",
    "Queued",
    "Record",
    "Root",
    "Shown",
    "Sort",
    "ThreadPage",
    "appeals_open",
    "comment_file",
    "flagged_by",
    "mine",
    "my_decisions",
    "person_record",
    "place_of",
    "public_log",
    "queue",
    "replies_page",
    "sanctions_of",
    "spot",
    "story_by_key",
    "thread_page",
]
