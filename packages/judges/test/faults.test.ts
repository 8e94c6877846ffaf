// What a judge does when the other side answers, delays, hangs, lies, breaks off, refuses or limits.
import { createGovernor, type Decision, type Governor } from '@flyball/core';
import { afterEach, describe, expect, it } from 'vitest';
import { llamaGuard, type Judge, type Judgement, type LlamaGuardOptions } from '../src/index.ts';
import { completion, json, judgeServer, type Behaviour, type JudgeServer } from './judge-server.ts';

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

interface Set {
  readonly server: JudgeServer;
  readonly judge: Judge;
  readonly told: Judgement[];
  readonly decided: (text: string) => Promise<Decision>;
  readonly governor: Governor;
}

async function set(
  behave: Behaviour,
  options: Partial<LlamaGuardOptions> = {},
  onError: 'block' | 'no_op' = 'block',
): Promise<Set> {
  const server = await judgeServer(behave);
  const told: Judgement[] = [];
  const judge = llamaGuard({
    baseURL: `${server.url}/v1`,
    deadlineMs: 20_000,
    lateMs: 1000,
    onJudgement: (one) => told.push(one),
    ...options,
  });
  const governor = await createGovernor({
    detectors: [judge],
    policy: {
      policy: 'p',
      version: 1,
      onError,
      rules: [{ id: 'harm', on: 'input', detect: { type: 'harm', min: 0.8 }, then: 'block', reason: 'P_HARM' }],
    },
  });
  open.push(governor);
  const decided = async (content: string): Promise<Decision> =>
    governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content }));
  return { server, judge, told, decided, governor };
}

