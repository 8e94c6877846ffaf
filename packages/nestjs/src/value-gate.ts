import { isUtf8 } from 'node:buffer';

import { viewJson } from '@flyball/agent-kit';
import { isDenied, mapMaybe, type AdapterGovernor, type Decision, type Json } from '@flyball/core/adapter';
import { governValues, readableEvent, type GateResponseOptions, type GovernedValues } from '@flyball/http';

import type { SplitValue } from './arrival.ts';
import { mergedChanges } from './merged-changes.ts';

/** Where values go that may leave. Nothing is called after `end`, `stop` or `fail`. */
export interface ValueSink {
  value(value: unknown): void;
  end(): void;
  stop(decision: Decision): void;
  fail(error: unknown): void;
}

/** How values are read. */
export interface ValueReading {
  readonly split?: ((value: unknown) => SplitValue) | undefined;
  /** What has no reading here is read elsewhere: on the response that frameworks make of the value. */
  readonly lenient?: boolean;
}

interface Waiting {
  readonly value: unknown;
  readonly split: SplitValue;
  readonly view: Json;
  readonly json: string;
}

/**
 * Values on their way through governance: read as JSON, judged in order, and handed on as they came, or copied with
 * masks in them. A value that is bytes is read where it is text.
 */
export class ValueGate {
  readonly #sink: ValueSink;
  readonly #options: GateResponseOptions & { readonly governor: AdapterGovernor };
  readonly #split: (value: unknown) => SplitValue;
  readonly #lenient: boolean;
  readonly #governed: GovernedValues;
  readonly #waiting: Waiting[] = [];
  /** The value that is handed over now, where it is: nobody has had a turn to change it since. */
  #pushing: Waiting | undefined;
  #over = false;

  constructor(
    sink: ValueSink,
    options: GateResponseOptions & { readonly governor: AdapterGovernor },
    { split = whole, lenient = false }: ValueReading = {},
  ) {
    this.#lenient = lenient;
    this.#sink = sink;
    this.#options = options;
    this.#split = split;
    this.#governed = governValues(
      {
        value: (json) => this.#release(json),
        end: () => this.#finish(() => sink.end()),
        stop: (decision) => this.#finish(() => sink.stop(decision)),
        fail: (error) => this.#finish(() => sink.fail(error)),
      },
      options,
    );
  }

  push(value: unknown): void {
    if (this.#over) return;
    if (this.#options.mode === 'off') return this.#pass(value);
    const split = this.#split(value);
    const read = readValue(split.data, this.#lenient);
    if (read === undefined && this.#options.mode === 'enforce') {
      // A value has no type: only what is said of all counts.
      const { opaque } = this.#options;
      if ((typeof opaque === 'object' ? opaque['*'] : opaque) !== 'pass') return this.#refuse();
    }
    const view = read ?? null;
    const json = JSON.stringify(view);
    const one = { value, split, view, json };
    this.#waiting.push(one);
    this.#pushing = one;
    this.#governed.push(json, split.name);
    this.#pushing = undefined;
  }

  /** Nothing is asked about it, so it is not read: it may be large, or count its readers. A halt still ends them. */
  #pass(value: unknown): void {
    this.#waiting.push({ value, split: whole(value), view: null, json: UNREAD });
    this.#governed.push(UNREAD);
  }

  end(): void {
    if (!this.#over) this.#governed.end();
  }

  /** The reader has left, or the source has failed: what is held is dropped. */
  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#waiting.length = 0;
    this.#governed.abort();
  }

  #release(json: string): void {
    const at = this.#waiting.findIndex((one) => one.json === json);
    // None reads so: the first that waits has been edited.
    const [one] = this.#waiting.splice(Math.max(at, 0), 1);
    if (one === undefined) return;
    if (at < 0) return this.#sink.value(edited(one, JSON.parse(json) as Json));
    const isSame = one === this.#pushing || this.#options.mode !== 'enforce' || this.#readsAs(one);
    this.#sink.value(isSame ? one.value : asJudged(one));
  }

  /** False for a value that its owner has changed while it waited: what it says now was not judged. */
  #readsAs({ split, json }: Waiting): boolean {
    return JSON.stringify(readValue(split.data, this.#lenient) ?? null) === json;
  }

  /** A value that cannot be read where somebody would have read it. */
  #refuse(): void {
    const { governor, interaction, resource } = this.#options;
    const event = readableEvent(interaction, {
      stage: 'output',
      point: 'http',
      content: [],
      ...(resource && { resource }),
    });
    void mapMaybe(governor.decideNow(event), (decision) =>
      mapMaybe(governor.refuse(event, 'UNREADABLE', decision), (refusal) => {
        this.#governed.abort();
        if (isDenied(refusal)) this.#finish(() => this.#sink.stop(refusal));
        else this.#finish(() => this.#sink.fail(new Error('a value cannot be read')));
      }),
    );
  }

  #finish(tell: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#waiting.length = 0;
    tell();
  }
}

/** What stands for a value that nobody reads. */
const UNREAD = 'null';

const whole = (data: unknown): SplitValue => ({ data, with: (changed) => changed });

/** A value as whoever receives it will read it; `undefined` where that is not known. */
function readValue(value: unknown, lenient: boolean): Json | undefined {
  if (value === undefined) return null;
  if (ArrayBuffer.isView(value)) return textOf(value);
  const { json, unreadable } = viewJson(value, 'data');
  return lenient || unreadable.length === 0 ? json : undefined;
}

function textOf(view: ArrayBufferView): string | undefined {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return isUtf8(bytes) ? bytes.toString() : undefined;
}

/** A value as it was when it was judged. */
function asJudged({ split, view }: Waiting): unknown {
  return split.with(ArrayBuffer.isView(split.data) ? Buffer.from(view as string) : view);
}

function edited({ split, view }: Waiting, json: Json): unknown {
  if (ArrayBuffer.isView(split.data)) return split.with(Buffer.from(json as string));
  return split.with(mergedChanges(split.data, view, json));
}
