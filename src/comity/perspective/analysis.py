"""`comments:analyze` and `comments:suggestscore`: a request checked, judged and answered."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from comity.detectors import Engine
from comity.findings import StoryExcerpt, Submission
from comity.judge import never
from comity.perspective import refusals
from comity.perspective.attributes import Attribute, Seen, known, see
from comity.perspective.languages import detect, is_drawn, primary, served
from comity.perspective.messages import (
    PROBABILITY,
    SCORE_TYPES,
    AnalyzeCommentRequest,
    AnalyzeCommentResponse,
    AttributeScores,
    Context,
    Score,
    SpanScore,
    SuggestCommentScoreRequest,
    SuggestCommentScoreResponse,
    TextEntry,
)
from comity.text import Span, utf16

# What is read of a context. An article's first paragraphs say what it is about, and each further
# kilobyte costs every comment under it; of a thread, what stands nearest counts.
ARTICLE_CHARACTERS = 20_000
COMMENT_CHARACTERS = 5_000
THREAD = 8
SPANS = 200
ATTRIBUTES_ASKED = 100
SENTENCE = re.compile(r"[^.!?…\n]*(?:[.!?…]+[\"'”’»)\]]*|\n|$)")
NAME = re.compile(r"[A-Z][A-Z0-9_]{0,63}(?:@[\w.-]{1,32})?")


def analyze(
    request: AnalyzeCommentRequest,
    engine: Engine,
    *,
    strict_languages: bool = True,
    expired: Callable[[], bool] = never,
) -> AnalyzeCommentResponse:
    """Answer with the scores of a comment.

    `strict_languages` refuses languages in which attributes are not served; without it such a
    comment is judged all the same, as well as may be.

    Raises:
        Refused: the request is not one, or the comment could not be judged.
    """
    text = text_of(request.comment)
    submission = submitted(text, request.context)
    asked = requested(request, submission)
    detected = detect(text)
    if strict_languages and not served(request.languages, detected):
        if request.languages or detected:
            raise refusals.language(next(iter(asked)), request.languages, detected)
        if not is_drawn(text):
            raise refusals.undetected()
    seen = see(submission, engine, expired)
    if any(seen.lacks(attribute) for attribute in asked.values()):
        raise refusals.unjudged()
    spans = list(sentences(text)) if request.span_annotations else [(0, len(text))]
    return AnalyzeCommentResponse(
        attribute_scores=dict(scored(request, asked, seen, text, spans)),
        languages=request.languages or list(detected[:1]),
        detected_languages=list(detected),
        client_token=request.client_token,
    )


def text_of(entry: TextEntry | None) -> str:
    """Return the text of a comment.

    Raises:
        Refused: there is none, or it is too long, or not plain.
    """
    if entry is None or not entry.text.strip():
        raise refusals.empty()
    if entry.type not in {"", "TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT"}:
        raise refusals.text_type(entry.type)
    size = len(entry.text.encode())
    if size > refusals.TEXT_BYTES:
        raise refusals.too_long(size)
    return entry.text


def submitted(text: str, context: Context | None) -> Submission:
    """Put a comment into the context that it came with.

    Raises:
        Refused: it came with two.
    """
    if context is None:
        return Submission.of(text)
    pair = context.article_and_parent_comment
    if pair is not None and context.entries:
        raise refusals.both_contexts()
    if pair is not None:
        article = pair.article.text if pair.article else ""
        above = [pair.parent_comment.text] if pair.parent_comment else []
    else:
        article = context.entries[0].text if context.entries else ""
        above = [entry.text for entry in context.entries[:0:-1]]
    nearest = [one[:COMMENT_CHARACTERS] for one in above if one.strip()][:THREAD]
    return Submission.of(
        text,
        parent=nearest[0] if nearest else None,
        thread=tuple(nearest[1:]),
        story=excerpt(article),
    )


def excerpt(article: str) -> StoryExcerpt | None:
    """Return an article's first line as its headline, and the rest as its body."""
    lines = [line.strip() for line in article[:ARTICLE_CHARACTERS].splitlines() if line.strip()]
    return StoryExcerpt(headline=lines[0], body=tuple(lines[1:])) if lines else None