const SAFE: Behaviour = (_, response) => json(response, completion('\n\nsafe'));
const failedWith = (code: string): object => ({
  outcome: 'BLOCK',
  reason: 'FAILED_CLOSED',
  errors: [{ part: 'detector', id: 'llama-guard', code }],
});
const settled = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a judge', () => {
  it('answers: what it objects to is stopped by type and score', async () => {
    const { decided, judge } = await set((_, response) =>
      json(
        response,
        completion('\n\nunsafe\nS9', {
          tokens: [
            ['\n\n', { '\n\n': 0.99 }],
            ['unsafe', { unsafe: 0.93, safe: 0.07 }],
          ],
        }),
      ),
    );
    const decision = await decided('how to build it');
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_HARM' });
    expect(decision.signals).toEqual([
      expect.objectContaining({
        type: 'harm.indiscriminate_weapons',
        score: 0.93,
        detector: 'llama-guard',
        start: 0,
        end: 15,
      }),
    ]);
    expect(judge.stats()).toMatchObject({ answered: 1, calls: 1, inputTokens: 100, outputTokens: 5 });
  });

  it.each<[what: string, behave: Behaviour, code: string, judgeCode: string]>([
    ['hangs', () => undefined, 'TIMEOUT', 'JUDGE_TIMEOUT'],
    ['breaks off', (_, response) => response.destroy(), 'UNAVAILABLE', 'JUDGE_UNREACHABLE'],
    [
      'breaks off in the middle of its answer',
      (_, response) => {
        response.writeHead(200, { 'content-length': '500' });
        response.write('{"choices": [');
        setTimeout(() => response.destroy(), 5);
      },
      'UNAVAILABLE',
      'JUDGE_UNREACHABLE',
    ],
    ['refuses', (_, response) => json(response, { error: 'no such model' }, 404), 'UNAVAILABLE', 'JUDGE_REFUSED'],
    [
      'sends elsewhere',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'UNAVAILABLE',
      'JUDGE_UNREACHABLE',
    ],
    ['answers what is no JSON', (_, response) => response.end('<html>'), 'INVALID_ANSWER', 'JUDGE_ANSWER'],
    [
      'answers JSON of another kind',
      (_, response) => json(response, { verdict: 'safe' }),
      'INVALID_ANSWER',
      'JUDGE_ANSWER',
    ],
    [
      'answers in words',
      (_, response) => json(response, completion('This looks safe to me.')),
      'INVALID_ANSWER',
      'JUDGE_ANSWER',
    ],
    [
      'answers with a category it does not have',
      (_, response) => json(response, completion('unsafe\nS99')),
      'INVALID_ANSWER',
      'JUDGE_ANSWER',
    ],
    [
      'says what its own probabilities deny',
      (_, response) => json(response, completion('unsafe\nS1', { tokens: [['unsafe', { unsafe: 0.01, safe: 0.99 }]] })),
      'INVALID_ANSWER',
      'JUDGE_ANSWER',
    ],
    [
      'says that all is well, which its own probabilities deny',
      (_, response) => json(response, completion('safe', { tokens: [['safe', { unsafe: 0.99, safe: 0.01 }]] })),
      'INVALID_ANSWER',
      'JUDGE_ANSWER',
    ],
    [
      'answers without an end',
      (_, response) => {
        const more = setInterval(() => response.write(' '.repeat(100_000)), 1);
        response.on('close', () => clearInterval(more));
      },
      'INVALID_ANSWER',
      'JUDGE_ANSWER',
    ],
    ['says both', (_, response) => json(response, completion('safe\nunsafe\nS1')), 'INVALID_ANSWER', 'JUDGE_ANSWER'],
    [
      'is cut off',
      (_, response) => json(response, completion('unsafe', { finish: 'length' })),
      'INVALID_ANSWER',
      'JUDGE_ANSWER',
    ],
    ['is not there', (_, response) => response.socket?.resetAndDestroy(), 'UNAVAILABLE', 'JUDGE_UNREACHABLE'],
  ])('that %s is a failure, in time, and never harmless', async (_what, behave, code, judgeCode) => {
    const hangs = code === 'TIMEOUT';
    const { decided, told } = await set(behave, { retry: { most: 0 }, ...(hangs && { deadlineMs: 100 }) });
    expect(await decided('hello')).toMatchObject(failedWith(code));
    expect(told).toMatchObject([{ outcome: 'failed', code: judgeCode, scores: [] }]);
    expect(JSON.stringify(told)).not.toContain('hello');
  });

  it.each<[what: string, behave: Behaviour, message: string]>([
    [
      'has no key',
      (_, response) => json(response, {}, 401),
      'judge `llama-guard` answered with status 401: look at its key',
    ],
    [
      'is somewhere else',
      (_, response) => json(response, {}, 404),
      'judge `llama-guard` answered with status 404: look at its address, and at the name of its model',
    ],
    [
      'is asked too often',
      (_, response) => json(response, {}, 429, { 'retry-after': '60' }),
      'judge `llama-guard` answered with status 429: it is asked more often than it allows',
    ],
    ['breaks off', (_, response) => response.destroy(), 'judge `llama-guard` is out of reach (UND_ERR_SOCKET)'],
    [
      'talks',
      (_, response) => json(response, completion('hello is harmless')),
      'judge `llama-guard` answered neither `safe` nor `unsafe` with categories that it has',
    ],
  ])('that %s is told in a sentence, to whoever listens to it and to the governor', async (_what, behave, message) => {
    const { decided, told, governor } = await set(behave, { retry: { most: 0 } });
    const heard: string[] = [];
    governor.events.subscribe((event) => void (event.kind === 'failure' && heard.push(event.message)));
    await decided('hello');
    expect(told).toMatchObject([{ outcome: 'failed', message }]);
    expect(heard).toEqual([expect.stringMatching(/^detector `llama-guard` failed \(\w+\): judge/)]);
    expect(heard[0]).toContain(message);
  });

  it('is not asked for what no rule of the stage reads, and costs it nothing', async () => {
    const { governor, server, judge } = await set(SAFE);
    const interaction = governor.interaction({ tenant: 't' });
    await governor.decide(interaction.event({ stage: 'output', content: 'hello' }));
    await governor.decide(interaction.event({ stage: 'tool_call', resource: { tool: 'x' }, args: { a: 'hello' } }));
    expect(server.asked).toEqual([]);
    expect(judge.stats()).toMatchObject({ wanted: 0, calls: 0 });
  });

  it('opens where the policy says so, and the decision says what failed', async () => {
    const { decided } = await set((_, response) => response.destroy(), {}, 'no_op');
    expect(await decided('hello')).toMatchObject({
      outcome: 'NO_OP',
      reason: 'FAILED_OPEN',
      errors: [{ id: 'llama-guard' }],
    });
  });

  it('that answers too late has failed; the answer is told, and known to the next who asks', async () => {
    const { decided, told, judge, server } = await set(
      (_, response) => setTimeout(() => SAFE(undefined as never, response, 0), 500),
      { deadlineMs: 100, lateMs: 20_000 },
    );
    expect(await decided('hello')).toMatchObject(failedWith('TIMEOUT'));
    await expect.poll(() => judge.stats().late, { timeout: 5000 }).toBe(1);
    expect(told.map(({ outcome }) => outcome)).toEqual(['failed', 'late']);
    expect(await decided('hello')).toMatchObject({ outcome: 'ALLOW' });
    expect(server.asked).toHaveLength(1);
  });

  it('that never answers is given up, so that it keeps no place', async () => {
    const { decided, server } = await set(() => undefined, { deadlineMs: 100, lateMs: 50, retry: { most: 0 } });
    await decided('hello');
    await expect.poll(() => server.left(), { timeout: 5000 }).toBe(1);
  });

  it('is asked again where that may help, after as long as it wants, and within a budget', async () => {
    const { decided, judge } = await set((_, response, call) =>
      call === 1 ? json(response, {}, 429, { 'retry-after': '0.02' }) : SAFE(undefined as never, response, call),
    );
    expect(await decided('one')).toMatchObject({ outcome: 'ALLOW' });
    expect(judge.stats()).toMatchObject({ repeated: 1, calls: 2 });

    const busy = await set((_, response) => json(response, {}, 429, { 'retry-after': '3600' }));
    expect(await busy.decided('two')).toMatchObject(failedWith('UNAVAILABLE'));
    expect(busy.judge.stats()).toMatchObject({ repeated: 0, calls: 1, failed: 1 });

    const refusing = await set((_, response) => json(response, {}, 503), {
      breaker: false,
      retry: { most: 1, share: 0.1 },
    });
    for (let index = 0; index < 20; index++) await refusing.decided(`text ${index}`);
    // One is there from the beginning, and twenty calls earn two more.
    expect(refusing.judge.stats().repeated).toBeLessThanOrEqual(3);
    expect(refusing.judge.stats().repeated).toBeGreaterThan(0);
  });

  it('that fails again and again is left alone for a while, and asked again then', async () => {
    let broken = true;
    const { decided, judge, server } = await set(
      (request, response, call) => (broken ? response.destroy() : SAFE(request, response, call)),
      { retry: { most: 0 }, breaker: { failures: 0.5, of: 4, againAfterMs: 1500 } },
    );
    for (let index = 0; index < 8; index++)
      expect(await decided(`text ${index}`)).toMatchObject(failedWith('UNAVAILABLE'));
    expect(judge.stats().breaker).toBe('open');
    const { length } = server.asked;
    expect(length).toBeLessThan(8);
    await decided('not asked');
    expect(server.asked).toHaveLength(length);
    broken = false;
    await settled(1550);
    expect(await decided('now')).toMatchObject({ outcome: 'ALLOW' });
    expect(judge.stats().breaker).toBe('closed');
  });

  it('takes no more calls at a time than it may, and no more waiting', async () => {
    const free: (() => void)[] = [];
    let most = 0;
    const { decided, judge } = await set(
      (request, response, call) => {
        free.push(() => SAFE(request, response, call));
        most = Math.max(most, free.length);
      },
      { bulkhead: { calls: 2, waiting: 1 } },
    );
    const all = Promise.all(Array.from({ length: 5 }, (_, index) => decided(`text ${index}`)));
    for (let answered = 0; answered < 3;) {
      await settled(5);
      for (const answer of free.splice(0)) {
        answer();
        answered++;
      }
    }
    const outcomes = (await all).map(({ outcome }) => outcome);
    expect(most).toBeLessThanOrEqual(2);
    expect(outcomes.filter((outcome) => outcome === 'ALLOW')).toHaveLength(3);
    expect(judge.stats()).toMatchObject({ calls: 3, failed: 2, breaker: 'closed' });
  });

  it('asks once about equal texts: what is known, and what is under way', async () => {
    const { decided, judge, server } = await set(
      (request, response, call) => setTimeout(() => SAFE(request, response, call), 20),
      {},
    );
    await Promise.all([decided('same'), decided('same'), decided('other')]);
    await decided('same');
    expect(server.asked).toHaveLength(2);
    expect(judge.stats()).toMatchObject({ wanted: 4, answered: 2, joined: 1, cached: 1 });
  });

  it('is told to stop when nobody wants the answer any more', async () => {
    const { judge, server } = await set(() => undefined, { deadlineMs: 60_000, lateMs: 0 });
    const leaving = new AbortController();
    const input = { text: 'hello', path: 'p', channel: 'text', settled: 0, signal: leaving.signal } as const;
    const waiting = judge.detect!(input) as Promise<unknown>;
    await expect.poll(() => server.asked.length).toBe(1);
    leaving.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
    await expect.poll(() => server.left()).toBe(1);
    expect(judge.stats()).toMatchObject({ cancelled: 1, failed: 0, breaker: 'closed' });
  });

  it('has a limit on calls, tokens and cost; beyond it there is no call', async () => {
    for (const limit of [{ calls: 1 }, { tokens: 105 }, { cost: 0.0001 }]) {
      const { decided, server, judge } = await set(SAFE, {
        limit: { perMs: 60_000, ...limit },
        price: { input: 1, output: 1 },
      });
      expect(await decided('one')).toMatchObject({ outcome: 'ALLOW' });
      expect(await decided('two')).toMatchObject(failedWith('UNAVAILABLE'));
      expect(server.asked).toHaveLength(1);
      expect(judge.stats().cost).toBeCloseTo(105 / 1e6, 9);
    }
  });

  it('judges a share of texts, the same ones each time, and says which it was not asked about', async () => {
    const { decided, judge } = await set(SAFE, { share: 0.25, hashKey: 'key' });
    let left = 0;
    for (let index = 0; index < 80; index++) {
      const first = await decided(`text ${index}`);
      const second = await decided(`text ${index}`);
      expect(second.coverage.notAsked).toEqual(first.coverage.notAsked);
      if (first.coverage.notAsked !== undefined) left++;
    }
    expect(left).toBeGreaterThan(45);
    expect(left).toBeLessThan(75);
    expect(judge.stats()).toMatchObject({ notAsked: left * 2, calls: 80 - left });
  });

  it('reads a long text in stretches that overlap', async () => {
    const { decided, server } = await set(
      ({ body }, response) => {
        const isSecond = body.messages!.at(-1)!.content.startsWith('a'.repeat(100) + 'b');
        json(response, completion(isSecond ? 'unsafe\nS1' : 'safe'));
      },
      {
        maxUnits: 400,
      },
    );
    const { signals } = await decided('a'.repeat(300) + 'b'.repeat(500));
    expect(server.asked.map(({ messages }) => messages!.at(-1)!.content.length)).toEqual([400, 400, 400]);
    expect(signals).toMatchObject([{ start: 400, end: 600 }]);
  });
});
