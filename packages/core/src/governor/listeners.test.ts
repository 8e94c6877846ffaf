import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemorySink, type MemorySink } from '../audit/memory-sink.ts';
import { createGovernor, type GovernorOptions } from '../governor.ts';
import type { Governor } from './api.ts';
import type { GovernorEvent } from './lifecycle/events.ts';

const document = (version: number, reason: string): string =>
  `policy: p\nversion: ${version}\nrules:\n  - { id: a, on: input, then: block, reason: ${reason} }\n`;

/** Ways in which a listener can go wrong. */
const BROKEN: readonly (readonly [how: string, listener: () => unknown])[] = [
  [
    'throws',
    () => {
      throw new Error('the listener broke');
    },
  ],
  ['rejects', () => Promise.reject(new Error('the listener broke'))],
  ['answers a thenable that fails', () => ({ then: (_: unknown, fail: (e: Error) => void) => fail(new Error('no')) })],
  ['never answers', () => new Promise(() => {})],
];

/** Every place at which an application can listen. */
const PLACES: readonly (readonly [
  place: string,
  listen: (broken: () => unknown) => Partial<GovernorOptions> | ((governor: Governor) => void),
])[] = [
  ['onEvent', (broken) => ({ onEvent: broken })],
  ['onDecision', (broken) => ({ onDecision: broken })],
  ['onPolicy', (broken) => ({ onPolicy: broken })],
  ['events.subscribe', (broken) => (governor) => void governor.events.subscribe(broken)],
  ['control.onChange', (broken) => (governor) => void governor.control.onChange(broken)],
];

let folder: string;
let unhandled: unknown[];
const note = (error: unknown): void => void unhandled.push(error);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'listeners-'));
  unhandled = [];
  process.on('unhandledRejection', note);
});

afterEach(() => {
  process.off('unhandledRejection', note);
  rmSync(folder, { recursive: true });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not come to pass within 3 s');
}

describe('a listener changes nothing', () => {
  const cases = PLACES.flatMap(([place, listen]) => BROKEN.map(([how, broken]) => ({ place, how, listen, broken })));

  it.each(cases)('$place that $how', async ({ listen, broken }) => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, document(1, 'P_ONE'));
    const audit: MemorySink = createMemorySink();
    const listening = listen(broken);
    const options = typeof listening === 'function' ? {} : listening;
    const governor = await createGovernor({ policy: { file, watch: true }, audit, ...options });
    if (typeof listening === 'function') listening(governor);
    const heard: GovernorEvent[] = [];
    governor.events.subscribe((event) => heard.push(event));
    const reason = async (): Promise<string> =>
      (await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x' }))).reason;

    expect(await reason()).toBe('P_ONE');
    // A halt is in force, whoever listens to it.
    await governor.control.halt({ tenant: 't' }, { who: 'op', why: 'test' });
    expect(await reason()).toBe('HALTED');
    await governor.control.resume({ tenant: 't' }, { who: 'op', why: 'test' });
    // Policies are reloaded, again and again, and the log says what became of each.
    for (const [version, wanted] of [
      [2, 'P_TWO'],
      [3, 'P_THREE'],
    ] as const) {
      writeFileSync(file, document(version, wanted));
      await until(async () => (await reason()) === wanted);
    }
    writeFileSync(file, 'policy: p\nrules: nonsense\n');
    await until(() => heard.some((event) => event.kind === 'policy' && event.change.change === 'rejected'));
    expect(await reason()).toBe('P_THREE');
    const changes = audit.records().flatMap((record) => (record.kind === 'policy' ? [record.change] : []));
    expect(changes).toEqual(['loaded', 'loaded', 'loaded', 'rejected']);
    // The listeners beside it are told all of it.
    expect(heard.filter(({ kind }) => kind === 'control')).toHaveLength(2);
    expect(heard.some(({ kind }) => kind === 'decision')).toBe(true);
    await governor.close();
    expect(heard.some(({ kind }) => kind === 'stopped')).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(unhandled).toEqual([]);
  });

  it('that fails asynchronously does not set off another without end', async () => {
    const governor = await createGovernor({ policy: { policy: 'p', version: 1 } });
    let calls = 0;
    for (let i = 0; i < 2; i++) {
      governor.events.subscribe(async () => {
        calls++;
        throw new Error('broke');
      });
    }
    await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x' }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls).toBe(4);
    await governor.close();
  });

  it('that fails is told to the others, once, and not to itself', async () => {
    const told: GovernorEvent[] = [];
    const governor = await createGovernor({ policy: { policy: 'p', version: 1 } });
    let calls = 0;
    governor.events.subscribe(() => {
      calls++;
      throw new Error('broke');
    });
    governor.events.subscribe((event) => {
      told.push(event);
      if (event.kind === 'failure') throw new Error('broke as well');
    });
    await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x' }));
    expect(calls).toBe(1);
    expect(told.map(({ kind }) => kind)).toEqual(['failure', 'decision']);
    expect(told[0]).toMatchObject({
      failure: { part: 'listener', code: 'THREW' },
      message: expect.stringContaining('broke'),
    });
    await governor.close();
  });
});

describe('the stream of events', () => {
  it('tells start, policies, decisions, refusals, openings, controls, failures and stop', async () => {
    const heard: GovernorEvent[] = [];
    let full = false;
    const governor = await createGovernor({
      policy: { policy: 'p', version: 1, rules: [{ id: 'a', on: 'output', then: 'block', reason: 'P_ALL' }] },
      audit: {
        name: 'disk',
        accept() {
          if (full) throw new Error('disk full');
        },
      },
      onEvent: (event) => heard.push(event),
    });
    const interaction = governor.interaction({ tenant: 't' });
    await governor.decide(interaction.event({ stage: 'input', content: 'x' }));
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    await gate.end();
    await governor.control.setMode({}, 'shadow', { who: 'op', why: 'test' });
    full = true;
    await governor.decide(interaction.event({ stage: 'input', content: 'x' }));
    await governor.close();
    expect(heard.map(({ kind }) => kind)).toEqual([
      'policy',
      'started',
      'decision',
      'opened',
      'decision',
      'control',
      'failure',
      'decision',
      'stopped',
    ]);
    expect(heard.find(({ kind }) => kind === 'failure')).toMatchObject({
      failure: { part: 'audit', id: 'disk', code: 'THREW' },
      message: 'audit `disk` failed (THREW): disk full',
    });
  });

  it('ends for a listener when it says so', async () => {
    const governor = await createGovernor({ policy: { policy: 'p', version: 1 } });
    let calls = 0;
    const stop = governor.events.subscribe(() => calls++);
    stop();
    await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x' }));
    expect(calls).toBe(0);
    await governor.close();
  });
});
