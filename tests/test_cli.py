"""The command line, called as a person calls it, on an installation of its own."""

import json
import socket

import pytest
from click.testing import CliRunner
from sqlalchemy.engine import make_url

from comity import db
from comity.actions import users
from comity.actions.newsroom import publish_guidelines
from comity.cli import main
from tests import cast


@pytest.fixture
def installed(run):
    run("init", "--owner", "olga", "--password", "correct horse battery")
    return run


def test_init_makes_a_site_and_an_owner_and_may_be_repeated(run):
    run("init", "--owner", "olga", "--password", "correct horse battery")
    run("init")

    assert json.loads(run("site", "list", "--json")) == [
        {"slug": "main", "name": "Main", "origins": []}
    ]
    assert json.loads(run("user", "list", "--json")) == [
        {"login": "olga", "name": "olga", "role": "owner", "site": None}
    ]


def test_a_new_database_is_its_owners_only(installed, tmp_path):
    database = db.connect(f"sqlite:///{tmp_path}/comity.db")
    with db.transaction(database) as session:
        users.from_publisher(session, None, external="r-17", name="Dora", now=cast.NOW)

    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("comity.db*")}
    database.dispose()
    assert modes == {f"comity.db{end}": 0o600 for end in ("", "-wal", "-shm", ".lock")}
    assert "olga" in installed("user", "list")


def test_a_command_before_init_says_what_to_do(run):
    result = CliRunner().invoke(main, ["site", "list"])

    assert result.exit_code == 2
    assert "comity init" in result.stderr


def test_a_misspelt_setting_is_refused_by_name(installed, monkeypatch):
    installed("site", "list")
    monkeypatch.setenv("COMITY_PROT", "8080")

    result = CliRunner().invoke(main, ["site", "list"])

    assert result.exit_code == 2
    assert "COMITY_PROT" in result.stderr


def test_doctor_finds_nothing_wrong_with_a_new_installation(installed):
    found = json.loads(installed("doctor", "--json"))

    assert [entry["what"] for entry in found if not entry["ok"]] == []


def test_doctor_says_what_is_missing(run):
    found = json.loads(run("doctor", "--json", status=1))

    (secret,) = [entry["says"] for entry in found if entry["what"] == "secret"]
    assert secret.startswith("to be made at the first start, in ")
    assert {entry["what"]: entry["ok"] for entry in found}["database"] is False


def test_a_person_is_erased_once_it_is_confirmed(installed):
    installed("user", "add", "dora", "--name", "Dora", "--password", "four plain words here")

    asked = CliRunner().invoke(main, ["user", "erase", "dora"], input="n\n")
    assert asked.exit_code == 1
    assert "Dora, 0 comment(s)." in asked.stderr
    assert "Decisions and sanctions stay" in asked.stderr
    told = json.loads(installed("user", "erase", "dora", "--yes", "--json"))

    assert told["comments"] == 0
    assert told["erased_at"]
    gone = CliRunner().invoke(main, ["user", "erase", "dora", "--yes"])
    assert (gone.exit_code, "no login dora" in gone.stderr) == (2, True)


def test_a_reader_of_the_publishers_sign_in_is_erased_by_the_publishers_id(installed, tmp_path):
    database = db.connect(f"sqlite:///{tmp_path}/comity.db")
    with db.transaction(database) as session:
        users.from_publisher(session, None, external="r-17", name="Dora", now=cast.NOW)
    database.dispose()

    assert "Erased r-17" in installed("user", "erase", "r-17", "--external", "--yes")

    gone = CliRunner().invoke(main, ["user", "erase", "r-17", "--external", "--yes"])
    assert (gone.exit_code, "r-17" in gone.stderr) == (2, True)


