"""The discovery document: from it the official clients learn methods, fields and where to call.

Source: the format `discovery#restDescription`, version 1, of Google's API discovery service.
"""

from typing import Annotated, Any, get_args, get_origin

from msgspec import Meta
from msgspec.structs import fields

from comity.perspective import messages
from comity.perspective.messages import (
    AnalyzeCommentRequest,
    AnalyzeCommentResponse,
    Message,
    SuggestCommentScoreRequest,
    SuggestCommentScoreResponse,
)
from comity.perspective.reading import bare

SCALARS = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    float: {"type": "number", "format": "float"},
    int: {"type": "integer", "format": "int32"},
}
SCOPE = "https://www.googleapis.com/auth/userinfo.email"
METHODS = {
    "analyze": (
        AnalyzeCommentRequest,
        AnalyzeCommentResponse,
        "Analyzes the provided text and returns scores for requested attributes.",
    ),
    "suggestscore": (
        SuggestCommentScoreRequest,
        SuggestCommentScoreResponse,
        "Suggest comment scores as training data.",
    ),
}
PARAMETERS: dict[str, tuple[str, str, str]] = {
    "$.xgafv": ("string", "", "V1 error format."),
    "access_token": ("string", "", "OAuth access token."),
    "alt": ("string", "json", "Data format for response."),
    "callback": ("string", "", "JSONP; refused."),
    "fields": ("string", "", "Selector specifying which fields to include in a response."),
    "key": ("string", "", "API key."),
    "oauth_token": ("string", "", "OAuth 2.0 token."),
    "prettyPrint": ("boolean", "true", "Returns response with indentations and line breaks."),
    "quotaUser": ("string", "", "Ignored: quota is counted by key."),
    "upload_protocol": ("string", "", "Ignored."),
    "uploadType": ("string", "", "Ignored."),
}


def document(root: str) -> dict[str, Any]:
    """Return the document; `root` is this server's address as the caller knows it, with a slash."""
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": "commentanalyzer:v1alpha1",
        "name": "commentanalyzer",
        "canonicalName": "Comment Analyzer",
        "version": "v1alpha1",
        "title": "Perspective Comment Analyzer API",
        "description": "Scores comments by Comity, over the protocol of the Perspective API.",
        "documentationLink": "https://github.com/comity-comments/comity/blob/main/docs/perspective.md",
        "ownerName": "Comity",
        "protocol": "rest",
        "rootUrl": root,
        "baseUrl": root,
        "basePath": "",
        "servicePath": "",
        "batchPath": "batch",
        "version_module": True,
        "fullyEncodeReservedExpansion": True,
        "auth": {"oauth2": {"scopes": {SCOPE: {"description": "See your email address"}}}},
        "parameters": {name: parameter(name) for name in PARAMETERS},
        "resources": {"comments": {"methods": {name: method(name) for name in METHODS}}},
        "schemas": {kind.__name__: schema(kind) for kind in kinds()},
    }


def parameter(name: str) -> dict[str, Any]:
    """Describe a query parameter that every method takes."""
    kind, default, meaning = PARAMETERS[name]
    described = {"type": kind, "description": meaning, "location": "query"}
    return {**described, "default": default} if default else described


def method(name: str) -> dict[str, Any]:
    """Describe a method."""
    request, response, meaning = METHODS[name]
    path = f"v1alpha1/comments:{name}"
    return {
        "id": f"commentanalyzer.comments.{name}",
        "path": path,
        "flatPath": path,
        "httpMethod": "POST",
        "description": meaning,
        "parameters": {},
        "parameterOrder": [],
        "request": {"$ref": request.__name__},
        "response": {"$ref": response.__name__},
        "scopes": [SCOPE],
    }


def kinds() -> list[type[Message]]:
    """Return every message, in the order of their names."""
    found = [
        kind
        for kind in vars(messages).values()
        if isinstance(kind, type) and issubclass(kind, Message) and kind is not Message
    ]
    return sorted(found, key=lambda kind: kind.__name__)


def schema(kind: type[Message]) -> dict[str, Any]:
    """Describe a message."""
    return {
        "id": kind.__name__,
        "type": "object",
        "description": (kind.__doc__ or "").strip(),
        "properties": {field.encode_name: described(field.type) for field in fields(kind)},
    }


def described(kind: Any) -> dict[str, Any]:
    """Describe a field, or what a list or a map holds."""
    if get_origin(kind) is Annotated:
        inner, meta = get_args(kind)
        assert isinstance(meta, Meta)
        return {
            **described(inner),
            **(meta.extra_json_schema or {}),
            "description": meta.description,
        }
    kind = bare(kind)
    if get_origin(kind) is list:
        return {"type": "array", "items": described(get_args(kind)[0])}
    if get_origin(kind) is dict:
        return {"type": "object", "additionalProperties": described(get_args(kind)[1])}
    return SCALARS.get(kind, {"$ref": kind.__name__})
