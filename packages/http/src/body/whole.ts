import {
  applyEditsToSegments,
  decideAndCarryOut,
  isPromise,
  jsonTextReader,
  mapMaybe,
  type AdapterGovernor,
  type Applied,
  type Carried,
  type Edit,
  type GovernedEvent,
  type JsonText,
  type JsonTextReader,
  type MaybePromise,
  type SegmentInit,
} from '@flyball/core/adapter';

import { applyBodyEdits } from './arguments-text.ts';
import { jsonSegments } from './json-segments.ts';
import { bytesOf, kept, type GovernedBody, type Outlet } from './outlet.ts';
import { isUtf16 } from './utf8-reader.ts';

export interface WholeBodySetup {
  readonly outlet: Outlet;
  readonly json: boolean;
  /** No type was declared: what is not UTF-8 is not text. */
  readonly strict: boolean;
  /** JSON: judge only what stands at or below these paths (`data.answer`). */
  readonly paths?: readonly string[];
  /** False where no decision could depend on the body: it is not read. */
  readonly covered: boolean;
  /** Bytes from which a body is too large to be kept. */
  readonly maxBytes: number;
  readonly governor: AdapterGovernor;
  event(content: readonly SegmentInit[]): GovernedEvent;
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
    this.#chunks.push(kept(chunk));
    this.#bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length;
    if (this.#bytes > this.#setup.maxBytes) this.#giveUp();
    return true;
  }

  end(): void {
    if (this.#done) return;
    this.#done = true;
    const { outlet } = this.#setup;
    try {
      const sent = this.#decide(this.#body());
      if (isPromise(sent)) sent.catch((error: unknown) => outlet.fail(error));
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

  #decide(body: string | Uint8Array): MaybePromise<void> {
    const { covered, json, paths, strict, event } = this.#setup;
    if (!covered) return this.#carryOut(event([]), body, () => undefined);
    const text = decoded(body, strict);
    if (text === undefined) return this.#setup.unreadable(bytesOf(body));
    // `res.send(JSON.stringify(value))` is HTML to Express: what is JSON is read as its clients read it.
    if (!json && !isJson(text))
      return this.#carryOut(event([{ path: 'body', text }]), body, (edits) => editText(text, edits));
    const reader = jsonTextReader(text, 'body');
    const read = reader.run(FOUND_AT_ONCE);
    if (read === undefined) return this.#inTurns(text, body, reader);
    return this.#carryOut(event(jsonSegments(text, paths, read)), body, (edits) => applyBodyEdits(text, edits, read));
  }

  /** A body of many texts: it keeps the process from its other work for no longer than a stretch takes. */
  async #inTurns(text: string, body: string | Uint8Array, reader: JsonTextReader): Promise<void> {
    const { paths, event } = this.#setup;
    let read: JsonText | undefined;
    do {
      await nextTurn();
      read = reader.run(FOUND_AT_ONCE);
    } while (read === undefined);
    await nextTurn();
    const made = event(jsonSegments(text, paths, read));
    await nextTurn();
    return this.#carryOut(made, body, (edits) => applyBodyEdits(text, edits, read));
  }

  #carryOut(
    event: GovernedEvent,
    body: string | Uint8Array,
    apply: (edits: readonly Edit[]) => Applied<string> | undefined,
  ): MaybePromise<void> {
    return mapMaybe(decideAndCarryOut<string | Uint8Array>(this.#setup.governor, event, body, apply), (carried) =>
      this.#send(carried),
    );
  }

  #send(carried: Carried<string | Uint8Array>): void {
    const { outlet } = this.#setup;
    if (carried.kind === 'stopped') outlet.refuse(carried.decision);
    else outlet.end(carried.value, carried.kind === 'edited');
  }
}

function decoded(body: string | Uint8Array, fatal: boolean): string | undefined {
  if (isUtf16(body)) return undefined;
  if (typeof body === 'string') return body.toWellFormed();
  try {
    return new TextDecoder('utf-8', { ignoreBOM: true, fatal }).decode(body);
  } catch {
    return undefined;
  }
}

/** Texts that are found before other work of the process gets a turn: some milliseconds. */
const FOUND_AT_ONCE = 1_000;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** As clients read it: a byte order mark before it is no part of it. */
function isJson(text: string): boolean {
  if (!/^\s*[[{"]/.test(text)) return false;
  try {
    JSON.parse(text.trim());
    return true;
  } catch {
    return false;
  }
}

function editText(text: string, edits: readonly Edit[]): Applied<string> {
  const applied = applyEditsToSegments([{ path: 'body', text }], edits);
  return applied.ok ? { ok: true, value: applied.value[0]!.text } : applied;
}
