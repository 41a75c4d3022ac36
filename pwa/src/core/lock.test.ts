// A desk locks when nobody has touched it, and stays locked after a reload.
import { afterEach, describe, expect, it } from "vitest";
import { IDLE_MS, isIdle, lock, lockState, unlock } from "./lock";

afterEach(unlock);

describe("the lock", () => {
  it("is kept on the computer until it is opened", () => {
    lock();
    expect([lockState.get(), localStorage.getItem("alongside.locked")]).toEqual([true, "locked"]);
    unlock();
    expect([lockState.get(), localStorage.getItem("alongside.locked")]).toEqual([false, null]);
  });
  it("comes by itself after ten minutes without a touch", () => {
    expect([isIdle(0, IDLE_MS - 1), isIdle(0, IDLE_MS)]).toEqual([false, true]);
  });
});
