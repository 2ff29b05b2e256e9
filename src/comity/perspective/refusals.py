"""What is refused, in the exact words and shapes that clients look for.

Source: answers of the live service, as kept in its clients' tests and error reports; no message
holds anything of a comment.
"""

from collections.abc import Sequence
from typing import Any

SERVICE = "commentanalyzer.googleapis.com"
OURS = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
INFO = "type.googleapis.com/google.rpc.ErrorInfo"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
HELP = "type.googleapis.com/google.rpc.Help"
TEXT_BYTES = 20_480
REQUEST_BYTES = 10_485_760
WORDS = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class Refused(Exception):
    """A call that is answered with an error; `retry_after` is in seconds."""

    def __init__(
        self, status: int, message: str, *details: dict[str, Any], retry_after: int = 0
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """Return the envelope."""
        error: dict[str, Any] = {
            "code": self.status,
            "message": self.message,
            "status": WORDS[self.status],
        }
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}


def ours(message: str, kind: str, **more: Any) -> Refused:
    """Make an error of the analyzer's own."""
    return Refused(400, message, {"@type": OURS, "errorType": kind, **more})


def empty() -> Refused:
    """Make the error for a comment without a text."""
    return ours("Comment must be non-empty.", "COMMENT_EMPTY")


def too_long(size: int) -> Refused:
    """Make the error for a text of too many bytes."""
    return ours(
        f"Comment text was too many bytes. Value ({size}) exceeded limit ({TEXT_BYTES}).",
        "COMMENT_TOO_LONG",
    )


def text_type(name: str) -> Refused:
    """Make the error for a text that is not plain."""
    known = name == "HTML"
    message = "Currently, only 'PLAIN_TEXT' comments are supported"
    return ours(message if known else "Unknown text type", "INVALID_REQUEST")


def both_contexts() -> Refused:
    """Make the error for two contexts in one request."""
    return ours(
        "Context can have either entries or article_and_parent_comment, "
        "but both fields were populated.",
        "INVALID_REQUEST",
    )


def no_attributes() -> Refused:
    """Make the error for a request that asks for nothing."""
    return ours("Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES")


def unknown_attribute(name: str) -> Refused:
    """Make the error for an attribute that is not served."""
    return ours(f"Unknown requested attribute: {name[:80]}", "INVALID_REQUEST")


def score_type(name: str, attribute: str) -> Refused:
    """Make the error for scores of another kind than probabilities."""
    return ours(
        f"Requested score type {name} is not supported by attribute {attribute}", "INVALID_REQUEST"
    )


def needs_context(attribute: str) -> Refused:
    """Make the error for an attribute that compares with an article where none was sent."""
    return ours(
        f"Attribute {attribute} needs the article: send context.entries or "
        "context.article_and_parent_comment",
        "INVALID_REQUEST",
    )


def language(attribute: str, requested: Sequence[str], detected: Sequence[str]) -> Refused:
    """Make the error for a language that an attribute is not served in."""
    asked = list(requested or detected)
    about: dict[str, Any] = {"attribute": attribute, "detectedLanguages": list(detected)}
    if requested:
        about["requestedLanguages"] = asked
    return ours(
        f"Attribute {attribute} does not support request languages: {', '.join(asked)}",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        languageNotSupportedByAttributeError=about,
    )


def undetected() -> Refused:
    """Make the error for a text in no language."""
    return ours("Unable to detect language", "LANGUAGE_DETECTION_FAILED")


def unreadable() -> Refused:
    """Make the error for a body that is not JSON."""
    said = "Invalid JSON payload received."
    return Refused(400, said, {"@type": BAD_REQUEST, "fieldViolations": [{"description": said}]})


def invalid(field: str) -> Refused:
    """Make the error for a value of the wrong kind; the value is not repeated."""
    said = f"Invalid value at '{field}'"
    violation = {"field": field, "description": said}
    return Refused(400, said, {"@type": BAD_REQUEST, "fieldViolations": [violation]})


def too_large() -> Refused:
    """Make the error for a body that is not read to its end."""
    return Refused(400, f"Request payload size exceeds the limit: {REQUEST_BYTES} bytes.")


def unknown_callers() -> Refused:
    """Make the error for a call without a key."""
    return Refused(
        403,
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API.",
    )


def bad_key() -> Refused:
    """Make the error for a key that is none of ours."""
    return Refused(
        400,
        "API key not valid. Please pass a valid API key.",
        {
            "@type": INFO,
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": {"service": SERVICE},
        },
    )


def quota(limit: int, retry_after: int) -> Refused:
    """Make the error for a caller who asked too often."""
    name = "Analysis requests (AnalyzeComment)"
    return Refused(
        429,
        f"Quota exceeded for quota metric '{name}' and limit '{name} per minute' of service "
        f"'{SERVICE}' for consumer 'project_number:0'.",
        {
            "@type": INFO,
            "reason": "RATE_LIMIT_EXCEEDED",
            "domain": "googleapis.com",
            "metadata": {
                "consumer": "projects/0",
                "quota_limit": "AnalyzeRequestsPerMinutePerProject",
                "quota_limit_value": str(limit),
                "quota_location": "global",
                "quota_metric": "CommentAnalyzerService/analyze_requests",
                "service": SERVICE,
            },
        },
        {
            "@type": HELP,
            "links": [
                {
                    "description": "Raise COMITY_PERSPECTIVE_REQUESTS_PER_MINUTE.",
                    "url": "https://github.com/comity-comments/comity/blob/main/docs/operating.md",
                }
            ],
        },
        retry_after=retry_after,
    )


def not_found() -> Refused:
    """Make the error for an address where nothing is."""
    return Refused(404, "Method not found.")


def unjudged() -> Refused:
    """Make the error for a text that a detector could not read, or not in time."""
    return Refused(503, "The comment could not be judged; let a person read it.", retry_after=1)


def broken() -> Refused:
    """Make the error for a mistake of ours."""
    return Refused(500, "Internal error encountered.")
