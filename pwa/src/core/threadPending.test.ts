// Saved, sent, received and read are four different words, and a message is never drawn twice.
import { describe, expect, it } from "vitest";
import type { Queued } from "./outbox";
import { newestOfTheirs, stateOf, waitingIn, waitingState, type MessageShow } from "./threadPending";
import type { Message, Thread } from "./threadTypes";

const message = (more: Partial<Message>): Message => ({
  id: "m", by: { relation: "self", name: "A", me: true }, words: "hello", made_at: null,
  received_at: "2026-11-22T08:00:00Z", sent_late: false, private: false, received_by_them_at: null, read_at: null,
  read_by: [], danger: [], ...more,
});

const thread = (messages: Message[]): Thread => ({
  kind: "team", name: "Team", hours: "8am to 8pm", watching_now: true, next_watch_at: null, phone: null, unread: 0,
  last: null, owner: null, reply_by: null, waiting_since: null, state: "quiet", settled: null, promise: "",
  may_write: true, version: 1, messages, more: false,
});

const queued = (show: object | null, state: Queued["state"] = "waiting"): Queued => ({
  id: "q", patient: "p", what: "message", document: null, madeAt: "2026-11-22T08:00:00Z", state, show, problem: null,
});

const show = (id: string, kind: "team" | "practice" = "team"): MessageShow => ({
  kind: "message", thread: kind, id, words: "words", private: false,
});

describe("a conversation", () => {
  it("holds what was written here for this thread and has not arrived", () => {
    const found = waitingIn(thread([message({ id: "a" })]), [
      queued(show("a")), queued(show("b")), queued(show("c", "practice")), queued({ kind: "read" }), queued(null),
    ]);
    expect(found.map((one) => one.show.id)).toEqual(["b"]);
  });
  it.each([
    [{}, "sent"],
    [{ received_by_them_at: "2026-11-22T08:01:00Z" }, "received"],
    [{ received_by_them_at: "2026-11-22T08:01:00Z", read_at: "2026-11-22T08:02:00Z" }, "read"],
  ])("%j is %s", (more, expected) => {
    expect(stateOf(message(more))).toBe(expected);
  });
  it.each([
    ["waiting", "saved"], ["sending", "saved"], ["needs-you", "stuck"], ["refused", "stuck"],
  ] as const)("in the outbox %s is %s", (state, expected) => {
    expect(waitingState(queued(show("a"), state))).toBe(expected);
  });
  it("marks as read what the other side wrote last", () => {
    const team = { relation: "team" as const, name: "Nurse", me: false };
    const found = newestOfTheirs(thread([message({ id: "a", by: team }), message({ id: "b" })]));
    expect(found?.id).toBe("a");
    expect(newestOfTheirs(thread([message({})]))).toBeNull();
  });
});
