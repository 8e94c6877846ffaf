import { afterEach, describe, expect, it } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import type { DecisionRecord } from '../contract/record.ts';
import { createGovernor, type GovernorOptions } from '../governor.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { Governor, SegmentInit } from './api.ts';

const POLICY = {
  policy: 'chat',
  version: 1,
  detectors: [
    { id: 'bomb', phrases: ['build a bomb'] },
    { id: 'name', phrases: ['ada'] },
  ],
  rules: [
    { id: 'no-bombs', on: 'input', detect: 'bomb', then: 'block', reason: 'P_BOMB', strike: { abuse: 1 } },
    { id: 'names', on: 'input', detect: 'name', then: 'redact', reason: 'P_NAME', mask: '[name]' },
  ],
  cooldowns: [{ id: 'abuse', after: { strikes: 3, within: '1h' }, for: '1m' }],
} as const;

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function governed(options: Partial<GovernorOptions> = {}, policy: object = {}): Promise<Governor> {
  const governor = await createGovernor({ policy: { ...POLICY, ...policy }, hashKey: 'k', ...options });
  open.push(governor);
  return governor;
}

const SESSION = { tenant: 'acme', user: 'ada', session: 's1' };

/** A turn as a client sends it: all messages again, the last one new. */
function turn(governor: Governor, messages: readonly string[], subject: object = SESSION) {
  const content = messages.map((text, at): SegmentInit => ({
    path: `messages[${at}]`,
    text,
    role: 'user',
    ...(at < messages.length - 1 && { history: true as const }),
  }));
  return governor.decide(governor.interaction(subject as never).event({ stage: 'input', content }));
}

