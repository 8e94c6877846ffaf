import type { Channel } from '../contract/event.ts';
import type { ReleasedText } from './types.ts';

/** Text that nothing holds or edits (mode off, or shadow): only how much of each block has passed is kept. */
export class PassedThrough {
  /** Most gates are never asked for it. */
  #units: Map<Channel, Map<string, number>> | undefined;

  piece(channel: Channel, block: string, text: string): ReleasedText {
    const all = (this.#units ??= new Map<Channel, Map<string, number>>());
    let units = all.get(channel);
    if (units === undefined) all.set(channel, (units = new Map<string, number>()));
    const from = units.get(block) ?? 0;
    const to = from + text.length;
    units.set(block, to);
    return { kind: 'text', channel, block, text, from, to, edited: false };
  }

  /** Later text under the same id is another block's. */
  endBlock(channel: Channel, block: string): void {
    this.#units?.get(channel)?.delete(block);
  }
}
