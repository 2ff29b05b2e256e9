"""The wheel, built and installed by itself: what it needs is in it, and it needs nothing else."""

import ast
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "comity"
SHIPPED = (  # What is no Python and is read at run time.
    "guidelines.default.md",
    "detectors/calibration.json",
    "perspective/calibration.json",
    "perspective/lid.176.ftz",
    "detectors/data/en/*.txt",
    "detectors/data/es/*.txt",
    "migrations/versions/*.py",
    "sample/*",
    "web/static/*",
    "web/templates/*",
    "py.typed",
)


def call(*words: str | Path, cwd: Path, input: str | None = None) -> str:
    """Run a program in an environment without settings; return what it printed."""
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        words, cwd=cwd, env=environ, input=input, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources and without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, folder)
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", folder / "src", ignore=without)
    call(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist", cwd=folder)
    (made,) = (folder / "dist").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The `comity` of an environment that holds the wheel, and sees the libraries of this one."""
    home = wheel.parents[1]
    call(sys.executable, "-m", "venv", "--without-pip", "environment", cwd=home)
    python = home / "environment" / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet")
    call(*pip, "--no-deps", "--no-index", "--disable-pip-version-check", wheel, cwd=home)
    # A folder that is named by a .pth file has none of its own .pth files read, so the editable
    # installation of the working tree is not seen.
    (site,) = (home / "environment" / "lib").glob("python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python.with_name("comity")


def test_the_wheel_holds_what_the_program_reads(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {path for pattern in SHIPPED for path in SOURCE.glob(pattern) if path.is_file()}

    assert len(wanted) > len(SHIPPED)
    assert {f"comity/{path.relative_to(SOURCE).as_posix()}" for path in wanted} <= held
    assert not [name for name in held if name.endswith((".pyc", ".db", ".secret"))]
    assert any(name.endswith("licenses/NOTICE") for name in held)


def test_every_library_that_is_imported_is_declared(wheel):
    metadata = next(name for name in zipfile.ZipFile(wheel).namelist() if name.endswith("METADATA"))
    lines = zipfile.ZipFile(wheel).read(metadata).decode().splitlines()
    declared = {
        Requirement(line.partition(": ")[2]).name.lower().replace("_", "-")
        for line in lines
        if line.startswith("Requires-Dist: ")
    }
    owners = packages_distributions()
    imported = {name for path in SOURCE.rglob("*.py") for name in imports(path)}
    foreign = imported - set(sys.stdlib_module_names) - {"comity"}

    assert "litestar" in foreign
    for module in foreign:
        names = {name.lower().replace("_", "-") for name in owners[module]}
        assert names & declared, f"{module} is imported and not declared."


def imports(path: Path) -> set[str]:
    """The top-level modules that a file imports, wherever in it."""
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names: set[str] = set()
    for node in tree:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def test_the_installed_wheel_judges_and_checks_its_guidelines(installed, tmp_path):
    where = call(
        installed.with_name("python"), "-c", "import comity; print(comity.__file__)", cwd=tmp_path
    )
    assert Path(where.strip()).is_relative_to(installed.parents[1])

    version = call(installed, "--version", cwd=tmp_path)
    line = json.dumps({"id": "1", "text": "You are an idiot.", "parent": None, "story": None})
    case = json.loads(call(installed, "judge", cwd=tmp_path, input=line + "\n"))
    checked = json.loads(call(installed, "guidelines", "check", "--json", cwd=tmp_path))

    assert version.startswith("comity")
    assert case["outcome"] in {"hold", "reject"}
    assert case["breaches"][0]["rule"] == "personal_attack"
    assert checked["failures"] == []


def test_the_installed_wheel_prepares_a_demonstration(installed, tmp_path):
    said = call(installed, "demo", "--no-serve", cwd=tmp_path)

    assert "http://" in said
    assert (tmp_path / "demo" / "comity.db").exists()
