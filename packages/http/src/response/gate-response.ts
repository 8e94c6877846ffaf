import type { IncomingMessage, ServerResponse } from 'node:http';

import type { AdapterGovernor } from '@flyball/core/adapter';

import { checkGateOptions, type GateResponseOptions } from './options.ts';
import { gatedAs, install } from './patch.ts';
import { FIRST, PATCHED } from './patched.ts';
import { RawResponse } from './raw-response.ts';
import { ResponseGate } from './response-gate.ts';
import { watchResponse } from './watch.ts';

/**
 * Governs everything that leaves through one Node response, however it is written: `write`, `end`, `pipe`, and all that
 * is built on them. Call it before the handler runs, and after compression has put itself in place. The options are
 * read again when the body begins, so that a route may still change them. Throws `OPTIONS_INVALID` for options it does
 * not know.
 *
 * While enforcing, the head is held until the first text is released, so that a stop before that is a real refusal;
 * later stops end the protocol of the stream cleanly. A response is gated once: further calls do nothing, except that
 * enforcing takes over from watching.
 */
export function gateResponse(req: IncomingMessage, res: ServerResponse, options: GateResponseOptions): void {
  gateCheckedResponse(req, res, checkGateOptions(options));
}

/** The same for adapters of frameworks, which check what their application says once and not with every request. */
export function gateCheckedResponse(
  req: IncomingMessage,
  res: ServerResponse,
  checked: GateResponseOptions & { readonly governor: AdapterGovernor },
): void {
  const already = gatedAs(res);
  if (checked.mode === 'enforce') {
    if (already === 'enforced') return;
    // Compression keeps listeners for `drain` where nobody else can tell them of it.
    const carriesDrain = Object.hasOwn(res, 'on');
    install(res, new ResponseGate(req, new RawResponse(res, carriesDrain ? ALL : AT_FIRST), checked, carriesDrain));
  } else if (already === undefined) watchResponse(req, res, checked);
}

const AT_FIRST: readonly string[] = [...FIRST, 'flush'];
const ALL: readonly string[] = [...PATCHED, 'flush'];
