import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from comity import db
from comity.actions import users
from comity.errors import SettingsError
from comity.models import Site
from tests import cast
from tests.web.conftest import ORIGIN, SETTINGS, make_app, serve
from tests.web.forms import see, send

PASSWORD = "three small ferries"
NEW = {"name": "Dee", "login": "dee", "password": PASSWORD}


@pytest.fixture(scope="module")
def hashed():
    return users.hash_password(PASSWORD)


@pytest.fixture
def dee(quick, hashed):
    return quick.people.do(users.register, name="Dee", login="dee", hashed=hashed)


@pytest.mark.usefixtures("dee")
def test_who_signs_in_comes_back_to_where_they_were(quick):
    answer = send(quick, "/sign-in?return_to=/me", None, login="Dee", password=PASSWORD)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"{SETTINGS.url}/me"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert '<h1 dir="auto">Dee</h1>' in quick.client.get("/me").text


@pytest.mark.usefixtures("dee")
@pytest.mark.parametrize(
    ("login", "password"), [("dee", "wrong wrong"), ("nobody", PASSWORD), ("", ""), ("dee\0", "x")]
)
def test_a_wrong_login_or_password_is_told_alike_and_the_login_stays(quick, login, password):
    assert send(quick, "/sign-in", None, login="dee", password=PASSWORD).status_code == 303

    answer = send(quick, "/sign-in", None, login=login, password=password)

    assert answer.status_code == 401
    assert "Login and password do not match." in answer.text
    assert password == "" or password not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.usefixtures("dee")
def test_nobody_is_sent_to_a_strangers_page(quick):
    form = {"login": "dee", "password": PASSWORD}
    assert send(quick, "/sign-in?return_to=/main/faq", None, **form).status_code == 303

    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"):
        assert send(quick, f"/sign-in?return_to={target}", None, **form).status_code == 400
        assert see(quick, f"/sign-in?return_to={target}").status_code == 400


def test_a_page_that_embeds_gets_a_code_that_becomes_a_token(sqlite, hashed):
    people = cast.everybody(sqlite, cast.newsroom())
    people.do(users.register, name="Dee", login="dee", hashed=hashed)
    with db.transaction(sqlite) as session:
        session.get_one(Site, people.site.id).origins = [ORIGIN]
    for web in serve(sqlite, people):
        target = f"{ORIGIN}/page"

        answer = send(web, f"/sign-in?return_to={target}", None, login="dee", password=PASSWORD)

        address, code = answer.headers["location"].split("#comity=")
        assert address == target
        got = web.client.post("/api/v1/token", json={"code": code})
        assert got.status_code in {200, 201}
        assert got.json()["token"]
        assert web.client.post("/api/v1/token", json={"code": code}).status_code == 401


def test_who_is_signed_in_already_goes_on_at_once(quick):
    answer = see(quick, "/sign-in?return_to=/me", quick.people.ana)

    assert answer.status_code == 303
    assert answer.headers["location"].endswith("/me")


def test_a_reader_makes_an_account_and_is_signed_in(web):
    answer = send(web, "/register?return_to=/me", None, **NEW)

    assert answer.status_code == 303
    assert '<h1 dir="auto">Dee</h1>' in web.client.get("/me").text


@pytest.mark.parametrize(
    ("field", "value", "status", "said"),
    [
        ("password", "short", 400, "5 characters"),
        ("name", " ", 400, "nothing to read"),
        ("login", "x" * 81, 400, "81 characters"),
    ],
)
def test_an_account_with_a_mistake_is_not_made_and_what_was_typed_stays(
    quick, field, value, status, said
):
    answer = send(quick, "/register", None, **{**NEW, field: value})

    assert answer.status_code == status
    assert said in answer.text
    assert field == "name" or 'value="Dee"' in answer.text
    assert PASSWORD not in answer.text


@pytest.mark.usefixtures("dee")
def test_a_login_is_taken_once(quick):
    answer = send(quick, "/register", None, **NEW)

    assert answer.status_code == 409
    assert "This login is taken." in answer.text


