import { describe, expect, it } from 'vitest';
import { checkedName, checkedNames, invalidEvent, isRecord } from './names.ts';
import { subjectOf } from './subject.ts';

const HALF = '\ud83d';
const invalid = (message: string): unknown => expect.objectContaining({ code: 'EVENT_INVALID', message });

describe('a name', () => {
  it('is a string of so many characters, and well formed', () => {
    expect(checkedName('id', 'x'.repeat(512))).toHaveLength(512);
    expect(checkedName('id', 'abc', 3)).toBe('abc');
    expect(checkedName('id', `a${HALF}`)).toBe('a\ufffd');
  });

  it.each([
    ['', 512],
    ['x'.repeat(513), 512],
    ['abcd', 3],
    [5, 512],
    [undefined, 512],
    [null, 512],
    [['a'], 512],
  ])('is not %j (of at most %i)', (value, max) => {
    expect(() => checkedName('here', value, max)).toThrow(
      invalid(`\`here\` must be a string of 1 to ${max} characters`),
    );
  });
});

describe('names under known fields', () => {
  const FIELDS = ['tenant', 'user', 'route'];
  const check = (value: unknown, fields: readonly string[] = FIELDS) => checkedNames('it', value, fields);

  it.each([
    [{}, {}],
    [{ route: '/a' }, { route: '/a' }],
    [{ tenant: 't' }, { tenant: 't' }],
    [
      { tenant: 't', user: 'u' },
      { tenant: 't', user: 'u' },
    ],
    [
      { user: 'u', tenant: 't' },
      { user: 'u', tenant: 't' },
    ],
    [
      { tenant: 't', route: 'r' },
      { tenant: 't', route: 'r' },
    ],
    [{ tenant: 't', user: undefined }, { tenant: 't' }],
    [{ route: undefined }, {}],
    [
      { tenant: 't', user: 'u', route: 'r' },
      { tenant: 't', user: 'u', route: 'r' },
    ],
    [{ route: HALF }, { route: '\ufffd' }],
    [
      { tenant: HALF, user: `${HALF}a` },
      { tenant: '\ufffd', user: '\ufffda' },
    ],
    [{ tenant: HALF }, { tenant: '\ufffd' }],
  ])('%j are copied, and frozen', (given, names) => {
    const checked = check(given);
    expect(checked).toStrictEqual(names);
    expect(Object.keys(checked)).toEqual(Object.keys(names));
    expect([Object.isFrozen(checked), checked === given]).toEqual([true, false]);
  });

  it.each<[value: unknown, fields: readonly string[], message: string]>([
    ['tenant', FIELDS, '`it` must be an object'],
    [null, FIELDS, '`it` must be an object'],
    [['tenant'], FIELDS, '`it` must be an object'],
    [{ team: 'x' }, FIELDS, '`it.team` is not known; `it` has tenant, user, route'],
    [{ route: '/a' }, ['model', 'tool'], '`it.route` is not known; `it` has model, tool'],
    [{ tenant: 't', user: 'u' }, ['model', 'tool'], '`it.tenant` is not known; `it` has model, tool'],
    [{ route: '' }, FIELDS, '`it.route` must be a string of 1 to 512 characters'],
    [{ route: 5 }, FIELDS, '`it.route` must be a string of 1 to 512 characters'],
    [{ tenant: 't', user: '' }, FIELDS, '`it.user` must be a string of 1 to 512 characters'],
    [{ tenant: 5, user: 'u' }, FIELDS, '`it.tenant` must be a string of 1 to 512 characters'],
    [{ tenant: 'x'.repeat(513) }, FIELDS, '`it.tenant` must be a string of 1 to 512 characters'],
  ])('%j among %j are refused with their place', (value, fields, message) => {
    expect(() => check(value, fields)).toThrow(invalid(message));
  });
});

it('a record is an object that is no list', () => {
  expect([{}, Object.create(null), [], null, 'a', undefined].map(isRecord)).toEqual([
    ...[true, true, false, false, false, false],
  ]);
});

it('an error of an event has its cause where there is one', () => {
  const cause = new Error('below');
  expect(invalidEvent('a', cause).cause).toBe(cause);
  expect('cause' in invalidEvent('a')).toBe(false);
});

it('a subject that was checked is not copied again, another one is', () => {
  const checked = subjectOf({ tenant: 't', session: 's', agent: 'a' });
  expect(checked).toEqual({ tenant: 't', session: 's', agent: 'a' });
  expect(subjectOf(checked)).toBe(checked);
  const other = { tenant: 't' };
  expect(subjectOf(other)).not.toBe(other);
  const cause: unknown = (() => {
    try {
      return subjectOf({ tenant: '' });
    } catch (error) {
      return error;
    }
  })();
  expect(cause).toMatchObject({
    code: 'SUBJECT_INVALID',
    message: '`subject.tenant` must be a string of 1 to 512 characters; give at least `{ tenant }`, from trusted code',
    cause: { code: 'EVENT_INVALID' },
  });
});
