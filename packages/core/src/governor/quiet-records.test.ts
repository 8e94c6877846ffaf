import { expect, it, test } from 'vitest';

import { createMemorySink } from '../audit/memory-sink.ts';
import type { DecisionRecord } from '../contract/record.ts';
import { createGovernor } from '../governor.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import type { AdapterGovernor, EventInit, QuietEvent, SegmentInit } from './api.ts';

const SUBJECT = { tenant: 't', user: 'u' };
const POLICY: PolicyDocument = {
  policy: 'p',
  version: 1,
  facts: ['tool.args.amount'],
  detectors: [
    { id: 'secret', phrases: ['secret plan'] },
    { id: 'token', patterns: ['\\bsk-[a-z0-9]{6,12}\\b'] },
  ],
  rules: [
    { id: 'secret', on: ['input', 'output'], detect: 'secret', then: 'block', reason: 'P_SECRET' },
    { id: 'token', on: ['input', 'output'], detect: 'token', then: 'redact', reason: 'P_TOKEN' },
  ],
};

type Init = Omit<EventInit, 'stage' | 'media' | 'unreadable'> & { readonly content: readonly SegmentInit[] };

const eventOf = (init: Init): QuietEvent => ({ texts: init.content, init: () => init });

/** Records of the same events, by the lane and in the usual way, without what differs from record to record. */
async function bothWays(events: readonly { readonly init: Init; readonly labels?: readonly string[] }[]) {
  const decided: string[][] = [];
  for (const quietly of [true, false]) {
    const sink = createMemorySink();
    const governor = (await createGovernor({ policy: POLICY, audit: sink })) as AdapterGovernor;
    for (const { init, labels = [] } of events) {
      const interaction = governor.interaction(SUBJECT);
      if (labels.length > 0) interaction.addLabels(...labels);
      if (quietly) {
        const where = { stage: 'output', subject: SUBJECT, resource: init.resource ?? {}, policy: 'p' } as const;
        expect(governor.quiet(where)!.decide(interaction, eventOf(init))).toBe('passed');
      } else await governor.decide(interaction.event({ ...init, stage: 'output' }));
      // The decision that is shown is the one that was recorded.
      const [decision] = interaction.decisions;
      const { auditId, event } = sink.records().at(-1) as DecisionRecord;
      expect([decision!.auditId, decision!.eventId]).toEqual([auditId, event.id]);
    }
    decided.push(sink.records().flatMap((record) => (record.kind === 'decision' ? [withoutEnvelope(record)] : [])));
  }
  return decided as [string[], string[]];
}

function withoutEnvelope(record: DecisionRecord): string {
  const { auditId, at, decision, event } = record;
  expect(decision).toMatchObject({ auditId, at, eventId: event.id });
  expect(decision.interactionId).toMatch(/^int_/);
  expect(decision.durationUs).toBeGreaterThanOrEqual(0);
  const none = { auditId: '', interactionId: '', eventId: '', at: 0, durationUs: 0 };
  return JSON.stringify({
    ...record,
    auditId: '',
    at: 0,
    decision: { ...decision, ...none },
    event: { ...event, id: '' },
  });
}

/** Names of which some stand for themselves in records, and some are numbered. */
const NAMES = ['answer', 'order', 'note', 'text', 'Nightjar'];

it('D5: a record equals, byte for byte, the one that is made in the usual way', async () => {
  let state = 7;
  const next = (below: number): number => (state = (state * 1103515245 + 12345) % 2147483648) % below;
  const optional = (): Partial<SegmentInit> => ({
    ...(next(3) === 0 && { role: 'assistant' as const }),
    ...(next(6) === 0 && { channel: 'reasoning' as const }),
    ...(next(6) === 0 && { fixed: true as const }),
    ...(next(6) === 0 && { history: true as const }),
  });
  const shapes = Array.from({ length: 40 }, () =>
    Array.from({ length: next(4) }, (_, at) => ({
      path: `body.${NAMES[next(NAMES.length)]}${next(2) === 0 ? '' : `[${at}]`}~${at + 2}`,
      separate: true as const,
      ...optional(),
    })),
  );
  const events = Array.from({ length: 1_200 }, () => ({
    init: {
      point: next(2) === 0 ? ('http' as const) : ('model' as const),
      ...(next(4) > 0 && { resource: { route: `/${next(3)}`, ...(next(5) === 0 && { model: `m${next(2)}` }) } }),
      ...(next(8) === 0 && { attributes: { plan: next(2) } }),
      content: shapes[next(40)]!.map((segment) => ({ ...segment, text: 'x'.repeat(next(6)) })),
    },
    ...(next(5) === 0 && { labels: [`l${next(3)}`] }),
  })).filter(({ init }) => init.content.length > 0);
  const [quiet, usual] = await bothWays(events);
  expect(quiet).toHaveLength(events.length);
  expect(quiet).toEqual(usual);
});

