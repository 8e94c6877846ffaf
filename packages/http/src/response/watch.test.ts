import { createServer, request, type IncomingMessage, type RequestOptions, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { createGovernor, type Decision, type Governor, type GovernorEvent } from '@flyball/core';
import type { Mode } from '@flyball/core/adapter';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { gateResponse, stopResponse, type GateResponseOptions, type ResponseWarning } from '../index.ts';

// A response that nothing is enforced on: what a client gets of it, and what is said about it.

type Unenforced = Exclude<Mode, 'enforce'>;
type Handle = (res: ServerResponse, req: IncomingMessage) => unknown;

interface Setting {
  readonly mode?: Unenforced;
  readonly options?: (governor: Governor) => Partial<GateResponseOptions>;
  readonly request?: RequestOptions;
  /** Nobody records or listens. */
  readonly unheard?: true;
}

interface Watching {
  readonly governor: Governor;
  readonly decisions: Decision[];
  readonly failures: unknown[];
  readonly warnings: ResponseWarning[];
  readonly stopped: string[];
  /** The response, as the handler has it. */
  readonly res: () => ServerResponse;
  readonly response: IncomingMessage;
}

async function watching(handle: Handle, setting: Setting = {}): Promise<Watching> {
  const { mode = 'shadow', options, unheard } = setting;
  const decisions: Decision[] = [];
  const events: GovernorEvent[] = [];
  const warnings: ResponseWarning[] = [];
  const stopped: string[] = [];
  const governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      mode,
      detectors: [{ id: 'secret', phrases: ['secret plan'] }],
      rules: [{ id: 'secret', on: 'output', detect: 'secret', then: 'block', reason: 'P_SECRET' }],
    },
    ...(unheard === undefined && {
      onDecision: (decision: Decision) => decisions.push(decision),
      onEvent: (event: GovernorEvent) => events.push(event),
    }),
  });
  let own: ServerResponse | undefined;
  const server = createServer((req, res) => {
    own = res;
    gateResponse(req, res, {
      ...{ governor, interaction: governor.interaction({ tenant: 't' }), mode },
      onWarning: (code) => warnings.push(code),
      onStopped: ({ reason }) => stopped.push(reason),
      ...options?.(governor),
    });
    handle(res, req);
  }).listen(0, '127.0.0.1');
  onTestFinished(async () => {
    server.close().closeAllConnections();
    await governor.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ port, host: '127.0.0.1', agent: false, ...setting.request }, resolve)
      .on('error', reject)
      .end();
  });
  return {
    ...{ governor, decisions, warnings, stopped, response },
    failures: events.flatMap((event) => (event.kind === 'failure' ? [event.failure] : [])),
    res: () => own!,
  };
}

const bodyOf = async ({ response }: Watching): Promise<string> => (await buffer(response)).toString();
const broken = (run: Watching): Promise<string> => bodyOf(run).catch((error: Error) => error.message);
const said = ({ decisions }: Watching): string[] => decisions.map(({ verdict }) => verdict.reason);
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const halt = ({ governor }: Watching): Promise<unknown> => governor.control.halt({}, { who: 'op', why: 'test' });
const base64 = Buffer.from('a secret plan').toString('base64');

/** Ways to say the same. */
const WAYS: { readonly [how: string]: Handle } = {
  'in one piece': (res) => res.end('a secret plan'),
  'in bytes': (res) => res.end(Buffer.from('a secret plan')),
  'in one piece of another encoding': (res) => res.end(base64, 'base64'),
  'as JSON': (res) => res.setHeader('Content-Type', 'application/json').end('{"a":"a secret plan"}'),
  'as JSON, with a head of its own': (res) =>
    res.writeHead(200, { 'Content-Type': 'application/json' }).end('{"a":"a secret plan"}'),
  'as JSON, with a message': (res) =>
    res.writeHead(200, 'Fine', { 'Content-Type': 'application/json' }).end('{"a":"a \\u0073ecret plan"}'),
  'in pieces': (res) => [res.write('a sec'), res.write(Buffer.from('ret plan')), res.end()],
  'in pieces of another encoding': (res) => [res.write(base64, 'base64'), res.end()],
  'with its end': (res) => [res.setHeader('Content-Type', 'text/plain'), res.write('a secret'), res.end(' plan')],
  'with an end of another encoding': (res) => [
    res.write(base64.slice(0, 8), 'base64'),
    res.end(base64.slice(8), 'base64'),
  ],
  'as events': (res) => [
    res.writeHead(200, { 'Content-Type': 'text/event-stream' }),
    res.write('data: {"text":"hello"}\n\n'),
    res.end('data: {"text":"a secret plan"}\n\n'),
  ],
};

