import type { UIMessage } from 'ai';

/** What `@flyball/ai-sdk` tells a browser of a stop, on the text that stands in place of the answer. */
export interface Stop {
  readonly outcome: 'BLOCK' | 'COOLDOWN';
  readonly reason: string;
  readonly retryAfterMs?: number;
  readonly auditId: string;
}

/** The stop that a part of a message tells of. */
export function stopOf(part: UIMessage['parts'][number]): Stop | undefined {
  if (part.type !== 'text') return undefined;
  return part.providerMetadata?.['flyball'] as Stop | undefined;
}

/** How long the user has to wait after this message, in seconds; 0 where it may go on at once. */
export function waitAfter(message: UIMessage | undefined): number {
  const waits = (message?.parts ?? []).map((part) => stopOf(part)?.retryAfterMs ?? 0);
  return Math.ceil(Math.max(0, ...waits) / 1000);
}
