import type { ServerResponse } from 'node:http';

import { isDenied, type OutputGate, type SegmentInit } from '@flyball/core/adapter';

import { DetectedFormat } from '../formats/index.ts';
import type { Framing } from '../framing/frame.ts';
import { ndjsonFraming } from '../framing/ndjson.ts';
import { sseFraming } from '../framing/sse.ts';
import { DEFAULT_MAX_BODY, tellWarning, type CheckedOptions } from '../response/options.ts';
import { coversOutput, outputEvent } from '../response/output-event.ts';
import { EventFlow } from './event-flow.ts';
import { TextFlow, type Flow } from './flow.ts';
import { bodyKind, type BodyKind } from './kinds.ts';
import type { Delivery, GovernedBody, Outlet } from './outlet.ts';
import type { Part } from './part.ts';
import { StreamTail } from './stream-tail.ts';
import { StreamedBody } from './streamed.ts';
import { UncoveredBody } from './uncovered.ts';
import { UnreadableBody } from './unreadable.ts';
import { utf8Reader } from './utf8-reader.ts';
import { WholeBody } from './whole.ts';

/** A response whose body is about to begin. */
export interface BodySource {
  readonly res: ServerResponse;
  /** Bytes of the body, where they are known beforehand. */
  readonly length: number | undefined;
  /** The first chunk is the last one too. */
  readonly complete: boolean;
  outlet(delivery: Delivery): Outlet;
  /** Lets what cannot be judged leave as it is. */
  passOn(body: Uint8Array): void;
}

/** Chooses how a body is judged: not at all where nothing covers it, as it streams, in one piece, or as one that cannot be read. */
export function createBody(source: BodySource, options: CheckedOptions): GovernedBody {
  const { res } = source;
  const kind = bodyKind({
    status: res.statusCode,
    type: headerOf(res, 'content-type'),
    encoding: headerOf(res, 'content-encoding'),
  });
  if (!coversOutput(options)) return uncoveredBody(source, kind, options);
  if (kind === 'opaque') {
    const outlet = source.outlet('whole');
    return new UnreadableBody({ outlet, unreadable: (body) => unreadable(body, outlet, source, options) });
  }
  const { length } = source;
  const whole = kind === 'json' || (kind === 'text' && length !== undefined && length <= maxBodyOf(options));
  return whole ? wholeBody(source, kind, options, true) : streamedBody(source, kind, options);
}

function uncoveredBody(source: BodySource, kind: BodyKind, options: CheckedOptions): GovernedBody {
  if (source.complete) return wholeBody(source, kind, options, false);
  const framing = framingOf(kind);
  return new UncoveredBody({
    outlet: source.outlet('untouched'),
    open: () => options.governor.openGate<never>(outputEvent(options, [])),
    ...(framing && { tail: new StreamTail(framing, new DetectedFormat(options)) }),
  });
}

function wholeBody(source: BodySource, kind: BodyKind, options: CheckedOptions, covered: boolean): GovernedBody {
  const outlet = source.outlet('whole');
  return new WholeBody({
    outlet,
    covered,
    strict: isUndeclared(source),
    json: kind === 'json',
    ...(options.paths && { paths: options.paths }),
    maxBytes: covered ? maxBodyOf(options) : Infinity,
    governor: options.governor,
    event: (content) => outputEvent(options, content),
    unreadable: (body) =>
      void unreadable(() => body, outlet, source, options).catch((error: unknown) => outlet.fail(error)),
  });
}

function streamedBody(source: BodySource, kind: BodyKind, options: CheckedOptions): GovernedBody {
  const { governor } = options;
  const event = (content: readonly SegmentInit[]) => outputEvent(options, content);
  return new StreamedBody({
    outlet: source.outlet('streamed'),
    open: () => governor.openGate<never>(event([])),
    refuse: (reason, insteadOf) => governor.refuse(event([]), reason, insteadOf),
    flow: (gate) => flowFor(kind, gate, options),
    maxHeld: maxBodyOf(options),
    decided: ({ signals }) => {
      if (signals.some(({ joined }) => joined === true)) tellWarning(options, 'JOINED_ROWS');
    },
    utf8: utf8Reader(isUndeclared(source)),
  });
}

/** A body that cannot be read: only where a policy covers the output is there something that could not be judged. */
async function unreadable(
  body: () => Uint8Array,
  outlet: Outlet,
  source: BodySource,
  options: CheckedOptions,
): Promise<void> {
  const { governor, opaque } = options;
  const event = outputEvent(options, []);
  let decision = await governor.decideNow(event);
  if (decision.outcome === 'ALLOW' && opaque !== 'pass') {
    tellWarning(options, headerOf(source.res, 'content-encoding') === undefined ? 'OPAQUE_BODY' : 'ENCODED_BODY');
    decision = await governor.refuse(event, 'FAILED_CLOSED', decision);
  }
  if (isDenied(decision)) outlet.refuse(decision);
  else source.passOn(body());
}

function flowFor(kind: BodyKind, gate: OutputGate<never>, options: CheckedOptions): Flow {
  const framing = framingOf(kind);
  if (framing === undefined) return new TextFlow(gate);
  return new EventFlow(gate as OutputGate<unknown> as OutputGate<Part>, framing, new DetectedFormat(options));
}

function framingOf(kind: BodyKind): Framing | undefined {
  if (kind === 'sse') return sseFraming();
  return kind === 'ndjson' ? ndjsonFraming() : undefined;
}

const maxBodyOf = ({ maxBody = DEFAULT_MAX_BODY }: CheckedOptions): number => maxBody;

/** A body of no declared type may be anything: what is not UTF-8 then is not text. */
const isUndeclared = ({ res }: BodySource): boolean => headerOf(res, 'content-type') === undefined;

function headerOf(res: ServerResponse, name: string): string | undefined {
  const value = res.getHeader(name);
  return value === undefined ? undefined : String(value);
}
