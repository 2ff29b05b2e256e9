"""The description of the API is complete, and the API keeps to it whatever is sent."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from litestar.testing import TestClient
from schemathesis import Case, GenerationMode
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.openapi.loaders import from_asgi
from schemathesis.specs.openapi.checks import positive_data_acceptance

from comity import db
from tests import cast
from tests.web.conftest import SETTINGS, Web, make_app

EXAMPLES = 10


@pytest.fixture(scope="module")
def described(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A server with a comment, without limits."""
    path = tmp_path_factory.mktemp("openapi") / "comity.db"
    shutil.copy(migrated_file, path)
    database = db.connect(f"sqlite:///{path}")
    people = cast.everybody(database, cast.newsroom())
    people.post()
    app = make_app(database, replace(SETTINGS, appeals_per_day=1_000, flags_per_hour=1_000))
    yield Web(TestClient(app), app.state.house, people)
    database.dispose()


@pytest.fixture(scope="module")
def description(described: Web) -> Any:
    """The description as a program reads it."""
    generation = GenerationConfig(
        modes=list(GenerationMode),
        max_examples=EXAMPLES,
        deterministic=True,
        allow_extra_parameters=False,
    )
    config = SchemathesisConfig(
        projects=ProjectsConfig(default=ProjectConfig(generation=generation)), seed=1
    )
    return from_asgi("/api/openapi.json", described.client.app, config=config)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_api_keeps_to_its_description(description: Any, described: Web, mode: GenerationMode):
    known = {"site": "main", "key": "bridge"}
    headers = described.bearer(described.people.ana)
    called: set[str] = set()

    def call(case: Case) -> None:
        for name in known.keys() & (case.path_parameters or {}).keys():
            case.path_parameters[name] = known[name]
        # What is well formed may still break a rule: a blank text, a page mark that is not ours.
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])
        called.add(case.operation.label)

    for found in description.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.POSITIVE or operation.body or operation.query:
            cases = operation.as_strategy(generation_mode=mode)
            settings(
                max_examples=EXAMPLES,
                derandomize=True,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            )(given(cases)(call))()

    assert len(called) == (18 if mode is GenerationMode.POSITIVE else 11)


def operations(web: Web) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation of the description by its name."""
    paths = web.client.get("/api/openapi.json").json()["paths"]
    for methods in paths.values():
        for operation in methods.values():
            yield operation["operationId"], operation


def test_every_operation_of_the_api_is_described(quick: Web):
    answer = quick.client.get("/api/openapi.json")
    names = [name for name, _ in operations(quick)]

    assert answer.headers["Content-Type"].startswith("application/vnd.oai.openapi+json")
    assert len(names) == len(set(names)) == 18
    for name, operation in operations(quick):
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name
        assert "400" in operation["responses"] or "requestBody" not in operation, name
        if "401" in operation["responses"] and name not in {"token", "sign_in"}:
            assert operation["security"] == [{"reader": []}], name


def test_nothing_but_the_api_is_described(quick: Web):
    paths = quick.client.get("/api/openapi.json").json()["paths"]

    assert all(path.startswith("/api/v1/") for path in paths)


def test_the_examples_in_the_description_are_of_their_kind(quick: Web):
    described = quick.client.get("/api/openapi.json").json()["components"]["schemas"]
    fields = [field for kind in described.values() for field in kind.get("properties", {}).values()]
    examples = [example for field in fields for example in field.get("examples", [])]

    assert len(examples) >= 5
    assert msgspec.json.encode(examples)
