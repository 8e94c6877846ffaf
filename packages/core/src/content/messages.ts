import type { Role } from '../contract/event.ts';

/** Consecutive text parts of one message: judged as one text, because a reader reads them as one. */
export interface TextRun {
  /** Index of the first part in the message. */
  readonly first: number;
  /** Texts of the parts from `first` on, none missing. */
  readonly parts: readonly string[];
  /** The parts joined: what a segment carries. */
  readonly text: string;
}

/**
 * Groups the parts of a message into runs of text. `textOf` returns a part's text, or `undefined` for a part that is
 * not text and so ends a run. Which frameworks have which parts is the adapters' knowledge.
 */
export function textRuns<P>(parts: readonly P[], textOf: (part: P) => string | undefined): TextRun[] {
  const runs: TextRun[] = [];
  let texts: string[] = [];
  const close = (end: number): void => {
    if (texts.length > 0) runs.push({ first: end - texts.length, parts: texts, text: texts.join('') });
    texts = [];
  };
  for (const [index, part] of parts.entries()) {
    const text = textOf(part);
    if (text === undefined) close(index);
    else texts.push(text);
  }
  close(parts.length);
  return runs;
}

/**
 * Index of the user's last message, -1 without one. What comes before it is history: the client sends it again with
 * each turn, and its segments say so (`history: true`), so that what was stopped once does not stop every later turn.
 * For adapters that can write edits back into messages; others mark nothing.
 *
 *     const newest = lastOfUser(messages, ({ role }) => role);
 *     const segments = messages.flatMap((message, at) => read(message).map((one) => (at < newest ? { ...one, history: true } : one)));
 */
export function lastOfUser<M>(messages: readonly M[], roleOf: (message: M) => Role | undefined): number {
  for (let at = messages.length - 1; at >= 0; at--) if (roleOf(messages[at]!) === 'user') return at;
  return -1;
}
