"""The messages of the protocol; the discovery document is made from them."""

from typing import Annotated, Any

from msgspec import Meta, Struct

TEXT_TYPES = ("TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT", "HTML")
SCORE_TYPES = ("SCORE_TYPE_UNSPECIFIED", "PROBABILITY", "STD_DEV_SCORE", "PERCENTILE", "RAW")
PROBABILITY = "PROBABILITY"


def said(description: str, *, words: tuple[str, ...] = ()) -> Meta:
    """Return what the discovery document says of a field, and the words it may hold."""
    extra: dict[str, Any] | None = {"enum": list(words)} if words else None
    return Meta(description=description, extra_json_schema=extra)


class Message(Struct, rename="camel", omit_defaults=True):
    """What all messages are: camelCase on the wire, and what was not said is left out."""


class TextEntry(Message):
    """A text and its kind."""

    text: Annotated[str, said("UTF-8 encoded text.")] = ""
    type: Annotated[str, said("Type of the text field.", words=TEXT_TYPES)] = TEXT_TYPES[0]


class ArticleAndParentComment(Message):
    """What a comment is read against."""

    article: Annotated[TextEntry | None, said("The source content of the discussion.")] = None
    parent_comment: Annotated[TextEntry | None, said("The comment that is answered.")] = None


class Context(Message):
    """What a comment is read against: a linear thread, or an article and a parent."""

    entries: Annotated[
        list[TextEntry],
        said("The article first, then the comments of the thread, the answered one last."),
    ] = []
    article_and_parent_comment: Annotated[
        ArticleAndParentComment | None, said("Information about the source and the parent.")
    ] = None


class AttributeParameters(Message):
    """What is asked of one attribute."""

    score_type: Annotated[
        str, said("What type of scores to return; PROBABILITY only.", words=SCORE_TYPES)
    ] = SCORE_TYPES[0]
    score_threshold: Annotated[
        float | None, said("Leave the attribute out where its score is lower than this.")
    ] = None


class Score(Message):
    """A score, 0..1 where its type is PROBABILITY."""

    value: Annotated[float | None, said("Score value.")] = None
    type: Annotated[str, said("The type of the above value.", words=SCORE_TYPES)] = SCORE_TYPES[0]


class SpanScore(Message):
    """The score of a part of the text."""

    begin: Annotated[int | None, said("Where it begins, in UTF-16 code units.")] = None
    end: Annotated[int | None, said("Where it ends, exclusive, in UTF-16 code units.")] = None
    score: Annotated[Score | None, said("The score of this part.")] = None


class AttributeScores(Message):
    """The scores of one attribute."""

    span_scores: Annotated[list[SpanScore], said("Scores of parts of the text.")] = []
    summary_score: Annotated[Score | None, said("The score of the whole text.")] = None


class AnalyzeCommentRequest(Message):
    """What `comments:analyze` is asked."""

    comment: Annotated[TextEntry | None, said("The comment to analyze.")] = None
    context: Annotated[Context | None, said("The context of the comment.")] = None
    requested_attributes: Annotated[
        dict[str, AttributeParameters], said("Attributes to return scores for, by name.")
    ] = {}
    span_annotations: Annotated[bool, said("Return scores sentence by sentence too.")] = False
    languages: Annotated[
        list[str], said("The language of the comment (ISO 639-1); detected where absent.")
    ] = []
    do_not_store: Annotated[bool, said("Nothing of an analyzed comment is ever stored.")] = False
    client_token: Annotated[str, said("Given back in the answer.")] = ""
    session_id: Annotated[str, said("Session, as the client counts them.")] = ""
    community_id: Annotated[str, said("Community of which the comment is a part.")] = ""


class AnalyzeCommentResponse(Message):
    """What `comments:analyze` answers."""

    attribute_scores: Annotated[dict[str, AttributeScores], said("Scores by attribute.")]
    languages: Annotated[list[str], said("The languages asked for, else the detected one.")]
    detected_languages: Annotated[list[str], said("Detected, most likely first.")]
    client_token: Annotated[str, said("Same token as in the request.")] = ""


class SuggestCommentScoreRequest(Message):
    """What `comments:suggestscore` is told: how somebody else judges a comment."""

    comment: Annotated[TextEntry | None, said("The comment that is scored.")] = None
    context: Annotated[Context | None, said("The context of the comment.")] = None
    attribute_scores: Annotated[
        dict[str, AttributeScores], said("Scores to suggest, by attribute.")
    ] = {}
    languages: Annotated[list[str], said("The language of the comment.")] = []
    do_not_store: Annotated[bool, said("Extension: acknowledge only.")] = False
    client_token: Annotated[str, said("Given back in the answer.")] = ""
    session_id: Annotated[str, said("Session, as the client counts them.")] = ""
    community_id: Annotated[str, said("Community of which the comment is a part.")] = ""


class SuggestCommentScoreResponse(Message):
    """What `comments:suggestscore` answers."""

    client_token: Annotated[str, said("Same token as in the request.")] = ""
    requested_languages: Annotated[list[str], said("The languages of the request.")] = []
    detected_languages: Annotated[list[str], said("Detected, most likely first.")] = []