def test_where_registration_is_closed_nobody_registers(sqlite):
    people = cast.everybody(sqlite, cast.newsroom())
    for web in serve(sqlite, people, replace(SETTINGS, registration=False)):
        assert "Make an account" not in see(web, "/sign-in").text
        assert see(web, "/register").status_code == 403
        assert send(web, "/register", None, **NEW).status_code == 403


def test_the_publishers_signed_word_signs_in_once(web):
    now = datetime.now(tz=UTC)
    claims = {"sub": "42", "name": "Dee", "aud": SETTINGS.url}
    claims |= {"iat": now, "exp": now + timedelta(seconds=60)}
    token = jwt.encode(claims, SETTINGS.sso_secret, algorithm="HS256")
    path = f"/sign-in/publisher?token={token}&return_to=/me"

    answer = see(web, path)

    assert answer.status_code == 303
    assert '<h1 dir="auto">Dee</h1>' in web.client.get("/me").text
    web.client.cookies.clear()
    again = see(web, path)
    assert again.status_code == 401
    assert "The publisher&#39;s sign-in could not be confirmed." in again.text
    assert "comity=" in answer.headers["set-cookie"]
    assert "comity=" not in again.headers["set-cookie"]
    assert token not in again.text


def test_a_short_secret_of_the_publishers_sign_in_is_refused_at_the_start(sqlite):
    assert make_app(sqlite, replace(SETTINGS, sso_secret="y" * 32))

    with pytest.raises(SettingsError) as refused:
        make_app(sqlite, replace(SETTINGS, sso_secret="y" * 31))

    assert refused.value.field == "COMITY_SSO_SECRET"


def test_signing_out_everywhere_ends_sessions_elsewhere(web):
    ana = web.people.ana
    assert see(web, "/me", ana).status_code == 200

    answer = send(web, "/sign-out/everywhere", ana)

    assert answer.status_code == 303
    assert see(web, "/me", ana).status_code == 303


def test_signing_out_forgets_this_browser_only(quick, dee):
    send(quick, "/sign-in", None, login="dee", password=PASSWORD)
    assert "Sign out" in quick.client.get("/").text
    token = re.search(r'_csrf_token" value="([^"]+)"', quick.client.get("/").text)[1]

    answer = quick.client.post("/sign-out", data={"_csrf_token": token}, follow_redirects=False)

    assert answer.status_code == 303
    assert "Sign out" not in quick.client.get("/").text
    assert see(quick, "/me", dee).status_code == 200


@pytest.mark.usefixtures("dee")
def test_forms_without_their_token_are_refused(quick):
    form = {"login": "dee", "password": PASSWORD}
    assert send(quick, "/sign-in", None, **form).status_code == 303

    quick.client.cookies.clear()
    for path in ("/sign-in", "/register", "/sign-out"):
        assert quick.client.post(path, data=form).status_code == 403


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/sessions"])
def test_tries_are_counted_for_a_login_however_it_is_written_and_from_wherever(sqlite, path):
    people = cast.everybody(sqlite, cast.newsroom())
    settings = replace(SETTINGS, sign_ins_per_minute=2, trusted_proxies=1)

    def attempt(web, place, login):
        web.client.headers["X-Forwarded-For"] = f"203.0.{place}.1"
        form = {"login": login, "password": "wrong wrong"}
        if path == "/sign-in":
            return send(web, path, None, **form).status_code
        return web.client.post(path, json=form).status_code

    for web in serve(sqlite, people, settings):
        logins = ["dee", " DEE", "dee\t ", "max"]
        assert [attempt(web, *tried) for tried in enumerate(logins)] == [401, 401, 429, 401]


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        (
            "/main/stories/bridge?sort=oldest",
            "/sign-in?return_to=%2Fmain%2Fstories%2Fbridge%3Fsort%3Doldest",
        ),
        ("/main/faq", "/sign-in?return_to=%2Fmain%2Ffaq"),
        ("/", "/sign-in"),
        ("/register?return_to=/main/faq", "/sign-in"),
    ],
)
def test_whoever_signs_in_from_a_page_comes_back_to_it(quick, path, leads):
    assert f'<a href="{leads}">Sign in</a>' in see(quick, path).text
