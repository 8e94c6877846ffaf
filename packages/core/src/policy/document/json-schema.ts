import { PACK_NAMES } from '@flyball/detectors';
import * as z from 'zod';
import { AUTHOR_REASON } from '../../contract/reasons.ts';
import { POLICY_SCHEMA } from './schema.ts';
import { SCHEMA_WORDS } from './schema-words.ts';

/** A part of a JSON Schema. */
type Node = Record<string, unknown>;

/** A name that no server needs to answer for. */
const ID = 'urn:flyball:policy-schema';

/** Fields that take a signal type, and those that take what `use` takes. */
const TYPED = new Set(['rules.detect', 'rules.detect.type', 'exempt.detect', 'detectors.except.type']);

/**
 * JSON Schema (draft 2020-12) of the written form, for editors. It ships as `policy.schema.json`. Weaker than
 * `loadPolicy`, which also checks what fits together. Editors offer the names of the built-in packs and types; an
 * application's own have others.
 */
export function policyJsonSchema(): object {
  const schema = z.toJSONSchema(POLICY_SCHEMA, { target: 'draft-2020-12', override }) as Node;
  const { $schema, ...rest } = schema;
  return {
    $schema,
    $id: ID,
    title: 'Flyball policy',
    ...rest,
    $defs: {
      use: { enum: Object.values(PACK_NAMES).flat() },
      type: { enum: signalTypes() },
    },
  };
}

/** Every built-in type, and what stands above them: `pii`, `pii.national_id`, `secret`. */
function signalTypes(): readonly string[] {
  const types = Object.values(PACK_NAMES)
    .flat()
    .filter((name) => name.includes('.'));
  const above = types.flatMap((type) => type.split('.').map((_, steps, all) => all.slice(0, steps + 1).join('.')));
  return [...new Set(above)].sort();
}

interface Overridden {
  readonly jsonSchema: unknown;
  readonly path: readonly (string | number)[];
}

/**
 * Adds what a schema of zod does not say: words for people, the names that are known, and what a rule needs beside its
 * effect.
 */
function override({ jsonSchema, path }: Overridden): void {
  const node = jsonSchema as Node;
  const field = fieldOf(path);
  const isField = path.at(-2) === 'properties';
  if (field === 'detectors.use') offer(node, 'use');
  if (TYPED.has(field) && node['type'] === 'string') offer(node, 'type');
  if (field === 'masks' && path.at(-1) === 'propertyNames') offer(node, 'type');
  if (field === 'rules.reason') node['pattern'] = AUTHOR_REASON.source;
  if (field === 'rules' && path.at(-1) === 'items') node['allOf'] = NEEDS;
  if (!isField) return;
  const { example, description } = SCHEMA_WORDS[field] ?? {};
  if (description !== undefined) node['description'] = description;
  if (example !== undefined) node['examples'] = [example];
}

/** `rules.then` of the path `properties`, `rules`, `items`, `properties`, `then`. */
function fieldOf(path: readonly (string | number)[]): string {
  return path.filter((step, i) => path[i - 1] === 'properties' && typeof step === 'string').join('.');
}

/** A known name, or one of the application's. */
function offer(node: Node, names: 'use' | 'type'): void {
  const { description, examples, ...own } = node;
  for (const key of Object.keys(node)) delete node[key];
  Object.assign(node, {
    ...(description !== undefined && { description }),
    ...(examples !== undefined && { examples }),
    anyOf: [{ $ref: `#/$defs/${names}` }, own],
  });
}

const needs = (effects: readonly string[], ...fields: readonly string[]): Node => ({
  if: { properties: { then: { enum: effects } }, required: ['then'] },
  then: { required: fields },
});

/** What `loadPolicy` says of a rule in words. */
const NEEDS: readonly Node[] = [
  needs(['redact', 'cooldown', 'block'], 'reason'),
  needs(['redact'], 'detect'),
  needs(['cooldown'], 'ladder'),
  { anyOf: [{ required: ['then'] }, { required: ['label'] }, { required: ['strike'] }] },
];
