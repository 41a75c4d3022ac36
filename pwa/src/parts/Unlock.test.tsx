// A phone that cannot even count a try says so: the button must not stand at "Unlocking" for ever.
import "fake-indexeddb/auto";
import { render } from "preact";
import { LocationProvider } from "preact-iso";
import { afterEach, expect, it, vi } from "vitest";
import { ensureKey, lockVault, setPin } from "../core/vault";
import { Screen as Unlock } from "./Unlock";

afterEach(() => vi.restoreAllMocks());

it("ends its wait in words when the database fails under a PIN", async () => {
  await ensureKey();
  await setPin("246810");
  lockVault();
  const root = document.body.appendChild(document.createElement("div"));
  render(<LocationProvider><Unlock /></LocationProvider>, root);
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  const field = root.querySelector<HTMLInputElement>("#pin");
  if (field) field.value = "246810";
  field?.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await new Promise((done) => setTimeout(done, 50));
  root.querySelector("form")?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  await vi.waitFor(() => expect(root.textContent).toContain("That did not work. Try again"), 30_000);
  expect(root.textContent).not.toContain("Unlocking");
}, 60_000);
