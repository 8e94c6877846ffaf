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
  /** What stands at the path was read in another form, such as arguments that travel as a JSON text. */
  done(path: string): void;
  /**
   * From here to the end of the value at the path is one message: what nobody recognises in it is its author's text
   * too.
   */
  message(path: string, role: Role): void;
}

export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
