"""Any body at all: an answer or a refusal of the protocol, and never a mistake of ours."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.detectors import Engine
from comity.perspective.messages import SCORE_TYPES, TEXT_TYPES
from comity.perspective.service import Call, Service
from tests.perspective.conftest import FAIR, INSULT

NAMES = [
    "comment",
    "text",
    "type",
    "context",
    "entries",
    "article_and_parent_comment",
    "article",
    "parentComment",
    "requestedAttributes",
    "requested_attributes",
    "scoreType",
    "scoreThreshold",
    "TOXICITY",
    "OFF_TOPIC@2",
    "spanAnnotations",
    "languages",
    "doNotStore",
    "clientToken",
    "attributeScores",
    "summaryScore",
    "spanScores",
    "begin",
    "end",
    "score",
    "value",
]
WORDS = [FAIR, INSULT, "en", "es-MX", "fr", *SCORE_TYPES, *TEXT_TYPES]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=20,
)


def message(**fields: st.SearchStrategy) -> st.SearchStrategy:
    """A message whose fields mostly hold what they should."""
    return st.fixed_dictionaries({}, optional={n: f | ANYTHING for n, f in fields.items()})


TEXT = message(text=st.sampled_from(WORDS) | st.text(), type=st.sampled_from(TEXT_TYPES))
CONTEXT = message(
    entries=st.lists(TEXT, max_size=3),
    articleAndParentComment=message(article=TEXT, parentComment=TEXT),
)
SCORE = message(value=st.floats(0, 1), type=st.sampled_from(SCORE_TYPES))
SPAN = message(begin=st.integers(), end=st.integers(), score=SCORE)
ASKED = message(
    comment=TEXT,
    context=CONTEXT,
    requestedAttributes=message(
        TOXICITY=message(scoreType=st.sampled_from(SCORE_TYPES), scoreThreshold=st.floats()),
        OFF_TOPIC=st.just({}),
    ),
    attributeScores=message(TOXICITY=message(summaryScore=SCORE, spanScores=st.lists(SPAN))),
    languages=st.lists(st.sampled_from(WORDS), max_size=3),
    spanAnnotations=st.booleans(),
    clientToken=st.text(),
)
QUERY = st.dictionaries(
    st.sampled_from(["fields", "prettyPrint", "strict_languages", "alt", "callback", "key"]),
    st.text(max_size=20) | st.sampled_from(["*", "a(b/c)", "languages,attributeScores/*", "false"]),
    max_size=2,
)
SERVICE = Service(Engine.default(), keep=[].append)


@pytest.mark.parametrize("method", ["analyze", "suggestscore"])
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=ASKED | ANYTHING, query=QUERY)
def test_any_json_is_answered_or_refused(method, body, query):
    check(method, json.dumps(body).encode(), query)


@pytest.mark.parametrize("method", ["analyze", "suggestscore"])
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.binary(max_size=200) | st.text("{}[]:,\"'\\/*ux0 \n", max_size=60).map(str.encode))
def test_any_bytes_are_answered_or_refused(method, body):
    check(method, body, {})


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    kind=st.text("multipart/xd;bonry=\"' ", max_size=40) | st.just("multipart/mixed; boundary=x"),
    body=st.binary(max_size=100) | st.text("-x\r\n:POST /v1 HTP", max_size=80).map(str.encode),
)
def test_any_batch_is_answered_or_refused(kind, body):
    call = Call("POST", "/batch", headers={"content-type": kind}, body=body)

    assert SERVICE.batch(call).status in {200, 400}


def check(method: str, body: bytes, query: dict) -> None:
    """Call, and look at the answer."""
    reply = SERVICE.answer(Call("POST", f"/v1alpha1/comments:{method}", query, body=body))

    answer = json.loads(reply.body)
    if reply.status == 200:
        assert "error" not in answer
    else:
        assert reply.status == 400
        assert answer["error"]["message"]
