import { describe, expect, test } from 'vitest';
import type { EventInit } from '../api.ts';
import { interactionOf, isMade, markMade, ownedLike } from './event-state.ts';
import { checkedEvent, makeEvent } from './event.ts';

// What an event holds, field by field, and that nobody can change it.

const CONTEXT = {
  ...{ eventId: 'evt_1', interactionId: 'int_1', subject: { tenant: 't' }, subjectMissing: false },
  ...{ policy: undefined, labels: [] },
} as const;
const made = (init: Partial<EventInit>, context: Partial<Parameters<typeof makeEvent>[1]> = {}) =>
  makeEvent({ stage: 'input', ...init }, { ...CONTEXT, ...context });

const BARE = {
  ...{ id: 'evt_1', interactionId: 'int_1', stage: 'input', point: 'model', subject: { tenant: 't' } },
  ...{ resource: {}, attributes: {}, labels: [], content: [] },
};

/** As a record shows it. */
const fieldsOf = (event: object): unknown => Object.fromEntries(Object.entries(event));

describe('an event has the fields that were given, and no others', () => {
  test.each<readonly [name: string, init: Partial<EventInit>, fields: object]>([
    ['none', {}, {}],
    ['an id', { id: 'mine' }, { id: 'mine' }],
    ['a point', { point: 'http' }, { point: 'http' }],
    ['a route', { resource: { route: 'r' } }, { resource: { route: 'r' } }],
    ['a tool', { resource: { tool: 't' } }, { resource: { tool: 't' } }],
    ['a model and a route', { resource: { model: 'm', route: 'r' } }, { resource: { model: 'm', route: 'r' } }],
    ['a text', { content: 'a' }, { content: [{ path: 'text', text: 'a' }] }],
    ['no texts', { content: [] }, {}],
    ['a text alone in a list', { content: [{ text: 'a' }] }, { content: [{ path: 'content[0]', text: 'a' }] }],
    [
      'a text with all that there is',
      {
        content: [
          {
            path: 'p',
            text: 'a',
            role: 'user',
            channel: 'text',
            block: 'b',
            separate: true,
            fixed: true,
            history: true,
          },
        ],
      },
      {
        content: [
          {
            path: 'p',
            text: 'a',
            role: 'user',
            channel: 'text',
            block: 'b',
            separate: true,
            fixed: true,
            history: true,
          },
        ],
      },
    ],
    [
      'a text with what is not so',
      { content: [{ path: 'p', text: 'a', separate: false, fixed: false, history: false } as never] },
      { content: [{ path: 'p', text: 'a' }] },
    ],
    [
      'arguments',
      { args: { a: 'x' } },
      {
        args: { a: 'x' },
        content: [
          { path: 'args.{a}', text: 'a' },
          { path: 'args.a', text: 'x' },
        ],
      },
    ],
    ['arguments beside a text', { args: { a: 'x' }, content: [] }, { args: { a: 'x' } }],
    ['unreadable places', { unreadable: ['b', 'a', 'b'] }, { unreadable: ['a', 'b'] }],
    ['media', { media: ['b', 'a'] }, { media: ['a', 'b'] }],
    ['empty lists', { unreadable: [], media: [] }, {}],
  ])('%s', (_, init, fields) => {
    expect(fieldsOf(made(init))).toStrictEqual({ ...BARE, ...fields });
  });

  test.each([
    ['input', 'model'],
    ['retrieval', 'retriever'],
    ['output', 'model'],
    ['tool_call', 'tool'],
    ['tool_result', 'tool'],
  ] as const)('made at the point of its stage: %s', (stage, point) => {
    expect(made({ stage }).point).toBe(point);
  });

  test.each([
    [{ policy: 'p' }, { policy: 'p' }],
    [{ subjectMissing: true }, { subjectMissing: true }],
    [{ labels: ['a'] }, { labels: ['a'] }],
  ])('and those of its interaction: %j', (context, fields) => {
    expect(fieldsOf(made({}, context))).toStrictEqual({ ...BARE, ...fields });
  });
});

test('nothing of an event can be changed', () => {
  const event = made({
    ...{ content: [{ path: 'p', text: 'a' }], args: { a: { b: 1 } }, attributes: { c: {} }, resource: { tool: 't' } },
    ...{ unreadable: ['u'], media: ['m'] },
  });
  const { content, args, attributes, resource, unreadable, media } = event;
  const parts = [event, content, content[0], args, (args as { a: object }).a, attributes, resource, unreadable, media];
  expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
});

