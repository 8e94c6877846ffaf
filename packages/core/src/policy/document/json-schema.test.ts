import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { policyJsonSchema } from './json-schema.ts';

const shipped: unknown = JSON.parse(readFileSync(new URL('../../../policy.schema.json', import.meta.url), 'utf8'));

test('the schema that ships for editors is the one that policies are checked by', () => {
  expect(shipped, 'run `node packages/core/scripts/policy-schema.ts`').toEqual(policyJsonSchema());
});

test('the schema for editors refuses unknown fields wherever an object stands', () => {
  const open: string[] = [];
  const walk = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { type, additionalProperties } = schema as {
      readonly type?: unknown;
      readonly additionalProperties?: unknown;
    };
    if (type === 'object' && (additionalProperties === undefined || additionalProperties === true)) open.push(path);
    for (const [key, member] of Object.entries(schema)) walk(member, `${path}/${key}`);
  };
  walk(shipped, '');
  expect(open).toEqual([]);
});
