"""J7: a lost phone is shut out from another; what was recorded on it still arrives, and then nothing is left on it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.flows.by_hand import until
from tests.flows.conftest import System
from tests.journeys.conftest import SLOW, NewPhone, is_ready_to_be_offline
from tests.journeys.test_readings import stored, type_in

pytestmark = pytest.mark.xdist_group("journeys")

KEPT = """async () => { const names = (await indexedDB.databases()).map(one => one.name); let rows = 0;
  for (const name of names) { const db = await new Promise((done, fail) => { const open = indexedDB.open(name);
      open.onsuccess = () => done(open.result); open.onerror = fail; });
    for (const table of db.objectStoreNames) rows += await new Promise(done => { const count = db.transaction(table)
      .objectStore(table).count(); count.onsuccess = () => done(count.result); });
    db.close(); }
  return rows; }"""


@pytest.mark.hazard("H20")
def test_a_phone_shut_out_from_another_sends_what_it_has_and_is_emptied(
    phone: NewPhone, system: System
) -> None:
    lost = phone("demo-person")
    is_ready_to_be_offline(lost)
    lost.context.set_offline(True)
    type_in(lost, "134", "72")
    other = phone("demo-person")
    other.goto("/settings/phones")
    # The phone in hand has no such button, so the one that is there is the lost one's.
    other.get_by_role("button", name="Shut this phone out").click(timeout=SLOW)
    other.get_by_role("button", name="Yes, shut it out").click()
    expect(other.get_by_text(re.compile("^Shut out")).first).to_be_visible(timeout=SLOW)
    assert stored(system, 134) == []

    lost.context.set_offline(False)
    until(lambda: len(stored(system, 134)) == 1, 120, "what was on it has arrived")
    lost.goto("/")
    expect(lost.get_by_label("Password", exact=True)).to_be_visible(timeout=SLOW)
    until(lambda: lost.evaluate(KEPT) == 0, 120, "nothing is left")
    other.reload()
    expect(other.get_by_text(re.compile("It was emptied")).first).to_be_visible(timeout=SLOW)
