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
    for (const asked of ['/Chat', '/chat', '/CHAT/', '/Chat/'])
      expect(governor.routeNamed(asked, 'new', {})).toBe('/Chat');
    expect(governor.routeNamed('/chat', 'new', { policy: 'nobody loaded it' })).toBe('new');
  }
});

it('is what the caller of it says where nobody knows it, and as asked where an expression reads routes', async () => {
  expect((await governed()).routeNamed('/Chat/', '/chat', {})).toBe('/chat');
  const reading = await governed({ rules: [block({ when: 'route.startsWith("/Api/")' })] });
  expect(reading.routeNamed('/Api/Chat', '/api/chat', {})).toBe('/Api/Chat');
});

it('is one of two that differ in nothing else, where it is asked for', async () => {
  const governor = await governed({ rules: [block({ route: ['/Chat', '/chat/'] })] });
  for (const route of ['/Chat', '/chat/']) expect(governor.routeNamed(route, 'new', {})).toBe(route);
});

it('is told apart by its case, and never by a slash behind it, where the application does so', async () => {
  const governor = await governed({ rules: [block({ route: '/Chat/' })] });
  const named = (asked: string): string => governor.routeNamed(asked, 'new', { isCaseSensitive: true });
  expect(['/Chat/', '/Chat', '/chat', '/chat/'].map(named)).toEqual(['/Chat/', '/Chat/', 'new', 'new']);
});

it('D6: a control holds for a route however it is written, and takes no rule of it from anybody else', async () => {
  const governor = await governed({ rules: [block({ route: '/Chat' })] });
  const decided = async (tenant: string, asked: string): Promise<string> => {
    const resource = { route: governor.routeNamed(asked, asked.toLowerCase(), {}) };
    return (await governor.decide(governor.interaction({ tenant }).event({ stage: 'input', content: 'a', resource })))
      .reason;
  };
  await governor.control.halt({ tenant: 'x', route: '/CHAT/' }, BY);
  await governor.control.halt({ route: '/Other/' }, BY);
  for (const asked of ['/chat', '/Chat/']) {
    expect([await decided('x', asked), await decided('t', asked)]).toEqual(['HALTED', 'P_RULE']);
  }
  expect([await decided('t', '/other'), await decided('t', '/others')]).toEqual(['HALTED', 'NOT_GOVERNED']);
});
