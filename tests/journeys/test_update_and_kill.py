"""A new version of the app, or one that removes itself, comes while somebody is writing: no word of theirs is lost."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, Route, expect

from backend.core.config import Surroundings
from backend.supervise.process import CHECKOUT
from tests.flows.by_hand import until
from tests.flows.conftest import System
from tests.journeys.conftest import OWN, SHARED, SLOW, NewPhone, go, is_ready_to_be_offline, sign_in
from tests.journeys.own_browser import walk

pytestmark = pytest.mark.xdist_group("journeys")

LOOK_FOR_UPDATE = "navigator.serviceWorker.getRegistration().then(one => one.update()).then(() => true)"
REGISTRATIONS = "navigator.serviceWorker.getRegistrations().then(all => all.length)"
NEXT = '<meta name="alongside-build" content="next">'
WORDS = "The stairs are harder than last week"
# As a message is sent: by its author, or sealed where the author is gone.
SENT = re.compile(r"/api/v1/(outbox/sealed|patients/.+/messages/)")
EARLIER = "I wrote this one before, and it was not sent"


BUILT = Surroundings.from_environ().pwa_dist or CHECKOUT / "pwa" / "dist"


def fill(folder: Path) -> None:
    """Put the version there that was built, with its pressed copies, and nothing else."""
    shutil.rmtree(folder)
    shutil.copytree(BUILT, folder)
    folder.chmod(0o755)


@pytest.fixture(scope="module", autouse=True)
def dist() -> Iterator[Path]:
    """A copy of the built pages that this file's system serves, so that another version can be put in its place."""
    folder = Path(tempfile.mkdtemp(prefix="alongside-dist-"))
    fill(folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ALONGSIDE_PWA_DIST", str(folder))
        yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def put_back(dist: Path) -> Iterator[None]:
    """What a test put in its place does not stay there, whatever becomes of the test."""
    yield
    fill(dist)


@pytest.fixture(scope="module")
def kill_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `npm run build -- --mode kill` makes."""
    folder = tmp_path_factory.mktemp("kill")
    subprocess.run(
        ["npx", "vite", "build", "--mode", "kill", "--outDir", str(folder), "--emptyOutDir", "--logLevel", "error"],
        cwd=CHECKOUT / "pwa", check=True, timeout=300,
    )  # fmt: skip
    return folder


def put(dist: Path, name: str, text: str) -> None:
    """Serve other words under a name, without the pressed copies of the old ones."""
    for ending in (".br", ".gz"):
        (dist / f"{name}{ending}").unlink(missing_ok=True)
    (dist / name).write_text(text)


def deploy_next(dist: Path) -> None:
    """A version that differs in its page, and so in the name of its shell."""
    index = (dist / "index.html").read_text()
    put(dist, "index.html", index.replace("<head>", f"<head>{NEXT}", 1))
    worker = (dist / "sw.js").read_text()
    found = re.search(r'"person":\{"version":"([0-9a-f]{12})"', worker)
    assert found is not None
    put(dist, "sw.js", worker.replace(found[1], found[1][::-1]))


def is_next(page: Page) -> bool:
    """Whether this page came from the new version."""
    return asked(page, "document.querySelector('meta[name=alongside-build]') !== null")


def asked(page: Page, question: str) -> bool:
    """What the page says now; no, while it is being opened."""
    try:
        return bool(page.evaluate(question))
    except Error:
        return False


def write(page: Page, words: str) -> None:
    """Begin a message to the team."""
    walk(page, "/messages/team/write")
    page.get_by_label("Your message").fill(words)
    page.evaluate("window.neverReloaded = true")
    page.wait_for_timeout(500)


def refuse_to_send(route: Route) -> None:
    """No way for what is sent; what is read goes on."""
    if route.request.method == "GET":
        route.continue_()
    else:
        route.abort("connectionfailed")


def arrived(system: System, words: str) -> int:
    """How many rows there are of a message."""
    return int(system.rows("select count(*) from thread_message where words = %s", words)[0][0])


@pytest.mark.hazard("H05")
def test_a_new_version_waits_until_what_is_being_written_is_saved(
    phone: NewPhone, system: System, dist: Path
) -> None:
    page = phone("demo-person")
    is_ready_to_be_offline(page)
    write(page, WORDS)
    deploy_next(dist)
    page.evaluate(LOOK_FOR_UPDATE)
    expect(page.get_by_text("It waits until you have saved what you are writing.")).to_be_visible(
        timeout=SLOW
    )
    expect(page.get_by_role("button", name="Update now")).to_have_count(0)
    expect(page.get_by_label("Your message")).to_have_value(WORDS)
    assert page.evaluate("window.neverReloaded") is True

    # Closed in the middle and opened again: still the old version, with the draft, and the new one still waits.
    page.goto("/messages/team/write")
    expect(page.get_by_label("Your message")).to_have_value(WORDS, timeout=SLOW)
    expect(page.get_by_text("It waits until you have saved what you are writing.")).to_be_visible(
        timeout=SLOW
    )
    assert not is_next(page)

    go(page, "Send")
    page.get_by_role("button", name="Update now").click(timeout=SLOW)
    until(lambda: is_next(page), 120, "the page comes from the new version")
    expect(page.get_by_role("navigation", name="Main pages")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("A new version of Alongside is ready.")).to_have_count(0)
    until(lambda: arrived(system, WORDS) == 1, 120, "the message is sent once")
    kept = page.evaluate("caches.keys()")
    assert len([name for name in kept if name.startswith("alongside-person-")]) == 1, kept


@pytest.mark.hazard("H05")
@pytest.mark.parametrize("whose", ["own", "shared"])
def test_a_version_that_removes_itself_takes_neither_what_is_being_written_nor_what_waits(
    phone: NewPhone, system: System, dist: Path, kill_build: Path, whose: str
) -> None:
    page = phone(None)
    # From before the first page on: one that stands already was once seen to send past it.
    page.context.route(SENT, refuse_to_send)
    sign_in(page, system, "demo-person", SHARED if whose == "shared" else OWN)
    is_ready_to_be_offline(page)
    earlier, words = f"{EARLIER} ({whose})", f"{WORDS} ({whose})"
    write(page, earlier)
    go(page, "Send")
    expect(page.get_by_text("Saved on this phone. Not sent yet.").first).to_be_visible(timeout=SLOW)
    write(page, words)
    shutil.copytree(kill_build, dist, dirs_exist_ok=True)
    page.evaluate(LOOK_FOR_UPDATE)
    until(lambda: asked(page, f"{REGISTRATIONS}.then(n => n === 0)"), 120, "the worker is gone")
    assert page.evaluate("caches.keys()") == []
    page.wait_for_timeout(4_000)
    assert page.evaluate("window.neverReloaded") is True, "the page was not taken away"
    expect(page.get_by_label("Your message")).to_have_value(words)
    assert (arrived(system, earlier), arrived(system, words)) == (0, 0)

    page.context.unroute(SENT, refuse_to_send)
    go(page, "Send")
    until(lambda: (arrived(system, earlier), arrived(system, words)) == (1, 1), 120, "both are sent, once")
    page.reload()
    expect(page.locator("h1").first).to_be_visible(timeout=SLOW)
    assert page.evaluate("navigator.serviceWorker.controller") is None


def test_a_page_with_nothing_unsaved_is_opened_anew_from_the_service_when_its_worker_removes_itself(
    phone: NewPhone, dist: Path, kill_build: Path
) -> None:
    page = phone("demo-person")
    is_ready_to_be_offline(page)
    page.evaluate("window.neverReloaded = true")
    shutil.copytree(kill_build, dist, dirs_exist_ok=True)
    page.evaluate(LOOK_FOR_UPDATE)
    until(lambda: asked(page, "window.neverReloaded === undefined"), 120, "the page was opened anew")
    expect(page.get_by_role("navigation", name="Main pages")).to_be_visible(timeout=SLOW)
    assert page.evaluate("navigator.serviceWorker.controller") is None
