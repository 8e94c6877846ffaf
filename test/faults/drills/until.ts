/** Waits for a condition. What throws meanwhile is not yet so. */
export async function until(condition: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  const end = performance.now() + ms;
  let last: unknown = 'it was not so';
  while (performance.now() < end) {
    try {
      if (await condition()) return;
      last = 'it was not so';
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not within ${ms} ms: ${String(condition)}`, { cause: last });
}
