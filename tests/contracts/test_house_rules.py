"""The rules of the house as tests, so that nobody has to remember them in review."""

import ast
import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("backend", "device_gateway", "firmware_stubs", "tests", "bench")
MOST_LINES, MOST_LINES_OF_A_TEST, MOST_LINES_OF_A_FUNCTION = 300, 400, 50
FORBIDDEN_NAMES = frozenset(
    {"utils", "util", "helpers", "helper", "constants", "common", "manager", "managers", "misc"}
)
# Who may read the environment: the one reader, and the two that hand it on to processes they start.
READS_ENVIRONMENT = frozenset({"backend/core/config.py", "backend/demo/__main__.py"})
SKIPPED_FOLDERS = frozenset({"node_modules", "dist", ".venv", ".git", "__pycache__", ".alongside"})


def files_under(top: Path) -> Iterator[Path]:
    """Every file of a folder; what is skipped (a hundred thousand files of others) is not even walked."""
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        yield from (Path(folder, name) for name in names)


@cache
def python_files() -> tuple[Path, ...]:
    return tuple(
        path for top in OURS for path in sorted(files_under(ROOT / top)) if path.suffix == ".py"
    )  # fmt: skip


def front_end_files() -> list[Path]:
    source = ROOT / "pwa" / "src"
    return [path for path in sorted(source.rglob("*.ts*")) if not path.name.endswith(".gen.ts")]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """A file as Python reads it, read once for all rules."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_test(path: Path) -> bool:
    return relative(path).startswith("tests/") or ".test." in path.name


def test_no_file_is_longer_than_its_limit() -> None:
    long = {
        relative(path): lines
        for path in [*python_files(), *front_end_files()]
        if (lines := len(path.read_text(encoding="utf-8").splitlines()))
        > (MOST_LINES_OF_A_TEST if is_test(path) else MOST_LINES)
    }
    assert long == {}


def test_no_function_is_longer_than_its_limit() -> None:
    long = {
        f"{relative(path)}:{node.name}": length
        for path in python_files()
        for node in functions(tree(path))
        if (length := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    }
    assert long == {}


def test_every_file_begins_by_saying_why_it_exists() -> None:
    silent = [relative(path) for path in python_files() if not ast.get_docstring(tree(path))]
    silent += [
        relative(path)
        for path in front_end_files()
        if not path.read_text(encoding="utf-8").lstrip().startswith(("//", "/*"))
    ]
    assert silent == []


def test_no_file_is_named_after_everything_and_nothing() -> None:
    named = [
        relative(path)
        for path in [*python_files(), *front_end_files()]
        if path.stem.lower() in FORBIDDEN_NAMES
    ]
    assert named == []


def test_only_the_database_file_commits() -> None:
    commits = [
        f"{relative(path)}:{node.lineno}"
        for path in python_files()
        if relative(path).startswith(("backend/", "device_gateway/"))
        and relative(path) != "backend/core/db.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
        and ast.unparse(node.func.value) == "db.session"
    ]
    assert commits == []


def test_services_leave_the_transaction_to_whoever_called_them() -> None:
    own = [
        f"{relative(path)}:{node.lineno}"
        for path in python_files()
        if path.name == "service.py" and relative(path).startswith("backend/")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("transaction", "db.session.commit")
    ]
    assert own == []


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        relative(path)
        for path in python_files()
        if relative(path).startswith(("backend/", "device_gateway/", "firmware_stubs/"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv")
    }
    assert readers <= READS_ENVIRONMENT


@pytest.mark.parametrize("word", ["utcnow(", "utcfromtimestamp(", "datetime.now()"])
def test_no_time_without_a_zone(word: str) -> None:
    named = [
        relative(path)
        for path in python_files()
        if path != Path(__file__) and word in path.read_text("utf-8")
    ]
    assert named == []


def test_there_is_one_dialect_and_it_is_postgresql() -> None:
    other = [
        relative(path)
        for path in python_files()
        if path != Path(__file__) and not relative(path).startswith("firmware_stubs/")
        and re.search(r"sqlite", path.read_text("utf-8"), re.IGNORECASE)
    ]  # fmt: skip
    assert other == []


def test_lock_files_pin_by_hash_and_name_no_registry() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        said = lock.read_text("utf-8")
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", said), lock.name
        pinned = re.findall(r"^[a-z0-9][^\s=]*==", said, re.MULTILINE)
        assert len(pinned) > 10
        assert said.count("--hash=sha256:") >= len(pinned)
    packages = json.loads((ROOT / "pwa" / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, one in packages.items() if "resolved" in one] == []
    assert [name for name, one in packages.items() if name and not one.get("integrity")] == []


def test_nothing_names_a_path_of_the_machine_it_was_written_on() -> None:
    paths = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/")
    named = [
        f"{relative(path)}: {match.group()}"
        for path in text_files()
        if (match := paths.search(path.read_text("utf-8", "replace")))
    ]
    assert named == []


def text_files() -> list[Path]:
    found: list[Path] = []
    kinds = {".py", ".ts", ".tsx", ".md", ".toml", ".yaml", ".yml", ".json", ".conf", ".html", ".mako", ""}
    for path in sorted(files_under(ROOT)):
        if not any(part.startswith(".") for part in path.relative_to(ROOT).parts[:-1]):
            found.append(path)
    return [path for path in found if path.is_file() and path.suffix in kinds and path != Path(__file__)]
