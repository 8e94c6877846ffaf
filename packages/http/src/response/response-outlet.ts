import type { Decision } from '@flyball/core/adapter';

import { BODY_HEADERS, removeHeaders, setStatusMessage, VALIDATORS } from './head.ts';
import type { RawResponse } from './raw-response.ts';
import type { Delivery, Outlet } from '../body/outlet.ts';

/** What the gate does when a body has come to its end, one way or another. */
export interface OutletHooks {
  /** The head as the application committed it, put back before it leaves. */
  restoreHead(): void;
  /** Called once: nothing of the application leaves any more. */
  stopped(decision: Decision): void;
  refuse(decision: Decision): void;
  beforeEnd(): void;
  /** The response has been handed to the socket: the application's own callback. */
  finished(): void;
  drained(): void;
  /** Governance itself broke. */
  failed(error: unknown): void;
}

/** The wire side of an enforced response. */
export class ResponseOutlet implements Outlet {
  readonly #raw: RawResponse;
  readonly #hooks: OutletHooks;
  readonly #delivery: Delivery;
  #sent = false;

  constructor(raw: RawResponse, hooks: OutletHooks, delivery: Delivery) {
    this.#raw = raw;
    this.#hooks = hooks;
    this.#delivery = delivery;
  }

  get sent(): boolean {
    // Asked for every event of a stream, and what has been sent stays so.
    return (this.#sent ||= this.#raw.headersSent);
  }

  write(chunk: string | Uint8Array): boolean {
    if (!this.sent) this.#hooks.restoreHead();
    const ready = this.#raw.write(chunk);
    // Pieces that governance has held are meant to arrive now; what passes untouched is flushed by whoever wrote it.
    if (this.#delivery === 'streamed') this.#raw.flush();
    return ready;
  }

  end(body: string | Uint8Array, edited = false): void {
    if (!this.sent) {
      this.#hooks.restoreHead();
      if (edited) this.#replaceBody(body);
    }
    this.#hooks.beforeEnd();
    const finished = (): void => this.#hooks.finished();
    if (body.length === 0) this.#raw.end(undefined, undefined, finished);
    else this.#raw.end(body, undefined, finished);
  }

  refuse(decision: Decision): void {
    const { res } = this.#raw;
    this.#hooks.stopped(decision);
    this.#raw.run(() => {
      removeHeaders(res, BODY_HEADERS);
      // The reason phrase of the application's status would belong to another one.
      setStatusMessage(res, '');
    });
    this.#hooks.refuse(decision);
  }

  cut(decision: Decision, ending: string | Uint8Array): void {
    this.#hooks.stopped(decision);
    // A declared length that is not reached would be a broken answer whatever is written.
    if (this.#raw.res.hasHeader('content-length')) return void this.#raw.res.destroy();
    if (!this.sent) this.#hooks.restoreHead();
    if (ending.length === 0) this.#raw.end();
    else this.#raw.end(ending);
  }

  breakOff(decision: Decision): void {
    this.#hooks.stopped(decision);
    this.#raw.res.destroy();
  }

  fail(error: unknown): void {
    const { res } = this.#raw;
    this.#hooks.failed(error);
    if (this.sent) return void res.destroy(error instanceof Error ? error : new Error('governance failed'));
    this.#raw.run(() => {
      removeHeaders(res, BODY_HEADERS);
      res.statusCode = 500;
      setStatusMessage(res, '');
    });
    this.#raw.end();
  }

  drained(): void {
    this.#hooks.drained();
  }

  /** An edited body has another length and is another representation. */
  #replaceBody(body: string | Uint8Array): void {
    const { res } = this.#raw;
    this.#raw.run(() => {
      removeHeaders(res, VALIDATORS);
      if (res.hasHeader('content-length')) res.setHeader('Content-Length', Buffer.byteLength(body));
    });
  }
}
