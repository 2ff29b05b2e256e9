"""A reader's own way out: the page that erases an account."""

import pytest

from comity.actions import users
from comity.models import User
from tests.web.forms import see, send

PASSWORD = "four plain words here"


@pytest.fixture
def dora(web) -> User:
    """A reader with a password of this server's."""
    hashed = users.hash_password(PASSWORD)
    return web.people.do(users.register, name="Dora", login="dora", hashed=hashed)


def test_whoever_gives_the_password_is_erased_and_signed_out_everywhere(web, dora):
    comment = web.people.post("I am Dora and live here.", by=dora)
    bearer = web.bearer(dora)
    assert 'href="/me/erase"' in see(web, "/me", dora).text
    assert 'type="password"' in see(web, "/me/erase", dora).text

    answer = send(web, "/me/erase", dora, password=PASSWORD)

    assert answer.status_code == 200
    assert "Your account is erased" in answer.text
    assert "Dora" not in answer.text
    assert "comity=;" in answer.headers["set-cookie"].replace('""', "")
    assert web.people.again(comment).text == ""
    assert web.ask("GET", "/api/v1/me", headers=bearer).status_code == 401
    assert see(web, "/me", dora).status_code == 303
    signs_in = {"login": "dora", "password": PASSWORD}
    assert web.ask("POST", "/api/v1/sessions", signs_in).status_code == 401


@pytest.mark.parametrize("given", [{}, {"password": "another one"}, {"sure": "erase"}])
def test_without_the_password_nothing_is_erased(web, dora, given):
    answer = send(web, "/me/erase", dora, **given)

    assert answer.status_code == 403
    assert "nothing was erased" in answer.text
    assert see(web, "/me", dora).status_code == 200


def test_whom_the_publisher_vouches_for_types_a_word(web):
    ana = web.people.ana
    assert 'name="sure"' in see(web, "/me/erase", ana).text

    assert send(web, "/me/erase", ana).status_code == 400
    assert send(web, "/me/erase", ana, sure="yes").status_code == 400
    assert see(web, "/me", ana).status_code == 200
    assert send(web, "/me/erase", ana, sure=" Erase ").status_code == 200

    assert web.people.again(web.people.ana).erased_at is not None


def test_the_form_of_another_page_erases_nobody(web):
    session = web.session(web.people.ana)

    answer = web.client.post("/me/erase", data={"sure": "erase"}, headers=session)

    assert answer.status_code == 403
    assert see(web, "/me", web.people.ana).status_code == 200


@pytest.mark.parametrize("who", ["ana", "max", "mira", "olga"])
def test_everybody_erases_themselves_and_nobody_else(web, who):
    people = web.people
    cast = {name: getattr(people, name) for name in ("ana", "bo", "max", "mira", "olga")}

    assert send(web, "/me/erase", None, sure="erase").status_code == 401
    assert send(web, "/me/erase", cast[who], sure="erase").status_code == 200

    erased = {name for name, user in cast.items() if people.again(user).erased_at}
    assert erased == {who}