const ONE = { path: 'body.answer', text: 'hello', role: 'assistant', separate: true } as const;
const BASE: Init = { point: 'http', resource: { route: '/a' }, content: [ONE] };

/** An event that comes after one like `BASE`, and must not be taken for one of its shape. */
const OTHERS: { readonly [what: string]: Init } = {
  'another point': { ...BASE, point: 'model' },
  'another route': { ...BASE, resource: { route: '/b' } },
  'no route': { point: 'http', content: [ONE] },
  'more of what is acted upon': { ...BASE, resource: { route: '/a', model: 'm' } },
  attributes: { ...BASE, attributes: { plan: 'free' } },
  'an id of its own': { ...BASE, id: 'evt_mine' },
  'another address': { ...BASE, content: [{ ...ONE, path: 'body.note' }] },
  'another role': { ...BASE, content: [{ ...ONE, role: 'tool' }] },
  'another channel': { ...BASE, content: [{ ...ONE, channel: 'reasoning' }] },
  'a text that nobody may rewrite': { ...BASE, content: [{ ...ONE, fixed: true }] },
  'a text more': { ...BASE, content: [ONE, { ...ONE, path: 'body.more' }] },
};

test.each(Object.keys(OTHERS))('%s: not the shape that is known', async (what) => {
  const [quiet, usual] = await bothWays([BASE, BASE, OTHERS[what]!, BASE, OTHERS[what]!].map((init) => ({ init })));
  expect(quiet).toEqual(usual);
});

it('keeps no text, however many routes there are', async () => {
  const sink = createMemorySink(5_000);
  const governor = (await createGovernor({ policy: POLICY, audit: sink })) as AdapterGovernor;
  const decide = (route: string, text: string): unknown =>
    governor
      .quiet({ stage: 'output', subject: SUBJECT, resource: { route }, policy: 'p' })!
      .decide(governor.interaction(SUBJECT), eventOf({ ...BASE, resource: { route }, content: [{ ...ONE, text }] }));
  for (let at = 0; at < 600; at++) expect(decide(`/${at % 300}`, `word ${at}`)).toBe('passed');
  const records = sink.records().filter(({ kind }) => kind === 'decision') as DecisionRecord[];
  expect(records.map(({ event }) => event.resource.route)).toEqual(
    Array.from({ length: 600 }, (_, at) => `/${at % 300}`),
  );
  expect(JSON.stringify(records)).not.toContain('word');
});

it('a record is never changed by a later one', async () => {
  const sink = createMemorySink();
  const governor = (await createGovernor({ policy: POLICY, audit: sink })) as AdapterGovernor;
  const lane = governor.quiet({ stage: 'output', subject: SUBJECT, resource: { route: '/a' }, policy: 'p' })!;
  const lengths = [3, 5, 3, 9];
  const seen: string[] = [];
  for (const length of lengths) {
    const event = eventOf({ ...BASE, content: [{ ...ONE, text: 'x'.repeat(length) }] });
    expect(lane.decide(governor.interaction(SUBJECT), event)).toBe('passed');
    seen.push(JSON.stringify(sink.records().at(-1)));
  }
  const decisions = sink.records().filter(({ kind }) => kind === 'decision') as DecisionRecord[];
  expect(decisions.map((record) => JSON.stringify(record))).toEqual(seen);
  expect(decisions.map(({ decision, inputs }) => [decision.coverage.segments[0]!.scanned, inputs.longest])).toEqual(
    lengths.map((length) => [length, length]),
  );
});

it('A1: a record that waits for its sink lets nothing pass, and one that is refused stops it', async () => {
  for (const refuses of [false, true]) {
    let settle = (): void => {};
    const asked = new Promise<void>((resolve, reject) => {
      settle = () => (refuses ? reject(new Error('full')) : resolve());
    });
    const told: string[] = [];
    const first = { done: false };
    const slow = (await createGovernor({
      policy: POLICY,
      audit: { name: 'slow', accept: () => (first.done ? asked : void (first.done = true)) },
    })) as AdapterGovernor;
    const lane = slow.quiet({ stage: 'output', subject: SUBJECT, resource: { route: '/a' }, policy: 'p' })!;
    const interaction = slow.interaction(SUBJECT);
    const decided = lane.decide(interaction, eventOf(BASE));
    expect(decided).toBeInstanceOf(Promise);
    expect(interaction.decisions).toEqual([]);
    // Who begins to listen while the sink is asked hears of it.
    slow.events.subscribe((one) => void (one.kind === 'decision' && told.push(one.record.auditId)));
    settle();
    const decision = await (decided as Promise<{ outcome: string; auditId: string }>);
    expect(decision.outcome).toBe(refuses ? 'BLOCK' : 'ALLOW');
    expect(interaction.decisions).toEqual([decision]);
    expect(told).toEqual([decision.auditId]);
    expect(slow.status().decisions).toMatchObject({ [decision.outcome]: 1 });
  }
});
