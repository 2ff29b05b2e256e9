"""The element's script, as browsers ask for it."""

import pytest

from comity.web import element
from tests.web.conftest import Web


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, GZIP;q=0.8", True),
        ("gzip; q=0.001", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, br", False),
        ("br", False),
        ("identity", False),
        ("", False),
    ],
)
def test_the_script_comes_packed_to_who_takes_it(quick: Web, accepted: str, is_packed: bool):
    answer = quick.client.get("/comity.js", headers={"Accept-Encoding": accepted})

    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == ("gzip" if is_packed else None)
    assert answer.content == element.script()  # The client has unpacked it.
    assert (int(answer.headers["Content-Length"]) < len(answer.content) / 2) is is_packed
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
