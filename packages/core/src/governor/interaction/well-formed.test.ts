import { expect, it } from 'vitest';
import { createMemorySink } from '../../audit/memory-sink.ts';
import { createGovernor } from '../../governor.ts';
import { canonicalJson } from '../../policy/canonical-json.ts';

const HALF = '\uD83D';

it('A6: whatever names and values come from outside, the record has a canonical form and says what was decided on', async () => {
  const sink = createMemorySink();
  const governor = await createGovernor({ policy: { policy: 'p', version: 1, facts: ['tool.args.to'] }, audit: sink });
  await governor.control.halt({ tenant: `t${HALF}` }, { who: `ada${HALF}`, why: `drill ${HALF}` });
  const subject = { tenant: `t${HALF}`, user: `u${HALF}`, session: HALF };
  const interaction = governor.interaction(subject, { id: `int${HALF}` });
  interaction.addLabels(`seen${HALF}`);
  const decision = await governor.decide(
    interaction.event({
      stage: 'tool_call',
      id: `evt${HALF}`,
      resource: { tool: `pay${HALF}` },
      attributes: { risk: -0, [`k${HALF}`]: [HALF] },
      args: { to: HALF },
      content: [{ path: `args.${HALF}`, text: HALF }],
    }),
  );
  // A halt of a name finds the events of that name.
  expect(decision).toMatchObject({ reason: 'HALTED' });
  const copied = governor.resume({ ...interaction.toJSON(), labels: [`late${HALF}`] });
  await governor.decide({ ...copied.event({ stage: 'input', content: 'x' }), labels: [HALF] });
  await governor.close();
  const records = sink.records();
  expect(records.map(({ kind }) => kind)).toEqual(['policy', 'control', 'decision', 'decision']);
  for (const record of records) expect(JSON.parse(canonicalJson(record))).toEqual(JSON.parse(JSON.stringify(record)));
  expect(records[2]).toMatchObject({
    event: { subject: { tenant: 't\uFFFD' }, attributes: { risk: 0 }, facts: { 'tool.args.to': '\uFFFD' } },
  });
});
