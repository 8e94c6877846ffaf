/** Milliseconds between two beats: text that leaves in steps of it reads as a stream. */
export const PULSE_MS = 40;

const hearing = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/**
 * Calls back every `PULSE_MS` until the answered function is called. All streams of a process share one timer, and
 * without a stream that needs it there is none. `beat` must not throw.
 */
export function onPulse(beat: () => void): () => void {
  hearing.add(beat);
  timer ??= setInterval(() => {
    for (const hear of hearing) hear();
  }, PULSE_MS);
  return () => {
    hearing.delete(beat);
    if (hearing.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
