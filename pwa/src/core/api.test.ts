// The server's answers, and the answers of things that only look like the server.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, askAhead, learnCsrf, nextTurn, OldAnswer, request, setAudience, signedOut } from "./api";

const json = (body: unknown, init: ResponseInit & { type?: string } = {}): Response =>
  new Response(JSON.stringify(body), {
    ...init,
    headers: {
      "Content-Type": init.type ?? "application/json",
      ...(init.headers as Record<string, string> | undefined),
    },
  });
const server = vi.fn<typeof fetch>();

async function fault(path = "/x", ask = {}): Promise<ApiError> {
  const error: unknown = await request(path, ask).catch((cause: unknown) => cause);
  if (!(error instanceof ApiError)) throw new Error("expected an ApiError");
  return error;
}
const sent = (call = 0): Headers => server.mock.calls[call]?.[1]?.headers as Headers;

beforeEach(() => {
  server.mockReset();
  vi.stubGlobal("fetch", server);
  setAudience("team");
});
afterEach(() => vi.unstubAllGlobals());

describe("request", () => {
  it("says which audience asks and never keeps the answer in the browser's cache", async () => {
    server.mockResolvedValue(json({ a: 1 }, { headers: { ETag: 'W/"3"' } }));
    expect(await request("/worklist")).toEqual({ status: 200, body: { a: 1 }, etag: 'W/"3"' });
    expect(sent().get("X-Alongside-Audience")).toBe("team");
    expect(server.mock.calls[0]?.[1]?.cache).toBe("no-store");
  });
  it("takes a captive portal's page for what it is", async () => {
    server.mockResolvedValue(
      new Response("<html>", { status: 200, headers: { "Content-Type": "text/html" } }),
    );
    const error = await fault();
    expect([error.trouble, error.isOutage]).toEqual(["not-the-service", true]);
  });
  it("takes broken JSON for a foreign answer", async () => {
    server.mockResolvedValue(new Response("{", { headers: { "Content-Type": "application/json" } }));
    expect((await fault()).trouble).toBe("not-the-service");
  });
  it("tells a lost network from a slow one", async () => {
    server.mockRejectedValueOnce(new TypeError("failed"));
    expect((await fault()).trouble).toBe("no-network");
    server.mockRejectedValueOnce(new DOMException("late", "TimeoutError"));
    expect((await fault()).trouble).toBe("timeout");
  });
  it("returns 304 without a body", async () => {
    server.mockResolvedValue(new Response(null, { status: 304 }));
    expect((await request("/x", { etag: 'W/"3"' })).body).toBeNull();
    expect(sent().get("If-None-Match")).toBe('W/"3"');
  });
  it("carries the problem and how long to wait", async () => {
    server.mockResolvedValue(
      json(
        { code: "too-many-attempts", detail: "Wait." },
        { status: 429, type: "application/problem+json", headers: { "Retry-After": "90" } },
      ),
    );
    const error = await fault("/session", { method: "POST", body: {} });
    expect([error.problem?.code, error.retryAfterS]).toEqual(["too-many-attempts", 90]);
  });
});

describe("writes", () => {
  it("fetch a CSRF token when the page was reloaded", async () => {
    server.mockResolvedValueOnce(json({ csrf: "tok" })).mockResolvedValueOnce(json({}));
    await request("/alerts/1/claim", { method: "POST", body: {}, ifMatch: 'W/"1"', idempotencyKey: "k" });
    expect(sent(1).get("X-CSRF-Token")).toBe("tok");
    expect(sent(1).get("If-Match")).toBe('W/"1"');
    expect(sent(1).get("Idempotency-Key")).toBe("k");
  });
  it("use the token they have", async () => {
    learnCsrf("mine");
    server.mockResolvedValueOnce(json({}));
    await request("/alerts/1/claim", { method: "POST", body: {} });
    expect(server).toHaveBeenCalledTimes(1);
  });
});

describe("a session that ended", () => {
  it("is told once to whoever listens, but a wrong password is not an end", async () => {
    const heard = vi.fn();
    signedOut.subscribe(heard);
    server.mockResolvedValueOnce(json({ code: "wrong-credentials" }, { status: 401 }));
    await fault("/session", { method: "POST", body: {} });
    expect(heard).not.toHaveBeenCalled();
    server.mockResolvedValueOnce(json({ code: "signed-out" }, { status: 401 }));
    await fault("/worklist");
    expect(heard).toHaveBeenCalledTimes(1);
  });
});

/** What the server says when it is told to. */
function later(): (answer: Response) => void {
  let say: (answer: Response) => void = () => undefined;
  server.mockReturnValueOnce(new Promise((done) => (say = done)));
  return say;
}

describe("an answer to what was asked before somebody signed in", () => {
  const over = (): Response => json({ code: "signed-out" }, { status: 401 });
  const signIn = { method: "POST", body: {} } as const;

  it.each([
    ["that they are out, after they are in", over()],
    ["what only the one before might see", json({ a: 1 })],
  ])("is nobody's: %s", async (_, old) => {
    const heard = vi.fn();
    signedOut.subscribe(heard);
    const say = later();
    const asked = fault("/worklist");
    server.mockResolvedValueOnce(json({ csrf: "new" }));
    await request("/session", signIn);
    say(old);
    expect(await asked).toBeInstanceOf(OldAnswer);
    expect(heard).not.toHaveBeenCalled();
  });
  it("waits for who it is, when it comes in the middle", async () => {
    const heard = vi.fn();
    signedOut.subscribe(heard);
    const say = [later(), later()];
    const asked = fault("/worklist");
    const here = request("/session", signIn);
    say[0]?.(over());
    await new Promise((done) => setTimeout(done, 20));
    say[1]?.(json({ csrf: "new" }));
    await here;
    expect(await asked).toBeInstanceOf(OldAnswer);
    expect(heard).not.toHaveBeenCalled();
  });
  it("counts when nobody came in after all", async () => {
    const heard = vi.fn();
    signedOut.subscribe(heard);
    const say = [later(), later()];
    const asked = fault("/worklist");
    const here = fault("/session", signIn);
    say[0]?.(over());
    say[1]?.(json({ code: "wrong-credentials" }, { status: 401 }));
    expect((await here).status).toBe(401);
    expect((await asked).problem?.code).toBe("signed-out");
    expect(heard).toHaveBeenCalledTimes(1);
  });
  it("is nobody's after they went, too", async () => {
    const say = later();
    const asked = fault("/worklist");
    nextTurn();
    say(json({ a: 1 }));
    expect(await asked).toBeInstanceOf(OldAnswer);
  });
});

describe("what is asked ahead", () => {
  it("is asked once, and its answer given out once", async () => {
    server.mockImplementation(() => Promise.resolve(json({ a: 1 })));
    void askAhead("/session");
    expect((await request("/session")).body).toEqual({ a: 1 });
    expect(server).toHaveBeenCalledTimes(1);
    await request("/session");
    expect(server).toHaveBeenCalledTimes(2);
  });
  it("is never given out when it is old", async () => {
    vi.useFakeTimers();
    server.mockImplementation(() => Promise.resolve(json({ a: 1 })));
    await askAhead("/session");
    await vi.advanceTimersByTimeAsync(6000);
    vi.useRealTimers();
    await request("/session");
    expect(server).toHaveBeenCalledTimes(2);
  });
  it("tells whoever asks for it what went wrong", async () => {
    server.mockRejectedValue(new TypeError("away"));
    void askAhead("/session").catch(() => undefined);
    expect((await fault("/session")).trouble).toBe("no-network");
  });
});
