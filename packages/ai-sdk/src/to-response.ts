// Decision → what the AI SDK understands. Pure.
import type {
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import { GovernanceBlockedError, summaryOf } from '@flyball/agent-kit';
import type { Decision } from '@flyball/core/adapter';

/** Key under which a decision travels in provider metadata. */
const METADATA_KEY = 'flyball';

/** What the provider would have counted is not known when it was not asked, or was cut off: unknown is not zero. */
export const UNKNOWN_USAGE: LanguageModelV4Usage = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};

const FINISH_REASON = { unified: 'content-filter', raw: 'flyball' } as const;

export function decisionMetadata(decision: Decision): SharedV4ProviderMetadata {
  return { [METADATA_KEY]: { ...summaryOf(decision) } };
}

/**
 * The SDK's own clean ending: the refusal as a text block of its own, then `finish` with `content-filter`.
 * The metadata stands twice: on the block it reaches UI clients, on `finish` the server.
 */
export function refusalParts(
  decision: Decision,
  text: string,
  usage: LanguageModelV4Usage,
  spoken = false,
): LanguageModelV4StreamPart[] {
  const id = `flyball-${decision.auditId}`;
  const providerMetadata = decisionMetadata(decision);
  return [
    { type: 'text-start', id, providerMetadata },
    // `result.text` joins all blocks: the refusal does not run on from the answer.
    { type: 'text-delta', id, delta: spoken ? `\n\n${text}` : text },
    { type: 'text-end', id },
    { type: 'finish', usage, finishReason: { ...FINISH_REASON }, providerMetadata },
  ];
}

/**
 * The ending where a refusal in words would be misread as the answer: an error that a reader may be told of, in its
 * place in the protocol.
 */
export function errorParts(
  decision: Decision,
  words: string,
  usage: LanguageModelV4Usage,
  forced: boolean,
): LanguageModelV4StreamPart[] {
  // Where a tool must be called, the SDK takes any other ending without a call for the model's fault: it would add an
  // error of its own and tell readers of that one.
  const finishReason = forced ? ({ unified: 'interrupted', raw: FINISH_REASON.raw } as const) : { ...FINISH_REASON };
  return [
    { type: 'error', error: new GovernanceBlockedError(decision, words) },
    { type: 'finish', usage, finishReason, providerMetadata: decisionMetadata(decision) },
  ];
}

/**
 * The same for a call that is not streamed. Nothing of the provider's answer is kept but what it counted and warned of.
 */
export function refusalResult(
  decision: Decision,
  text: string,
  from?: Pick<LanguageModelV4GenerateResult, 'usage' | 'warnings' | 'response'>,
): LanguageModelV4GenerateResult {
  const providerMetadata = decisionMetadata(decision);
  const { id, timestamp, modelId } = from?.response ?? {};
  return {
    content: [{ type: 'text', text, providerMetadata }],
    finishReason: { ...FINISH_REASON },
    usage: from?.usage ?? UNKNOWN_USAGE,
    warnings: from?.warnings ?? [],
    providerMetadata,
    ...(from?.response !== undefined && {
      response: {
        ...(id !== undefined && { id }),
        ...(timestamp !== undefined && { timestamp }),
        ...(modelId !== undefined && { modelId }),
      },
    }),
  };
}
