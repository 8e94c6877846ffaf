import type { Channel, Json, Role } from '@flyball/core/adapter';

/** One text of the body that a joined segment contains. */
export interface TextPart {
  readonly path: string;
  readonly text: string;
}

/** Where extraction puts what it finds. */
export interface PromptSink {
  text(path: string, text: string, role: Role, channel?: Channel): void;
  run(parts: readonly TextPart[], role: Role): void;
  json(path: string, value: Json, role: Role, channel?: Channel): void;
}

export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
