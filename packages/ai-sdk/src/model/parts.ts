import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import type { Channel, Piece, Stage } from '@flyball/core/adapter';

export type PartOf<T extends Part['type']> = Extract<Part, { type: T }>;

/** Parts of a block of text. */
export type BlockPart = PartOf<`${'text' | 'reasoning'}-${'start' | 'delta' | 'end'}`>;

/** Those that carry text. */
export type Delta = PartOf<'text-delta' | 'reasoning-delta'>;

export const channelOf = (part: BlockPart): Channel => (part.type.startsWith('text') ? 'text' : 'reasoning');

/** True when a piece is the delta, whole. */
export function isAs(piece: Piece<Part> | undefined, part: Delta): boolean {
  if (piece?.kind !== 'text' || piece.leaf !== undefined) return false;
  return piece.text === part.delta && piece.block === part.id && piece.channel === channelOf(part);
}

/** What of an answer nothing can be decided about before its end. */
export interface Waiting {
  /** Whether a rule reads calls of this tool. */
  readonly reads: (tool: string) => boolean;
  /**
   * Calls themselves: a rule reads those of some tool, or the answer, which may yet be stopped. A call that had left
   * would then stand in the history without a result.
   */
  readonly calls: boolean;
}

export function waitingOf({ offered, covers }: WaitingCall, enforcing: boolean): Waiting {
  const output = enforcing && covers('output');
  const reads = (tool: string): boolean => enforcing && covers('tool_call', tool);
  return { reads, calls: output || offered.some(reads) };
}

interface WaitingCall {
  readonly offered: readonly string[];
  readonly covers: (stage: Stage, tool?: string) => boolean;
}

/**
 * Parts that wait for the end of the message, and make what follows them wait: the input of tools that rules read, and
 * calls, all of which are decided before the first of them can run.
 */
export function waitsForEnd(part: Part, { reads, calls }: Waiting): boolean {
  switch (part.type) {
    case 'tool-input-start':
      return part.providerExecuted !== true && reads(part.toolName);
    case 'tool-call':
      return part.providerExecuted !== true && (calls || reads(part.toolName));
    default:
      return false;
  }
}
