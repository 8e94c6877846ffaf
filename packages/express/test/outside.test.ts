import type { GovernorEvent } from '@flyball/core';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { governance, type GovernanceOptions, type GovernanceWarning } from '../src/index.ts';
import { governorWith, listen, VERSIONS } from './harness.ts';
import { raw, type RawResponse } from './raw-client.ts';

/** Not a promise of this realm, as a library's own kind of promise is. */
class Thenable<T> {
  readonly #promise: Promise<T>;

  constructor(promise: Promise<T>) {
    this.#promise = promise;
  }

  then(resolve: (value: T) => unknown, reject: (error: unknown) => unknown): void {
    void this.#promise.then(resolve, reject);
  }
}

const PRIVATE = 'ada.lovelace';

/** How the code of an application can go wrong; `good` is what it should answer. */
const FAULTS = {
  throws: () => {
    throw new Error(PRIVATE);
  },
  rejects: () => Promise.reject(new Error(PRIVATE)),
  hangs: () => new Promise(() => undefined),
  'rejects as a foreign thenable': () => new Thenable(Promise.reject(new Error(PRIVATE))),
} as const;

/** Answers that are not what the type says. */
const NONSENSE: { readonly [option: string]: readonly unknown[] } = {
  subject: [
    42,
    null,
    '',
    {},
    { tenant: PRIVATE, user: 42 },
    { tenant: PRIVATE, user: null },
    { tenant: PRIVATE, user: '' },
    { tenant: PRIVATE, role: PRIVATE },
    [PRIVATE],
  ],
  extract: [
    42,
    null,
    {},
    [42],
    [{ text: 42 }],
    [{ text: 'x', role: PRIVATE }],
    [
      { text: 'x', path: 'a' },
      { text: 'y', path: 'a' },
    ],
  ],
  resource: [42, null, '', { route: 42 }, { route: '' }, { page: PRIVATE }, ['/']],
  attributes: [42, null, '', { at: 1n }, { at: new Date(0) }, { at: () => undefined }, circle(), ['x']],
};

const GOOD: { readonly [option: string]: unknown } = {
  subject: { tenant: 'acme' },
  extract: 'hello',
  resource: { route: '/' },
  attributes: { plan: 'free' },
};

function circle(): object {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
}

const RULES = [{ id: 'secret', on: ['input', 'output'], detect: 'secret', then: 'block', reason: 'P_SECRET' }] as const;

afterEach(() => void vi.useRealTimers());

/** Lets the bounds of everything that hangs pass, however long they are. */
async function inNoTime<T>(asked: Promise<T>): Promise<T> {
  const pending = Symbol('pending');
  const turn = (): Promise<typeof pending> => new Promise((resolve) => setImmediate(resolve, pending));
  for (let waited = 0; waited < 30_000; waited += 250) {
    await vi.advanceTimersByTimeAsync(250);
    const answer = await Promise.race([asked, turn()]);
    if (answer !== pending) return answer;
  }
  throw new Error('it hangs without any bound');
}

