import { afterEach, describe, expect, it } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import { createGovernor } from '../governor.ts';
import type { EventInit, Governor } from '../governor/api.ts';

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

const sink = createMemorySink();

async function decide(policy: object, init: Partial<EventInit>) {
  const governor = await createGovernor({
    audit: sink,
    policy: {
      policy: 'p',
      version: 1,
      detectors: [
        { id: 'card', phrases: ['4111'] },
        { id: 'secret', phrases: ['secret plan'] },
      ],
      rules: [
        { id: 'card', on: 'input', detect: 'card', then: 'redact', reason: 'P_CARD', mask: '[x]' },
        { id: 'secret', on: 'input', detect: 'secret', then: 'block', reason: 'P_SECRET' },
      ],
      ...policy,
    },
  });
  open.push(governor);
  const event = governor.interaction({ tenant: 't' }).event({ stage: 'input', ...init });
  return { decision: await governor.decide(event), governor };
}

describe('a segment that is fixed', () => {
  const content = [
    { path: 'prompt', text: 'pay 4111' },
    { path: 'query', text: 'id 4111', fixed: true as const },
  ];

  it('is not rewritten: what a rule would redact there is said, and the rest is edited', async () => {
    const { decision, governor } = await decide({}, { content });
    expect(decision).toMatchObject({ outcome: 'ALLOW', reason: 'P_CARD' });
    expect(decision.edits).toEqual([{ segment: 'prompt', start: 4, end: 8, mask: '[x]' }]);
    expect(decision.notApplied).toEqual([{ segment: 'query', start: 3, end: 7, mask: '[x]' }]);
    expect([decision.edits, decision.notApplied].every(Object.isFrozen)).toBe(true);
    expect(governor.explain(decision)).toContain('1 left as they were');
    expect(sink.records().at(-1)).toMatchObject({
      event: { segments: [{ path: 'prompt' }, { path: 'query', fixed: true }] },
    });
  });

  it('is judged by rules that stop, like any other', async () => {
    const { decision } = await decide({}, { content: [{ path: 'query', text: 'the secret plan', fixed: true }] });
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_SECRET' });
    expect(decision.notApplied).toBeUndefined();
  });
});

describe('media that no detector reads', () => {
  const init = { content: 'hello', media: ['messages[0].url', 'messages[0].url', 'messages[1].url'] };

  it('pass, and are counted and recorded', async () => {
    const { decision, governor } = await decide({}, init);
    expect(decision).toMatchObject({ outcome: 'ALLOW', coverage: { media: 2 } });
    expect(governor.explain(decision)).toContain('media that nobody read: 2');
    expect(sink.records().at(-1)).toMatchObject({ event: { media: ['messages[0].url', 'messages[1].url'] } });
  });

  it('are refused where the policy says so, and where it covers the event', async () => {
    expect((await decide({ media: 'block' }, init)).decision).toMatchObject({
      outcome: 'BLOCK',
      reason: 'MEDIA_NOT_READ',
    });
    const one = { content: 'hello', media: ['messages[0].url'] };
    expect((await decide({ media: 'block' }, one)).decision.reason).toBe('MEDIA_NOT_READ');
    expect((await decide({ media: 'block' }, { content: 'hello' })).decision.outcome).toBe('ALLOW');
    expect((await decide({ media: 'block', rules: [] }, init)).decision.outcome).toBe('NO_OP');
    expect((await decide({ media: 'block', mode: 'shadow' }, init)).decision.verdict.reason).toBe('MEDIA_NOT_READ');
  });
});
