import { afterEach, expect, it } from 'vitest';
import { createMemorySink } from '../../audit/memory-sink.ts';
import { createGovernor } from '../../governor.ts';
import type { AdapterGovernor, Governor } from '../api.ts';
import type { GovernorEvent } from './events.ts';

let governor: Governor | undefined;
afterEach(async () => governor?.close());

const POLICY = {
  policy: 'p',
  version: 3,
  mode: 'shadow',
  rules: [{ id: 'x', on: ['input', 'output'], when: 'has(attributes.x)', then: 'block', reason: 'P_SEEN' }],
  limits: [
    { id: 'tokens', unit: 'tokens', allow: 10, per: '1h' },
    { id: 'both', on: ['input', 'output'], unit: 'cost', allow: 10, per: '1h' },
    { id: 'i', unit: 'interactions', allow: 10, per: '1h' },
    { id: 'e', unit: 'events', allow: 10, per: '1h' },
    { id: 'f', unit: 'in_flight', allow: 10, per: '1h' },
    { id: 'r', on: 'output', unit: 'repeats', allow: 10, per: '1h' },
    { id: 'a', on: 'tool_call', tool: 'pay', unit: 'tool.args.amount', allow: 10, per: '1h' },
  ],
} as const;

const warned = (): readonly (readonly [code: string, path: string])[] =>
  governor!.status().policies[0]!.warnings.map(({ code, path }) => [code, path] as const);

it('limits on numbers that nobody reports are warned of, once something was decided, until somebody does', async () => {
  governor = await createGovernor({ policy: POLICY });
  expect(warned()).toEqual([]);
  const interaction = governor.interaction({ tenant: 't', user: 'u' });
  const event = interaction.event({ stage: 'input' });
  await governor.decide(event);
  expect(warned()).toEqual([
    ['UNIT_UNREPORTED', 'limits[1]'],
    ['UNIT_UNREPORTED', 'limits[0]'],
  ]);
  expect(governor.status().policies[0]!.warnings[1]!.message).toBe(
    'nobody in this process has reported `tokens` yet, so the limit counts nothing; call `interaction.report(event, { tokens: … })`',
  );
  await interaction.report(event, { tokens: 1 });
  expect(warned()).toEqual([['UNIT_UNREPORTED', 'limits[1]']]);
  // Whoever reserves will report.
  await interaction.reserve('cost', 1);
  expect(warned()).toEqual([]);
});

it('an exemption that is over is warned of, with its last day', async () => {
  let now = Date.parse('2027-03-31T23:59:59.999Z');
  governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ id: 'codename', phrases: ['Nightjar'] }],
      rules: [{ id: 'r', on: ['input', 'output'], detect: 'codename', then: 'block', reason: 'P_ONE' }],
      exempt: [{ id: 'drill', on: 'input', detect: 'codename', owner: 'ops', why: 'drill', until: '2027-03-31' }],
    } as never,
    clock: { now: () => now, monotonic: () => performance.now() },
  });
  expect(warned()).toEqual([]);
  now++;
  expect(warned()).toEqual([['EXEMPTION_EXPIRED', 'exempt[0]']]);
  expect(governor.status().policies[0]!.warnings[0]!.message).toContain('ended with 2027-03-31');
});

it('says what runs, what was decided, and which stages nobody wired', async () => {
  governor = await createGovernor({ policy: POLICY });
  const { decisions, openGates, auditRefused, policies } = governor.status();
  expect([decisions, openGates, auditRefused]).toEqual([{ ALLOW: 0, BLOCK: 0, COOLDOWN: 0, NO_OP: 0 }, 0, 0]);
  expect(policies).toMatchObject([{ id: 'p', version: '3', mode: 'shadow', stageNotWired: [] }]);
  (governor as AdapterGovernor).declareStages(['input']);
  expect(governor.status().policies[0]!.stageNotWired).toEqual(['output']);
  const interaction = governor.interaction({ tenant: 't' });
  const gate = await governor.openGate(interaction.event({ stage: 'output' }));
  expect(governor.status().openGates).toBe(1);
  await gate.end();
  expect([governor.status().openGates, governor.status().decisions.NO_OP]).toEqual([0, 1]);
});

it('tells listeners of the start, of policies, decisions and the end, and those of one kind of that alone', async () => {
  const told: GovernorEvent[] = [];
  const decided: string[] = [];
  const changed: string[] = [];
  let at = 5000;
  governor = await createGovernor({
    ...{ policy: POLICY, audit: createMemorySink() },
    onEvent: (event) => told.push(event),
    onDecision: (decision, event) => decided.push(`${decision.reason} ${event.id}`),
    onPolicy: ({ policyId, change }) => changed.push(`${policyId} ${change}`),
    clock: { now: () => at++, monotonic: () => performance.now() },
  });
  const event = governor.interaction({ tenant: 't' }).event({ stage: 'input', id: 'e1' });
  await governor.decide(event);
  const cause = new Error('below');
  (governor as AdapterGovernor).noteFailure({ part: 'sink', id: 's', code: 'THREW' } as never, cause);
  await governor.control.halt({ tenant: 'x' }, { who: 'ops', why: 'drill' });
  await governor.control.resume({ tenant: 'x' }, { who: 'ops', why: 'over' });
  await governor.close();
  expect(told.map(({ kind }) => kind)).toEqual([
    ...['policy', 'started', 'decision', 'failure', 'control', 'control', 'stopped'],
  ]);
  expect(told.every(({ at: then }, i) => i === 0 || then >= told[i - 1]!.at)).toBe(true);
  expect(told[1]).toMatchObject({ policies: [{ id: 'p', version: '3' }] });
  expect(told[3]).toMatchObject({ cause });
  expect([decided, changed]).toEqual([['SHADOWED e1'], ['p loaded']]);
  governor = undefined;
});

it('counts what was not asked only where nobody listens and nothing is kept', async () => {
  for (const [options, counted] of [
    [{}, true],
    [{ audit: createMemorySink() }, false],
    [{ onEvent: () => undefined }, false],
  ] as const) {
    governor = await createGovernor({ policy: POLICY, ...options });
    expect((governor as AdapterGovernor).countUnasked(4)).toBe(counted);
    expect(governor.status().decisions.NO_OP).toBe(counted ? 4 : 0);
    await governor.close();
  }
});
