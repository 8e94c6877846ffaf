import type { IncomingMessage, ServerResponse } from 'node:http';

import { isDenied, isPromise, type Decision } from '@flyball/core/adapter';

import { createBody } from '../body/create-body.ts';
import { LateBody } from '../body/late.ts';
import type { BodySource, GovernedBody, Outlet } from '../body/outlet.ts';
import { decideAtOnce } from './at-once.ts';
import { headersOf, inUtf8, isBodyless, type HeaderInput } from './head.ts';
import { DEFAULT_MAX_BODY, tellFailure, tellStopped, type CheckedOptions } from './options.ts';
import { outputEvent } from './output-event.ts';
import { WATCHED } from './patch.ts';
import { RawResponse } from './raw-response.ts';

type Watched = ServerResponse & { [WATCHED]: ResponseWatch };
type Method = (this: Watched, ...args: unknown[]) => unknown;

/**
 * A response that nothing is enforced on: every byte passes at once, exactly as written. In shadow a copy is judged; in
 * any mode an operator's halt ends the stream, as its protocol ends.
 */
export function watchResponse(req: IncomingMessage, res: ServerResponse, options: CheckedOptions): void {
  (res as Watched)[WATCHED] = new ResponseWatch(req, new RawResponse(res, METHODS), options);
  res.writeHead = writeHead as ServerResponse['writeHead'];
  res.write = write as ServerResponse['write'];
  res.end = end as ServerResponse['end'];
}

const METHODS: readonly string[] = ['write', 'end', 'on', 'writeHead'];

// The same functions for every response: they find the watch at `this`.

const writeHead: Method = function (status, ...rest) {
  const { raw } = this[WATCHED];
  if (raw.inside === 0) {
    const given: unknown = typeof rest[0] === 'string' ? rest[1] : (rest[0] ?? rest[1]);
    this[WATCHED].head = new Map([...headersOf(this.getHeaders()), ...headersOf(given as HeaderInput)]);
  }
  raw.call('writeHead', status, ...rest);
  return this;
};

const write: Method = function (chunk, encoding, done) {
  const watch = this[WATCHED];
  const { raw } = watch;
  if (raw.inside > 0) return raw.writeAny(chunk, encoding, done);
  if (watch.halted) return true;
  // Before the write: compression then sets its encoding behind this method, and this side sees text.
  if (!watch.began) watch.begin(undefined);
  const passed = raw.writeAny(chunk, encoding, done);
  if (watch.body !== undefined && isChunk(chunk)) watch.body.write(inUtf8(chunk, encoding));
  return passed;
};

const end: Method = function (chunk, ...rest) {
  const watch = this[WATCHED];
  const { raw } = watch;
  if (watch.halted) return this;
  if (raw.inside > 0) return raw.call('end', chunk, ...rest);
  const last = isChunk(chunk) && chunk.length > 0 ? inUtf8(chunk, rest[0]) : undefined;
  const whole = last !== undefined && !watch.began;
  // The head is looked at before it leaves: compression changes it then.
  const judge = whole ? watch.whole(last) : undefined;
  if (last !== undefined && judge === undefined) watch.begin(last.length);
  watch.complete = true;
  const ended = raw.call('end', chunk, ...rest);
  if (judge !== undefined) judge();
  else {
    if (last !== undefined) watch.body?.write(last);
    watch.body?.end();
  }
  // What stands in front may answer something else than the response: compression does, after the end.
  return ended;
};

/** What is known of one response that is watched. */
class ResponseWatch implements Outlet {
  readonly raw: RawResponse;
  readonly sent = true;
  readonly passive = true as const;
  /**
   * The head as the application sent it: the response keeps no header that was given to `writeHead` alone, and it may
   * have one that compression sets behind this side, which sees text.
   */
  head: ReadonlyMap<string, string> | undefined;
  body: GovernedBody | undefined;
  began = false;
  complete = false;
  halted = false;
  /** The application has stopped it: that ends it as a halt does. */
  #stopping = false;
  readonly #req: IncomingMessage;
  readonly #options: CheckedOptions;

  constructor(req: IncomingMessage, raw: RawResponse, options: CheckedOptions) {
    this.raw = raw;
    this.#req = req;
    this.#options = options;
  }

  begin(length: number | undefined): void {
    if (this.began) return;
    this.began = true;
    const { res } = this.raw;
    if (isBodyless(this.#req, res)) return;
    const source: BodySource = {
      req: this.#req,
      res,
      header: (name) => this.#header(name),
      length,
      complete: length !== undefined,
      outlet: () => this,
      passOn: () => undefined,
      decoded: () => undefined,
    };
    const options = this.#options;
    const create = (): GovernedBody => createBody(source, passingOpaque(options));
    const known = options.known?.();
    this.body = isPromise(known) ? new LateBody(known, options.maxBody ?? DEFAULT_MAX_BODY, create) : create();
    // What was complete before the connection closed is judged to its end, however fast it left.
    this.raw.on('close', () => {
      if (!this.complete) this.body?.abort();
    });
  }

  stop(): void {
    this.#stopping = true;
    this.body?.stop?.();
  }

  /** What is left to do about an answer of one piece once it has left; `undefined`: it is judged like any other. */
  whole(body: string | Uint8Array): (() => void) | undefined {
    const options = this.#options;
    if (options.mode !== 'off') {
      this.began = this.#judgeAtOnce(body);
      return this.began ? DONE : undefined;
    }
    // There is nothing to read in it, and nothing left that a halt could end.
    this.began = true;
    if (isBodyless(this.#req, this.raw.res) || options.governor.countUnasked(1)) return DONE;
    return () => {
      const known = options.known?.();
      // A governor that was closed meanwhile does not break an answer that it does not govern.
      void (async () => {
        if (isPromise(known)) await known;
        await options.governor.decideNow(outputEvent(options, []));
      })().catch(() => undefined);
    };
  }

  /** True when it was judged, and there was nothing to say about it. */
  #judgeAtOnce(body: string | Uint8Array): boolean {
    const options = this.#options;
    try {
      if (isPromise(options.known?.())) return false;
      // Nobody waits for its record.
      return decideAtOnce(this.#req, this.raw.res, body, undefined, options, this.head) !== undefined;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  // The outlet of its body: without enforcement nothing of it reaches the wire, and only a halt stops anything.

  write(): boolean {
    return true;
  }

  end(): void {}

  refuse(): void {}

  breakOff(): void {}

  drained(): void {}

  fail(error: unknown): void {
    tellFailure(this.#options, error);
  }

  cut(decision: Decision, ending: string | Uint8Array): void {
    const { res } = this.raw;
    if (!(isDenied(decision) || this.#stopping) || res.writableEnded || this.halted) return;
    this.halted = true;
    tellStopped(this.#options, decision);
    // A declared length that is not reached would be a broken answer whatever is written.
    if (this.#header('content-length') !== undefined) res.destroy();
    else this.raw.end(ending.length === 0 ? undefined : ending);
  }

  #header(name: string): string | undefined {
    if (this.head !== undefined) return this.head.get(name);
    const value = this.raw.res.getHeader(name);
    return value === undefined ? undefined : String(value);
  }
}

/** The same options otherwise, whatever changes in them later. */
function passingOpaque(options: CheckedOptions): CheckedOptions {
  return Object.assign(Object.create(options) as CheckedOptions, { opaque: 'pass' as const });
}

const DONE = (): void => {};

function isChunk(chunk: unknown): chunk is string | Uint8Array {
  return typeof chunk === 'string' || chunk instanceof Uint8Array;
}
