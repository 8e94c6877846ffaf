// Examples of the API reference: each runs from its mark to the next. The types of all of them are checked.
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import {
  applyEdits,
  applyEditsToContent,
  checkExamples,
  createGovernor,
  createMemorySink,
  createMemoryStore,
  defineDetector,
  definePack,
  definePolicy,
  DetectorError,
  FlyballError,
  ForeignPatternError,
  fromDialect,
  gateTransform,
  PatternError,
  PolicyError,
  precompilePolicy,
  REASONS,
  StoreError,
  type Recogniser,
} from '@flyball/core';

// example: createGovernor
const governor = await createGovernor({
  policy: { file: 'policy.yaml', watch: true },
  onDecision: ({ outcome, reason }) => console.log(outcome, reason),
});
const interaction = governor.interaction({ tenant: 'acme', user: 'ada' });
const decision = await governor.decide(interaction.event({ stage: 'input', content: 'Hello' }));
if (decision.outcome === 'BLOCK') console.log(governor.explain(decision));

// example: precompilePolicy
await writeFile('policy.compiled.js', await precompilePolicy({ file: 'policy.yaml' }));

// example: definePolicy
const policy = definePolicy({
  policy: 'refunds',
  version: 1,
  rules: [
    { id: 'cap', on: 'tool_call', tool: 'refund', when: 'tool.args.amount > 500', then: 'block', reason: 'P_CAP' },
  ],
});
const typed = await createGovernor({ policy });

// example: defineDetector
const ticket = defineDetector({
  id: 'acme.ticket',
  version: '1',
  types: ['acme.ticket'],
  patterns: [{ type: 'acme.ticket', find: /\bTCK-\d{6}\b/ }],
});
const withTickets = await createGovernor({ policy: { file: 'policy.yaml' }, detectors: [ticket] });

// example: definePack
const badge: Recogniser = {
  type: 'acme.badge',
  name: 'Staff badge',
  forms: [{ find: /(?<!\w)B-\d{4}(?!\d)/, score: 1 }],
  source: 'staff handbook',
  since: '1.0.0',
  finds: ['badge of «B-1234»'],
  ignores: ['the year 1984'],
};
const acme = definePack({ name: 'acme', version: '1', parts: { staff: [badge] } });
const withBadges = await createGovernor({ policy: { file: 'policy.yaml' }, packs: [acme] });

// example: checkExamples
for (const problem of await checkExamples(acme)) console.error(problem);

// example: createMemoryStore
const store = createMemoryStore({ maxKeys: 200_000 });
const counted = await createGovernor({ policy: { file: 'policy.yaml' }, store });

// example: createMemorySink
const audit = createMemorySink(1000); // keeps the newest thousand records
const recorded = await createGovernor({ policy: { file: 'policy.yaml' }, audit });
console.log(audit.records.length);

// example: applyEdits
console.log(applyEdits('Write to ada@acme.example', [{ start: 9, end: 25, mask: '[EMAIL]' }])); // Write to [EMAIL]

// example: applyEditsToContent
const answer = 'Write to ada@acme.example';
const judged = await governor.decide(interaction.event({ stage: 'output', content: answer }));
const edited = applyEditsToContent(answer, judged.edits);
if (judged.outcome === 'ALLOW' && edited.ok) console.log(edited.value); // what cannot be applied must not leave

// example: gateTransform
const gate = await governor.openGate(interaction.event({ stage: 'output' }));
const response = await fetch('http://127.0.0.1:8080/answer');
const safe = response.body!.pipeThrough(new TextDecoderStream()).pipeThrough(gateTransform(gate));
for await (const text of safe) process.stdout.write(text);

// example: fromDialect
const slack = fromDialect({ pattern: '(?i)xox[pe](?:-[0-9]{10,13}){3}', dialect: 're2' });
console.log(slack.flags); // i

// example: REASONS
console.log(REASONS.HALTED); // an operator halted this scope

// example: FlyballError
createServer().on('clientError', (error: unknown) => {
  if (FlyballError.isInstance(error)) console.error(error.code); // works across copies of the package
});

// example: PolicyError
try {
  await createGovernor({ policy: { yaml: 'policy: x\nversion: 1\nrules: 7\n' } });
} catch (error) {
  if (error instanceof PolicyError) for (const { line, message } of error.issues) console.error(line, message);
}

// example: DetectorError
try {
  await createGovernor({ policy: { file: 'policy.yaml' }, detectors: [ticket, ticket] });
} catch (error) {
  if (error instanceof DetectorError) console.error(error.code); // DETECTOR_DUPLICATE
}

// example: PatternError
try {
  await createGovernor({
    policy: { file: 'policy.yaml' },
    detectors: [defineDetector({ id: 'x', version: '1', types: ['x'], patterns: [{ type: 'x', find: /(a)(?!bc)/ }] })],
  });
} catch (error) {
  if (error instanceof PatternError) for (const { reason, suggestion } of error.all) console.error(reason, suggestion);
}

// example: ForeignPatternError
try {
  fromDialect({ pattern: String.raw`(?P<key>a)\Gb`, dialect: 'pcre' });
} catch (error) {
  if (error instanceof ForeignPatternError) console.error(error.column, error.suggestion);
}

// example: StoreError
try {
  await governor.control.halt({ tenant: 'acme' }, { who: 'olga', why: 'it quotes other customers' });
} catch (error) {
  // HALT_NOT_SHARED: in force in this process, and not confirmed by the store.
  if (error instanceof StoreError) console.error(error.code);
}

// end
await Promise.all([typed, withTickets, withBadges, counted, recorded].map((each) => each.close()));
