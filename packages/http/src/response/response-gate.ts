import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

import { isDenied, isPromise, type Decision, type MaybePromise } from '@flyball/core/adapter';

import { createBody } from '../body/create-body.ts';
import {
  headersSentError,
  inUtf8,
  isBodyless,
  isInvalidHead,
  removeHeaders,
  setHead,
  setStatusMessage,
  statusMessageOf,
  VALIDATORS,
  type HeaderInput,
} from './head.ts';
import type { RawResponse, WriteCallback } from './raw-response.ts';
import { tellFailure, tellStopped, type CheckedOptions } from './options.ts';
import { kept, type BodySource, type Delivery, type GovernedBody } from '../body/outlet.ts';
import { decideAtOnce, type AtOnce } from './at-once.ts';
import { answer } from './refusal.ts';
import { ResponseOutlet, type OutletHooks } from './response-outlet.ts';

type Trailers = Parameters<ServerResponse['addTrailers']>[0];

/**
 * The application's side of an enforced response. It behaves as a response does (`headersSent`, errors on late headers,
 * `drain`), while nothing reaches the raw response before governance has released it.
 */
export class ResponseGate implements OutletHooks {
  readonly raw: RawResponse;
  /** The application has sent its head, as far as it can tell. */
  committed = false;
  /** The application has ended the response, as far as it can tell. */
  ended = false;
  /** Every call goes straight through: there is nothing to govern, or governance has answered. */
  open = false;
  /** Everything that a gate needs where something is held is in place. */
  complete = false;
  /** `drain` reaches the application by way of the gate alone. */
  readonly carriesDrain: boolean;
  readonly #req: IncomingMessage;
  readonly #options: CheckedOptions;
  #sources: Set<Readable> | undefined;
  #body: GovernedBody | undefined;
  #stopped = false;
  #needDrain = false;
  #status = { code: 200, message: '' };
  #trailers: Trailers | undefined;
  #onFinish: (() => void) | undefined;
  #drain: EventEmitter | undefined;

  constructor(req: IncomingMessage, raw: RawResponse, options: CheckedOptions, carriesDrain: boolean) {
    this.#req = req;
    this.raw = raw;
    this.#options = options;
    this.carriesDrain = carriesDrain;
  }

  /** Carries `drain` to the application: its listeners would otherwise sit on a stream of compression's. */
  get drain(): EventEmitter {
    this.#drain ??= new EventEmitter();
    return this.#drain;
  }

