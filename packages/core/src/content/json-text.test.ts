import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../contract/json.ts';
import { applyEdits } from './edits.ts';
import { applyEditsToJsonText, jsonTextReader, readJsonText } from './json-text.ts';
import { segmentsOfJson } from './segments.ts';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
const text = fc.string({
  unit: fc.constantFrom('a', '"', '\\', '/', '\n', '\u0000', 'é', '\ud83d', '\ude00', '[', ',', 'u', '0'),
});

/** A JSON literal of the text with each unit escaped or not as `choices` says. */
function literal(value: string, choices: readonly boolean[]): string {
  let out = '"';
  for (let i = 0; i < value.length; i++) {
    const unit = value[i]!;
    const hex = `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
    out += choices[i % (choices.length || 1)] ? hex : JSON.stringify(unit).slice(1, -1);
  }
  return `${out}"`;
}

describe('readJsonText', () => {
  it('sees through escapes', () => {
    const { valid, segments } = readJsonText('{"\\u0074o": "\\u0054OP\\u0053ECRET", "n": -1.50e2}', 'args');
    expect(valid).toBe(true);
    expect(segments.map(({ path, kind, text: decoded }) => [path, kind, decoded])).toEqual([
      ['args.{to}', 'key', 'to'],
      ['args.to', 'value', 'TOPSECRET'],
      ['args.{n}', 'key', 'n'],
      ['args.n', 'number', '-1.50e2'],
    ]);
  });

  it('a stretch at a time finds the same, and no stretch is long', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 1, max: 5 }), (value, most) => {
        const source = JSON.stringify(value);
        const reader = jsonTextReader(source, 'args');
        let read = reader.run(most);
        while (read === undefined) read = reader.run(most);
        const plain = ({ valid, segments }: typeof read) => [
          valid,
          segments.map(({ path, kind, text: found, raw }) => [path, kind, found, raw(0), raw(found.length)]),
        ];
        expect(plain(read)).toEqual(plain(readJsonText(source, 'args')));
      }),
    );
    for (const source of [`[${'1,'.repeat(999)}1]`, '['.repeat(32_000), `{${'"a":"b",'.repeat(499)}"a":"b"}`]) {
      const reader = jsonTextReader(source, 'args');
      let stretches = 1;
      while (reader.run(100) === undefined) stretches++;
      expect(stretches).toBeGreaterThanOrEqual(10);
    }
  });

  it('finds the texts and paths that the parsed value has', () => {
    fc.assert(
      fc.property(json, fc.boolean(), (value, pretty) => {
        const source = JSON.stringify(value, null, pretty ? 2 : 0);
        const { valid, segments } = readJsonText(source, 'args');
        expect(valid).toBe(true);
        expect(segments.map(({ path, text: decoded }) => ({ path, text: decoded }))).toEqual(
          segmentsOfJson(JSON.parse(source) as Json, 'args'),
        );
      }),
    );
  });

  it('maps every decoded offset to the unit it was decoded from', () => {
    fc.assert(
      fc.property(text, fc.array(fc.boolean(), { minLength: 1 }), (value, choices) => {
        const source = literal(value, choices);
        const [segment] = readJsonText(source, 'args').segments;
        expect(segment!.text).toBe(JSON.parse(source));
        for (let i = 0; i < value.length; i++) {
          const raw = source.slice(segment!.raw(i), segment!.raw(i + 1));
          expect(JSON.parse(`"${raw}"`)).toBe(value[i]);
        }
        expect(source[segment!.raw(value.length)]).toBe('"');
      }),
    );
  });

  it('gives a repeated member a path of its own', () => {
    expect(readJsonText('{"to":"a","to":"b"}', 'args').segments.map(({ path }) => path)).toEqual([
      'args.{to}',
      'args.to',
      'args.{to}~2',
      'args.to~2',
    ]);
  });

  it('reads what it can of damaged JSON and adds its raw text', () => {
    const source = '{"to": "\\u0054OP", "cut": "unfin\\u00';
    const { valid, segments } = readJsonText(source, 'args');
    expect(valid).toBe(false);
    expect(segments.map(({ text: decoded }) => decoded)).toEqual(['to', 'TOP', 'cut', 'unfin\\u00', source]);
    expect(segments.at(-1)).toMatchObject({ path: 'args.~text', kind: 'raw' });
  });

  it('survives anything', () => {
    const garbage = fc.string({
      unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', 'u', '1', '-', 'e', ' ', 'x', '\ud83d'),
    });
    fc.assert(
      fc.property(garbage, (source) => {
        const { valid, segments } = readJsonText(source, 'args');
        expect(new Set(segments.map(({ path }) => path)).size).toBe(segments.length);
        for (const segment of segments) {
          let before = -1;
          for (let i = 0; i <= segment.text.length; i++) {
            expect(segment.raw(i)).toBeGreaterThan(before);
            before = segment.raw(i);
          }
          expect(before).toBeLessThanOrEqual(source.length);
        }
        if (!valid) expect(segments.at(-1)!.text).toBe(source);
      }),
      { numRuns: 500 },
    );
  });

  it('reads 100,000 levels', () => {
    const { valid, segments } = readJsonText('['.repeat(100_000) + '"deep"' + ']'.repeat(100_000), 'args');
    expect(valid).toBe(true);
    expect(segments.map(({ text: decoded }) => decoded)).toEqual(['deep']);
  });
});

describe('applyEditsToJsonText', () => {
  it('writes masks escaped and leaves the rest as it was', () => {
    const source = '{ "to" :  "\\u0061nn@x.example",\n"n": 1.50 }';
    const applied = applyEditsToJsonText(source, 'args', [{ segment: 'args.to', start: 0, end: 13, mask: '["E"]' }]);
    expect(applied).toEqual({ ok: true, value: '{ "to" :  "[\\"E\\"]",\n"n": 1.50 }' });
  });

  it.each(['args.{to}', 'args.n', 'args.~text', 'args.nowhere'])('is not applicable to %s', (segment) => {
    expect(applyEditsToJsonText('{"to":"x","n":1}', 'args', [{ segment, start: 0, end: 1, mask: '' }])).toEqual({
      ok: false,
      reason: 'EDIT_NOT_APPLICABLE',
      segment,
    });
  });

  it('edits the decoded value, however it was escaped', () => {
    const cases = text
      .filter((value) => value !== '')
      .chain((value) =>
        fc.tuple(
          fc.constant(value),
          fc.array(fc.boolean(), { minLength: 1 }),
          fc.nat(value.length - 1),
          fc.nat(value.length - 1),
        ),
      );
    fc.assert(
      fc.property(cases, ([value, choices, a, b]) => {
        const edit = { segment: 'args.x', start: Math.min(a, b), end: Math.max(a, b) + 1, mask: '["\\\n]' };
        const applied = applyEditsToJsonText(`{"x":${literal(value, choices)}}`, 'args', [edit]);
        expect(applied.ok && (JSON.parse(applied.value) as { x: string }).x).toBe(applyEdits(value, [edit]));
      }),
    );
  });
});
