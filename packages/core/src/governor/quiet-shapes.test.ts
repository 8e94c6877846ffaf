import { describe, expect, test } from 'vitest';
import type { DecisionRecord } from '../contract/record.ts';
import type { EventInit, Interaction, SegmentInit } from './api.ts';
import { QuietRecords } from './quiet-records.ts';

// Which events are of a shape that is known, so that their records are copies with other lengths.

type Init = Omit<EventInit, 'stage'>;

const ONE: SegmentInit = { path: 'body.answer', text: 'hello', role: 'assistant', separate: true };
const BASE: Init = { point: 'http', resource: { route: '/a' }, content: [ONE] };
const ENVELOPE = { auditId: 'aud_2', eventId: 'evt_2', at: 20, durationUs: 7 };
const INTERACTION = { id: 'int_2', subject: { tenant: 't' }, policy: 'p', labels: ['seen'] } as unknown as Interaction;

/** As `decisionRecord` makes one, of which only the rest is kept. */
function recordOf({ content }: Init): DecisionRecord {
  const segments = content as readonly SegmentInit[];
  const paths = segments.map(({ path }) => path!);
  return {
    ...{ kind: 'decision', auditId: 'aud_1', at: 10 },
    decision: {
      ...{ outcome: 'ALLOW', auditId: 'aud_1', interactionId: 'int_1', eventId: 'evt_1', at: 10, durationUs: 1 },
      coverage: {
        detectors: ['d'],
        segments: segments.map(({ text }, at) => ({ path: paths[at]!, length: text.length, scanned: text.length })),
      },
    },
    event: {
      id: 'evt_1',
      facts: [],
      subject: { tenant: 'x' },
      labels: [],
      policy: 'q',
      segments: paths.map((path) => ({ path })),
    },
    inputs: { failed: [], longest: 5 },
  } as unknown as DecisionRecord;
}

function learnt(...inits: readonly Init[]): QuietRecords {
  const records = new QuietRecords();
  for (const init of inits) records.learn(init, recordOf(init));
  return records;
}

const isKnown = (records: QuietRecords, init: Init): boolean => records.make(init, INTERACTION, ENVELOPE) !== undefined;

const withText = (text: string): Init => ({ ...BASE, content: [{ ...ONE, text }] });
const withSegment = (more: Partial<SegmentInit>): Init => ({ ...BASE, content: [{ ...ONE, ...more }] });

