import { applyEditsToJsonText, type Edit } from '@flyball/core/adapter';

import type { Frame } from '../framing/frame.ts';
import type { Part } from './part.ts';

/** An event some of whose text has to be replaced. */
export interface EditedEvent {
  readonly frame: Frame;
  /** Undefined where its data is no more than its own text. */
  readonly data: unknown;
  readonly repeats: boolean;
}

/** The event's data with its masks, everything else as it was written; undefined where a mask cannot be written. */
export function editedData({ frame, data, repeats }: EditedEvent, changed: readonly Part[]): string | undefined {
  if (changed.some(({ fixed }) => fixed)) return undefined;
  if (data === undefined) return changed[0]!.released ?? '';
  const edits = changed.map(({ path, text, released = '' }): Edit => ({
    segment: path,
    start: 0,
    end: text.length,
    mask: released,
  }));
  const edited = applyEditsToJsonText(frame.data!, 'data', edits);
  if (!edited.ok) return undefined;
  return repeats ? JSON.stringify(JSON.parse(edited.value), withoutRepeats) : edited.value;
}

/** Log probabilities spell the text out a second time. */
function withoutRepeats(key: string, value: unknown): unknown {
  return key === 'logprobs' ? null : value;
}
