import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { PolicyDocument } from './document.ts';
import { policyJsonSchema } from './json-schema.ts';

const path = new URL('../../../policy.schema.json', import.meta.url);
const shipped: unknown = JSON.parse(readFileSync(path, 'utf8'));

test('the schema that ships for editors is the one that policies are checked by', () => {
  expect(shipped, 'run `node packages/core/scripts/policy-schema.ts`').toEqual(policyJsonSchema());
});

interface Node {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: { readonly [name: string]: Node };
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

/** Every field, with its schema. */
function fieldsOf(node: Node, path = ''): readonly (readonly [path: string, field: Node])[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return [[at, field] as const, ...fieldsOf(field, at)];
  });
  const below = [...(node.items === undefined ? [] : [node.items]), ...(node.anyOf ?? [])];
  return [...own, ...below.flatMap((each) => fieldsOf(each, path))];
}

/** What a reader of schemas says that knows no conditions: those are looked at below. */
function accepts(schema: unknown, value: unknown): boolean {
  const plain = JSON.parse(
    JSON.stringify(schema, (key, part: unknown) => (key === 'allOf' ? undefined : part)),
  ) as unknown;
  return z.fromJSONSchema(plain as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value).success;
}

describe('what editors show', () => {
  const schema = policyJsonSchema() as Node & {
    readonly $id: string;
    readonly $defs: { readonly type: { readonly enum: readonly string[] } };
  };
  const fields = fieldsOf(schema);

  test.each(fields)('`%s` has a description, and an example that it accepts', (_, field) => {
    expect(field.description).toMatch(/\S/);
    expect(field.examples).toHaveLength(1);
    expect(accepts({ ...field, $defs: schema.$defs }, field.examples![0])).toBe(true);
  });

  test('are the fields that there are', () => {
    expect(fields.length).toBeGreaterThan(80);
    expect(schema.$id).toBe('urn:flyball:policy-schema');
  });

  test('lists the built-in types, and takes others', () => {
    expect(schema.$defs.type.enum).toEqual(
      expect.arrayContaining(['pii', 'pii.email', 'pii.national_id', 'secret', 'secret.jwt']),
    );
    expect(schema.$defs.type.enum).not.toContain('secrets');
  });
});

describe('an editor marks what would not load', () => {
  const { allOf } = (policyJsonSchema() as { properties: { rules: { items: { allOf: readonly unknown[] } } } })
    .properties.rules.items;
  /** By the three keywords the conditions use: `if`/`then`, `required` and `enum`. */
  const fits = (node: unknown, value: { readonly [field: string]: unknown }): boolean => {
    const {
      if: cond,
      then,
      anyOf,
      required = [],
      properties = {},
    } = node as {
      if?: unknown;
      then?: unknown;
      anyOf?: readonly unknown[];
      required?: readonly string[];
      properties?: { readonly [field: string]: { readonly enum: readonly unknown[] } };
    };
    if (cond !== undefined) return !fits(cond, value) || fits(then, value);
    if (anyOf !== undefined) return anyOf.some((each) => fits(each, value));
    const named = Object.entries(properties).every(
      ([field, { enum: values }]) => value[field] === undefined || values.includes(value[field]),
    );
    return named && required.every((field) => value[field] !== undefined);
  };
  test.each([
    [{ then: 'block' }, false],
    [{ then: 'block', reason: 'P_XX' }, true],
    [{ then: 'redact', reason: 'P_XX' }, false],
    [{ then: 'redact', reason: 'P_XX', detect: 'pii' }, true],
    [{ then: 'cooldown', reason: 'P_XX' }, false],
    [{ then: 'cooldown', reason: 'P_XX', ladder: 'abuse' }, true],
    [{ then: 'allow' }, true],
    [{}, false],
    [{ label: 'seen' }, true],
  ])('%j: %s', (rule, expected) => {
    expect(
      allOf.every((each) =>
        fits(each, rule as unknown as NonNullable<PolicyDocument['rules']>[number] & { [field: string]: unknown }),
      ),
    ).toBe(expected);
  });

  test('a reason of another form', () => {
    const { reason } = (policyJsonSchema() as { properties: { rules: { items: { properties: { reason: unknown } } } } })
      .properties.rules.items.properties;
    expect([accepts(reason, 'P_XX'), accepts(reason, 'P_X'), accepts(reason, 'leak')]).toEqual([true, false, false]);
  });
});