describe.each(VERSIONS)('what the code of an application answers, under %s', (_, express) => {
  async function ask(
    options: Partial<GovernanceOptions>,
    mode: 'enforce' | 'shadow' | 'off',
    prompt = 'hello',
  ): Promise<{ answer: RawResponse; ran: boolean; events: GovernorEvent[]; warnings: GovernanceWarning[] }> {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const events: GovernorEvent[] = [];
    const warnings: GovernanceWarning[] = [];
    const { governor } = await governorWith({ mode, rules: RULES });
    governor.events.subscribe((event) => events.push(event));
    const app = express();
    let ran = false;
    app.use(
      express.json(),
      governance({
        governor,
        subject: () => ({ tenant: 'acme' }),
        onWarning: (warning) => void warnings.push(warning),
        ...options,
      }),
    );
    app.post('/', (req, res) => {
      ran = true;
      res.json({ handled: req.body as unknown });
    });
    await using server = await listen(app);
    const request = { method: 'POST', body: JSON.stringify({ prompt }), timeoutMs: 60_000 };
    const answer = await inNoTime(raw(server.port, '/', request));
    return { answer, ran, events, warnings };
  }

  const failuresIn = (events: readonly GovernorEvent[]) =>
    events.flatMap((event) => (event.kind === 'failure' ? [`${event.failure.part} ${event.failure.id}`] : []));

  const cases = Object.entries(NONSENSE).flatMap(([option, answers]) => [
    ...Object.entries(FAULTS).map(([fault, fn]) => [option, fault, fn] as const),
    ...answers.map((answer, at) => [option, `answers nonsense (${at})`, () => answer] as const),
    ...answers.map((answer, at) => [option, `promises nonsense (${at})`, () => Promise.resolve(answer)] as const),
  ]);

  it.each(cases)(
    '`%s` that %s: what needs it could not be evaluated, and nothing else happens',
    async (option, _fault, fn) => {
      const { answer, ran, events, warnings } = await ask({ [option]: fn }, 'enforce');
      expect([answer.status, JSON.parse(answer.body).reason, ran]).toEqual([503, 'FAILED_CLOSED', false]);
      expect(failuresIn(events)).toContain(option === 'subject' ? 'subject subject' : `content ${option}`);
      expect(warnings.map(({ code }) => code)).toEqual(option === 'subject' ? ['FLYBALL_SUBJECT_INVALID'] : []);
      expect(JSON.stringify(warnings)).not.toContain(PRIVATE);
    },
  );

  it.each(cases)('E4: in shadow and off, `%s` that %s changes nothing of the answer', async (option, _fault, fn) => {
    for (const mode of ['shadow', 'off'] as const) {
      const { answer, ran } = await ask({ [option]: fn }, mode);
      expect([answer.status, answer.body, ran]).toEqual([200, '{"handled":{"prompt":"hello"}}', true]);
    }
  });

  it.each(Object.keys(GOOD))('`%s` may answer later, and with any kind of promise', async (option) => {
    for (const later of [Promise.resolve(GOOD[option]), new Thenable(Promise.resolve(GOOD[option]))]) {
      const { answer, events, warnings } = await ask({ [option]: () => later }, 'enforce');
      expect([answer.status, failuresIn(events), warnings]).toEqual([200, [], []]);
    }
  });

  it.each(['input', 'output'] as const)(
    'a `resource` that is not known may be the one that a rule for %s names: under `onError: block` the request stops',
    async (on) => {
      const rules = [{ id: 'r', on, route: '/admin', detect: 'secret', then: 'block', reason: 'P_SECRET' }] as const;
      const outcome = async (mode: 'enforce' | 'shadow' | 'off', onError: 'block' | 'no_op') => {
        const { governor } = await governorWith({ rules, mode, onError });
        const app = express();
        app.use(governance({ governor, subject: () => ({ tenant: 'acme' }), resource: FAULTS.throws }));
        app.use((_req, res) => void res.send('ran'));
        await using server = await listen(app);
        return (await raw(server.port, '/')).status;
      };
      expect(await outcome('enforce', 'block')).toBe(503);
      expect(await outcome('enforce', 'no_op')).toBe(200);
      expect(await outcome('shadow', 'block')).toBe(200);
      expect(await outcome('off', 'block')).toBe(200);
    },
  );

  it('a subject that is nobody is no mistake of the application’s: nothing is warned of', async () => {
    const { answer, warnings } = await ask({ subject: () => undefined }, 'enforce');
    expect([answer.status, warnings]).toEqual([503, []]);
  });

  it.each(Object.entries(FAULTS))('`onDenied` that %s: the caller gets problem details', async (_fault, fn) => {
    const { answer, ran, events } = await ask({ onDenied: fn as never }, 'enforce', 'the secret plan');
    expect([answer.status, JSON.parse(answer.body).reason, ran]).toEqual([403, 'P_SECRET', false]);
    expect(failuresIn(events)).toEqual(['wording onDenied']);
  });

  it('`onDenied` that forgets to answer: the caller gets problem details, without what it had prepared', async () => {
    const onDenied: GovernanceOptions['onDenied'] = (_denial, _req, res) => {
      res.statusMessage = 'Sorry';
      res.setHeader('ETag', '"sorry"');
    };
    const { answer, events } = await ask({ onDenied }, 'enforce', 'the secret plan');
    expect([answer.status, JSON.parse(answer.body).reason]).toEqual([403, 'P_SECRET']);
    expect(answer.head).not.toMatch(/sorry/i);
    expect(failuresIn(events)).toEqual(['wording onDenied']);
  });

  it('`onDenied` that answers from a callback is waited for', async () => {
    const onDenied: GovernanceOptions['onDenied'] = (_denial, _req, res) =>
      void setTimeout(() => res.end('in a moment'), 1000);
    const { answer, events } = await ask({ onDenied }, 'enforce', 'the secret plan');
    expect([answer.status, answer.body, failuresIn(events)]).toEqual([200, 'in a moment', []]);
  });

  it('`onDenied` that breaks off in the middle: the answer ends, complete where no length was promised', async () => {
    const begin =
      (length: string | undefined): NonNullable<GovernanceOptions['onDenied']> =>
      async (_denial, _req, res) => {
        if (length !== undefined) res.setHeader('Content-Length', length);
        res.write('half');
        throw new Error('no more');
      };
    const chunked = await ask({ onDenied: begin(undefined) }, 'enforce', 'the secret plan');
    expect([chunked.answer.body, chunked.answer.complete, chunked.answer.timedOut]).toEqual(['half', true, false]);
    const counted = await ask({ onDenied: begin('100') }, 'enforce', 'the secret plan');
    expect([counted.answer.body, counted.answer.timedOut]).toEqual(['half', false]);
  });

  it.each(Object.entries(FAULTS))('`onWarning` that %s changes nothing', async (_fault, fn) => {
    const onWarning: (warning: GovernanceWarning) => unknown = fn;
    const { answer, events } = await ask({ subject: () => 42 as never, onWarning }, 'shadow');
    expect(answer.status).toBe(200);
    if (fn !== FAULTS.hangs) expect(failuresIn(events)).toContain('listener onWarning');
  });

  it('a body that cannot be walked through is unreadable, and in shadow and off nobody’s business', async () => {
    for (const [mode, status] of [
      ['enforce', 503],
      ['shadow', 200],
      ['off', 200],
    ] as const) {
      const { governor } = await governorWith({ mode, rules: RULES });
      const app = express();
      app.use((req, _res, next) => {
        req.body = {
          prompt: circle(),
          get messages() {
            throw new Error(PRIVATE);
          },
        };
        next();
      });
      app.use(governance({ governor, subject: () => ({ tenant: 'acme' }) }));
      app.get('/', (_req, res) => void res.send('ran'));
      await using server = await listen(app);
      expect((await raw(server.port, '/')).status).toBe(status);
    }
  });

  it.each(['enforce', 'shadow', 'off'] as const)(
    'in mode %s a route longer than a name may be is cut, not refused',
    async (mode) => {
      const { governor, events } = await governorWith({ mode });
      const app = express();
      app.use(governance({ governor, subject: () => ({ tenant: 'acme' }) }));
      app.use((_req, res) => void res.send('ran'));
      await using server = await listen(app);
      const path = `/${'a'.repeat(600)}`;
      expect((await raw(server.port, path)).body).toBe('ran');
      expect(events[0]!.resource).toEqual({ route: path.slice(0, 512) });
    },
  );
});
