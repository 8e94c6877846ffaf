// What is run everywhere: a policy with patterns, a pack and a condition, and what the application says when all of it
// works.

export const POLICY = `policy: p
version: 1
detectors:
  - use: secrets
  - { id: ticket, patterns: ['TCK-[0-9]{3}'] }
rules:
  - { id: keys, on: input, detect: [secret, ticket], when: subject.tenant == "t", then: block, reason: P_KEYS }
`;

export const SAYS = 'NO_RULE_OBJECTED P_KEYS P_KEYS';

const SAY = `
const said = async (content) =>
  (await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content }))).reason;
const all = [await said('hello'), await said('TCK-123'), await said('AKIAIOSFODNN7ABCDEFG')].join(' ');
`;

/** An application with files, and the middleware of Express. */
export const APPLICATION: string = `
import { createGovernor } from '@flyball/core';
import { governance } from '@flyball/express';
const governor = await createGovernor({ policy: { file: 'policy.yaml' } });
if (typeof governance({ governor, subject: () => ({ tenant: 't' }) }) !== 'function') throw new Error('no middleware');
${SAY}
console.log(all);
await governor.close();
`;

const handler = (imports: string, policy: string): string => `
${imports}
export default {
  async fetch() {
    const governor = await createGovernor({ policy: ${policy} });
    ${SAY}
    await governor.close();
    return new Response(all);
  },
};
`;

/** Workers: nothing of Node, and no files. */
export const EDGE: { readonly compile: string; readonly whole: string; readonly compiled: string } = {
  compile: `
import { writeFile } from 'node:fs/promises';
import { precompilePolicy } from '@flyball/core';
await writeFile('policy.compiled.js', await precompilePolicy({ file: 'policy.yaml' }));
`,
  whole: handler(`import { createGovernor } from '@flyball/core';`, JSON.stringify({ yaml: POLICY })),
  compiled: handler(
    `import { createGovernor } from '@flyball/core/precompiled';\nimport policy from './policy.compiled.js';`,
    'policy',
  ),
};

/** Runs a worker in workerd and says what it answered. */
export const WORKER = `
import { readFile } from 'node:fs/promises';
import { Miniflare } from 'miniflare';
const script = await readFile(process.argv[2], 'utf8');
const worker = new Miniflare({ modules: true, script, compatibilityDate: '2026-01-01', host: '127.0.0.1' });
try {
  const answer = await worker.dispatchFetch('http://localhost/');
  console.log(await answer.text());
} finally {
  await worker.dispose();
}
`;

export const JEST_TEST: string = `
const { createGovernor } = require('@flyball/core');
test('governs', async () => {
  const governor = await createGovernor({ policy: { yaml: ${JSON.stringify(POLICY)} } });
  ${SAY}
  expect(all).toBe('${SAYS}');
  process.stdout.write(all);
  await governor.close();
});
`;