test('at most so many addresses are kept, the first in order', () => {
  const many = Array.from({ length: 70 }, (_, at) => `p${String(at).padStart(2, '0')}`).reverse();
  const { media } = made({ media: many });
  expect([media!.length, media![0], media!.at(-1)]).toEqual([64, 'p00', 'p63']);
});

describe('addresses of texts differ', () => {
  test.each([2, 8, 9, 20])('among %i of them', (count) => {
    const paths = Array.from({ length: count }, (_, at) => ({ path: `p${at}`, text: '' }));
    expect(made({ content: paths }).content).toHaveLength(count);
    const twice = [...paths.slice(0, -1), { path: 'p0', text: '' }];
    expect(() => made({ content: twice })).toThrow(
      `\`content[${count - 1}].path\` repeats \`p0\`: every segment needs an address of its own`,
    );
  });
});

test.each<readonly [change: object, said: string]>([
  [{ id: 5 }, '`id` '],
  [{ interactionId: '' }, '`interactionId` '],
  [{ policy: 7 }, '`policy` '],
  [{ subjectMissing: false }, '`subjectMissing` must be true or absent'],
  [{ labels: 'a' }, '`labels` must be a list of names'],
  [{ labels: [5] }, '`labels` must be a list of names'],
  [{ resource: { tool: 5 } }, '`resource.tool` '],
  [{ attributes: 'x' }, '`attributes` must be an object'],
  [{ content: 5 }, '`content` must be a string or a list of segments'],
  [{ content: [{ path: 5, text: 'a' }] }, '`content[0].path` '],
  [{ content: [{ text: 'a' }, { text: 'b', block: 5 }] }, '`content[1].block` '],
  [{ content: [{ text: 'a', role: 'x' }] }, '`content[0].role` is `x`; it must be one of '],
  [{ content: [{ text: 'a', channel: 'x' }] }, '`content[0].channel` is `x`; it must be one of '],
  [{ content: [{ text: 5 }] }, '`content[0].text` must be a string'],
  [{ content: [null] }, '`content[0].text` must be a string'],
  [{ stage: 'x' }, '`stage` is `x`; it must be one of '],
  [{ stage: 5 }, '`stage` is `number`; it must be one of '],
  [{ stage: 'x'.repeat(41) }, `\`stage\` is \`${'x'.repeat(40)}…\`; it must be one of `],
  [{ point: 'x' }, '`point` is `x`; it must be one of '],
  [{ media: 'x' }, '`media` must be a list of addresses'],
  [{ media: [5] }, '`media[0]` '],
  [{ unreadable: ['a', 5] }, '`unreadable[1]` '],
])('a mistake in a copy of an event is told with its place: %j', (change, said) => {
  expect(() => checkedEvent({ ...made({}), ...change })).toThrow(said);
});

describe('an event with other facts', () => {
  test('is its interaction’s, made and frozen, and leaves the first as it was', () => {
    const event = made({});
    const interaction = { id: 'int_1' } as never;
    interactionOf.set(event, interaction);
    const other = ownedLike(event, { ...event, labels: ['a'] });
    expect([interactionOf.get(other), isMade(other), Object.isFrozen(other), other.labels]).toEqual([
      interaction,
      true,
      true,
      ['a'],
    ]);
    expect([event.labels, isMade(event), interactionOf.get(event)]).toEqual([[], true, interaction]);
  });

  test('is checked when somebody else made it, and is its interaction’s still', () => {
    const event = made({});
    const interaction = { id: 'int_1' } as never;
    interactionOf.set(event, interaction);
    const copy = checkedEvent({ ...event, labels: ['b\uD800'] });
    expect(isMade({ ...event })).toBe(false);
    expect(checkedEvent(event)).toBe(event);
    expect([copy.labels, isMade(copy), interactionOf.get(copy)]).toEqual([['b\uFFFD'], true, interaction]);
  });

  test('has no interaction where nobody knows it', () => {
    const bare = JSON.parse(JSON.stringify(made({}))) as ReturnType<typeof made>;
    expect(interactionOf.get(bare)).toBeUndefined();
    interactionOf.set(bare, { id: 'int_1' } as never);
    expect(interactionOf.get(bare)).toBeUndefined();
    expect(isMade(markMade({ ...bare }))).toBe(true);
  });
});