  /** Nothing of a body has come yet: at most a head, such as Fastify writes before its answers of one piece. */
  get isUntouched(): boolean {
    if (this.#body !== undefined || this.ended || this.#stopped) return false;
    return !this.committed || !this.raw.headersSent;
  }

  get isPiped(): boolean {
    return this.#sources !== undefined;
  }

  /** A stream that is piped into the response: a stop ends it too. */
  piped(source: Readable): void {
    (this.#sources ??= new Set()).add(source);
  }

  unpiped(source: Readable): void {
    this.#sources?.delete(source);
  }

  writeHead(status: number, message: string | undefined, headers: HeaderInput): void {
    if (this.committed) throw headersSentError('write');
    setHead(this.raw.res, status, message, headers);
    this.#commit();
    if (!isBodyless(this.#req, this.raw.res)) return;
    this.open = true;
    this.raw.call('writeHead', status);
  }

  flushHeaders(): void {
    if (!this.committed) this.#commit();
    if (isBodyless(this.#req, this.raw.res)) this.open = true;
    if (this.open || this.#options.earlyHeaders === true) this.raw.call('flushHeaders');
  }

  addTrailers(trailers: Trailers): void {
    this.#trailers = trailers;
  }

  write(chunk: string | Uint8Array, encoding: BufferEncoding | undefined, done: WriteCallback | undefined): boolean {
    if (this.ended) {
      this.#complain(done);
      return false;
    }
    if (!this.committed) this.#commit();
    // A producer that waits for `drain` would hang: after a stop it is told to go on, and nothing of it leaves.
    if (this.#stopped) {
      if (this.#options.lateWrites === 'throw')
        throw streamError('ERR_FLYBALL_STOPPED', 'the answer was stopped: nothing more of it leaves');
      return later(done);
    }
    this.#body ??= this.#begin(undefined);
    if (this.#body === undefined) return this.#passing(() => this.raw.write(chunk, encoding, done));
    const ready = this.#body.write(inUtf8(chunk, encoding));
    if (!ready) this.#needDrain = true;
    later(done);
    return ready;
  }

  end(
    chunk: string | Uint8Array | undefined,
    encoding: BufferEncoding | undefined,
    done: (() => void) | undefined,
  ): void {
    if (this.ended) {
      if (chunk !== undefined && chunk.length > 0) this.#complain(done);
      else if (done === undefined) return;
      else if (!this.raw.res.writableFinished) this.raw.on('finish', done);
      else process.nextTick(done, streamError('ERR_STREAM_ALREADY_FINISHED', 'the response has ended'));
      return;
    }
    const first = !this.committed || this.#body === undefined;
    if (!this.committed) this.#commit();
    this.ended = true;
    if (this.#stopped) return void later(done);
    const empty = chunk === undefined || chunk.length === 0;
    if (first && !empty) this.#body = this.#begin(Buffer.byteLength(chunk, encoding));
    if (this.#body === undefined) {
      return this.#passing(() => {
        this.beforeEnd();
        this.raw.end(chunk, encoding, done);
      });
    }
    this.#onFinish = done;
    if (!empty) this.#body.write(inUtf8(chunk, encoding));
    this.#body.end();
  }

  /** The decision on a whole answer, where nothing in it has to be looked at twice: `passed`, it may leave as it is. */
  decideAtOnce(chunk: string | Uint8Array, encoding: BufferEncoding | undefined): AtOnce {
    return decideAtOnce(this.#req, this.raw.res, chunk, encoding, this.#options);
  }

  /**
   * Sends a whole answer that may leave. INVARIANT: until the raw response has taken it nothing has ended: Node may
   * refuse its head.
   */
  pass(chunk: string | Uint8Array, encoding: BufferEncoding | undefined, done: (() => void) | undefined): void {
    if (this.committed) {
      this.restoreHead();
      this.beforeEnd();
    }
    this.raw.end(chunk, encoding, done);
    this.committed = true;
    this.ended = true;
    this.open = true;
  }

  /** Sends or refuses a whole answer when its decision is there. */
  endWith(
    decided: MaybePromise<Decision>,
    chunk: string | Uint8Array,
    encoding: BufferEncoding | undefined,
    done: (() => void) | undefined,
  ): void {
    if (!this.committed) this.#commit();
    this.ended = true;
    this.#onFinish = done;
    const outlet = new ResponseOutlet(this.raw, this, 'whole');
    const body = kept(inUtf8(chunk, encoding));
    const carryOut = (decision: Decision): void => (isDenied(decision) ? outlet.refuse(decision) : outlet.end(body));
    if (isPromise(decided)) void decided.then(carryOut).catch((error: unknown) => outlet.fail(error));
    else carryOut(decided);
  }

  /** The moment after which an application that changes its head makes a mistake. */
  #commit(): void {
    const { res } = this.raw;
    // Node's own complaint, to the one who made the mistake: later it would reach nobody.
    if (isInvalidHead(res)) this.raw.call('writeHead', res.statusCode);
    this.committed = true;
    this.#status = { code: res.statusCode, message: statusMessageOf(res) };
  }

  /**
   * As Node says it of what is written after the end: to the caller, and to whoever listens for errors of the response.
   * INVARIANT: to nobody else. A response that waits for its last judgement is not over for a while, and an error that
   * nobody hears would end the process of an application whose heartbeat runs until `close`.
   */
  #complain(done: WriteCallback | undefined): void {
    const error = streamError('ERR_STREAM_WRITE_AFTER_END', 'write after end');
    process.nextTick(() => {
      done?.(error);
      const { res } = this.raw;
      if (!res.destroyed && res.listenerCount('error') > 0) res.emit('error', error);
    });
  }

  /** The first byte of a body decides how it is read. Undefined: there is nothing to read. */
  #begin(length: number | undefined): GovernedBody | undefined {
    const { res } = this.raw;
    if (isBodyless(this.#req, res)) return undefined;
    const source: BodySource = {
      req: this.#req,
      res,
      length: length ?? declaredLength(res),
      complete: length !== undefined,
      header: (name) => headerOf(res, name),
      passOn: (body) => this.#passOn(body),
      decoded: () => this.raw.run(() => removeHeaders(res, ENCODED)),
      outlet: (delivery) => {
        if (delivery !== 'whole') this.#prepareStream(delivery);
        return new ResponseOutlet(this.raw, this, delivery);
      },
    };
    return createBody(source, this.#options);
  }

  #prepareStream(delivery: Delivery): void {
    const { raw } = this;
    // Masks and stops change the length of what streams.
    if (delivery === 'streamed') raw.run(() => removeHeaders(raw.res, ['content-length']));
    if (this.carriesDrain) raw.on('drain', () => this.drained());
    raw.on('close', () => this.#closed());
  }

  /** Ends a stream that is under way, as its protocol ends. */
  stop(): void {
    this.#body?.stop?.();
  }

  // What the outlet asks of the gate (`OutletHooks`).

  refuse(decision: Decision): void {
    answer(decision, this.#req, this.raw, this.#options);
  }

  finished(): void {
    this.#onFinish?.();
  }

  /** The body cannot be judged and may leave as it is. */
  #passOn(body: Uint8Array): void {
    this.#body = undefined;
    this.#passing(() => {
      if (!this.ended) return this.raw.write(body);
      this.beforeEnd();
      this.raw.end(body, undefined, this.#onFinish);
      return true;
    });
    this.drained();
  }

  #passing<T>(call: () => T): T {
    this.restoreHead();
    if (!this.open && this.carriesDrain) this.raw.on('drain', () => this.drained());
    this.open = true;
    return call();
  }

  stopped(decision: Decision): void {
    this.#stopped = true;
    for (const source of this.#sources ?? []) {
      source.unpipe(this.raw.res);
      source.destroy();
    }
    tellStopped(this.#options, decision);
    this.drained();
  }

  failed(error: unknown): void {
    tellFailure(this.#options, error);
  }

  restoreHead(): void {
    const { res } = this.raw;
    res.statusCode = this.#status.code;
    if (this.#status.message) setStatusMessage(res, this.#status.message);
  }

  beforeEnd(): void {
    if (this.#trailers !== undefined) this.raw.call('addTrailers', this.#trailers);
  }

  drained(): void {
    if (!this.#needDrain && !this.open) return;
    if (this.carriesDrain) this.#drain?.emit('drain');
    // What the raw response has made wait hears of it from there.
    else if (this.#needDrain) this.raw.res.emit('drain');
    this.#needDrain = false;
  }

  #closed(): void {
    this.#body?.abort();
    this.drained();
  }
}

/** What no longer describes a body that was decoded. */
const ENCODED: readonly string[] = ['content-encoding', 'content-length', ...VALIDATORS];

function headerOf(res: ServerResponse, name: string): string | undefined {
  const value = res.getHeader(name);
  return value === undefined ? undefined : String(value);
}

function declaredLength(res: ServerResponse): number | undefined {
  const length = res.getHeader('content-length');
  return length === undefined ? undefined : Number(length);
}

function streamError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function later(done: (() => void) | undefined): true {
  if (done !== undefined) process.nextTick(done);
  return true;
}
