import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';

import {
  isDenied,
  isPromise,
  type Decision,
  type MaybePromise,
  type QuietEvent,
  type SegmentInit,
} from '@flyball/core/adapter';

import { bodyKind } from '../body/kinds.ts';
import { jsonSegments, plainJsonTexts } from '../body/json-segments.ts';
import { isUtf16 } from '../body/utf8-reader.ts';
import { LateInteraction } from '../late-interaction.ts';
import { isBodyless } from './head.ts';
import { DEFAULT_MAX_BODY, type CheckedOptions } from './options.ts';

/** `passed`: it leaves as it is. `undefined`: nothing was decided. */
export type AtOnce = 'passed' | MaybePromise<Decision> | undefined;

/** Bytes up to which a body is looked at here. */
const MAX_BYTES = 16 * 1024;

/**
 * Decides on JSON that arrives in one piece, where nothing can object to it but what is found in its texts, and nothing
 * is: most answers of most applications. Everything else takes the usual way. `head`: as it left, where it has.
 */
export function decideAtOnce(
  req: IncomingMessage,
  res: ServerResponse,
  chunk: string | Uint8Array,
  encoding: BufferEncoding | undefined,
  options: CheckedOptions,
  head?: ReadonlyMap<string, string>,
): AtOnce {
  const { governor, resource = NO_RESOURCE, paths, unreadable, maxBody = DEFAULT_MAX_BODY } = options;
  if (chunk.length > MAX_BYTES || chunk.length > maxBody || paths !== undefined || unreadable !== undefined)
    return undefined;
  if (isBodyless(req, res) || !isJson(res, head)) return undefined;
  const interaction = options.interaction instanceof LateInteraction ? options.interaction.real : options.interaction;
  if (interaction === undefined || interaction.subjectMissing === true) return undefined;
  const { subject, policy } = interaction;
  const lane = governor.quiet({ stage: 'output', subject, policy, resource });
  const text = lane === undefined ? undefined : textOf(chunk, encoding);
  if (text === undefined) return undefined;
  const decided = lane!.decide(interaction, new JsonAnswer(text, options, lane!.asksAll));
  return decided === undefined || decided === 'passed' || isPromise(decided) || isDenied(decided) ? decided : 'passed';
}

const NO_RESOURCE = {};

/** What the headers of the last answers said: most of them say the same. */
let jsonType: string | undefined;

function isJson(res: ServerResponse, head: ReadonlyMap<string, string> | undefined): boolean {
  const type = head === undefined ? res.getHeader('content-type') : head.get('content-type');
  const isEncoded = head === undefined ? res.hasHeader('content-encoding') : head.has('content-encoding');
  if (typeof type !== 'string' || res.statusCode === 206 || isEncoded) return false;
  if (type === jsonType) return true;
  if (bodyKind({ status: res.statusCode, type, encoding: undefined }) !== 'json') return false;
  jsonType = type;
  return true;
}

/** `undefined`: it is not what it says, or has halves of characters, which leave as something else. */
function textOf(chunk: string | Uint8Array, encoding: BufferEncoding | undefined): string | undefined {
  if (isUtf16(chunk)) return undefined;
  if (typeof chunk !== 'string') {
    if (!isUtf8(chunk)) return undefined;
    return Buffer.isBuffer(chunk)
      ? chunk.toString()
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString();
  }
  if (encoding !== undefined && encoding !== 'utf8' && encoding !== 'utf-8') return undefined;
  return chunk.isWellFormed() ? chunk : undefined;
}

/** The answer as an event, for whoever looks at its decision. */
class JsonAnswer implements QuietEvent {
  readonly texts: QuietEvent['texts'];
  readonly #text: string;
  readonly #options: CheckedOptions;
  /** Absent where only the texts were read. */
  #segments: readonly SegmentInit[] | undefined;

  /** `asked`: the whole event will be asked for in any case. */
  constructor(text: string, options: CheckedOptions, asked: boolean) {
    this.#text = text;
    this.#options = options;
    const plain = asked ? undefined : plainJsonTexts(text);
    this.texts = plain ?? (this.#segments = jsonSegments(text, undefined));
  }

  init(): ReturnType<QuietEvent['init']> {
    const { resource, attributes } = this.#options;
    return {
      point: 'http',
      content: (this.#segments ??= jsonSegments(this.#text, undefined)),
      ...(resource && { resource }),
      ...(attributes && { attributes }),
    };
  }
}
