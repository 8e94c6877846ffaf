import type {
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart as Part,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import { GovernanceBlockedError } from '@flyball/agent-kit';
import type { Decision } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { governParts } from './govern-parts.ts';
import { decideJsonText } from './json-output.ts';
import { refusalResult } from '../to-response.ts';

/** An answer that came whole, governed as if it had been streamed: the same parts, the same gate, the same decision. */
export async function governGenerated(
  result: LanguageModelV4GenerateResult,
  call: ModelCall,
): Promise<LanguageModelV4GenerateResult> {
  const gate = await call.openGate<Part>();
  const out: Part[] = [];
  const sink = { enqueue: (part: Part) => void out.push(part), close: () => undefined };
  const parts = governParts(gate, call, sink, () => undefined);
  const stopped = async (decision: Decision): Promise<LanguageModelV4GenerateResult> => {
    if (call.throws) throw new GovernanceBlockedError(decision);
    return refusalResult(decision, await call.refusal(decision), result);
  };

  try {
    for (const part of partsOf(result)) await parts.accept(part);
    await parts.complete();
  } catch (error) {
    await parts.abandon(error);
    throw error;
  }
  if (parts.stopped !== undefined) return stopped(parts.stopped);

  const governed = rebuild(result, out);
  const { structuredOutputText } = result;
  if (structuredOutputText === undefined || gate.mode !== 'enforce' || !call.covers('output')) return governed;
  const carried = await decideJsonText(call, structuredOutputText);
  if (carried.kind === 'stopped') return stopped(carried.decision);
  if (carried.kind === 'passed') return governed;
  return { ...withoutBody(governed), structuredOutputText: carried.value };
}

/** The content as a provider would have streamed it; text blocks are named by their place. */
function* partsOf({ content, finishReason, usage, providerMetadata }: LanguageModelV4GenerateResult): Generator<Part> {
  for (const [index, item] of content.entries()) {
    const id = String(index);
    if (item.type === 'text') {
      yield { type: 'text-start', id };
      yield { type: 'text-delta', id, delta: item.text };
      yield {
        type: 'text-end',
        id,
        ...(item.citations !== undefined && { citations: item.citations }),
        ...besideOf(item),
      };
    } else if (item.type === 'reasoning') {
      yield { type: 'reasoning-start', id };
      yield { type: 'reasoning-delta', id, delta: item.text };
      yield { type: 'reasoning-end', id, ...besideOf(item) };
    } else yield item;
  }
  yield { type: 'finish', finishReason, usage, ...(providerMetadata !== undefined && { providerMetadata }) };
}

const besideOf = ({ providerMetadata }: Annotated): Pick<Annotated, 'providerMetadata'> =>
  providerMetadata === undefined ? {} : { providerMetadata };

interface Annotated {
  readonly providerMetadata?: SharedV4ProviderMetadata;
}

/** The result with the content that was let go. An answer that was not touched is returned as it came. */
function rebuild(result: LanguageModelV4GenerateResult, out: readonly Part[]): LanguageModelV4GenerateResult {
  const content: LanguageModelV4Content[] = [];
  const texts = new Map<string, string>();
  for (const part of out) {
    if (part.type === 'text-delta' || part.type === 'reasoning-delta')
      texts.set(part.id, (texts.get(part.id) ?? '') + part.delta);
    else if (part.type === 'text-end' || part.type === 'reasoning-end') {
      const original = result.content[Number(part.id)] as Extract<
        LanguageModelV4Content,
        { type: 'text' | 'reasoning' }
      >;
      const text = texts.get(part.id) ?? '';
      const changes = {
        ...(text !== original.text && { text }),
        ...citationsOf(part, original),
        ...(part.providerMetadata !== original.providerMetadata && besideOf(part)),
      };
      content.push(Object.keys(changes).length === 0 ? original : { ...original, ...changes });
    } else if (isContent(part)) content.push(part);
  }
  const finish = out.find((part) => part.type === 'finish');
  const untouched =
    (finish?.type !== 'finish' || finish.providerMetadata === result.providerMetadata) &&
    content.length === result.content.length &&
    content.every((item, index) => item === result.content[index]);
  if (untouched) return result;
  const { providerMetadata: _, ...rest } = withoutBody(result);
  const metadata = finish?.type === 'finish' ? finish.providerMetadata : undefined;
  return { ...rest, content, ...(metadata !== undefined && { providerMetadata: metadata }) };
}

/** The citations of a block, where they were edited. */
function citationsOf(
  part: Part,
  original: LanguageModelV4Content,
): Pick<Extract<LanguageModelV4Content, { type: 'text' }>, 'citations'> {
  if (part.type !== 'text-end' || original.type !== 'text' || part.citations === original.citations) return {};
  return part.citations === undefined ? {} : { citations: part.citations };
}

/** The provider's own body says what the content no longer says. */
function withoutBody({ response, ...result }: LanguageModelV4GenerateResult): LanguageModelV4GenerateResult {
  if (response === undefined) return result;
  const { body: _, ...rest } = response;
  return { ...result, response: rest };
}

function isContent(part: Part): part is Exclude<LanguageModelV4Content, { type: 'text' | 'reasoning' }> & Part {
  switch (part.type) {
    case 'tool-call':
    case 'tool-result':
    case 'tool-approval-request':
    case 'source':
    case 'file':
    case 'reasoning-file':
    case 'custom':
      return true;
    default:
      return false;
  }
}
