import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../contract/json.ts';
import { applyEditsToJson } from './json-edits.ts';
import { segmentsOfJson } from './segments.ts';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

/** Every string value masked, by recursion. Keys and numbers stay. */
function masked(value: Json): Json {
  if (typeof value === 'string') return value === '' ? '' : '[M]';
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
  return value;
}

/** Paths that can be edited: those of string values. */
function editable(value: Json): { path: string; length: number }[] {
  return segmentsOfJson(value, 'args')
    .filter(
      ({ path, text }) =>
        text !== '' && applyEditsToJson(value, 'args', [{ segment: path, start: 0, end: text.length, mask: '' }]).ok,
    )
    .map(({ path, text }) => ({ path, length: text.length }));
}

describe('applyEditsToJson', () => {
  const args = { to: 'ann@x.example', amount: 900, items: [{ note: 'for ann' }, { note: 'for bob' }] };

  it('edits string values and shares what it leaves alone', () => {
    const applied = applyEditsToJson(args, 'args', [
      { segment: 'args.to', start: 0, end: 13, mask: '[EMAIL]' },
      { segment: 'args.items[0].note', start: 4, end: 7, mask: '[NAME]' },
    ]);
    expect(applied).toEqual({
      ok: true,
      value: { to: '[EMAIL]', amount: 900, items: [{ note: 'for [NAME]' }, { note: 'for bob' }] },
    });
    expect(applied.ok && (applied.value as typeof args).items[1]).toBe(args.items[1]);
    expect(args.to).toBe('ann@x.example');
  });

  it.each(['args.{to}', 'args.amount', 'args.nowhere', 'args.~rest'])('is not applicable to %s', (segment) => {
    expect(applyEditsToJson(args, 'args', [{ segment, start: 0, end: 1, mask: '' }])).toEqual({
      ok: false,
      reason: 'EDIT_NOT_APPLICABLE',
      segment,
    });
  });

  it('edits a bare string', () => {
    expect(applyEditsToJson('ann', 'result', [{ segment: 'result', start: 0, end: 3, mask: '[A]' }])).toEqual({
      ok: true,
      value: '[A]',
    });
  });

  it('reaches every string of any value and nothing else', () => {
    fc.assert(
      fc.property(json, (value) => {
        const edits = editable(value).map(({ path, length }) => ({
          segment: path,
          start: 0,
          end: length,
          mask: '[M]',
        }));
        const before = structuredClone(value);
        expect(applyEditsToJson(value, 'args', edits)).toEqual({ ok: true, value: masked(value) });
        expect(value).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  it('edits one place of a value that is used in two', () => {
    const shared = { note: 'ann' };
    const applied = applyEditsToJson({ a: shared, b: shared }, 'args', [
      { segment: 'args.b.note', start: 0, end: 3, mask: '[N]' },
    ]);
    expect(applied).toEqual({ ok: true, value: { a: { note: 'ann' }, b: { note: '[N]' } } });
  });

  it('edits below a key named __proto__ without touching a prototype', () => {
    const value = JSON.parse('{"__proto__": {"note": "ann"}}') as Json;
    const applied = applyEditsToJson(value, 'args', [
      { segment: 'args.__proto__.note', start: 0, end: 3, mask: '[N]' },
    ]);
    expect(applied.ok && JSON.stringify(applied.value)).toBe('{"__proto__":{"note":"[N]"}}');
    expect(({} as Record<string, unknown>)['note']).toBeUndefined();
  });

  it('edits a text 100,000 levels down', () => {
    let value: Json = 'deep';
    for (let i = 0; i < 100_000; i++) value = [value];
    const { path } = segmentsOfJson(value, 'args')[0]!;
    const applied = applyEditsToJson(value, 'args', [{ segment: path, start: 0, end: 4, mask: '[D]' }]);
    expect(applied.ok && segmentsOfJson(applied.value, 'args')[0]!.text).toBe('[D]');
  });

  it('edits a text on each of 15,000 levels, in work that does not grow with their square', () => {
    let value: Json = 'x';
    for (let i = 0; i < 15_000; i++) value = [String(i), value];
    const edits = segmentsOfJson(value, 'args').map(({ path, text }) => ({
      segment: path,
      start: 0,
      end: text.length,
      mask: '[M]',
    }));
    // With the places of all of them at hand this took gigabytes.
    const applied = applyEditsToJson(value, 'args', edits);
    expect(applied.ok && new Set(segmentsOfJson(applied.value, 'args').map(({ text }) => text))).toEqual(
      new Set(['[M]']),
    );
  });
});
