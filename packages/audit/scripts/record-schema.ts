// Writes `record.schema.json`: `node packages/audit/scripts/record-schema.ts`. A test compares the two.
import { writeFileSync } from 'node:fs';
import { recordJsonSchema } from './record-json-schema.ts';

writeFileSync(
  new URL('../record.schema.json', import.meta.url),
  `${JSON.stringify(recordJsonSchema(), undefined, 2)}\n`,
);
