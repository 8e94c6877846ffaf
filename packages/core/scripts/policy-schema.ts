// Writes `policy.schema.json`: `node packages/core/scripts/policy-schema.ts`. A test compares the two.
import { writeFileSync } from 'node:fs';
import { policyJsonSchema } from '../src/policy/document/json-schema.ts';

writeFileSync(
  new URL('../policy.schema.json', import.meta.url),
  `${JSON.stringify(policyJsonSchema(), undefined, 2)}\n`,
);
