// What left governed, so that nobody need ask about it again.
import { isMessage } from './tools/result.ts';

/** Messages, and other objects, that left governed. */
export interface Released {
  add(value: object): void;
  /** False also for a message into which other words were put since. */
  has(value: object): boolean;
}

export function createReleased(): Released {
  const known = new WeakMap<object, string | undefined>();
  return {
    add: (value) => void known.set(value, saidBy(value)),
    has: (value) => known.has(value) && known.get(value) === saidBy(value),
  };
}

/** What a message says, as one text. Nothing is remembered of other objects, and of what cannot be written down. */
function saidBy(value: object): string | undefined {
  if (!isMessage(value)) return undefined;
  const { content, artifact, tool_calls: calls, invalid_tool_calls: broken, additional_kwargs: additional } = value;
  try {
    return JSON.stringify([content, artifact, calls, broken, additional]);
  } catch {
    return undefined;
  }
}
