import { expect, test } from 'vitest';
import { createGovernor } from '../../governor.ts';
import type { PolicyDocument } from '../../policy/document/document.ts';
import { createMemoryStore } from '../../store/memory-store.ts';

const RULE = { id: 'no', on: 'input', detect: 'bad', then: 'block', reason: 'P_NO' } as const;
const COOLDOWN = { id: 'abuse', after: { strikes: 3, within: '1h' }, for: '1m' } as const;

// Processes that share a store know texts by hashes: of which policies that matters.
test.each<readonly [name: string, policy: Partial<PolicyDocument>, warns: boolean]>([
  ['one that counts repeats', { limits: [{ id: 'again', on: 'output', unit: 'repeats', allow: 2, per: '1h' }] }, true],
  ['one that counts something else', { limits: [{ id: 'few', allow: 2, per: '1h' }] }, false],
  ['one that remembers what it stopped', { rules: [RULE] }, true],
  ['one that stops it again', { rules: [RULE], history: 'block' }, false],
  ['one that stops at another stage', { rules: [{ ...RULE, on: 'output' }] }, false],
  ['one that masks', { rules: [{ ...RULE, then: 'redact' }] }, false],
  [
    'one whose rule reads no text',
    { rules: [{ id: 'no', on: 'input', when: 'has(attributes.x)', then: 'block', reason: 'P_NO' }] },
    false,
  ],
  [
    'one that counts strikes for what it found',
    { rules: [{ ...RULE, on: 'output', strike: { abuse: 1 } }], cooldowns: [COOLDOWN] },
    true,
  ],
  [
    'one that counts strikes in shadow',
    { rules: [{ ...RULE, on: 'output', strike: { abuse: 1 }, mode: 'shadow' } as never], cooldowns: [COOLDOWN] },
    false,
  ],
  [
    'one that puts on a cooldown',
    { rules: [{ ...RULE, on: 'output', then: 'cooldown', ladder: 'abuse' } as never], cooldowns: [COOLDOWN] },
    true,
  ],
])('that a store is shared without a key is said of %s', async (_, policy, warns) => {
  const document: PolicyDocument = {
    ...{ policy: 'p', version: 1, detectors: [{ id: 'bad', phrases: ['bad word'] }] },
    ...policy,
  };
  const warning = async (options: object): Promise<string | undefined> => {
    const governor = await createGovernor({ policy: document, ...options });
    const { store } = governor.status();
    await governor.close();
    return store.warning;
  };
  const store = () => ({ ...createMemoryStore(), shared: true as const });
  const said = await warning({ store: store() });
  expect(said?.includes('no `hashKey` was given') ?? false).toBe(warns);
  expect((await warning({ store: store(), hashKey: 'k' })) ?? '').not.toContain('hashKey');
  expect((await warning({ store: createMemoryStore() })) ?? '').not.toContain('hashKey');
});
