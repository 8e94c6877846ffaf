import { isDenied, type Decision, type MaybePromise, type OutputGate, type RefusalReason } from '@flyball/core/adapter';

import { DetectedFormat } from '../formats/index.ts';
import { hintsOf } from '../formats/request.ts';
import { arrayFraming } from '../framing/array.ts';
import { dataStreamFraming } from '../framing/data-stream.ts';
import { eventStreamFraming } from '../framing/event-stream.ts';
import type { Framing } from '../framing/frame.ts';
import { boundaryOf, multipartFraming } from '../framing/multipart.ts';
import { ndjsonFraming } from '../framing/ndjson.ts';
import { sseFraming } from '../framing/sse.ts';
import { DEFAULT_MAX_BODY, tellFailure, tellWarning, type CheckedOptions } from '../response/options.ts';
import { coversOutput, outputEvent } from '../response/output-event.ts';
import { DecodedBody, decoderFor } from './decoded.ts';
import { EventFlow } from './event-flow.ts';
import { TextFlow, type Flow } from './flow.ts';
import { bodyKind, isEncoded, type BodyKind } from './kinds.ts';
import { passesUnread } from './opaque.ts';
import type { BodySource, GovernedBody, Outlet } from './outlet.ts';
import type { Part } from './part.ts';
import { SniffedBody, sniffJson, sniffMultipart, sniffText, sniffUndeclared } from './sniffed.ts';
import { StreamTail } from './stream-tail.ts';
import { StreamedBody, type StreamedBodySetup } from './streamed.ts';
import { UncoveredBody } from './uncovered.ts';
import { UnreadableBody } from './unreadable.ts';
import { binaryReader, binaryText, utf8Reader, type Utf8Reader } from './utf8-reader.ts';
import { WholeBody } from './whole.ts';

/** Kinds of bodies whose text can be judged, once it is known which of them one is. */
type ReadableKind = 'sse' | 'data-stream' | 'event-stream' | 'multipart' | 'ndjson' | 'array' | 'json' | 'text';

/**
 * Chooses how a body is judged: not at all where nothing covers it, as it streams, in one piece, or as one that cannot
 * be read.
 */
export function createBody(source: BodySource, options: CheckedOptions): GovernedBody {
  const encoding = source.header('content-encoding');
  const head = {
    status: source.res.statusCode,
    type: source.header('content-type'),
    dataStream: source.header('x-vercel-ai-data-stream') !== undefined,
  };
  const kind = bodyKind({ ...head, encoding });
  if (!coversOutput(options)) return uncoveredBody(source, kind, options);
  if (kind === 'opaque' && isEncoded(encoding)) {
    const decoder = decoderFor(encoding!);
    const inner = bodyKind({ ...head, encoding: undefined });
    if (decoder !== undefined && inner !== 'opaque' && inner !== 'media') {
      tellWarning(options, 'ENCODED_BODY');
      source.decoded();
      return new DecodedBody(
        decoder,
        source,
        (plain) => readableBody({ ...plain, length: undefined, complete: false }, inner, options),
        (outlet) => undecodable(outlet, options),
      );
    }
  }
  return readableBody(source, kind, options);
}

function readableBody(source: BodySource, kind: BodyKind, options: CheckedOptions): GovernedBody {
  if (kind === 'multipart') {
    return new SniffedBody(source, sniffMultipart, (sniffed) =>
      sniffed === 'opaque' ? readableBody(source, sniffed, options) : bodyOf(source, sniffed, options),
    );
  }
  if (kind === 'opaque' || kind === 'media') {
    const outlet = source.outlet('whole');
    const pass = kind === 'media' || mayPass(source, options);
    return new UnreadableBody({ outlet, unreadable: (body) => unreadable(body, outlet, source, options, pass) });
  }
  if (kind === 'undeclared')
    return new SniffedBody(source, sniffUndeclared, (sniffed) =>
      sniffed === 'opaque' ? readableBody(source, sniffed, options) : bodyOf(source, sniffed, options),
    );
  if (kind === 'text' && !source.complete && source.length === undefined)
    return new SniffedBody(source, sniffText, (sniffed) => bodyOf(source, sniffed, options));
  // JSON in one piece is judged as one value; where it streams, it may be many.
  if (kind === 'json' && !source.complete && source.length === undefined && options.paths === undefined)
    return new SniffedBody(source, sniffJson, (sniffed) => bodyOf(source, sniffed, options));
  return bodyOf(source, kind, options);
}

function bodyOf(source: BodySource, kind: ReadableKind, options: CheckedOptions): GovernedBody {
  const { length } = source;
  const whole = kind === 'json' || (kind === 'text' && length !== undefined && length <= maxBodyOf(options));
  return whole ? wholeBody(source, kind === 'json', options, true) : streamedBody(source, kind, options);
}

function uncoveredBody(source: BodySource, kind: BodyKind, options: CheckedOptions): GovernedBody {
  if (source.complete) return wholeBody(source, kind === 'json', options, false);
  const framing = isEvents(kind) ? framingOf(kind, source) : undefined;
  return new UncoveredBody({
    outlet: source.outlet('untouched'),
    open: () => options.governor.openGate<never>(outputEvent(options, [])),
    ...(framing && { tail: new StreamTail(framing, detected(source, options), kind === 'event-stream') }),
  });
}

