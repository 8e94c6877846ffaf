import type { ControlRequest, ControlTerms } from '@flyball/core/store';
import type { StoreSuite } from '../store-harness.ts';
import { halt, lift, listen, SECOND, waitUntil } from './samples.ts';

type Scope = Extract<ControlRequest, { op: 'lift' }>['scope'];

const shadowed = (id: string, scope: Scope): ControlTerms => ({
  ...{ id, kind: 'mode', mode: 'shadow', scope, who: 'ops', why: 'test' },
});

export function controlCases({ test, expect }: StoreSuite): void {
  test('a control is listed until it is lifted, and both are in the history', async (store) => {
    const set = await store.control(halt('h1', { tenant: 'acme' }));
    expect((await store.sync()).controls).toEqual([set?.control]);
    const lift = { op: 'lift', id: 'l1', kind: 'halt', scope: { tenant: 'acme' }, who: 'eve', why: 'over' } as const;
    const lifted = await store.control(lift);
    expect([lifted?.control.id, lifted?.who, lifted?.why]).toEqual(['h1', 'eve', 'over']);
    expect((await store.sync()).controls).toEqual([]);
    expect(await store.control({ ...lift, id: 'l2' })).toEqual(undefined);
    expect((await store.history(10)).map(({ op, who }) => [op, who])).toEqual([
      ['lift', 'eve'],
      ['set', 'ops'],
    ]);
  });

  test('a scope has one halt and one mode, and other scopes are not touched', async (store) => {
    const mode = (id: string, value: 'off' | 'shadow', scope: Scope): ControlRequest => ({
      op: 'set',
      control: { id, kind: 'mode', mode: value, scope, who: 'ops', why: 'test' },
    });
    await store.control(mode('m1', 'off', { tenant: 'acme' }));
    await store.control(mode('m2', 'shadow', { tenant: 'acme' }));
    await store.control(mode('m3', 'off', { tenant: 'acme', tool: 'refund' }));
    await store.control(halt('h1', { tenant: 'acme' }));
    const ids = (await store.sync()).controls?.map(({ id }) => id);
    expect(ids?.toSorted()).toEqual(['h1', 'm2', 'm3']);
  });

  test('a repeated request answers as the first did and changes nothing', async (store) => {
    const first = await store.control(halt('h1', {}));
    const { epoch } = await store.sync();
    expect(await store.control(halt('h1', {}))).toEqual(first);
    expect((await store.sync()).epoch).toEqual(epoch);
    expect((await store.history(10)).length).toEqual(1);
  });

  test('a request repeated after its control was lifted does not set it again', async (store) => {
    const first = await store.control(halt('h1', {}));
    await store.control({ op: 'lift', id: 'l1', kind: 'halt', scope: {}, who: 'ops', why: 'over' });
    expect(await store.control(halt('h1', {}))).toEqual(first);
    expect((await store.sync()).controls).toEqual([]);
  });

  test('of the changes the newest 1,000 are kept, and the requests that made them known', async (store) => {
    for (let i = 0; i < 1000; i++) await store.control(halt(`h${i}`, { tenant: `t${i % 3}` }));
    const { epoch } = await store.sync();
    await store.control(halt('h0', { tenant: 't0' }));
    expect((await store.sync()).epoch).toEqual(epoch);
    await store.control(halt('h1000', { tenant: 't1' }));
    const changes = await store.history(2000);
    expect([changes.length, changes[0]?.control.id, changes[999]?.control.id]).toEqual([1000, 'h1000', 'h1']);
    // The oldest has been forgotten: the same request is a new one.
    await store.control(halt('h0', { tenant: 't0' }));
    expect((await store.sync()).epoch).toEqual(epoch + 2);
  });

  test('many controls are set at once: each has its place in the sequence, and listeners hear of each', async (store) => {
    await store.control(halt('h0', { tenant: 't1' }));
    const { seen, stop } = await listen(store);
    const scopes = Array.from({ length: 1000 }, (_, i): Scope => ({ tenant: `t${i}` }));
    const set = await store.setAll(scopes.map((scope, i) => shadowed(`m${i}`, scope)));
    expect(set.map(({ control: { id, scope, mode } }) => [id, scope.tenant, mode])).toEqual(
      scopes.map(({ tenant }, i) => [`m${i}`, tenant, 'shadow']),
    );
    expect(set.map(({ epoch }) => epoch - set[0]!.epoch)).toEqual(scopes.map((_, i) => i));
    const { controls } = await store.sync();
    expect(controls?.length).toEqual(1001);
    expect((await store.history(2000)).map(({ control: { id } }) => id)).toEqual(scopes.map((_, i) => `m${999 - i}`));
    // What was pushed before may come late.
    const told = (): readonly string[] =>
      seen.flatMap((push) =>
        push.kind === 'control' && push.change.control.id !== 'h0' ? [push.change.control.id] : [],
      );
    await waitUntil(() => told().length >= 1000);
    stop();
    expect(told()).toEqual(scopes.map((_, i) => `m${i}`));
  });

  test('of many controls those that were set by the same request before are answered, and not set again', async (store) => {
    const [first] = await store.setAll([shadowed('m1', { tenant: 'a' })]);
    await store.control({ op: 'lift', id: 'l1', kind: 'mode', scope: { tenant: 'a' }, who: 'ops', why: 'over' });
    const again = await store.setAll([shadowed('m1', { tenant: 'a' }), shadowed('m2', { tenant: 'b' })], SECOND);
    expect(again[0]).toEqual(first);
    expect((await store.sync()).controls).toEqual([again[1]?.control]);
    expect(again[1]?.control.expiresAt).toEqual(again[1]!.at + SECOND);
    expect(await store.setAll([])).toEqual([]);
  });

  test('a control with an expiry ends by itself', async (store, harness) => {
    await store.control(halt('h1', {}, 2 * SECOND));
    await harness.advance(1 * SECOND);
    expect((await store.sync()).controls?.length).toEqual(1);
    await harness.advance(1 * SECOND);
    expect((await store.sync()).controls).toEqual([]);
  });

  test('a control is restored to a store that lost it, but not over a later change', async (store) => {
    const control = { id: 'h1', kind: 'halt', scope: { tool: 'refund' }, who: 'ops', why: 'drill', at: 1 } as const;
    expect((await store.control({ op: 'restore', control }))?.control).toEqual(control);
    expect((await store.sync()).controls).toEqual([control]);
    await store.control({ op: 'lift', id: 'l1', kind: 'halt', scope: control.scope, who: 'ops', why: 'over' });
    await store.control({ op: 'restore', control });
    expect(await store.control({ op: 'restore', control: { ...control, id: 'h0' } })).toEqual(undefined);
    expect((await store.sync()).controls).toEqual([]);
  });

  test('a lift of one control leaves another that has taken its place', async (store) => {
    await store.control(halt('h1', { tenant: 'acme' }));
    await store.control(halt('h2', { tenant: 'acme' }));
    expect(await store.control(lift('l1', { tenant: 'acme' }, 'h1'))).toEqual(undefined);
    expect((await store.sync()).controls?.map(({ id }) => id)).toEqual(['h2']);
    expect((await store.control(lift('l2', { tenant: 'acme' }, 'h2')))?.control.id).toEqual('h2');
    // One of many that were set at once has a name of its own.
    const { control: one } = halt('h3', { tenant: 'b' }) as { readonly control: ControlTerms };
    await store.setAll([one, { ...one, id: 'h4', scope: { tenant: 'c' } }]);
    expect(await store.control(lift('l3', { tenant: 'b' }, 'h4'))).toEqual(undefined);
    expect((await store.control(lift('l4', { tenant: 'b' }, 'h3')))?.control.id).toEqual('h3');
    expect((await store.sync()).controls?.map(({ id }) => id)).toEqual(['h4']);
  });
}
