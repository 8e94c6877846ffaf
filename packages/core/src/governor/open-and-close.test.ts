import { expect, test, vi } from 'vitest';
import { createGovernor } from '../governor.ts';

const policyOf = (more: object = {}) => ({ policy: 'p', version: 1, ...more });

test.each(['off', 'shadow', 'enforce'] as const)(
  'a leaf is done when it has ended and its text was taken: %s',
  async (mode) => {
    const rules = [{ id: 'r', on: 'output', when: 'has(attributes.x)', then: 'block', reason: 'P_NO' } as const];
    const governor = await createGovernor({ policy: policyOf({ mode, rules }) });
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    const leaf = gate.openLeaf({ path: 'a' });
    expect(leaf.done).toBe(false);
    const pieces = [...leaf.write('hello'), ...leaf.end()];
    expect(pieces.map((piece) => piece.kind === 'text' && piece.text)).toEqual(['hello']);
    await gate.end();
    await governor.close();
  },
);

test('a governor that is closed twice closes its sink once', async () => {
  const close = vi.fn<() => Promise<void>>(async () => undefined);
  const governor = await createGovernor({ policy: policyOf(), audit: { name: 's', accept: () => undefined, close } });
  const told: string[] = [];
  governor.events.subscribe(({ kind }) => void told.push(kind));
  await Promise.all([governor.close(), governor.close()]);
  await governor.close();
  expect([close.mock.calls.length, told]).toEqual([1, ['stopped']]);
});

test('a gate says which channels there are where it is given none of them', async () => {
  const governor = await createGovernor({ policy: policyOf() });
  const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  expect(() => gate.write('loud' as never, '', 'a')).toThrow(/channel \(\w+(, \w+)+\), not `loud` with string/);
  await gate.end();
  await governor.close();
});