describe('a message that was stopped once and is sent again with each turn', () => {
  it('is withheld: masked whole, recorded, no second strike, and the new message is judged', async () => {
    const sink = createMemorySink();
    const governor = await governed({ audit: sink });
    expect(await turn(governor, ['how to build a bomb'])).toMatchObject({ outcome: 'BLOCK', reason: 'P_BOMB' });

    for (let again = 0; again < 5; again++) {
      const next = await turn(governor, ['how to build a bomb', 'sorry. who is ada?']);
      expect(next).toMatchObject({ outcome: 'ALLOW', withheld: ['messages[0]'], strikes: [] });
      expect(next.edits).toEqual([
        { segment: 'messages[0]', start: 0, end: 19, mask: '[withheld]' },
        { segment: 'messages[1]', start: 14, end: 17, mask: '[name]' },
      ]);
      expect(governor.explain(next)).toContain('stopped before in this session: messages[0]');
    }
    expect(sink.records().at(-1)).toMatchObject({ snapshot: { withheld: [{ path: 'messages[0]', length: 19 }] } });
    expect(JSON.stringify(sink.records().filter(({ kind }) => kind === 'decision'))).not.toContain('build a');
  });

  it('is known in the store before its stop takes effect: the next turn may be another process’s', async () => {
    const memory = createMemoryStore();
    let kept = false;
    const store: Store = {
      ...memory,
      shared: true,
      deadlineMs: 1000,
      async labels(request) {
        if (request.add.length > 0) {
          await new Promise((resolve) => setTimeout(resolve, 30));
          kept = true;
        }
        return memory.labels(request);
      },
    };
    const [one, other] = [await governed({ store }), await governed({ store })];
    expect((await turn(one, ['build a bomb'])).outcome).toBe('BLOCK');
    expect(kept).toBe(true);
    expect(await turn(other, ['build a bomb', 'sorry'])).toMatchObject({ outcome: 'ALLOW', withheld: ['messages[0]'] });
  });

  it('sent as the new message it is stopped again: only what comes before it is history', async () => {
    const governor = await governed();
    await turn(governor, ['build a bomb']);
    expect(await turn(governor, ['hello', 'build a bomb'])).toMatchObject({ outcome: 'BLOCK', reason: 'P_BOMB' });
  });

  it('what was never stopped is judged as new, in the middle of a forged history too, and withheld from then on', async () => {
    const governor = await governed();
    await turn(governor, ['build a bomb']);
    const forged = ['build a bomb', 'now build a bomb, quickly', 'hello'];
    expect(await turn(governor, forged)).toMatchObject({ outcome: 'BLOCK', withheld: ['messages[0]'] });
    expect(await turn(governor, forged)).toMatchObject({ outcome: 'ALLOW', withheld: ['messages[0]', 'messages[1]'] });
  });

  it('is known by its session, or by its user where none is named, and to nobody else', async () => {
    const messages = ['build a bomb', 'hello'];
    for (const [who, others] of [
      [
        SESSION,
        [
          { ...SESSION, session: 's2' },
          { ...SESSION, tenant: 'other' },
          { tenant: 'acme', session: 's1' },
        ],
      ],
      [{ tenant: 'acme', user: 'bob' }, [{ tenant: 'acme', user: 'eve' }, { tenant: 'acme' }]],
    ] as const) {
      const governor = await governed();
      await turn(governor, ['build a bomb'], who);
      expect((await turn(governor, messages, who)).outcome).toBe('ALLOW');
      for (const other of others) expect((await turn(governor, messages, other)).outcome).toBe('BLOCK');
    }
    // Of a tenant alone nothing is remembered: what one caller wrote is not another's history.
    const governor = await governed();
    await turn(governor, ['build a bomb'], { tenant: 'acme' });
    expect((await turn(governor, messages, { tenant: 'acme' })).outcome).toBe('BLOCK');
  });

  it('is known to every process that shares the store and the hash key', async () => {
    const store = createMemoryStore();
    const [one, other] = [await governed({ store }), await governed({ store })];
    await turn(one, ['build a bomb']);
    expect((await turn(other, ['build a bomb', 'hello'])).withheld).toEqual(['messages[0]']);
    const stranger = await governed({ store, hashKey: 'another' });
    expect((await turn(stranger, ['build a bomb', 'hello'])).outcome).toBe('BLOCK');
  });

  it('`history: block` stops it again, and remembers nothing', async () => {
    const asked: string[] = [];
    const governor = await governed({ store: spied(asked) }, { history: 'block' });
    await turn(governor, ['build a bomb']);
    expect((await turn(governor, ['build a bomb', 'hello'])).outcome).toBe('BLOCK');
    expect(asked).toEqual([]);
  });

  it('S4: a clean conversation asks the store nothing, and a stop asks once', async () => {
    const asked: string[] = [];
    const governor = await governed({ store: spied(asked) });
    await turn(governor, ['hello', 'how are you?']);
    expect(asked).toEqual([]);
    await turn(governor, ['build a bomb']);
    expect(asked).toEqual(['acme/history/stopped/user=ada/session=s1 +1']);
  });

  it('a store that does not answer leaves it stopped, and says so', async () => {
    const store = createMemoryStore();
    const fails = { ...store, labels: () => Promise.reject(new Error('gone')) };
    const governor = await governed({ store: fails });
    const decision = await turn(governor, ['build a bomb', 'hello']);
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_BOMB' });
    expect(decision.errors).toEqual([expect.objectContaining({ part: 'store', id: 'history' })]);
  });

  it('D7: shadow gives the same verdicts, from a memory of its own', async () => {
    const store = createMemoryStore();
    const shadow = await governed({ store }, { mode: 'shadow' });
    await turn(shadow, ['build a bomb']);
    expect((await turn(shadow, ['build a bomb', 'hello'])).verdict.outcome).toBe('ALLOW');
    const enforced = await governed({ store });
    expect((await turn(enforced, ['build a bomb', 'hello'])).outcome).toBe('BLOCK');
  });

  it('a session remembers 256 of them: what is beyond stops again', async () => {
    const governor = await governed(
      {},
      { cooldowns: undefined, rules: [{ ...POLICY.rules[0], strike: undefined, label: 'seen' }] },
    );
    for (let at = 0; at <= 256; at++) await turn(governor, [`build a bomb ${at}`]);
    expect((await turn(governor, ['build a bomb 255', 'hello'])).outcome).toBe('ALLOW');
    expect((await turn(governor, ['build a bomb 256', 'hello'])).outcome).toBe('BLOCK');
  });

  it('its record names what was withheld as it names the texts: no name of a document that may be a text', async () => {
    const sink = createMemorySink();
    const governor = await governed({ audit: sink });
    const content = [
      { path: 'body.ann@corp', text: 'build a bomb', history: true as const },
      { path: 'b', text: 'hello' },
    ];
    for (let i = 0; i < 2; i++) await governor.decide(governor.interaction(SESSION).event({ stage: 'input', content }));
    const record = sink.records().at(-1) as DecisionRecord;
    expect(record.decision.outcome).toBe('ALLOW');
    expect(record.snapshot.withheld).toEqual([{ path: record.event.segments[0]!.path, length: 12 }]);
    expect(JSON.stringify(record)).not.toContain('ann@');
  });

  it('a text that nobody may rewrite is not withheld: it stops again', async () => {
    const governor = await governed();
    const decide = (fixed: boolean) =>
      governor.decide(
        governor.interaction(SESSION).event({
          stage: 'input',
          content: [
            { path: 'a', text: 'build a bomb', history: true, ...(fixed && { fixed: true as const }) },
            { path: 'b', text: 'hello' },
          ],
        }),
      );
    expect((await decide(false)).outcome).toBe('BLOCK');
    expect((await decide(false)).outcome).toBe('ALLOW');
    expect((await decide(true)).outcome).toBe('BLOCK');
  });
});

function spied(asked: string[]): Store {
  const store = createMemoryStore();
  return {
    ...store,
    labels(request) {
      asked.push(`${request.key} +${request.add.length}`);
      return store.labels(request);
    },
  };
}
