import type { IncomingMessage, ServerResponse } from 'node:http';

import { isDenied, isPromise } from '@flyball/core/adapter';

import { createBody } from '../body/create-body.ts';
import { LateBody } from '../body/late.ts';
import { headersOf, inUtf8, isBodyless, type HeaderInput } from './head.ts';
import { RawResponse } from './raw-response.ts';
import { DEFAULT_MAX_BODY, tellFailure, tellStopped, type CheckedOptions } from './options.ts';
import type { BodySource, GovernedBody, Outlet } from '../body/outlet.ts';
import { outputEvent } from './output-event.ts';
import { markWatched } from './patch.ts';

/**
 * A response that nothing is enforced on: every byte passes at once, exactly as written. In shadow a copy is judged; in any
 * mode an operator's halt ends the stream, as its protocol ends.
 */
export function watchResponse(req: IncomingMessage, res: ServerResponse, options: CheckedOptions): void {
  markWatched(res);
  const raw = new RawResponse(res, ['write', 'end', 'on', 'writeHead']);
  /**
   * The head as the application sent it: the response keeps no header that was given to `writeHead` alone, and it may have one that
   * compression sets behind this side, which sees text.
   */
  let head: ReadonlyMap<string, string> | undefined;
  const header = (name: string): string | undefined => {
    if (head !== undefined) return head.get(name);
    const value = res.getHeader(name);
    return value === undefined ? undefined : String(value);
  };
  let body: GovernedBody | undefined;
  let began = false;
  let complete = false;
  let halted = false;

  const outlet: Outlet = {
    sent: true,
    write: () => true,
    end: () => undefined,
    refuse: () => undefined,
    breakOff: () => undefined,
    drained: () => undefined,
    fail: (error) => tellFailure(options, error),
    cut(decision, ending) {
      // Without enforcement only a halt stops anything.
      if (!isDenied(decision) || res.writableEnded || halted) return;
      halted = true;
      tellStopped(options, decision);
      // A declared length that is not reached would be a broken answer whatever is written.
      if (header('content-length') !== undefined) res.destroy();
      else raw.end(ending.length === 0 ? undefined : ending);
    },
  };
  const begin = (length: number | undefined): void => {
    if (began) return;
    began = true;
    if (isBodyless(req, res)) return;
    const source: BodySource = {
      req,
      res,
      header,
      length,
      complete: length !== undefined,
      outlet: () => outlet,
      passOn: () => undefined,
      decoded: () => undefined,
    };
    const create = (): GovernedBody => createBody(source, { ...options, opaque: 'pass' });
    const known = options.known?.();
    body = isPromise(known) ? new LateBody(known, options.maxBody ?? DEFAULT_MAX_BODY, create) : create();
  };

  /** Governance is off and the body is complete: there is nothing to read in it, and nothing left that a halt could end. */
  const pass = (): void => {
    began = true;
    if (isBodyless(req, res)) return;
    if (options.governor.countUnasked(1)) return;
    const known = options.known?.();
    // A governor that was closed meanwhile does not break an answer that it does not govern.
    void (async () => {
      if (isPromise(known)) await known;
      await options.governor.decideNow(outputEvent(options, []));
    })().catch(() => undefined);
  };

  res.writeHead = function writeHead(this: ServerResponse, status: number, ...rest: unknown[]): ServerResponse {
    if (raw.inside === 0) {
      const given: unknown = typeof rest[0] === 'string' ? rest[1] : (rest[0] ?? rest[1]);
      head = new Map([...headersOf(res.getHeaders()), ...headersOf(given as HeaderInput)]);
    }
    raw.call('writeHead', status, ...rest);
    return res;
  };

  res.write = function write(this: ServerResponse, chunk: unknown, ...rest: unknown[]): boolean {
    if (raw.inside > 0) return raw.call('write', chunk, ...rest) as boolean;
    if (halted) return true;
    // Before the write: compression then sets its encoding behind this method, and this side sees text.
    begin(undefined);
    const passed = raw.call('write', chunk, ...rest) as boolean;
    if (isChunk(chunk)) body?.write(inUtf8(chunk, rest[0]));
    return passed;
  } as ServerResponse['write'];

  res.end = function end(this: ServerResponse, chunk?: unknown, ...rest: unknown[]): ServerResponse {
    if (halted) return res;
    const outside = raw.inside === 0;
    const whole = !began && options.mode === 'off';
    const last = outside && isChunk(chunk) && chunk.length > 0 ? inUtf8(chunk, rest[0]) : undefined;
    if (last !== undefined && whole) pass();
    else if (last !== undefined) begin(last.length);
    if (outside) complete = true;
    raw.call('end', chunk, ...rest);
    if (!outside) return res;
    if (last !== undefined) body?.write(last);
    body?.end();
    return res;
  } as ServerResponse['end'];
  // What was complete before the connection closed is judged to its end, however fast it left.
  raw.on('close', () => {
    if (!complete) body?.abort();
  });
}

function isChunk(chunk: unknown): chunk is string | Uint8Array {
  return typeof chunk === 'string' || chunk instanceof Uint8Array;
}
