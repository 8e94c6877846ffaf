import { createGovernor, type Governor } from '@flyball/core';
import type { AdapterGovernor, Decision } from '@flyball/core/adapter';
import { EventFlow } from '../../packages/http/src/body/event-flow.ts';
import type { Outlet } from '../../packages/http/src/body/outlet.ts';
import { StreamedBody } from '../../packages/http/src/body/streamed.ts';
import { binaryReader, binaryText, utf8Reader } from '../../packages/http/src/body/utf8-reader.ts';
import { DetectedFormat } from '../../packages/http/src/formats/index.ts';
import { Random } from '../leaktest/random.ts';
import { readings, SECRET, streamCase, type StreamCase } from './stream-case.ts';
import { WIRES } from './wire.ts';

/** What went wrong, and how much was tried. */
export interface Tally {
  cases: number;
  planted: number;
  /** The whole secret is on the wire, or in what a client reads as one text. */
  leaks: number;
  /** A stream without the secret came out with other bytes, or was stopped. */
  changed: number;
  /** A part of the secret left, because its pieces were further apart than events wait. */
  parts: number;
  /** A part of the secret left, and the record does not say so. */
  unsaid: number;
  readonly failures: { readonly seed: number; readonly number: number; readonly wire: string; readonly out: string }[];
}

export const emptyTally = (): Tally => ({
  cases: 0,
  planted: 0,
  leaks: 0,
  changed: 0,
  parts: 0,
  unsaid: 0,
  failures: [],
});

/** Longest piece of the secret that may be anywhere by chance. */
const CHANCE = 5;

/** The two governors of the test: one stops what it finds, one masks it. */
export async function governors(): Promise<readonly Governor[]> {
  const policy = (then: 'block' | 'redact') => ({
    policy: then,
    version: 1,
    detectors: [
      { id: 'key', patterns: ['\\bAKIA[A-Z0-9]{16}\\b'] },
      { id: 'mail', patterns: ['\\b[a-z0-9.]{1,64}@[a-z0-9.-]{1,64}\\.[a-z]{2,10}\\b'] },
    ],
    rules: ['key', 'mail'].map((detect) => ({ id: detect, on: 'output' as const, detect, then, reason: 'P_FOUND' })),
  });
  return Promise.all((['block', 'redact'] as const).map((then) => createGovernor({ policy: policy(then) })));
}

/** Case `number` of a seed, through each governor. */
export async function runCase(seed: number, number: number, tried: readonly Governor[], tally: Tally): Promise<void> {
  const given = streamCase(new Random(seed + number * 7919));
  for (const governor of tried) {
    const { body, decision } = await send(given, governor);
    tally.cases++;
    const failed = judge(given, body, decision, tally);
    if (failed && tally.failures.length < 3) tally.failures.push({ seed, number, wire: given.wire, out: body });
  }
}

export function judge(given: StreamCase, body: string, decision: Decision, tally: Tally): boolean {
  if (given.planted === 'nowhere') {
    if (body === given.wire) return false;
    tally.changed++;
    return true;
  }
  tally.planted++;
  if (leaks(given, body)) {
    tally.leaks++;
    return true;
  }
  if (!hasPart(body)) return false;
  tally.parts++;
  if (decision.coverage.unjudged.some(({ why }) => why === 'trail')) return false;
  tally.unsaid++;
  return true;
}

function leaks({ wireName }: StreamCase, body: string): boolean {
  if (body.includes(SECRET)) return true;
  const events = WIRES[wireName].read(body).filter((event) => !JSON.stringify(event).includes('governance'));
  return [...readings(events, 'read').values()].some((texts) => texts.join('').includes(SECRET));
}

function hasPart(body: string): boolean {
  for (let at = 0; at + CHANCE <= SECRET.length; at++) if (body.includes(SECRET.slice(at, at + CHANCE))) return true;
  return false;
}

function send(given: StreamCase, governor: Governor): Promise<{ readonly body: string; readonly decision: Decision }> {
  return new Promise((resolve, reject) => {
    let body = '';
    const { isBinary, framing } = WIRES[given.wireName];
    const take = (chunk: string | Uint8Array): void => {
      body += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
    };
    const interaction = governor.interaction({ tenant: 't' });
    const done = (decision: Decision): void => resolve({ body, decision });
    const outlet: Outlet = {
      get sent() {
        return body !== '';
      },
      write: (chunk) => {
        take(chunk);
        return true;
      },
      end: (text) => {
        take(text);
        done(interaction.decisions.at(-1)!);
      },
      refuse: done,
      cut: (decision, ending) => {
        take(ending);
        done(decision);
      },
      breakOff: () => reject(new Error('broken off')),
      fail: reject,
      drained: () => undefined,
    };
    const event = interaction.event({ stage: 'output' });
    const streamed = new StreamedBody({
      outlet,
      open: () => governor.openGate<never>(event),
      refuse: (reason, insteadOf) => (governor as AdapterGovernor).refuse(event, reason, insteadOf),
      flow: (gate) => new EventFlow(gate, framing(), new DetectedFormat()),
      maxHeld: 1_000_000,
      ...(isBinary === true ? { utf8: binaryReader(), encode: binaryText } : { utf8: utf8Reader(false) }),
    });
    for (const chunk of given.chunks) streamed.write(chunk);
    streamed.end();
  });
}
