import * as z from 'zod';
import { POLICY_SCHEMA } from './schema.ts';

/**
 * JSON Schema (draft 2020-12) of the written form, for editors. It ships as `policy.schema.json`.
 * Weaker than `loadPolicy`, which also checks what fits together.
 */
export function policyJsonSchema(): object {
  return { title: 'Flyball policy', ...z.toJSONSchema(POLICY_SCHEMA, { target: 'draft-2020-12' }) };
}
