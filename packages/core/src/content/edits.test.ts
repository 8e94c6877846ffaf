import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, applyEditsToContent, applyEditsToSegments, mergeEdits, type TextEdit } from './edits.ts';
import { applyEditsAcrossParts, splitAcrossParts } from './edits-across-parts.ts';
import { textRuns } from './messages.ts';

const edit = (start: number, end: number, mask = '[X]'): TextEdit => ({ start, end, mask });

/** Edits inside a text of this length, spans not empty. */
const editsFor = (length: number): fc.Arbitrary<TextEdit[]> =>
  length === 0
    ? fc.constant([])
    : fc.array(
        fc
          .tuple(fc.nat(length - 1), fc.nat(length - 1), fc.constantFrom('', '[A]', '[B]'))
          .map(([a, b, mask]) => edit(Math.min(a, b), Math.max(a, b) + 1, mask)),
        { maxLength: 4 },
      );

/**
 * What edits mean: unit by unit, a covered run becomes the mask of its edit with the smallest end, then smallest start.
 */
function naive(text: string, edits: readonly TextEdit[]): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const covers = edits.some(({ start, end }) => start <= i && i < end);
    if (!covers) {
      out += text[i];
      continue;
    }
    let end = i;
    while (edits.some((e) => e.start <= end && end < e.end)) end++;
    const inside = edits.filter((e) => e.start >= i && e.end <= end).sort((a, b) => a.end - b.end || a.start - b.start);
    out += inside[0]!.mask;
    i = end - 1;
  }
  return out;
}

describe('applyEdits', () => {
  it('replaces spans in any order and leaves the rest', () => {
    expect(applyEdits('call ann or bob', [edit(12, 15, '[B]'), edit(5, 8, '[A]')])).toBe('call [A] or [B]');
    expect(applyEdits('untouched', [])).toBe('untouched');
  });

  it('unites edits that overlap or touch under the mask of the one that ends first', () => {
    expect(mergeEdits([edit(0, 6, '[LATE]'), edit(4, 5, '[FIRST]'), edit(6, 8, '[TOUCHES]')])).toEqual([
      edit(0, 8, '[FIRST]'),
    ]);
  });

  it('means what the unit-by-unit definition says', () => {
    const cases = fc.string({ maxLength: 12 }).chain((text) => fc.tuple(fc.constant(text), editsFor(text.length)));
    // Masks of equal spans are the caller's business: make them equal.
    fc.assert(
      fc.property(cases, ([text, edits]) => {
        const bySpan = new Map(edits.map((e) => [`${e.start},${e.end}`, e]));
        const distinct = [...bySpan.values()];
        expect(applyEdits(text, distinct)).toBe(naive(text, distinct));
      }),
    );
  });

  it('refuses edits of another text', () => {
    expect(() => applyEdits('short', [edit(2, 9)])).toThrow('made for another text');
    expect(() => applyEdits('short', [edit(-1, 2)])).toThrow(RangeError);
    expect(() => applyEdits('short', [edit(2, 2)])).toThrow(RangeError);
  });
});

describe('applyEditsToSegments', () => {
  const segments = [
    { path: 'messages[0].text', text: 'my mail is ann@x.example' },
    { path: 'messages[1].text', text: 'thanks' },
  ];

  it('edits the named segments and shares the others', () => {
    const applied = applyEditsToSegments(segments, [{ segment: 'messages[0].text', ...edit(11, 24, '[EMAIL]') }]);
    expect(applied).toEqual({
      ok: true,
      value: [{ path: 'messages[0].text', text: 'my mail is [EMAIL]' }, segments[1]],
    });
    expect(applied.ok && applied.value[1]).toBe(segments[1]);
  });

  it('is not applicable to a segment that is not there, or too short', () => {
    const refused = (segment: string, start: number, end: number) =>
      applyEditsToSegments(segments, [{ segment, ...edit(start, end) }]);
    expect(refused('messages[7].text', 0, 1)).toEqual({
      ok: false,
      reason: 'EDIT_NOT_APPLICABLE',
      segment: 'messages[7].text',
    });
    expect(refused('messages[1].text', 0, 99)).toEqual({
      ok: false,
      reason: 'EDIT_NOT_APPLICABLE',
      segment: 'messages[1].text',
    });
  });

  it('takes one string as content too', () => {
    expect(applyEditsToContent('ann', [{ segment: 'text', ...edit(0, 3, '[A]') }])).toEqual({ ok: true, value: '[A]' });
    expect(applyEditsToContent('ann', [{ segment: 'text', ...edit(0, 4) }])).toMatchObject({ ok: false });
    expect(applyEditsToContent(segments, [])).toEqual({ ok: true, value: segments });
  });
});

describe('edits across parts', () => {
  it('leaves the mask in the first part an edit touches', () => {
    expect(applyEditsAcrossParts(['mail an', 'n@x.exa', 'mple now'], [edit(5, 18, '[EMAIL]')])).toEqual([
      'mail [EMAIL]',
      '',
      ' now',
    ]);
  });

  it('gives empty parts no edits', () => {
    expect(splitAcrossParts(['a', '', 'b'], [edit(0, 2)])).toEqual([[edit(0, 1)], [], [edit(0, 1, '')]]);
  });

  it('joined, gives what editing the joined text gives', () => {
    const cases = fc
      .array(fc.string({ maxLength: 5 }), { maxLength: 5 })
      .chain((parts) => fc.tuple(fc.constant(parts), editsFor(parts.join('').length)));
    fc.assert(
      fc.property(cases, ([parts, edits]) => {
        const applied = applyEditsAcrossParts(parts, edits);
        expect(applied).toHaveLength(parts.length);
        expect(applied.join('')).toBe(applyEdits(parts.join(''), edits));
      }),
    );
  });

  it('refuses edits of other parts', () => {
    expect(() => splitAcrossParts(['ab', 'c'], [edit(1, 4)])).toThrow('made for another text');
  });
});

describe('textRuns', () => {
  it('joins consecutive text parts and ends a run at anything else', () => {
    const parts = ['a', 'b', null, 'c', null, null];
    expect(textRuns(parts, (part) => part ?? undefined)).toEqual([
      { first: 0, parts: ['a', 'b'], text: 'ab' },
      { first: 3, parts: ['c'], text: 'c' },
    ]);
  });
});
