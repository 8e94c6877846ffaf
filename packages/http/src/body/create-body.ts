import type { ServerResponse } from 'node:http';

import {
  isDenied,
  type Decision,
  type MaybePromise,
  type OutputGate,
  type RefusalReason,
  type SegmentInit,
} from '@flyball/core/adapter';

import { DetectedFormat } from '../formats/index.ts';
import { ndjsonFraming } from '../framing/ndjson.ts';
import { sseFraming } from '../framing/sse.ts';
import { bodyKind, type BodyKind } from './kinds.ts';
import { EventFlow, type TextEnd } from './event-flow.ts';
import { TextFlow, type Flow } from './flow.ts';
import { DEFAULT_MAX_BODY, type CheckedOptions } from '../response/options.ts';
import type { GovernedBody, Outlet } from './outlet.ts';
import { outputEvent } from '../response/output-event.ts';
import { StreamedBody } from './streamed.ts';
import { UnreadableBody } from './unreadable.ts';
import { utf8Reader } from './utf8-reader.ts';
import { WholeBody } from './whole.ts';

/** A response whose body is about to begin. */
export interface BodySource {
  readonly res: ServerResponse;
  /** Bytes of the body, where they are known beforehand. */
  readonly length: number | undefined;
  outlet(streams: boolean): Outlet;
  /** Lets what cannot be judged leave as it is. */
  passOn(body: Uint8Array): void;
}

/** Chooses how a body is judged: as it streams, in one piece, or not at all because it cannot be read. */
export function createBody(source: BodySource, options: CheckedOptions): GovernedBody {
  const { res, length } = source;
  const { maxBody = DEFAULT_MAX_BODY } = options;
  const type = headerOf(res, 'content-type');
  const encoding = headerOf(res, 'content-encoding');
  const kind = bodyKind({ status: res.statusCode, type, encoding });
  const strict = type === undefined;

  const decide = (content: readonly SegmentInit[]): Decision | Promise<Decision> =>
    options.governor.decideNow(outputEvent(options, content));

  const refuse = (reason: RefusalReason): MaybePromise<Decision> =>
    options.governor.refuse(outputEvent(options, []), reason);

  const unreadable = async (body: () => Uint8Array, outlet: Outlet): Promise<void> => {
    let decision = await decide([]);
    // Only where a policy covers the output is there something that could not be judged.
    if (decision.outcome === 'ALLOW' && options.opaque !== 'pass') {
      options.onWarning?.(encoding === undefined ? 'OPAQUE_BODY' : 'ENCODED_BODY');
      decision = await refuse('FAILED_CLOSED');
    }
    if (isDenied(decision)) outlet.refuse(decision);
    else source.passOn(body());
  };

  if (kind === 'opaque') {
    const outlet = source.outlet(false);
    return new UnreadableBody({ outlet, unreadable: (body) => unreadable(body, outlet) });
  }
  const whole = kind === 'json' || (kind === 'text' && length !== undefined && length <= maxBody);
  const outlet = source.outlet(!whole);
  if (whole) {
    return new WholeBody({
      outlet,
      decide,
      refuse,
      strict,
      json: kind === 'json',
      ...(options.paths && { paths: options.paths }),
      maxBytes: maxBody,
      unreadable: (body) => void unreadable(() => body, outlet).catch((error: unknown) => outlet.fail(error)),
    });
  }
  return new StreamedBody({
    outlet,
    open: () => options.governor.openGate<never>(outputEvent(options, [])),
    refuse,
    flow: (gate) => flowFor(kind, gate, options.select),
    maxHeld: maxBody,
    utf8: utf8Reader(strict),
  });
}

function flowFor(kind: BodyKind, gate: OutputGate<never>, select: readonly string[] | undefined): Flow {
  if (kind === 'text') return new TextFlow(gate);
  const framing = kind === 'sse' ? sseFraming() : ndjsonFraming();
  return new EventFlow(gate as OutputGate<unknown> as OutputGate<TextEnd>, framing, new DetectedFormat(select));
}

function headerOf(res: ServerResponse, name: string): string | undefined {
  const value = res.getHeader(name);
  return value === undefined ? undefined : String(value);
}