function wholeBody(source: BodySource, json: boolean, options: CheckedOptions, covered: boolean): GovernedBody {
  const outlet = source.outlet('whole');
  return new WholeBody({
    outlet,
    covered,
    strict: isUndeclared(source),
    json,
    ...(options.paths && { paths: options.paths }),
    maxBytes: covered ? maxBodyOf(options) : Infinity,
    governor: options.governor,
    event: (content) => outputEvent(options, content),
    unreadable: (body) =>
      void unreadable(() => body, outlet, source, options, mayPass(source, options)).catch((error: unknown) =>
        outlet.fail(error),
      ),
  });
}

function streamedBody(source: BodySource, kind: ReadableKind, options: CheckedOptions): GovernedBody {
  return new StreamedBody(new JudgedStream(source, kind, options));
}

/** A class, because every open stream has one: functions of their own would be kept with each. */
class JudgedStream implements StreamedBodySetup {
  readonly outlet: Outlet;
  readonly maxHeld: number;
  readonly utf8: Utf8Reader;
  readonly #source: BodySource;
  readonly #kind: ReadableKind;
  readonly #options: CheckedOptions;

  constructor(source: BodySource, kind: ReadableKind, options: CheckedOptions) {
    this.outlet = source.outlet('streamed');
    this.maxHeld = maxBodyOf(options);
    this.utf8 = kind === 'event-stream' ? binaryReader() : utf8Reader(kind === 'multipart' || isUndeclared(source));
    this.#source = source;
    this.#kind = kind;
    this.#options = options;
  }

  open(): Promise<OutputGate<never>> {
    return this.#options.governor.openGate<never>(outputEvent(this.#options, []));
  }

  flow(gate: OutputGate<never>): Flow {
    return flowFor(this.#kind, gate, this.#source, this.#options);
  }

  refuse(reason: RefusalReason, insteadOf: Decision): MaybePromise<Decision> {
    return this.#options.governor.refuse(outputEvent(this.#options, []), reason, insteadOf);
  }

  decided({ signals }: Decision): void {
    if (signals.some(({ joined }) => joined === true)) tellWarning(this.#options, 'JOINED_ROWS');
  }

  failed(error: unknown): void {
    tellFailure(this.#options, error);
  }

  encode(text: string): string | Uint8Array {
    return this.#kind === 'event-stream' ? binaryText(text) : text;
  }
}

/** A body that cannot be read: only where a policy covers the output is there something that could not be judged. */
async function unreadable(
  body: () => Uint8Array,
  outlet: Outlet,
  source: BodySource,
  options: CheckedOptions,
  pass: boolean,
): Promise<void> {
  const { governor } = options;
  const event = outputEvent(options, []);
  let decision = await governor.decideNow(event);
  if (decision.outcome === 'ALLOW' && !pass) {
    tellWarning(options, isEncoded(source.header('content-encoding')) ? 'ENCODED_BODY' : 'OPAQUE_BODY');
    decision = await governor.refuse(event, 'UNREADABLE', decision);
  }
  if (isDenied(decision)) outlet.refuse(decision);
  else source.passOn(body());
}

/** A body that says it is encoded, and is not: nobody could read it. */
async function undecodable(outlet: Outlet, options: CheckedOptions): Promise<void> {
  const { governor } = options;
  const event = outputEvent(options, []);
  tellWarning(options, 'ENCODED_BODY');
  const decision = await governor.refuse(event, 'UNREADABLE', await governor.decideNow(event));
  if (!isDenied(decision)) return;
  if (outlet.sent) outlet.breakOff(decision);
  else outlet.refuse(decision);
}

const mayPass = (source: BodySource, { opaque }: CheckedOptions): boolean =>
  passesUnread(opaque, source.header('content-type'));

function detected({ req }: BodySource, options: CheckedOptions): DetectedFormat {
  return new DetectedFormat(options, () => hintsOf(req));
}

function flowFor(kind: ReadableKind, gate: OutputGate<never>, source: BodySource, options: CheckedOptions): Flow {
  if (kind === 'text' || kind === 'json') return new TextFlow(gate);
  return new EventFlow(
    gate as OutputGate<unknown> as OutputGate<Part>,
    framingOf(kind, source),
    detected(source, options),
  );
}

type EventsKind = Exclude<ReadableKind, 'json' | 'text'>;

const FRAMINGS: { readonly [K in EventsKind]: (source: BodySource) => Framing } = {
  sse: (source) => sseFraming(!/event-stream/i.test(source.header('content-type') ?? '')),
  'data-stream': (source) => dataStreamFraming(source.header('x-vercel-ai-data-stream') === undefined),
  'event-stream': eventStreamFraming,
  multipart: (source) => multipartFraming(boundaryOf(source.header('content-type') ?? '')),
  ndjson: (source) => ndjsonFraming(mayBeText(source.header('content-type'))),
  array: arrayFraming,
};

const isEvents = (kind: BodyKind): kind is Exclude<EventsKind, 'array'> => Object.hasOwn(FRAMINGS, kind);

const framingOf = (kind: EventsKind, source: BodySource): Framing => FRAMINGS[kind](source);

const maxBodyOf = ({ maxBody = DEFAULT_MAX_BODY }: CheckedOptions): number => maxBody;

/** Nothing says that it is JSON. */
const mayBeText = (type: string | undefined): boolean => type === undefined || /^\s*text\//i.test(type);

/** A body of no declared type may be anything: what is not UTF-8 then is not text. */
const isUndeclared = (source: BodySource): boolean => source.header('content-type') === undefined;
