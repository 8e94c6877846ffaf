import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { GrowingText } from './growing-text.ts';

type Step = readonly [what: 'append' | 'long' | 'cut' | 'forget' | 'copy', amount: number];

it('is the text that was added, whatever was cut, forgotten and copied', () => {
  const step = fc.tuple(fc.constantFrom('append', 'append', 'long', 'cut', 'forget', 'copy'), fc.nat(40));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let text = new GrowingText();
      let kept = '';
      let first = 0;
      let added = 0;
      for (const [what, amount] of steps as readonly Step[]) {
        if (what === 'append' || what === 'long') {
          const more = Array.from({ length: what === 'long' ? amount * 40 : amount }, () =>
            String.fromCharCode(32 + (added++ % 90)),
          ).join('');
          text.append(more);
          kept += more;
        } else if (what === 'cut') {
          kept = kept.slice(0, Math.max(0, kept.length - amount));
          text.cutAt(first + kept.length);
        } else if (what === 'forget') {
          const cut = Math.min(amount * 20, kept.length);
          text.forgetBefore(first + cut);
          kept = kept.slice(cut);
          first += cut;
        } else {
          const other = text.copy();
          text.append('what only one of the two has');
          text = other;
        }
        expect([text.first, text.end, text.length]).toEqual([first, first + kept.length, kept.length]);
        expect(text.slice(first, text.end)).toBe(kept);
        const from = Math.floor(kept.length / 3);
        const to = Math.min(kept.length, from + amount);
        expect(text.slice(first + from, first + to)).toBe(kept.slice(from, to));
        expect(text.slice(first - 5, first + to)).toBe(kept.slice(0, to));
        expect(text.unitAt(first + from)).toBe(kept.charCodeAt(from));
      }
    }),
    { numRuns: 150 },
  );
});
