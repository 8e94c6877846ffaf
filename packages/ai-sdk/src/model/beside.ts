import type { LanguageModelV4StreamPart as Part, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import { decideAndCarryOut, type Carried, type Json, type MaybePromise } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { readable, type Readable } from './readable.ts';

/**
 * What only the provider can read or make (ids, signatures, encrypted reasoning) and words of its protocol, by the
 * names that providers give them. A value of such a name passes unjudged where it has the shape of one: a mask in it
 * would break the next request.
 */
const OPAQUE: ReadonlySet<string> = new Set([
  'approvalRequestId',
  'callerId',
  'containerId',
  'encryptedContent',
  'encryptedIndex',
  'encrypted_content',
  'encrypted_index',
  'fileId',
  'file_id',
  'id',
  'itemId',
  'kind',
  'phase',
  'reasoningEncryptedContent',
  'redactedData',
  'responseId',
  'serviceTier',
  'service_tier',
  'signature',
  'status',
  'thoughtSignature',
  'toolId',
  'type',
]);
const TOKEN = /^[\w+/=.:~-]*$/;

export const isOpaque = (key: string, value: Json): boolean =>
  value === null || (typeof value === 'string' && OPAQUE.has(key) && TOKEN.test(value));

/** Token by token they spell the answer out, each piece too short to be found. */
const SPELLS = /logprobs/i;

/** A part that carries what its provider says beside the text: citations, search results, log probabilities. */
export type Annotated = Part & { readonly providerMetadata?: SharedV4ProviderMetadata };

/** What it says there. */
export type Beside = Readable<SharedV4ProviderMetadata>;

/** The provider's metadata of a part, where there is anything in it that a person could read. */
export function readBeside(part: Annotated): Beside | undefined {
  const { providerMetadata } = part;
  if (providerMetadata === undefined || part.type === 'custom') return undefined;
  return speaks(providerMetadata, '') ? readMetadata(providerMetadata) : undefined;
}

const NAME = /^[a-z][\w.-]{0,63}$/i;

/** True where a string in it is for people, or where there is no telling. Most metadata is an id. */
function speaks(value: unknown, key: string, depth = 0): boolean {
  if (typeof value === 'string') return value !== '' && !isOpaque(key, value);
  if (typeof value !== 'object' || value === null) return typeof value === 'function' || typeof value === 'symbol';
  if (depth > 16) return true;
  if (Array.isArray(value)) return value.some((member) => speaks(member, key, depth + 1));
  return Object.entries(value).some(([name, member]) => !NAME.test(name) || speaks(member, name, depth + 1));
}

/** Decides on what a provider says beside the text. */
export function decideBeside(
  call: ModelCall,
  metadata: SharedV4ProviderMetadata,
  { segments, unreadable, apply }: Beside,
): MaybePromise<Carried<SharedV4ProviderMetadata>> {
  const event = call.event({ stage: 'output', content: segments, unreadable });
  return decideAndCarryOut(call.governor, event, metadata, apply);
}

/**
 * The metadata of the answer's end. What repeats an answer that was edited is left out; what is stopped is left out
 * too.
 */
export async function endWithoutEcho(
  call: ModelCall,
  part: Extract<Part, { type: 'finish' }>,
  edited: boolean,
): Promise<Part> {
  const { providerMetadata: given, ...rest } = part;
  if (given === undefined) return part;
  const metadata = edited ? withoutSpelling(given) : given;
  if (!edited && !speaks(metadata, '')) return withMetadata(part, metadata);
  const carried = await decideBeside(call, metadata, readMetadata(metadata));
  return carried.kind === 'stopped' ? rest : withMetadata(part, carried.value);
}

/** The part with other metadata; itself where that is its own. */
export function withMetadata<P extends Annotated>(part: P, providerMetadata: SharedV4ProviderMetadata): P {
  return providerMetadata === part.providerMetadata ? part : { ...part, providerMetadata };
}

function readMetadata(metadata: SharedV4ProviderMetadata): Beside {
  return readable(metadata, 'metadata', { role: 'assistant', skip: isOpaque });
}

function withoutSpelling(metadata: SharedV4ProviderMetadata): SharedV4ProviderMetadata {
  return Object.fromEntries(
    Object.entries(metadata).map(([provider, fields]) => [
      provider,
      Object.fromEntries(Object.entries(fields).filter(([name]) => !SPELLS.test(name))),
    ]),
  );
}
