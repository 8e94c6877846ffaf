import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** JSON Schema (draft 7) of what stands in a log, generated from the types. Descriptions are those of the types. */
export function recordJsonSchema(): object {
  const generator = createGenerator({
    path: path('../src/record/log-records.ts'),
    tsconfig: path('./tsconfig.schema.json'),
    type: 'LoggedRecord',
    additionalProperties: true,
    skipTypeCheck: true,
    topRef: false,
  });
  const { $schema, ...schema } = generator.createSchema('LoggedRecord') as { readonly $schema: string };
  return { $schema, title: 'A record of a Flyball log', ...schema };
}
