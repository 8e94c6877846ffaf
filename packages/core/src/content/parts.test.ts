import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Edit } from '../contract/ruling.ts';
import { applyEdits } from './edits.ts';
import { applyEditsToJson } from './json-edits.ts';
import { applyEditsToParts, segmentsOfParts, type PartReader } from './parts.ts';
import { segmentsOfJson } from './segments.ts';

type Part =
  | { readonly text: string }
  | { readonly data: { readonly [key: string]: string } }
  | { readonly image: string };

const reader: PartReader<Part> = {
  textOf: (part) => ('text' in part ? part.text : undefined),
  withText: (part, text) => ({ ...part, text }),
  segmentsOf: (part, path) => ('data' in part ? segmentsOfJson(part.data, path) : []),
  edit(part, path, edits) {
    if (!('data' in part)) return undefined;
    const applied = applyEditsToJson(part.data, path, edits);
    return applied.ok ? { data: applied.value as { [key: string]: string } } : undefined;
  },
};

const PARTS: readonly Part[] = [
  { text: 'mail an' },
  { text: 'n@x.exa' },
  { text: 'mple now' },
  { data: { to: 'bob@x.example' } },
  { image: 'png' },
  { text: 'bye' },
];

const edit = (segment: string, start: number, end: number): Edit => ({ segment, start, end, mask: '[EMAIL]' });
const edited = (...edits: readonly Edit[]): unknown => applyEditsToParts(PARTS, 'm', reader, edits);

describe('the parts of a message', () => {
  test('consecutive texts are one segment, other parts have their own, in order', () => {
    expect(
      segmentsOfParts(PARTS, 'm', reader, { role: 'user' }).map(({ path, text, role }) => [path, text, role]),
    ).toEqual([
      ['m.parts[0].text', 'mail ann@x.example now', 'user'],
      ['m.parts[3].{to}', 'to', undefined],
      ['m.parts[3].to', 'bob@x.example', undefined],
      ['m.parts[5].text', 'bye', 'user'],
    ]);
  });

  test('an edit over several parts leaves its mask once, where it begins, and the other parts as they are', () => {
    const applied = applyEditsToParts(PARTS, 'm', reader, [
      edit('m.parts[0].text', 5, 18),
      edit('m.parts[3].to', 0, 13),
    ]);
    expect(applied).toEqual({
      ok: true,
      value: [
        { text: 'mail [EMAIL]' },
        { text: '' },
        { text: ' now' },
        { data: { to: '[EMAIL]' } },
        PARTS[4],
        PARTS[5],
      ],
    });
    expect(applied.ok && applied.value[4]).toBe(PARTS[4]);
    expect(applied.ok && applied.value[5]).toBe(PARTS[5]);
  });

  test('without edits the parts are handed on as they are', () => {
    expect(applyEditsToParts(PARTS, 'm', reader, [])).toEqual({ ok: true, value: PARTS });
  });

  test.each([
    ['a part that is not there', edit('m.parts[9].text', 0, 1)],
    ['a text part inside a run', edit('m.parts[1].text', 0, 1)],
    ['another message', edit('n.parts[0].text', 0, 1)],
    ['something else of a text part', edit('m.parts[0].textual', 0, 1)],
    ['text that is not there', edit('m.parts[5].text', 2, 9)],
    ['a part that cannot be edited', edit('m.parts[4].image', 0, 1)],
    ['a key', edit('m.parts[3].{to}', 0, 1)],
    ['no part', edit('m.parts[x]', 0, 1)],
  ])('an edit of %s is not applicable', (_what, stray) => {
    expect(edited(edit('m.parts[0].text', 5, 18), stray)).toEqual({
      ok: false,
      reason: 'EDIT_NOT_APPLICABLE',
      segment: stray.segment,
    });
  });

  test('joined, edited parts are the edited text, however the text is cut', () => {
    const cases = fc.tuple(fc.array(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat());
    fc.assert(
      fc.property(cases, ([texts, a, b]) => {
        const text = texts.join('');
        if (text === '') return;
        const [start, end] = [
          Math.min(a % text.length, b % text.length),
          Math.max(a % text.length, b % text.length) + 1,
        ];
        const parts = texts.map((part): Part => ({ text: part }));
        const applied = applyEditsToParts(parts, 'm', reader, [edit('m.parts[0].text', start, end)]);
        const joined = applied.ok ? applied.value.map((part) => reader.textOf(part)).join('') : undefined;
        expect(joined).toBe(applyEdits(text, [edit('', start, end)]));
      }),
    );
  });
});
