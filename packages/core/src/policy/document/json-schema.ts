import { PACK_NAMES } from '@flyball/detectors';
import * as z from 'zod';
import { POLICY_SCHEMA } from './schema.ts';

/** What stands in the schema for a name that `use` takes. */
interface UseSchema {
  anyOf?: readonly object[];
  description?: string;
}

/**
 * JSON Schema (draft 2020-12) of the written form, for editors. It ships as `policy.schema.json`.
 * Weaker than `loadPolicy`, which also checks what fits together. Editors offer the names of the built-in packs; an application's own
 * packs and detectors have others.
 */
export function policyJsonSchema(): object {
  const override = ({
    jsonSchema,
    path,
  }: {
    readonly jsonSchema: unknown;
    readonly path: readonly (string | number)[];
  }): void => {
    if (path.at(-1) !== 'use') return;
    const { description, ...own } = jsonSchema as UseSchema;
    for (const key of Object.keys(own)) delete (jsonSchema as Record<string, unknown>)[key];
    Object.assign(jsonSchema as UseSchema, { description, anyOf: [{ enum: Object.values(PACK_NAMES).flat() }, own] });
  };
  return { title: 'Flyball policy', ...z.toJSONSchema(POLICY_SCHEMA, { target: 'draft-2020-12', override }) };
}
