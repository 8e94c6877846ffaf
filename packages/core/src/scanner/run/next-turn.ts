/**
 * Lets the process do its other work first. Edge runtimes have no `setImmediate`, and that of Next.js has one that
 * throws when it is called: what is there says nothing, so it is tried.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    try {
      // Not by its name: bundlers for the edge warn of that.
      (globalThis as Partial<typeof globalThis>).setImmediate!(resolve);
    } catch {
      setTimeout(resolve, 0);
    }
  });
}
