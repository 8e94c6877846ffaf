import type { Client } from './clients/client.ts';

/** Whether the server may throw away halts and modes when its memory is full. */
export interface Eviction {
  /** A sentence for an operator; `undefined` where it may not, or does not say. */
  warning(): string | undefined;
  close(): void;
}

/** The answer changes when an operator changes the server: whoever looks at the warning has it asked again. */
const ASKED_MS = 10_000;

/** Asks on each connection, and nothing waits for it. Of a cluster every primary: each has a policy of its own. */
export function watchEviction(client: Client): Eviction {
  let warning: string | undefined;
  let askedAt = -Infinity;
  const ask = (): void => {
    askedAt = performance.now();
    client.sendToPrimaries(['info', 'memory']).then(
      (texts) => (warning = texts.map((text) => warningOf(String(text))).find((one) => one !== undefined)),
      () => undefined,
    );
  };
  const close = client.watch({ onReady: ask });
  if (client.ready()) ask();
  return {
    warning() {
      if (client.ready() && performance.now() > askedAt + ASKED_MS) ask();
      return warning;
    },
    close,
  };
}

function warningOf(info: string): string | undefined {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
  const policy = field('maxmemory_policy');
  // Without a bound on its memory nothing is ever thrown away.
  if (policy?.startsWith('allkeys-') !== true || field('maxmemory') === '0') return undefined;
  return `the server's \`maxmemory-policy\` is \`${policy}\`: with its memory full it forgets halts and modes; set \`noeviction\`, or a \`volatile-*\` policy`;
}
