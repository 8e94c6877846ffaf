import type { Detector } from '../contract/detector.ts';
import { describe, expect, it } from 'vitest';
import { detectorsFor, type Catalogue, type NamedDetector } from './catalogue.ts';
import { loadPacks, type Packs } from './packs.ts';
import { defineDetector } from './detector.ts';

const order = defineDetector({
  id: 'acme.order',
  version: '7',
  types: ['acme.order'],
  patterns: [{ type: 'acme.order', find: /ORD-\d{6}/ }],
});

const BUILT_IN: Packs = await loadPacks(['pii', 'secrets'], []);

const resolve = (entries: readonly NamedDetector[], custom: readonly Detector[], packs = BUILT_IN): Catalogue =>
  detectorsFor(entries, custom, packs);

describe('detectorsFor', () => {
  it("resolves packs, single types, phrases, patterns and the application's own", () => {
    const { detectors, infos, problems } = resolve(
      [
        { use: 'pii', except: [] },
        { use: 'secret.jwt', except: [] },
        { id: 'codename', phrases: [' Project Nightjar '] },
        { id: 'ticket', patterns: [{ pattern: 'TCK-\\d+', flags: 'i' }] },
      ],
      [order],
    );
    expect(problems).toEqual([]);
    const ids = detectors.map(({ id }) => id);
    expect(ids.filter((id) => !id.startsWith('pii.'))).toEqual(['acme.order', 'secret.jwt', 'codename', 'ticket']);
    expect(ids).toEqual(expect.arrayContaining(['pii.email', 'pii.card', 'pii.ssn', 'pii.national_id.pl_pesel']));
    expect(infos.map(({ id }) => id)).toEqual(detectors.map(({ id }) => id));
    expect(detectors.at(-2)!.patterns).toEqual([
      { type: 'codename', find: { phrase: 'Project Nightjar' }, fold: true },
    ]);
    expect(detectors.at(-1)!.patterns).toEqual([{ type: 'ticket', find: /TCK-\d+/i }]);
  });

  it('offers the names that exist for one that does not', () => {
    const { detectors, problems } = resolve([{ use: 'secret', except: [] }], [order]);
    expect(detectors).toEqual([order]);
    expect(problems).toMatchObject([
      { entry: 0, code: 'DETECTOR_UNKNOWN', unknown: { name: 'secret', known: [...BUILT_IN.names, 'acme.order'] } },
    ]);
  });

  it('takes a detector of the application by name', () => {
    expect(resolve([{ use: 'acme.order', except: [] }], [order])).toMatchObject({
      detectors: [order],
      problems: [],
    });
  });

  it.each([
    [
      'DETECTOR_DUPLICATE',
      [
        { use: 'pii', except: [] },
        { use: 'pii.card', except: [] },
      ],
    ],
    [
      'DETECTOR_DUPLICATE',
      [
        { use: 'pii', except: [] },
        { id: 'pii.card', phrases: ['x'] },
      ],
    ],
    [
      'EXCEPT_UNUSED',
      [
        { use: 'secrets', except: [] },
        { use: 'pii', except: ['not an address'] },
      ],
    ],
    [
      'EXCEPT_UNUSED',
      [
        { use: 'pii', except: [] },
        { use: 'secret.jwt', except: ['eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0In0.'] },
      ],
    ],
    [
      'PHRASE_INVALID',
      [
        { use: 'pii', except: [] },
        { id: 'codename', phrases: ['\u200b'] },
      ],
    ],
    [
      'PATTERN_INVALID',
      [
        { use: 'pii', except: [] },
        { id: 'ticket', patterns: [{ pattern: '(', flags: '' }] },
      ],
    ],
    [
      'PATTERN_INVALID',
      [
        { use: 'pii', except: [] },
        { id: 'ticket', patterns: [{ pattern: 'x', flags: 'g' }] },
      ],
    ],
    [
      'DETECTOR_INVALID',
      [
        { use: 'pii', except: [] },
        { id: 'has space', phrases: ['x'] },
      ],
    ],
  ] as const)('reports %s at its entry: %j', (code, entries) => {
    expect(resolve(entries, []).problems).toMatchObject([{ entry: 1, code }]);
  });

  it('throws on two detectors of the application with one id', () => {
    expect(() => resolve([], [order, order])).toThrow('two detectors of the application');
  });

  it('lets what is excepted, listed or written enter the behaviour version, whatever the order', () => {
    const contents = (entry: NamedDetector) => resolve([entry], []).infos.map(({ content }) => content);
    expect(contents({ use: 'pii.email', except: ['b@x.example', 'A@x.example'] })).toContain(
      '["a@x.example","b@x.example"]',
    );
    expect(contents({ id: 'p', phrases: ['b', 'a'] })).toEqual(contents({ id: 'p', phrases: ['a', 'b', 'a'] }));
    expect(contents({ id: 'p', phrases: ['a'] })).not.toEqual(contents({ id: 'p', phrases: ['A b'] }));
    expect(contents({ id: 'p', phrases: ['a'], marks: true })).not.toEqual(contents({ id: 'p', phrases: ['a'] }));
    expect(contents({ id: 'p', phrases: ['a'], escapes: true })).not.toEqual(
      contents({ id: 'p', phrases: ['a'], marks: true }),
    );
    expect(contents({ id: 'p', phrases: ['a'], marks: false })).toEqual(contents({ id: 'p', phrases: ['a'] }));
  });
});
