/** Calls whose answers have not left yet: what a shutdown waits for. */
export class RunningCalls {
  #count = 0;
  #idle: (() => void) | undefined;

  /** Counts something. Returns what to call when it is over; later calls of that do nothing. */
  begin(): () => void {
    this.#count++;
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      if (--this.#count === 0) this.#idle?.();
    };
  }

  /** Resolves when nothing runs, at the latest after so many milliseconds. */
  async settled(forMs: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, forMs);
      this.#idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#idle = undefined;
  }
}
