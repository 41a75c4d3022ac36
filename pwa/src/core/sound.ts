// The sound of an emergency. Browsers allow sound only after a tap, so it is off until somebody turns it on.
import { createState } from "./state";

/** `locked`: wanted on this computer, but the browser waits for a tap since the page was opened. */
export type SoundState = "off" | "locked" | "on";

const PREFERENCE = "alongside.sound";
let context: AudioContext | null = null;

export const soundState = createState<SoundState>(
  localStorage.getItem(PREFERENCE) === "on" ? "locked" : "off",
);

/** Must be called from a tap or a key press. */
export async function turnSound(on: boolean): Promise<void> {
  localStorage.setItem(PREFERENCE, on ? "on" : "off");
  if (!on) {
    soundState.set("off");
    return;
  }
  context ??= new AudioContext();
  await context.resume();
  soundState.set(context.state === "running" ? "on" : "locked");
  ring();
}

/** Two falling tones, half a second: heard across a room, short enough for a shared office. */
export function ring(): void {
  if (!context || soundState.get() !== "on") return;
  const start = context.currentTime;
  for (const [index, pitch] of [880, 660, 880, 660].entries()) {
    const at = start + index * 0.16;
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.0001, at);
    loudness.gain.exponentialRampToValueAtTime(0.3, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.15);
    tone.connect(loudness).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.16);
  }
}
