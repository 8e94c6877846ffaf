import { createGovernor, createMemorySink, type Governor, type PolicyDocument } from '@flyball/core';

/** A phrase that policy blocks. Fixtures cut it where they like. */
export const SECRET = 'TOPSECRET';

export const ADA = { tenant: 'acme', user: 'ada' };

export const BLOCKING: PolicyDocument = {
  policy: 'blocking',
  version: 1,
  detectors: [{ id: 'words', patterns: [SECRET] }, { use: 'pii' }],
  rules: [
    {
      id: 'out',
      on: ['output', 'tool_call', 'tool_result', 'retrieval'],
      detect: 'words',
      then: 'block',
      reason: 'P_WORD',
    },
    { id: 'in', on: 'input', detect: 'words', then: 'block', reason: 'P_PROMPT' },
  ],
};

export const REDACTING: PolicyDocument = {
  policy: 'redacting',
  version: 1,
  detectors: [{ id: 'words', patterns: [SECRET] }],
  rules: [
    {
      id: 'all',
      on: ['input', 'output', 'tool_call', 'tool_result', 'retrieval'],
      detect: 'words',
      then: 'redact',
      reason: 'P_WORD',
      editArgs: true,
    },
  ],
};

/** The mask of a pattern of the policy's own. */
export const MASK = '[WORDS]';

export const MATCHLESS: PolicyDocument = {
  policy: 'matchless',
  version: 1,
  detectors: [{ id: 'words', patterns: ['thisisnowhere'] }],
  rules: [
    {
      id: 'all',
      on: ['input', 'output', 'tool_call', 'tool_result', 'retrieval'],
      detect: 'words',
      then: 'block',
      reason: 'P_WORD',
    },
  ],
};

export const CLOSED: PolicyDocument = { policy: 'closed', version: 1, default: 'block' };

export async function governed(policy: PolicyDocument = BLOCKING): Promise<Governor> {
  return createGovernor({ policy, audit: createMemorySink() });
}

/** Everything a reader could find in a value: texts joined across what a stream cut, and the value itself. */
export function said(values: readonly unknown[]): string {
  const texts: string[] = [];
  const walk = (value: unknown, path: string, by: Map<string, string>): void => {
    if (typeof value === 'string') by.set(path, (by.get(path) ?? '') + value);
    else if (typeof value === 'object' && value !== null)
      for (const [key, member] of Object.entries(value)) walk(member, `${path}.${key}`, by);
  };
  const joined = new Map<string, string>();
  for (const value of values) walk(plain(value), '', joined);
  texts.push(...joined.values(), JSON.stringify(values.map(plain)));
  // Content blocks of one message follow each other for their reader.
  for (const value of values) texts.push(blockTexts(plain(value)));
  return texts.join('\n');
}

function blockTexts(value: unknown): string {
  if (Array.isArray(value)) return value.map(blockTexts).join('');
  if (typeof value !== 'object' || value === null) return '';
  const { text } = value as { readonly text?: unknown };
  return typeof text === 'string' ? text : Object.values(value).map(blockTexts).join('');
}

const plain = (value: unknown): unknown => {
  try {
    return JSON.parse(
      JSON.stringify(value, (_key, member: unknown) =>
        member instanceof Error
          ? { ...(member as object), name: member.name, message: member.message, cause: member.cause }
          : member,
      ) ?? 'null',
    );
  } catch {
    return String(value);
  }
};
