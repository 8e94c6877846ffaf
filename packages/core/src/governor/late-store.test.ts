// A store in another process answers after a while. What the memory store answers at once must come to the same.
import { afterEach, describe, expect, it } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import { createGovernor, type GovernorOptions } from '../governor.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { Governor } from './api.ts';

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

/** The memory store, each answer of which comes a turn of the event loop later. */
function lateStore(): Store {
  const memory = createMemoryStore();
  const later = async <T>(answer: () => T): Promise<Awaited<T>> => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    return await answer();
  };
  return {
    ...memory,
    deadlineMs: 5000,
    charge: (charges) => later(() => memory.charge(charges)),
    strike: (strikes) => later(() => memory.strike(strikes)),
    labels: (request) => later(() => memory.labels(request)),
  };
}

async function governed(options: GovernorOptions): Promise<Governor> {
  const governor = await createGovernor(options);
  open.push(governor);
  return governor;
}

const SUBJECT = { tenant: 'acme', user: 'ada', session: 's1' };

describe.each([
  ['at once', createMemoryStore, true],
  ['later', lateStore, false],
] as const)('a store that answers %s', (_, storeOf, answersAtOnce) => {
  it('says how long the cooldown is that a rule asked for, in the decision, its record and the next decision', async () => {
    const audit = createMemorySink();
    const governor = await governed({
      store: storeOf(),
      audit,
      policy: {
        policy: 'p',
        version: 1,
        cooldowns: [{ id: 'abuse', after: { strikes: 3, within: '10m' }, for: '1m' }],
        rules: [
          {
            id: 'rude',
            on: 'input',
            when: 'has(attributes.rude)',
            then: 'cooldown',
            ladder: 'abuse',
            reason: 'P_RUDE',
          },
        ],
      },
    });
    const say = (content: string) =>
      governor.decide(governor.interaction(SUBJECT).event({ stage: 'input', content, attributes: { rude: true } }));
    const decision = await say('a');
    expect(decision).toMatchObject({ outcome: 'COOLDOWN', reason: 'P_RUDE' });
    expect(decision.retryAfterMs).toBeGreaterThan(55_000);
    expect(audit.records().at(-1)).toMatchObject({
      decision: { auditId: decision.auditId },
      answers: [{ ladder: 'abuse' }],
    });
    expect(await say('b')).toMatchObject({ outcome: 'COOLDOWN', reason: 'COOLDOWN_ACTIVE' });
  });

  it('a strike of a block delays nothing, counts all the same, and its record has the answer that is there by then', async () => {
    const audit = createMemorySink();
    const governor = await governed({
      store: storeOf(),
      audit,
      policy: {
        policy: 'p',
        version: 1,
        cooldowns: [{ id: 'abuse', after: { strikes: 2, within: '10m' }, for: '1m' }],
        rules: [
          {
            id: 'rude',
            on: 'input',
            when: 'has(attributes.rude)',
            then: 'block',
            reason: 'P_RUDE',
            strike: { abuse: 1 },
          },
        ],
      },
    });
    const say = (content: string) =>
      governor.decide(governor.interaction(SUBJECT).event({ stage: 'input', content, attributes: { rude: true } }));
    expect(await say('a')).toMatchObject({ outcome: 'BLOCK', reason: 'P_RUDE' });
    expect(audit.records().at(-1)).toMatchObject({
      kind: 'decision',
      answers: answersAtOnce ? [{ ladder: 'abuse' }] : [],
    });
    expect(await say('b')).toMatchObject({ outcome: 'BLOCK', reason: 'P_RUDE' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await say('c')).toMatchObject({ outcome: 'COOLDOWN', reason: 'COOLDOWN_ACTIVE' });
  });

  it('keeps the labels of a session before the decision that brings them', async () => {
    const store = storeOf();
    const governor = await governed({
      store,
      policy: {
        policy: 'p',
        version: 1,
        labels: { untrusted: 'session' },
        rules: [
          { id: 'page', on: 'retrieval', label: 'untrusted' },
          { id: 'mail', on: 'tool_call', when: 'label("untrusted")', then: 'block', reason: 'P_MAIL' },
        ],
      },
    });
    const read = governor.interaction(SUBJECT).event({ stage: 'retrieval', content: 'page' });
    expect(await governor.decide(read)).toMatchObject({ labels: ['untrusted'], eventId: read.id });
    const call = governor.interaction(SUBJECT).event({ stage: 'tool_call', args: {} });
    expect(await governor.decide(call)).toMatchObject({ outcome: 'BLOCK', reason: 'P_MAIL' });
  });

  it('stops the event that is one too many, decided whole or streamed', async () => {
    const governor = await governed({
      store: storeOf(),
      policy: {
        policy: 'p',
        version: 1,
        limits: [{ id: 'few', on: ['input', 'output'], unit: 'events', allow: 1, per: '1m' }],
      },
    });
    const input = () => governor.interaction(SUBJECT).event({ stage: 'input', content: 'x' });
    expect(await governor.decide(input())).toMatchObject({ outcome: 'ALLOW' });
    expect(await governor.decide(input())).toMatchObject({ outcome: 'COOLDOWN', reason: 'LIMIT_EXCEEDED' });
    const gate = await governor.openGate(governor.interaction(SUBJECT).event({ stage: 'output' }));
    expect(gate.terminal).toMatchObject({ outcome: 'COOLDOWN', reason: 'LIMIT_EXCEEDED' });
    expect(gate.write('text', '', 'hello')).toEqual([]);
  });
});

describe('D6: a halt that comes while an event waits for its store', () => {
  it('stops that event, and one of somebody else does not', async () => {
    const governor = await governed({
      store: lateStore(),
      policy: {
        policy: 'p',
        version: 1,
        limits: [{ id: 'many', on: 'input', unit: 'events', allow: 100, per: '1m' }],
      },
    });
    const ask = () => governor.decide(governor.interaction(SUBJECT).event({ stage: 'input', content: 'x' }));
    const before = ask();
    await governor.control.halt({ user: 'bob' }, { who: 'ops', why: 'drill' });
    expect(await before).toMatchObject({ outcome: 'ALLOW' });
    const waiting = ask();
    await governor.control.setMode({ tenant: 'acme' }, 'shadow', { who: 'ops', why: 'drill' });
    await governor.control.halt({ tenant: 'acme' }, { who: 'ops', why: 'drill' });
    expect(await waiting).toMatchObject({ outcome: 'BLOCK', reason: 'HALTED', mode: 'enforce' });
  });
});

it('a known wait answers new interactions alone: what was counted is not counted again', async () => {
  const memory = createMemoryStore();
  let charged = 0;
  const store: Store = {
    ...memory,
    shared: true,
    charge(charges) {
      charged++;
      return memory.charge(charges);
    },
  };
  const governor = await governed({
    store,
    policy: {
      policy: 'p',
      version: 1,
      limits: [{ id: 'few', on: 'input', unit: 'interactions', allow: 1, per: '10m' }],
    },
  });
  const counted = governor.interaction(SUBJECT);
  const ask = async (interaction = governor.interaction(SUBJECT)): Promise<string> =>
    (await governor.decide(interaction.event({ stage: 'input', content: 'x' }))).outcome;
  expect([await ask(counted), await ask(), charged]).toEqual(['ALLOW', 'COOLDOWN', 2]);
  expect([await ask(), charged]).toEqual(['COOLDOWN', 2]);
  expect([await ask(counted), charged]).toEqual(['ALLOW', 3]);
});

describe("the store's deadline is the store's own, whatever the policy's is", () => {
  const slow = (deadlineMs: number, ms: number): Store => {
    const memory = createMemoryStore();
    const after = async <T>(answer: () => T): Promise<Awaited<T>> => {
      await new Promise((resolve) => setTimeout(resolve, ms).unref());
      return await answer();
    };
    return {
      ...memory,
      deadlineMs,
      charge: (charges) => after(() => memory.charge(charges)),
      labels: (request) => after(() => memory.labels(request)),
    };
  };
  const policy = (deadline: '10ms' | '60s') =>
    ({
      policy: 'p',
      version: 1,
      deadline,
      labels: { untrusted: 'session' },
      limits: [{ id: 'questions', unit: 'events', allow: 5, per: '1h' }],
    }) as const;

  it('a limit and the labels of a session may take longer than a detector', async () => {
    const governor = await governed({ store: slow(30_000, 60), policy: policy('10ms') });
    const event = governor.interaction(SUBJECT).event({ stage: 'input', content: 'hi' });
    expect(await governor.decide(event)).toMatchObject({ reason: 'NO_RULE_OBJECTED', errors: [] });
  });

  it('and are not waited for as long as a detector', async () => {
    const governor = await governed({ store: slow(20, 60_000), policy: policy('60s') });
    const event = governor.interaction(SUBJECT).event({ stage: 'input', content: 'hi' });
    const decision = await governor.decide(event);
    expect(decision).toMatchObject({ reason: 'FAILED_CLOSED' });
    expect(new Set(decision.errors.map(({ id, code }) => `${id} ${code}`))).toEqual(
      new Set(['labels TIMEOUT', 'questions TIMEOUT']),
    );
  });
});
