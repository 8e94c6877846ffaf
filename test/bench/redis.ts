// The Redis a benchmark measures against: the one at REDIS_URL, or at the default address, under a prefix of its own.
import { Redis } from 'ioredis';

export const REDIS_URL: string = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';

/** Runs a measurement on Redis and removes what it left there. `null` when no Redis answers: nothing is invented. */
export async function withRedis<T>(measure: (client: Redis, prefix: string) => Promise<T>): Promise<T | null> {
  const client = new Redis(REDIS_URL, { retryStrategy: () => null, connectTimeout: 500, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  const prefix = `flyball-bench:${process.pid}.${Date.now().toString(36)}:`;
  try {
    await client.ping();
  } catch {
    client.disconnect();
    console.log(`no Redis answers at ${new URL(REDIS_URL).host}: its figures are null (set REDIS_URL)`);
    return null;
  }
  try {
    return await measure(client, prefix);
  } finally {
    for await (const keys of client.scanStream({ match: `${prefix}*`, count: 1000 }) as AsyncIterable<string[]>) {
      if (keys.length > 0) await client.unlink(...keys);
    }
    client.disconnect();
  }
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
