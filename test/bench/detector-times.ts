/** What the packs cost: how long a text takes, and how much of a stream they hold. */
import type { PatternSet } from '../../packages/core/src/scanner/types.ts';
import type { Figures } from './run.ts';

interface Scanned {
  readonly set: PatternSet;
}

/** Units held back after each unit of prose, on average: what a reader waits for. */
export function meanHeld({ set }: Scanned, prose: string): number {
  const scan = set.open(() => undefined);
  let held = 0;
  for (let i = 0; i < prose.length; i++) {
    scan.write(prose[i]!);
    held += scan.position - scan.hold;
  }
  return held / prose.length;
}

const SIZES = [100, 1000, 1024, 10_000, 16_384, 65_536, 100_000];

/** Texts that have much of what the packs look for, and nothing that is it, or nearly so: 64 KB of each. */
const HOSTILE: { readonly [kind: string]: (at: number) => string } = {
  digits: (at) => `${(at * 7_919_777) % 1_000_000_007} `,
  groups: (at) => `${1000 + ((at * 7919) % 9000)}-`,
  words: () => 'a.',
  addresses: () => 'a@b.',
  dates: (at) => `${1 + (at % 28)}.${1 + (at % 12)}.19${10 + (at % 90)} `,
  names: () => 'national id ',
  capitals: (at) => `A${at % 10} `,
  hex: (at) => ((at * 2_654_435_761) >>> 0).toString(16),
};

/** Scanning a whole text with both packs: the 99th percentile in microseconds, by its size. */
export function p99BySize({ set }: Scanned, prose: string): Figures {
  const run = (text: string): number => {
    const start = performance.now();
    const scan = set.open(() => undefined);
    scan.write(text);
    scan.end();
    return (performance.now() - start) * 1000;
  };
  run(prose);
  const worst = Object.fromEntries(
    Object.entries(HOSTILE).map(([kind, piece]) => {
      let text = '';
      for (let at = 0; text.length < 65_536; at++) text += piece(at);
      text = text.slice(0, 65_536);
      run(text);
      const times = Array.from({ length: 12 }, () => run(text)).toSorted((a, b) => a - b);
      return [kind, times.at(-1)!];
    }),
  );
  return {
    hostile65536: { worst: Math.max(...Object.values(worst)), ...worst },
    ...bySize(prose, run),
  };
}

function bySize(prose: string, run: (text: string) => number): Figures {
  return Object.fromEntries(
    SIZES.map((size) => {
      const runs = Math.min(2000, Math.max(200, 4_000_000 / size));
      const times = Array.from({ length: runs }, (_, i) => {
        const from = (i * 7919) % Math.max(1, prose.length - size);
        return run(prose.slice(from, from + size));
      }).toSorted((a, b) => a - b);
      return [String(size), times[Math.floor(times.length * 0.99)]!];
    }),
  );
}