def test_a_story_is_added_from_a_saved_page_and_listed(installed, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(
        "Ferry times change on Monday\n\nPORT ELLERY — The first ferry will leave at six, the "
        "harbour office said on Tuesday, an hour earlier than it does today.\n\nThe last boat back "
        "stays at eleven, and the fares stay as they are.\n",
        encoding="utf-8",
    )

    added = json.loads(installed("story", "add", str(page), "--json"))
    listed = json.loads(installed("story", "list", "--json"))

    assert added["headline"] == "Ferry times change on Monday"
    assert added["dateline"] == "PORT ELLERY"
    assert [story["key"] for story in listed] == ["ferry-times-change-on-monday"]


def test_a_story_is_added_under_the_publishers_own_key_or_refused(installed, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text("Ferry times change\n\nThe first ferry will leave at six.\n\nSo it was said.\n")

    said = installed("story", "add", str(page), "--key", "a/b c‹é>")
    result = CliRunner().invoke(main, ["story", "add", str(page), "--key", ".."])
    listed = json.loads(installed("story", "list", "--json"))

    assert said.splitlines()[-1].endswith("/main/stories/a%2Fb%20c%E2%80%B9%C3%A9%3E")
    assert result.exit_code == 2
    assert "another key" in result.stderr
    assert [story["key"] for story in listed] == ["a/b c‹é>"]


def test_a_story_can_be_closed_and_opened(installed, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text("Ferry times change\n\nThe first ferry will leave at six.\n\nSo it was said.\n")
    installed("story", "add", str(page), "--key", "ferry")

    installed("story", "close", "ferry")
    closed = json.loads(installed("story", "list", "--json"))
    installed("story", "open", "ferry")
    opened = json.loads(installed("story", "list", "--json"))

    assert (closed[0]["open"], opened[0]["open"]) == (False, True)


def test_judge_answers_in_order_and_names_a_bad_line(run):
    lines = '{"id": 1, "text": "You are an idiot."}\nnot json\n{"id": "x", "text": "Lovely day."}\n'

    result = CliRunner().invoke(main, ["judge"], input=lines)
    answers = [json.loads(line) for line in result.stdout.splitlines()]

    assert result.exit_code == 1
    assert "line 2" in result.stderr
    assert [answer.get("outcome") for answer in answers] == ["hold", None, "publish"]
    assert answers[0]["breaches"][0]["rule"] == "personal_attack"


def test_the_packaged_guidelines_pass_their_own_examples(run):
    report = json.loads(run("guidelines", "check", "--json"))

    assert report["failures"] == []
    assert report["examples"] >= 60


def test_an_example_that_is_judged_otherwise_is_named_with_its_own_line(run, tmp_path):
    text = """# Ours

## Be kind

```enforce
id = "personal_attack"
hold = "1 in 200"
ok = [
  "Good morning.",
  { text = "You are a \\"fool\\".", parent = "Good morning." },
  "You are an idiot.",
]
not_ok = ["You are a moron.", "Good morning."]
```
"""
    (tmp_path / "ours.md").write_text(text, encoding="utf-8")

    failed = json.loads(run("guidelines", "check", "ours.md", "--json", status=1))["failures"]

    lines = {(failure["example"]["text"], failure["line"]) for failure in failed}
    assert {("You are an idiot.", 11), ("Good morning.", 13)} <= lines
    assert lines <= {*lines, ('You are a "fool".', 10)}


def test_the_publishers_guidelines_cannot_extend_the_publishers(installed, tmp_path):
    for name in ("publisher", "default"):
        text = f'# Ours\n\n```comity\nextends = "{name}"\n```\n'
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")

    refused = CliRunner().invoke(main, ["guidelines", "publish", "publisher.md", "--by", "olga"])
    assert refused.exit_code == 2
    assert 'Say extends = "default"' in refused.stderr
    installed("guidelines", "publish", "default.md", "--by", "olga")
    installed("guidelines", "publish", "publisher.md", "--by", "olga", "--site", "main")


def test_guidelines_are_made_ones_own_and_put_in_force(installed, tmp_path):
    installed("guidelines", "init", "ours.md")
    ours = tmp_path / "ours.md"
    ours.write_text(ours.read_text().replace("# ", "# Harbour ", 1))

    said = installed("guidelines", "publish", "ours.md", "--by", "olga")

    assert "In force: Harbour" in said


def test_guidelines_upon_an_earlier_default_are_told_and_renewed(installed):
    database = db.connect("sqlite:///comity.db")
    text = '# Ours\n\n```comity\nextends = "default"\n```\n'
    with db.transaction(database) as session:
        olga = users.by_login(session, "olga")
        earlier = cast.newsroom()  # Its packaged guidelines are not those of this version.
        publish_guidelines(session, earlier, text=text, site=None, by=olga, now=cast.NOW)
    database.dispose()
    (told,) = [
        entry
        for entry in json.loads(installed("doctor", "--json", status=1))
        if entry["what"] == "guidelines"
    ]
    assert "What those of the publisher extend has changed" in told["says"]

    said = installed("init")

    assert "The guidelines of the publisher extend a text that has changed" in said
    assert "extend a text" not in installed("init")
    installed("doctor")


def test_guidelines_init_never_overwrites(run):
    run("guidelines", "init", "ours.md")

    run("guidelines", "init", "ours.md", status=2)


def test_the_demonstration_really_judges_and_a_person_blocks(run):
    said = run("demo", "--no-serve")

    assert "is blocked" in said
    assert "0 held" not in said
    assert "0 rejected" not in said


def test_why_a_database_cannot_be_opened_is_told_with_what_to_do(
    run, monkeypatch, tmp_path, postgresql_server
):
    (tmp_path / "letter.txt").write_text("This is a letter. " * 99)
    nowhere = make_url(postgresql_server).set(database="nowhere")
    for url, said, remedy in (
        ("sqlite:////no/such/folder/comity.db", "unable to open", "Make the folder"),
        (f"sqlite:///{tmp_path}", "unable to open", "Make the folder"),
        ("sqlite:///letter.txt", "not a database", "another file"),
        ("comity.db", "Could not parse", "Give sqlite:///path"),
        ("postgresql://127.0.0.1:1/comity", "refused", "Start PostgreSQL"),
        ("postgresql://nowhere.invalid/comity", "resolve", "Mend the host"),
        (nowhere.render_as_string(hide_password=False), "does not exist", "createdb"),
    ):
        monkeypatch.setenv("COMITY_DATABASE_URL", url)
        refused = CliRunner().invoke(main, ["init"])
        assert refused.exit_code == 2, url
        assert said in refused.stderr
        assert remedy in refused.stderr
        if url.startswith("sqlite:////no"):
            continue  # The doctor says that there is no such file.
        found = {entry["what"]: entry for entry in json.loads(run("doctor", "--json", status=1))}
        assert said in found["database"]["says"], url
        assert remedy in found["database"]["says"]


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_is_told_before_anything_is_made_or_promised(run, tmp_path, command):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = CliRunner().invoke(main, [command, "--port", port])

    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert f"Port {port} is taken" in refused.stderr
    assert "--port" in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("host", "port"), [("nowhere.invalid", "8080"), ("127.0.0.1", "99999")])
def test_a_place_where_nobody_can_listen_is_told(run, host, port):
    refused = CliRunner().invoke(main, ["serve", "--host", host, "--port", port])

    assert refused.exit_code == 2
    assert f"cannot listen at {host}, port {port}" in refused.stderr
