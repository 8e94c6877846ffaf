// Fields beside the text that a provider streams by pieces, and that nobody here knows by name: no piece may hold what two of them make.
import { viewJson } from '@flyball/agent-kit';
import type { SegmentInit } from '@flyball/core/adapter';
import { textsIn } from './rest.ts';
import type { Rest } from './slots.ts';

/** How much of what a field has said is read again with its next piece, in UTF-16 units: longer than what rules look for. */
const TAIL = 4096;

/** Remembers what each field has said. A field that says the same again is no text in pieces. */
export class RunningFields {
  readonly #said = new Map<string, { readonly last: string; readonly tail: string }>();

  /**
   * The fields of this piece as the continuation of what they have said, for those that continue something. A match over pieces is a stop: what
   * has left cannot be edited.
   */
  continued(rest: Rest): SegmentInit[] {
    const segments: SegmentInit[] = [];
    for (const { path = '', text } of textsIn(viewJson(rest, 'rest').json, 'rest')) {
      const known = this.#said.get(path);
      if (known?.last === text) continue;
      const tail = (known?.tail ?? '') + text;
      if (known !== undefined)
        segments.push({ path: `continued.${path}`, text: tail, role: 'assistant', separate: true });
      this.#said.set(path, { last: text, tail: tail.slice(-TAIL) });
    }
    return segments;
  }
}