describe.each(['shadow', 'off'] as const)('in mode %s', (mode) => {
  it.each(Object.entries(WAYS))(
    'E4: what is said %s leaves as it is, and is judged beside that',
    async (_how, handle) => {
      const run = await watching(handle, { mode });
      expect((await bodyOf(run)).replace('\\u0073', 's')).toContain('a secret plan');
      await vi.waitFor(() => expect(said(run)).toHaveLength(1));
      expect(said(run)).toEqual([mode === 'shadow' ? 'P_SECRET' : 'GOVERNANCE_OFF']);
      expect([run.failures, run.warnings, run.stopped]).toEqual([[], [], []]);
    },
  );

  it('an answer without a body is none that is judged', async () => {
    const bodyless: readonly (readonly [Handle, RequestOptions])[] = [
      [(res) => res.end('a secret plan'), { method: 'HEAD' }],
      [(res) => [res.write('a secret plan'), res.end()], { method: 'HEAD' }],
      [(res) => res.writeHead(204).end('a secret plan'), {}],
      [(res) => res.writeHead(304).end(), {}],
      [(res) => res.end(), {}],
    ];
    for (const [handle, how] of bodyless) {
      const run = await watching(handle, { mode, request: how });
      expect(await bodyOf(run)).toBe('');
      await turn();
      expect(said(run)).toEqual([]);
    }
  });

  it('D6: a halt ends it as its protocol ends, and what its handler writes then is nobody’s', async () => {
    const run = await watching(
      (res) => {
        res.setHeader('Content-Type', 'text/event-stream');
        res.write('data: {"text":"so far"}\n\n');
      },
      { mode },
    );
    await vi.waitFor(() => expect(run.governor.status().openGates).toBe(1));
    await halt(run);
    await vi.waitFor(() => expect(run.stopped).toEqual(['HALTED']));
    expect([run.res().write('data: more\n\n'), run.res().end('data: the end\n\n')]).toEqual([true, run.res()]);
    const body = await bodyOf(run);
    expect(body).toMatch(/^data: \{"text":"so far"\}\n\n.*"reason":"HALTED"/s);
    expect(body).not.toMatch(/more|the end/);
    expect(run.stopped).toEqual(['HALTED']);
  });

  it('D6: a halt ends it before it has said anything', async () => {
    const handle: Handle = (res) => [res.setHeader('Content-Type', 'text/event-stream'), res.write(': hello\n\n')];
    const run = await watching(handle, { mode });
    await vi.waitFor(() => expect(run.governor.status().openGates).toBe(1));
    await halt(run);
    expect(await bodyOf(run)).toMatch(/^: hello\n\n.*"reason":"HALTED"/s);
    expect(run.stopped).toEqual(['HALTED']);
  });

  it('D6: an answer of a declared length is broken off by a halt: it would not be whole whatever came', async () => {
    const run = await watching(
      (res) => {
        res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Content-Length': '400' });
        res.write('data: {"text":"so far"}\n\n');
      },
      { mode },
    );
    const reading = broken(run);
    await vi.waitFor(() => expect(run.governor.status().openGates).toBe(1));
    await halt(run);
    expect(await reading).toBe('aborted');
    expect(run.stopped).toEqual(['HALTED']);
  });

  it('a halt after its end is none of its business', async () => {
    const run = await watching((res) => [res.write('so far. '), res.end('the end')], { mode });
    expect(await bodyOf(run)).toBe('so far. the end');
    await halt(run);
    await turn();
    expect(run.stopped).toEqual([]);
  });

  it('the application’s own stop ends it as a halt does', async () => {
    const events: Handle = (res) => [
      res.setHeader('Content-Type', 'text/event-stream'),
      res.write('data: {"text":"so far"}\n\n'),
    ];
    const run = await watching(events, { mode });
    expect(await stopResponse(run.res())).toBe(true);
    expect(await bodyOf(run)).toMatch(/^data: \{"text":"so far"\}\n\n.*event: governance/s);
    expect(run.stopped).toHaveLength(1);
  });

  it('what its client leaves is judged as far as it came', async () => {
    const run = await watching((res) => [res.write('a secret '), res.write('plan, ')], { mode });
    await vi.waitFor(() => expect(run.governor.status().openGates).toBe(1));
    run.response.destroy();
    await vi.waitFor(() => expect(said(run)).toHaveLength(1));
    expect(run.governor.status().openGates).toBe(0);
    expect(run.decisions[0]!.coverage.ended).toBe('aborted');
  });

  it('what was complete before its client left is judged to its end', async () => {
    const known = Promise.withResolvers<void>();
    const run = await watching((res) => [res.write('a secret '), res.end('plan')], {
      mode,
      options: () => ({ known: () => known.promise }),
    });
    expect(await bodyOf(run)).toBe('a secret plan');
    await turn();
    known.resolve();
    await vi.waitFor(() => expect(said(run)).toHaveLength(1));
    expect(run.decisions[0]!.coverage.ended).toBeUndefined();
    expect(said(run)).toEqual([mode === 'shadow' ? 'P_SECRET' : 'GOVERNANCE_OFF']);
  });

  it.each(['in one piece', 'as JSON', 'in pieces'])('it waits for nothing that is not known yet (%s)', async (how) => {
    const known = Promise.withResolvers<void>();
    let asked = 0;
    const run = await watching(WAYS[how]!, { mode, options: () => ({ known: () => (asked++, known.promise) }) });
    expect(await bodyOf(run)).toContain('secret plan');
    await turn();
    expect([said(run), asked > 0]).toEqual([[], true]);
    known.resolve();
    await vi.waitFor(() => expect(said(run)).toEqual([mode === 'shadow' ? 'P_SECRET' : 'GOVERNANCE_OFF']));
  });

  it('a write says whether its connection takes more, and tells when it has', async () => {
    const full: unknown[] = [];
    const run = await watching(
      (res) => {
        full.push(res.write('x'.repeat(4_000_000), () => full.push('taken')));
        res.once('drain', () => {
          full.push('drain');
          res.end(() => full.push('ended'));
        });
      },
      { mode },
    );
    expect((await bodyOf(run)).length).toBe(4_000_000);
    await vi.waitFor(() => expect(full).toHaveLength(4));
    expect(full[0]).toBe(false);
  });
});

