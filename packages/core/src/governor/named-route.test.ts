import { expect, it, onTestFinished } from 'vitest';
import { requireGovernor } from '../adapter/require-governor.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import { createGovernor } from '../governor.ts';
import type { AdapterGovernor } from './api.ts';

async function governed(policy: Partial<PolicyDocument> = {}): Promise<AdapterGovernor> {
  const made = await createGovernor({ policy: { policy: 'p', version: 1, ...policy } });
  onTestFinished(() => made.close());
  return requireGovernor(made, 'the test');
}

const UNTIL = { until: '2999-01-01', why: 'test', owner: 'test' };
const BY = { who: 'op', why: 'test' };
const block = (more: object) => ({ id: 'r', on: 'input', then: 'block', reason: 'P_RULE', ...more }) as never;

it('is as a rule, an exemption or an expression of the policy writes it', async () => {
  const policies: readonly Partial<PolicyDocument>[] = [
    { rules: [block({ route: ['/other', '/Chat'] })] },
    { rules: [block({ when: 'route == "/Chat"' })] },
    {
      detectors: [{ id: 'x', phrases: ['x'] }],
      rules: [block({ detect: 'x' })],
      exempt: [{ ...UNTIL, id: 'e', on: 'input', detect: 'x', tenant: 't', route: '/Chat' }] as never,
    },
    { limits: [{ id: 'l', allow: "route == '/Chat' ? 1 : 2", per: '1h' }] },
  ];
  for (const policy of policies) {
    const governor = await governed(policy);
    for (const asked of ['/Chat', '/chat', '/CHAT/', '/Chat/']) expect(governor.routeNamed(asked, 'new')).toBe('/Chat');
    expect(governor.routeNamed('/chat', 'new', 'nobody loaded it')).toBe('new');
  }
});

it('is what the caller of it says where nobody knows it, and as asked where an expression reads routes', async () => {
  expect((await governed()).routeNamed('/Chat/', '/chat')).toBe('/chat');
  const reading = await governed({ rules: [block({ when: 'route.startsWith("/Api/")' })] });
  expect(reading.routeNamed('/Api/Chat', '/api/chat')).toBe('/Api/Chat');
});

it('is one of two that differ in nothing else, where it is asked for', async () => {
  const governor = await governed({ rules: [block({ route: ['/Chat', '/chat/'] })] });
  for (const route of ['/Chat', '/chat/']) expect(governor.routeNamed(route, 'new')).toBe(route);
});

it('D6: is as a halt writes it, before all others', async () => {
  const governor = await governed({ rules: [block({ route: '/Chat' })] });
  await governor.control.setMode({ route: '/CHAT' }, 'shadow', BY);
  expect(governor.routeNamed('/chat', 'new')).toBe('/Chat');
  await governor.control.halt({ route: '/chat/' }, BY);
  expect(governor.routeNamed('/Chat', 'new')).toBe('/chat/');
  await governor.control.setMode({ route: '/Other' }, 'shadow', BY);
  expect(governor.routeNamed('/other/', 'new')).toBe('/Other');
});
