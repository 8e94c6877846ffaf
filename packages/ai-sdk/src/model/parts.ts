import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import type { Channel, Piece } from '@flyball/core/adapter';

export type PartOf<T extends Part['type']> = Extract<Part, { type: T }>;

/** Parts of a block of text. */
export type BlockPart = PartOf<`${'text' | 'reasoning'}-${'start' | 'delta' | 'end'}`>;

/** Those that carry text. */
export type Delta = PartOf<'text-delta' | 'reasoning-delta'>;

export const channelOf = (part: BlockPart): Channel => (part.type.startsWith('text') ? 'text' : 'reasoning');

/** True when a piece is the delta, whole. */
export function isAs(piece: Piece<Part> | undefined, part: Delta): boolean {
  if (piece?.kind !== 'text') return false;
  return piece.text === part.delta && piece.block === part.id && piece.channel === channelOf(part);
}

/** Parts that wait for the end of the message, and make what follows them wait: calls of tools, and text that is JSON. */
export function waitsForEnd(part: Part, json: boolean): boolean {
  switch (part.type) {
    case 'text-start':
    case 'text-delta':
      return json;
    case 'tool-input-start':
    case 'tool-call':
      return part.providerExecuted !== true;
    default:
      return false;
  }
}
