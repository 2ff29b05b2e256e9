"""How the tests of pages ask for them and send their forms."""

import re

from httpx import Response

from comity.models import User
from tests.web.conftest import Web

PAGE = {"Accept": "text/html"}


def see(web: Web, path: str, by: User | None = None) -> Response:
    headers = {**PAGE, **(web.session(by) if by else {})}
    return web.client.get(path, headers=headers, follow_redirects=False)


def send(web: Web, path: str, by: User | None = None, /, **fields: object) -> Response:
    """Send a form as a browser does: with the token that the sign-in page gave."""
    given = web.client.get("/sign-in", headers=PAGE)
    token = re.search(r'name="_csrf_token" value="([^"]+)"', given.text)[1]
    cookies = f"comity-form={web.client.cookies['comity-form']}"
    if by:
        cookies += f"; {web.session(by)['Cookie']}"
    return web.client.post(
        path,
        data={"_csrf_token": token, **fields},
        headers={**PAGE, "Cookie": cookies},
        follow_redirects=False,
    )