it('in mode off where nobody records or listens, an answer of one piece is counted, and nothing is asked about it', async () => {
  let asked = 0;
  const options = () => ({ known: () => void asked++ });
  const run = await watching((res) => res.end('a secret plan'), { mode: 'off', unheard: true, options });
  expect(await bodyOf(run)).toBe('a secret plan');
  expect([run.governor.status().decisions.NO_OP, asked]).toEqual([1, 0]);
});

it('what cannot be read passes in shadow, whatever the options say, and is on record as unread', async () => {
  const run = await watching(
    (res) => res.setHeader('Content-Type', 'application/zip').end(Buffer.from([0x50, 0x4b, 3, 4])),
    { options: () => ({ opaque: 'block' }) },
  );
  expect((await buffer(run.response)).length).toBe(4);
  await vi.waitFor(() => expect(said(run)).toHaveLength(1));
  expect(said(run)).not.toContain('FAILED_CLOSED');
});

it('a governor that was closed meanwhile breaks nothing, and nobody is told of a failure', async () => {
  for (const mode of ['off', 'shadow'] as const) {
    for (const how of ['in one piece', 'as JSON', 'in pieces']) {
      const closed: Promise<void>[] = [];
      const options = (governor: Governor) => {
        closed.push(governor.close());
        return {};
      };
      const run = await watching((res, req) => void closed[0]!.then(() => WAYS[how]!(res, req)), { mode, options });
      expect(await bodyOf(run)).toContain('secret plan');
      await turn();
      expect([run.failures, run.warnings]).toEqual([[], []]);
    }
  }
});
