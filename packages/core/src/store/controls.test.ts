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

describe('the history of controls', () => {
  const bookAt = () => {
    let time = 0;
    let epoch = 0;
    const book = createControlBook(
      () => ++epoch,
      () => time,
    );
    return { book, wait: (ms: number): void => void (time += ms) };
  };

  it('is newest first, and no longer than asked for', () => {
    const { book } = bookAt();
    for (const id of ['h1', 'h2', 'h3']) book.apply({ op: 'set', control: control(id, { tenant: id }) });
    expect(book.history(2).map((change) => change.control.id)).toEqual(['h3', 'h2']);
  });

  it('answers a repeated request as the first time, and says that nothing changed', () => {
    const { book } = bookAt();
    const request = { op: 'set', control: control('h1', {}) } as const;
    const first = book.apply(request);
    expect(first?.changed).toBe(true);
    expect(book.apply(request)).toEqual({ change: first?.change, changed: false });
  });

  it('lets nothing older be restored over a control for a day after its end, and then it may', () => {
    const { book, wait } = bookAt();
    const scope = { tenant: 'acme' };
    book.apply({ op: 'set', control: control('h1', scope), forMs: DAY });
    const restored = (id: string) => book.apply({ op: 'restore', control: control(id, scope) })?.changed;
    wait(2 * DAY - 1);
    expect(restored('h2')).toBeUndefined();
    wait(1);
    expect(restored('h2')).toBe(true);
  });

  it('lets nothing be restored over a control without an end, however long it stands', () => {
    const { book, wait } = bookAt();
    book.apply({ op: 'set', control: control('h1', {}) });
    wait(1000 * DAY);
    expect(book.apply({ op: 'restore', control: control('h0', {}) })).toBeUndefined();
    expect(book.active().map(({ id }) => id)).toEqual(['h1']);
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
    expect(ids({ tenant: 'acme' }, { tool: 'refund' }).toSorted()).toEqual(['acme', 'all', 'tool']);
    expect(ids({ tenant: 't4' }).toSorted()).toEqual(['all', 't4']);
    index.remove(controlKey('halt', {}));
    index.remove(controlKey('halt', { tool: 'refund' }));
    index.remove(controlKey('halt', { tenant: 'nobody' }));
    expect(ids({ tenant: 'other' }, { tool: 'refund' })).toEqual([]);
    put('bob again', { tenant: 'acme', user: 'bob' });
    expect(ids({ tenant: 'acme', user: 'bob' }).toSorted()).toEqual(['acme', 'any bob', 'bob again']);
  });

  it('keeps what stands beside a control that is removed', () => {
    const index = createControlIndex();
    const put = (id: string, scope: Control['scope']): void =>
      index.put(controlKey('halt', scope), { control: control(id, scope), until: Infinity });
    const ids = (tenant: string, user: string): string[] =>
      index.covering({ subject: { tenant, user }, resource: { tool: 'refund', model: 'm' } }, 0).map(({ id }) => id);
    put('acme', { tenant: 'acme' });
    put('acme refund', { tenant: 'acme', tool: 'refund' });
    put('bob', { tenant: 'acme', user: 'bob' });
    index.remove(controlKey('halt', { tenant: 'acme' }));
    expect(ids('acme', 'bob').toSorted()).toEqual(['acme refund', 'bob']);
    index.remove(controlKey('halt', { tenant: 'acme', tool: 'refund' }));
    expect(ids('acme', 'bob')).toEqual(['bob']);
    expect(ids('acme', 'eve')).toEqual([]);
    index.remove(controlKey('halt', { tenant: 'acme', user: 'bob' }));
    expect(index.size).toBe(0);
    expect(ids('acme', 'bob')).toEqual([]);
  });
});
