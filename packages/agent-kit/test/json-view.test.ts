import { describe, expect, test } from 'vitest';
import { viewJson } from '../src/index.ts';
import { open } from './harness.ts';
import { READABLE, UNREADABLE } from './odd-values.ts';

const ALL = Object.entries({ ...READABLE, ...UNREADABLE });

test.each(Object.entries(READABLE))('%s has an obvious reading', (_what, { make, json }) => {
  // A member without a value is left out, and not there as `undefined`.
  expect(viewJson(make(), 'v')).toStrictEqual({ json, unreadable: [] });
});

test.each(Object.entries(UNREADABLE))('%s has none: it is named and left out', (_what, { make, json, unreadable }) => {
  const view = viewJson(make(), 'v');
  expect(view.json).toEqual(json);
  const shortened = (unreadable ?? []).map((path) => (path.length > 200 ? `v${path}`.slice(0, 255) + '…' : `v${path}`));
  expect(view.unreadable).toEqual(shortened);
});

test.each(ALL)('%s makes an event of any stage, as arguments and as text', async (_what, { make }) => {
  const { governor } = await open();
  const { json, unreadable } = viewJson(make(), 'args');
  const interaction = governor.interaction({ tenant: 't' });
  const event = interaction.event({ stage: 'tool_call', args: json, unreadable });
  expect(event.args).toEqual(json);
  expect(event.unreadable ?? []).toEqual(unreadable);
});

describe('the view', () => {
  test('reads what JSON text would give, for values that are JSON', () => {
    const value = { a: [1, 'two', null, { b: true }], c: '', '': { d: 1e21 } };
    expect(viewJson(value, 'v')).toEqual({ json: JSON.parse(JSON.stringify(value)) as unknown, unreadable: [] });
  });

  test('reads what an error was made from, and nothing of one that says nothing', () => {
    const made = new Error('outer', { cause: { said: 'inner' } });
    expect(viewJson(made, 'v').json).toMatchObject({ message: 'outer', cause: { said: 'inner' } });
    expect(viewJson(new Error('alone'), 'v').json).not.toHaveProperty('cause');
  });

  test.each([255, 256, 257])('an address of %i units is written up to 256', (length) => {
    const root = 'r'.repeat(length - '.key'.length);
    const [address] = viewJson({ key: () => 1 }, root).unreadable;
    expect(address).toBe(length > 256 ? `${`${root}.key`.slice(0, 255)}…` : `${root}.key`);
  });

  test('never asks for a text, a number or a truth: only for members', () => {
    const value = {
      toString: 1,
      valueOf: 'x',
      [Symbol.toPrimitive]: () => {
        throw new Error('asked');
      },
    };
    expect(viewJson(value, 'v')).toEqual({ json: { toString: 1, valueOf: 'x' }, unreadable: [] });
  });

  test('writes no name that may be a secret into an address, and no address without end', () => {
    const run = (): void => {};
    expect(viewJson({ 'sk-live-9f8e7d6c5b4a39281706-and-more-than-forty': run, 'a b': run }, 'v').unreadable).toEqual([
      'v.~',
      'v.~',
    ]);
    const many = viewJson(
      Array.from({ length: 1000 }, () => run),
      'v',
    );
    expect([many.unreadable.length, many.unreadable[0], many.unreadable.at(-1)]).toEqual([64, 'v[0]', 'v[63]']);
  });

  test('ends for an object that stands in 2^40 places', () => {
    let value: unknown = 'x';
    for (let at = 0; at < 40; at++) value = [value, value];
    const { unreadable } = viewJson(value, 'v');
    expect(unreadable.length).toBeGreaterThan(0);
  });

  test.each([
    ['numbers', 1],
    ['texts', 'x'],
    ['truths', false],
  ])('reads a million parts, %s among them, and no more', (_what, part) => {
    const rest = Array.from({ length: 999_998 }, () => part);
    expect(viewJson([...rest, 1], 'v').unreadable).toEqual([]);
    expect(viewJson([...rest, 1, 1], 'v').unreadable).toEqual(['v[999999]']);
  });
});
