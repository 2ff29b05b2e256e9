"""People, their passwords and their roles."""

import pytest
from sqlalchemy import Engine

from comity import db
from comity.actions import users
from comity.errors import BadInput, Conflict, Forbidden, NotSignedIn
from comity.models import Role, User
from tests.cast import Cast

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def hashed() -> str:
    """A password's hash, which takes a while to make."""
    return users.hash_password(PASSWORD)


def register(people: Cast, hashed: str, **changes) -> User:
    return people.do(
        users.register, **{"name": "Dora", "login": "Dora", "hashed": hashed} | changes
    )


def sign_in(database: Engine, login: str, password: str) -> User:
    with db.reading(database) as session:
        return users.check_password(session, None, login=login, password=password)


def test_who_knows_login_and_password_is_let_in(people: Cast, hashed: str):
    dora = register(people, hashed)

    assert sign_in(people.database, " dORA ", PASSWORD).id == dora.id
    for login, password in (
        ("dora", "wrong"),
        ("dora", ""),
        ("nobody", PASSWORD),
        ("\0", PASSWORD),
        ("dora", "\ud800"),
        ("dora", "x" * 100_000),
    ):
        with pytest.raises(NotSignedIn, match="do not match"):
            sign_in(people.database, login, password)


def test_a_login_is_taken_once_whatever_its_case(people: Cast, hashed: str):
    register(people, hashed)

    with pytest.raises(Conflict, match="taken"):
        register(people, hashed, login="DORA")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": " "}, "name"), ({"name": "x" * 81}, "name"), ({"login": "\0"}, "login")],
)
def test_names_are_text_that_can_be_read(people: Cast, changes, field):
    with pytest.raises(BadInput) as refused:
        register(people, "a hash", **changes)

    assert refused.value.field == field


@pytest.mark.parametrize(
    "name",
    ["Do\u202era", "Do\u200bra", "Do\nra", "www.tickets.example", "dora@mail.example", "ｈttp://x"],
)
def test_a_name_hides_nothing_and_leads_nowhere(people: Cast, name: str):
    with pytest.raises(BadInput):
        register(people, "a hash", name=name)

    assert people.do(users.from_publisher, external="7", name=name).name == "Reader"


def test_a_name_piles_no_marks_upon_its_letters(people: Cast):
    pile = "Z" + "\u0301" * 40
    with pytest.raises(BadInput, match="piles marks") as refused:
        register(people, "a hash", name=pile)
    assert refused.value.field == "name"
    assert people.do(users.from_publisher, external="7", name=pile).name == "Reader"

    pointed = "בְּרֵאשִׁ֖ית"
    assert register(people, "a hash", name=pointed).name == pointed


@pytest.mark.parametrize("name", ["f*ck you all", "a real sh1thead"])
def test_names_are_judged_too(people: Cast, name: str):
    with pytest.raises(BadInput, match="beside all your comments"):
        register(people, "a hash", name=name)

    assert people.do(users.from_publisher, external="7", name=name).name == "Reader"


@pytest.mark.parametrize("name", ["J. R. O’Neill-Cox", "Dick Cockburn", "علی\u200cرضا", "Zoë 🌻"])
def test_names_that_people_have_are_theirs(people: Cast, name: str):
    assert register(people, "a hash", name=name).name == name
    assert people.do(users.from_publisher, external="7", name=name).name == name


@pytest.mark.parametrize("name", ["Mira", " mIRA ", "Mіra"])
def test_no_reader_takes_a_colleagues_name(people: Cast, name: str):
    register(people, "a hash", name="Miranda")

    with pytest.raises(Conflict, match="newsroom"):
        register(people, "a hash", name=name, login="Other")


@pytest.mark.parametrize("password", ["", "short", "x" * 257, "half a pair \ud800"])
def test_a_password_has_a_proper_length(password: str):
    with pytest.raises(BadInput) as refused:
        users.hash_password(password)

    assert refused.value.field == "password"


def test_who_comes_from_the_publisher_is_the_same_each_time(people: Cast):
    first = people.do(users.from_publisher, external="42", name="Ana B.")

    second = people.do(users.from_publisher, external="42", name="Ana C.")

    assert (second.id, second.name) == (first.id, "Ana C.")
    with pytest.raises(NotSignedIn):
        sign_in(people.database, "42", PASSWORD)


def test_signing_out_everywhere_ends_all_tokens(people: Cast):
    people.do(users.sign_out_everywhere, user=people.ana)

    assert people.again(people.ana).epoch == people.ana.epoch + 1


@pytest.mark.parametrize(
    ("name", "here", "elsewhere", "everywhere"),
    [
        ("ana", None, None, None),
        ("mira", Role.MODERATOR, None, None),
        ("max", None, Role.MODERATOR, None),
        ("ed", Role.EDITOR, None, None),
        ("olga", Role.OWNER, Role.OWNER, Role.OWNER),
    ],
)
def test_a_role_counts_where_it_was_given_and_holds_the_lower_ones(
    people: Cast, name: str, here, elsewhere, everywhere
):
    user = getattr(people, name)
    for site_id, held in (
        (people.site.id, here),
        (people.other_site.id, elsewhere),
        (None, everywhere),
    ):
        for role in Role:
            expected = held is not None and list(Role).index(role) <= list(Role).index(held)
            assert people.read(users.has, user, site_id, role) == expected

    sites = people.read(users.sites_of, user, Role.MODERATOR)
    held = {people.site.id: here, people.other_site.id: elsewhere}
    assert sites == [id for id, role in held.items() if role]


def test_only_owners_give_roles(people: Cast):
    grant = {"user": people.cleo, "site": people.site, "role": Role.MODERATOR}
    for nobody in (people.mira, people.ed, people.cleo):
        with pytest.raises(Forbidden, match="owner"):
            people.do(users.grant, by=nobody, **grant)

    people.do(users.grant, by=people.olga, **grant)
    people.do(users.grant, by=people.olga, **grant | {"role": Role.EDITOR})
    assert people.read(users.has, people.cleo, people.site.id, Role.EDITOR)

    people.do(users.grant, by=people.olga, **grant | {"role": None})
    people.do(users.grant, by=people.olga, **grant | {"role": None})
    assert not people.read(users.has, people.cleo, people.site.id, Role.MODERATOR)


def test_the_publishers_sign_in_gives_no_reader_a_colleagues_name(people: Cast):
    mira = people.do(users.from_publisher, external="mira", name="Mira")
    reader = people.do(users.from_publisher, external="r-17", name="MIRA ")
    other = people.do(users.from_publisher, external="r-18", name="Miriam")

    assert (mira.id, mira.name) == (people.mira.id, "Mira")
    assert (reader.name, other.name) == ("Reader", "Miriam")