describe('an event is of a known shape', () => {
  test.each<readonly [name: string, init: Init]>([
    ['with the same text', BASE],
    ['with a text of another length', withText('hello, all')],
    ['with an empty text', withText('')],
  ])('%s', (_, init) => {
    expect(isKnown(learnt(BASE), init)).toBe(true);
    expect(isKnown(learnt(init), BASE)).toBe(true);
  });

  test.each<readonly [name: string, init: Init]>([
    ['point', { ...BASE, point: 'model' }],
    ['route', { ...BASE, resource: { route: '/b' } }],
    ['resource: none', { point: 'http', content: [ONE] }],
    ['address', withSegment({ path: 'body.note' })],
    ['role', withSegment({ role: 'tool' })],
    ['channel', withSegment({ channel: 'reasoning' })],
    ['block', withSegment({ block: '1' })],
    ['way of being read', { ...BASE, content: [{ path: ONE.path!, text: ONE.text, role: 'assistant' }] }],
    ['right to rewrite', withSegment({ fixed: true })],
    ['place in the conversation', withSegment({ history: true })],
    ['number of texts', { ...BASE, content: [ONE, { ...ONE, path: 'body.more' }] }],
    ['first text', { ...BASE, content: [{ ...ONE, path: 'body.first' }, ONE] }],
  ])('but not with another %s', (_, init) => {
    expect(isKnown(learnt(BASE), init)).toBe(false);
    expect(isKnown(learnt(init), BASE)).toBe(false);
    expect(isKnown(learnt(BASE, init), init)).toBe(true);
  });

  test.each<readonly [name: string, init: Init]>([
    ['attributes', { ...BASE, attributes: { plan: 'free' } }],
    ['arguments', { ...BASE, args: { amount: 1 } }],
    ['media', { ...BASE, media: [{ path: 'body.image', kind: 'image' }] as unknown as NonNullable<Init['media']> }],
    ['what could not be read', { ...BASE, unreadable: 'DEEP' as unknown as NonNullable<Init['unreadable']> }],
    ['an id of its own', { ...BASE, id: 'evt_mine' }],
    ['more of what is acted upon', { ...BASE, resource: { route: '/a', model: 'm' } }],
    ['a resource without a route', { ...BASE, resource: { model: 'm' } }],
    ['an empty resource', { ...BASE, resource: {} }],
    ['a text without an address', { ...BASE, content: [{ text: 'hello' }] }],
    ['one text that is no list', { ...BASE, content: 'hello' }],
    ['a long address', withSegment({ path: 'x'.repeat(257) })],
    ['many texts', { ...BASE, content: Array.from({ length: 65 }, (_, at) => ({ ...ONE, path: `body[${at}]` })) }],
  ])('never with %s', (_, init) => {
    const records = new QuietRecords();
    records.learn(init, recordOf({ ...init, content: [ONE] }));
    expect(isKnown(records, init)).toBe(false);
    expect(isKnown(records, BASE)).toBe(false);
  });

  test.each<readonly [name: string, init: Init]>([
    ['an address of the longest length', withSegment({ path: 'x'.repeat(256) })],
    ['the most texts', { ...BASE, content: Array.from({ length: 64 }, (_, at) => ({ ...ONE, path: `body[${at}]` })) }],
    ['no text', { ...BASE, content: [] }],
  ])('with %s', (_, init) => {
    expect(isKnown(learnt(init), init)).toBe(true);
  });

  test('while there are not too many others, and again when it is learnt again', () => {
    const routes = Array.from({ length: 256 }, (_, at): Init => ({ ...BASE, resource: { route: `/${at}` } }));
    const records = learnt(...routes);
    expect(routes.every((init) => isKnown(records, init))).toBe(true);
    records.learn(BASE, recordOf(BASE));
    expect([isKnown(records, BASE), isKnown(records, routes[0]!)]).toEqual([true, false]);
    records.learn(routes[0]!, recordOf(routes[0]!));
    expect([isKnown(records, BASE), isKnown(records, routes[0]!)]).toEqual([true, true]);
  });
});

describe('a record of a known shape', () => {
  test('says who asked, when, and how long the texts were, and else what the first said', () => {
    const two: Init = { ...BASE, content: [ONE, { ...ONE, path: 'body.note', text: 'a longer text' }] };
    const records = learnt(two);
    const first = recordOf(two);
    const lengths = (a: number, b: number) => [
      { path: 'body.answer', length: a, scanned: a },
      { path: 'body.note', length: b, scanned: b },
    ];
    for (const [a, b] of [
      [9, 4],
      [9, 4],
      [0, 5],
      [5, 13],
    ] as const) {
      const content = [
        { ...ONE, text: 'x'.repeat(a) },
        { ...ONE, path: 'body.note', text: 'x'.repeat(b) },
      ];
      const made = records.make({ ...two, content }, INTERACTION, ENVELOPE);
      expect(made).toEqual({
        ...first,
        ...{ auditId: 'aud_2', at: 20 },
        decision: {
          ...first.decision,
          ...{ auditId: 'aud_2', interactionId: 'int_2', eventId: 'evt_2', at: 20, durationUs: 7 },
          coverage: { detectors: ['d'], segments: lengths(a, b) },
        },
        event: { ...first.event, id: 'evt_2', subject: { tenant: 't' }, labels: ['seen'], policy: 'p' },
        inputs: { failed: [], longest: Math.max(a, b) },
      });
    }
  });

  test('shares with others only what nobody can change', () => {
    const made = learnt(BASE).make(BASE, INTERACTION, ENVELOPE)!;
    const { facts, segments } = made.event;
    const shared = [facts, segments, ...segments, ...made.decision.coverage.segments, made.inputs.failed];
    expect(shared.map((one) => Object.isFrozen(one))).toEqual(shared.map(() => true));
  });
});
