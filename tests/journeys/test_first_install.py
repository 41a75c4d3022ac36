"""J8: a phone is paired by the code that the team shows, put with the other apps, and told how on an iPhone."""

from __future__ import annotations

import json
import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.browser import sweep
from tests.flows.by_hand import until
from tests.flows.conftest import SignedIn, System
from tests.journeys import qr
from tests.journeys.conftest import OWN, SLOW, NewPhone, go, sign_in
from tests.journeys.own_browser import OwnBrowser
from tests.offline import worker_stands

pytestmark = pytest.mark.xdist_group("journeys")

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/17.5 Mobile/15E148 Safari/604.1"
)

# A browser without a screen shows no bar and may make no offer: one is given by hand. Should it make its own as well,
# that may come after this one: whichever stands is taken alike.
TAKEN = """() => {
  const taken = {
    prompt: { value: () => { window.wasAsked = true; return Promise.resolve(); } },
    userChoice: { get: () => Promise.resolve({ outcome: 'accepted' }) },
  };
  if (window.BeforeInstallPromptEvent) Object.defineProperties(BeforeInstallPromptEvent.prototype, taken);
  dispatchEvent(Object.defineProperties(new Event('beforeinstallprompt', { cancelable: true }), taken));
}"""


def test_a_new_phone_is_paired_by_the_teams_code_and_opens_on_today(
    phone: NewPhone, signed_in: SignedIn, system: System
) -> None:
    nurse = signed_in("demo-nurse")
    patient = system.running.patient("demo-person-2")
    nurse.goto(f"/team/care/{patient}/phone")
    nurse.get_by_role("button", name=re.compile("^Make a code for")).click(timeout=SLOW)
    shown = nurse.get_by_role("img", name="Code to scan with the phone's camera")
    size = int(str(shown.get_attribute("viewBox", timeout=SLOW)).split()[-1])
    link = qr.read(qr.drawn(str(shown.locator("path").get_attribute("d")), size))
    code = nurse.get_by_text(re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$")).first.inner_text(timeout=SLOW)
    assert link == f"{system.running.url}/pair#{code.replace('-', '')}"

    page = phone(None)
    page.goto(link)
    expect(page.get_by_label("Code", exact=True)).to_have_value(code)
    assert "#" not in page.url, "the code does not stay in the address"
    page.get_by_label("Choose a password").fill("three words to remember")
    page.get_by_label(OWN).check()
    go(page, "Pair and sign in")
    expect(page.get_by_text("Your user name is")).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name=re.compile("Go on|Continue|Today")).first.click()
    expect(
        page.get_by_role("navigation", name="Main pages").or_(page.get_by_text("Not now")).first
    ).to_be_visible(timeout=SLOW)


def test_chromium_offers_to_install_it_and_says_so_in_words(playwright: Playwright, system: System) -> None:
    manifest = json.load(urlopen(f"{system.running.url}/manifest.webmanifest"))
    assert {"name", "short_name", "start_url", "scope", "display", "icons", "id"} <= manifest.keys()
    sizes = {
        (one["sizes"], one.get("purpose", "any")) for one in manifest["icons"] if one["type"] == "image/png"
    }
    assert {("192x192", "any"), ("512x512", "any")} <= sizes
    assert any(purpose == "maskable" for _, purpose in sizes)
    # A browser without a folder of its own is a private one, in which nothing can be installed.
    mine = OwnBrowser(playwright, system.running.url)
    page = mine.open()
    sign_in(page, system, "demo-person")
    worker_stands(page)
    page.reload()
    cdp = page.context.new_cdp_session(page)
    # The page names its manifest when its words stand.
    until(
        lambda: cdp.send("Page.getInstallabilityErrors")["installabilityErrors"] == [],
        60,
        "Chromium finds nothing amiss",
    )
    page.goto("/settings/install")
    assert sweep.all_of(page, 48) == []
    page.evaluate(TAKEN)
    go(page, "Put it with my apps")
    expect(page.get_by_text("Alongside is with your apps.")).to_be_visible(timeout=SLOW)
    assert page.evaluate("window.wasAsked") is True
    mine.remove()


def test_an_iphone_is_shown_the_three_steps_in_pictures(browser: Browser, system: System) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, base_url=system.running.url, user_agent=IPHONE, is_mobile=True,
        has_touch=True,
    )  # fmt: skip
    page = context.new_page()
    sign_in(page, system, "demo-person")
    page.goto("/settings/install")
    for step in ("Tap the Share button", "tap Add to Home Screen", "Tap Add"):
        expect(page.get_by_text(step).first).to_be_visible(timeout=SLOW)
    expect(page.locator("main svg, main img")).to_have_count(3)
    assert sweep.all_of(page, 48) == []
    context.close()
