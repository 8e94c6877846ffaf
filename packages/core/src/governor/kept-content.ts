import type { Seal } from '../audit/content-key.ts';
import type { Channel, GovernedEvent, Segment } from '../contract/event.ts';
import type { KeptContent, RecordedContent } from '../contract/record.ts';
import type { Decision } from '../contract/ruling.ts';
import type { MaybePromise } from '../outside/maybe-promise.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';

/** Keeps of a decision's texts what its policy asks for: keyed hashes, or the texts themselves, encrypted. */
export type ContentKeeper = (
  policy: CompiledPolicy | undefined,
  kept: KeptContent,
  decision: Decision,
) => MaybePromise<RecordedContent | undefined>;

export function contentKeeper(keyedHash: (text: string) => string, seal: Seal | undefined): ContentKeeper {
  return (policy, kept, { auditId, reason }) => {
    const asked = policy?.audit.content;
    // Governance took no part in these, so it keeps nothing of them.
    if (asked === undefined || reason === 'GOVERNANCE_OFF' || reason === 'NOT_GOVERNED') return undefined;
    const hashes = kept.texts.map(({ text }) => keyedHash(text));
    if (asked === 'hashed' || seal === undefined) return { hashes };
    return seal(kept, auditId).then(
      (captured) => ({ hashes, captured }),
      // The decision has its record all the same, which says what is missing.
      () => ({ hashes, captured: 'FAILED' as const }),
    );
  };
}

/** What an event is made of, as far as a detector or condition may read it. */
export function contentOf({ content, args }: GovernedEvent): KeptContent {
  return { texts: content, ...(args !== undefined && { args }) };
}

/** The text of a stream by channel, as it came, up to a bound. */
export class HeardText {
  readonly #most: number;
  readonly #texts = new Map<Channel, string>();

  constructor(most: number) {
    this.#most = most;
  }

  add(channel: Channel, text: string): void {
    const heard = this.#texts.get(channel) ?? '';
    if (heard.length < this.#most) this.#texts.set(channel, (heard + text).slice(0, this.#most));
  }

  of(channel: Channel): string {
    return this.#texts.get(channel) ?? '';
  }

  get texts(): readonly Segment[] {
    return [...this.#texts].map(([channel, text]) => ({ path: channel, channel, text }));
  }
}