def requested(request: AnalyzeCommentRequest, submission: Submission) -> dict[str, Attribute]:
    """Return the attributes that are asked for, by the names they are asked by.

    Raises:
        Refused: none, or one that is not served, or not in this way.
    """
    if not request.requested_attributes:
        raise refusals.no_attributes()
    if len(request.requested_attributes) > ATTRIBUTES_ASKED:
        raise refusals.invalid("requestedAttributes")
    found: dict[str, Attribute] = {}
    for name, parameters in request.requested_attributes.items():
        attribute = known(name)
        if attribute is None:
            raise refusals.unknown_attribute(name)
        if parameters.score_type not in {"", "SCORE_TYPE_UNSPECIFIED", PROBABILITY}:
            if parameters.score_type not in SCORE_TYPES:
                raise refusals.invalid("requestedAttributes.scoreType")
            raise refusals.score_type(parameters.score_type, name)
        if not math.isfinite(parameters.score_threshold or 0):
            raise refusals.invalid("requestedAttributes.scoreThreshold")
        if attribute.compares and submission.story is None:
            raise refusals.needs_context(name)
        found[name] = attribute
    return found


def sentences(text: str) -> Iterator[Span]:
    """Give where the sentences stand, in code points and without the blanks around them."""
    found = 0
    for match in SENTENCE.finditer(text):
        start, end = match.span()
        sentence = text[start:end]
        if not sentence.strip():
            continue
        found += 1
        start += len(sentence) - len(sentence.lstrip())
        if found == SPANS:  # The rest is one: a text of full stops would have thousands.
            yield start, len(text.rstrip())
            return
        yield start, start + len(sentence.strip())


def scored(
    request: AnalyzeCommentRequest,
    asked: dict[str, Attribute],
    seen: Seen,
    text: str,
    spans: list[Span],
) -> Iterator[tuple[str, AttributeScores]]:
    """Give the scores by attribute, without those below the threshold that was asked for."""
    places = [utf16(text, span) for span in spans]
    for name, attribute in asked.items():
        whole = seen.value(attribute)
        least = request.requested_attributes[name].score_threshold
        if least is not None and whole < least:
            continue
        values = [
            seen.value(attribute, span) if request.span_annotations else whole for span in spans
        ]
        yield (
            name,
            AttributeScores(
                span_scores=[
                    SpanScore(begin=begin, end=end, score=Score(value, PROBABILITY))
                    for (begin, end), value in zip(places, values, strict=True)
                ],
                summary_score=Score(whole, PROBABILITY),
            ),
        )


def suggest(
    request: SuggestCommentScoreRequest,
) -> tuple[SuggestCommentScoreResponse, dict[str, Any]]:
    """Answer a suggestion; return the answer and what may be kept of the suggestion.

    What may be kept: `text`, `language`, `scores` by attribute and `spans`; of whom and where it is
    from only what `of` holds, in the clear, for the caller to hash.

    Raises:
        Refused: the request is not one.
    """
    text = text_of(request.comment)
    if not request.attribute_scores:
        raise refusals.invalid("attributeScores")
    scores: dict[str, float] = {}
    spans: dict[str, list[tuple[int, int, float]]] = {}
    for name, given in request.attribute_scores.items():
        if not NAME.fullmatch(name):
            raise refusals.invalid("attributeScores")
        if given.summary_score is None and not given.span_scores:
            raise refusals.invalid(f"attributeScores.{name}")
        if given.summary_score is not None:
            scores[name] = probability(given.summary_score)
        for span in given.span_scores:
            if span.begin is None or span.end is None or not 0 <= span.begin < span.end:
                raise refusals.invalid(f"attributeScores.{name}.spanScores")
            spans.setdefault(name, []).append((span.begin, span.end, probability(span.score)))
    detected = detect(text)
    answer = SuggestCommentScoreResponse(
        client_token=request.client_token,
        requested_languages=request.languages,
        detected_languages=list(detected),
    )
    languages = [primary(tag) for tag in request.languages] or list(detected)
    kept: dict[str, Any] = {
        "text": text,
        "language": languages[0] if languages else "und",
        "scores": scores,
        "spans": spans,
        "of": {
            "community": request.community_id,
            "session": request.session_id,
            "token": request.client_token,
        },
    }
    return answer, kept


def probability(score: Score | None) -> float:
    """Return a suggested value.

    Raises:
        Refused: it is no probability.
    """
    if score is None or score.value is None or not 0 <= score.value <= 1:
        raise refusals.invalid("attributeScores.score.value")
    if score.type not in {"", "SCORE_TYPE_UNSPECIFIED", PROBABILITY}:
        raise refusals.invalid("attributeScores.score.type")
    return score.value
