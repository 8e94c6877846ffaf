import { describe, expect, it } from 'vitest';
import type { Control } from '../contract/control.ts';
import { createControlBook, createControlIndex } from './controls.ts';
import { controlKey } from './keys.ts';

const DAY = 24 * 60 * 60 * 1000;
const control = (id: string, scope: Control['scope']): Control => ({
  id,
  kind: 'halt',
  scope,
  who: 'ops',
  why: 'drill',
  at: 0,
});

describe('the book of controls', () => {
  it('lets nothing older be restored over a lift for a day, and then it may', () => {
    let time = 0;
    let epoch = 0;
    const book = createControlBook(
      () => ++epoch,
      () => time,
    );
    const scope = { tenant: 'acme' };
    book.apply({ op: 'set', control: control('h1', scope) });
    book.apply({ op: 'lift', id: 'l1', kind: 'halt', scope, who: 'ops', why: 'over' });
    time = DAY - 1;
    expect(book.apply({ op: 'restore', control: control('h0', scope) })).toBeUndefined();
    time = DAY;
    expect(book.apply({ op: 'restore', control: control('h0', scope) })?.changed).toBe(true);
    expect(book.active().map(({ id }) => id)).toEqual(['h0']);
  });
});

describe('the index of controls', () => {
  it('answers exactly those whose scope covers the event, and looks at no one else\u2019s', () => {
    const index = createControlIndex();
    let looked = 0;
    const put = (id: string, scope: Control['scope'], until = Infinity): void =>
      index.put(controlKey('halt', scope), {
        control: control(id, scope),
        get until() {
          looked++;
          return until;
        },
      });
    for (let i = 0; i < 10_000; i++)
      put(`t${i}`, i % 2 === 0 ? { tenant: `t${i}` } : { tenant: 'acme', user: `u${i}` });
    put('all', {});
    put('acme', { tenant: 'acme' });
    put('bob', { tenant: 'acme', user: 'bob' });
    put('any bob', { user: 'bob' });
    put('tool', { tool: 'refund' });
    put('over', { tenant: 'acme', tool: 'refund' }, 5);
    const ids = (subject: { tenant: string; user?: string }, resource: { tool?: string } = {}): string[] =>
      index.covering({ subject, resource }, 5).map(({ id }) => id);
    looked = 0;
    expect(ids({ tenant: 'acme', user: 'bob' }).toSorted()).toEqual(['acme', 'all', 'any bob', 'bob']);
    expect(looked).toBeLessThanOrEqual(6);
    expect(ids({ tenant: 'other' }, { tool: 'refund' }).toSorted()).toEqual(['all', 'tool']);
    expect(ids({ tenant: 't4' }).toSorted()).toEqual(['all', 't4']);
    index.remove(controlKey('halt', {}));
    index.remove(controlKey('halt', { tool: 'refund' }));
    index.remove(controlKey('halt', { tenant: 'nobody' }));
    expect(ids({ tenant: 'other' }, { tool: 'refund' })).toEqual([]);
    put('bob again', { tenant: 'acme', user: 'bob' });
    expect(ids({ tenant: 'acme', user: 'bob' }).toSorted()).toEqual(['acme', 'any bob', 'bob again']);
  });
});
