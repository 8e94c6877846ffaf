import {
  mapMaybe,
  applyEditsToJsonText,
  applyEditsToSegments,
  isDenied,
  readJsonText,
  type Applied,
  type Decision,
  type Edit,
  type MaybePromise,
  type RefusalReason,
  type SegmentInit,
} from '@flyball/core/adapter';

import type { GovernedBody, Outlet } from './outlet.ts';

export interface WholeBodySetup {
  readonly outlet: Outlet;
  readonly json: boolean;
  /** No type was declared: what is not UTF-8 is not text. */
  readonly strict: boolean;
  /** JSON: judge only what stands at or below these paths (`data.answer`). */
  readonly paths?: readonly string[];
  /** Bytes from which a body is too large to be kept. */
  readonly maxBytes: number;
  decide(content: readonly SegmentInit[]): Decision | Promise<Decision>;
  /** Records that this adapter stops what no rule stopped. */
  refuse(reason: RefusalReason): MaybePromise<Decision>;
  /** The body cannot be read: too large, or not the text it says it is. */
  unreadable(body: Uint8Array): void;
}

/** A body that is judged in one piece: kept until it is complete, then sent, edited or refused whole. */
export class WholeBody implements GovernedBody {
  readonly #setup: WholeBodySetup;
  readonly #chunks: (string | Uint8Array)[] = [];
  #bytes = 0;
  #done = false;

  constructor(setup: WholeBodySetup) {
    this.#setup = setup;
  }

  write(chunk: string | Uint8Array): boolean {
    if (this.#done) return true;
    this.#chunks.push(chunk);
    this.#bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length;
    if (this.#bytes > this.#setup.maxBytes) this.#giveUp();
    return true;
  }

  end(): void {
    if (this.#done) return;
    this.#done = true;
    const { outlet } = this.#setup;
    try {
      const judged = this.#judge(this.#body());
      if (judged instanceof Promise) judged.catch((error: unknown) => outlet.fail(error));
    } catch (error) {
      outlet.fail(error);
    }
  }

  abort(): void {
    this.#done = true;
    this.#chunks.length = 0;
  }

  #giveUp(): void {
    this.#done = true;
    this.#setup.unreadable(bytesOf(this.#body()));
  }

  /** A body of one piece stays what it is: a string is sent with its head at once. */
  #body(): string | Uint8Array {
    const [only] = this.#chunks;
    return this.#chunks.length === 1 ? only! : Buffer.concat(this.#chunks.map(bytesOf));
  }

  #judge(body: string | Uint8Array): void | Promise<void> {
    const { json, paths, strict } = this.#setup;
    const text = decoded(body, strict);
    if (text === undefined) return this.#setup.unreadable(bytesOf(body));
    const segments = json ? jsonSegments(text, paths) : [{ path: 'body', text }];
    return mapMaybe(this.#setup.decide(segments), (decision) => this.#carryOut(decision, body, text));
  }

  #carryOut(decision: Decision, body: string | Uint8Array, text: string): void | Promise<void> {
    const { outlet, json } = this.#setup;
    if (isDenied(decision)) return outlet.refuse(decision);
    if (decision.edits.length === 0 || decision.outcome !== 'ALLOW') return outlet.end(body);
    const edited = json ? applyEditsToJsonText(text, 'body', decision.edits) : editText(text, decision.edits);
    if (edited.ok) return outlet.end(edited.value, true);
    return mapMaybe(this.#setup.refuse('EDIT_NOT_APPLICABLE'), (refusal) => outlet.refuse(refusal));
  }
}

function bytesOf(chunk: string | Uint8Array): Uint8Array {
  return typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

function decoded(body: string | Uint8Array, fatal: boolean): string | undefined {
  if (typeof body === 'string') return body.toWellFormed();
  try {
    return new TextDecoder('utf-8', { ignoreBOM: true, fatal }).decode(body);
  } catch {
    return undefined;
  }
}

/** Longest address the core accepts; a text below a longer one is judged, and cannot be edited. */
const MAX_PATH = 512;

function jsonSegments(text: string, paths: readonly string[] | undefined): SegmentInit[] {
  const segments: SegmentInit[] = [];
  for (const [index, segment] of readJsonText(text, 'body').segments.entries()) {
    const path = segment.path.length <= MAX_PATH ? segment.path : `body.~long${index}`;
    if (segment.text !== '' && (paths === undefined || isBelow(segment.path, paths))) {
      segments.push({ path, text: segment.text, role: 'assistant', separate: true });
    }
  }
  return segments;
}

function isBelow(path: string, paths: readonly string[]): boolean {
  return paths.some((wanted) => {
    const root = `body.${wanted}`;
    return path.startsWith(root) && (path.length === root.length || '.[~'.includes(path[root.length]!));
  });
}

function editText(text: string, edits: readonly Edit[]): Applied<string> {
  const applied = applyEditsToSegments([{ path: 'body', text }], edits);
  return applied.ok ? { ok: true, value: applied.value[0]!.text } : applied;
}
