import type { Role } from '@flyball/core/adapter';

import { isRecord } from './prompt-sink.ts';

/** Fields that usual payloads carry prompts in, with the role of a plain string there. */
export const FIELDS: readonly (readonly [name: string, role: Role])[] = [
  ['system', 'system'],
  ['instructions', 'system'],
  ['systemInstruction', 'system'],
  ['system_instruction', 'system'],
  ['messages', 'user'],
  ['contents', 'user'],
  ['message', 'user'],
  ['prompt', 'user'],
  ['input', 'user'],
  ['query', 'user'],
  ['text', 'user'],
  ['question', 'user'],
];

export const PROMPT_FIELDS: ReadonlySet<string> = new Set(FIELDS.map(([name]) => name));

/** A value that may carry prompts in the usual fields, and its path. */
export interface Payload {
  readonly value: { readonly [key: string]: unknown };
  readonly path: string;
}

/** Requests of one HTTP body that are looked at for prompts; what lies beyond is judged like any unknown text. */
const MAX_PAYLOADS = 100;

/**
 * The payloads of a body: itself, or what an envelope carries. JSON-RPC has them under `params` (MCP, A2A), tRPC under
 * `json` and, in a batch, under a number; both may send several in one list.
 */
export function payloadsOf(body: unknown, root: string): readonly Payload[] {
  const payloads: Payload[] = [];
  const take = (value: unknown, path: string, depth: number): void => {
    if (!isRecord(value) || payloads.length >= MAX_PAYLOADS) return;
    payloads.push({ value, path });
    if (depth === 0) return;
    if (isRecord(value['json'])) take(value['json'], `${path}.json`, 0);
    if (value['jsonrpc'] !== undefined) take(value['params'], `${path}.params`, 0);
    // A batch of tRPC: `{ "0": { json: … }, "1": … }`.
    if (isRecord(value['0'])) {
      for (const [key, call] of Object.entries(value)) {
        if (/^\d{1,3}$/.test(key) && isRecord(call))
          take(call, `${path}.#${Object.keys(value).indexOf(key)}`, depth - 1);
      }
    }
  };
  if (!Array.isArray(body)) take(body, root, 2);
  else
    for (const [index, item] of (body as readonly unknown[]).slice(0, MAX_PAYLOADS).entries())
      take(item, `${root}[${index}]`, 2);
  return payloads;
}

/**
 * True for a request to a GraphQL server: its `query` is a program, and what people wrote stands in its `variables`.
 */
export function isGraphql(payload: { readonly [key: string]: unknown }): boolean {
  const { query } = payload;
  if (typeof query !== 'string') return false;
  return (
    isRecord(payload['variables']) ||
    typeof payload['operationName'] === 'string' ||
    /^\s*(?:(?:query|mutation|subscription|fragment)\b|\{)/.test(query)
  );
}
