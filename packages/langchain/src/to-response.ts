// Decision → what LangChain understands. Pure.
import { GovernanceBlockedError, summaryOf, type DecisionSummary } from '@flyball/agent-kit';
import type { Decision } from '@flyball/core/adapter';
import { AIMessage, AIMessageChunk, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { refusalBlock } from './refusal-block.ts';

/** Key under which a decision travels in the metadata of a message. */
export const METADATA_KEY = 'flyball';

/** What LangChain's machinery for retries asks an error: set without importing it, so that every version finds it. */
const RETRYABLE: unique symbol = Symbol.for('langchain.errors.retryable') as never;

/** The error of a stop, in LangChain's words: nothing asks again because of it. */
export function blocked(decision: Decision, message?: string): GovernanceBlockedError {
  const error = new GovernanceBlockedError(decision, message);
  Object.defineProperty(error, RETRYABLE, { value: false });
  return error;
}

/**
 * Plain words, which every provider takes back as history; beside them the standard block of a refusal, and the
 * decision.
 */
function refusalFields(decision: Decision, text: string, provider: unknown): object {
  const { response_metadata: metadata, ...more } = refusalBlock(provider, text);
  return {
    ...more,
    content: text,
    response_metadata: {
      ...(typeof provider === 'string' && { model_provider: provider }),
      ...metadata,
      finish_reason: 'content_filter',
      [METADATA_KEY]: summaryOf(decision),
    },
  };
}

/**
 * A message of the class of another one: applications may have another copy of LangChain's classes than this package.
 */
function made<M extends object>(like: object | undefined, otherwise: Made<M>, fields: object): M {
  return new ((like?.constructor ?? otherwise) as Made<M>)(fields);
}

type Made<M> = new (fields: object) => M;

/** The refusal as an answer. */
export function refusalMessage(decision: Decision, text: string, insteadOf?: BaseMessage): AIMessage {
  const { id, usage_metadata: usage } = Object(insteadOf) as Partial<AIMessage>;
  const kept = { ...(id !== undefined && { id }), ...(usage !== undefined && { usage_metadata: usage }) };
  return made<AIMessage>(insteadOf, AIMessage, {
    ...kept,
    ...refusalFields(decision, text, insteadOf?.response_metadata['model_provider']),
  });
}

/** The same as the last piece of a stream; `provider`: who has said what came before. */
export function refusalChunk(decision: Decision, text: string, last?: BaseMessage, provider?: unknown): AIMessageChunk {
  const id = last?.id === undefined ? {} : { id: last.id };
  return made<AIMessageChunk>(last, AIMessageChunk, { ...id, ...refusalFields(decision, text, provider) });
}

/** What a message says about a stop; `undefined` for one that says nothing. */
export function summaryIn(message: unknown): DecisionSummary | undefined {
  const { response_metadata: metadata } = Object(message) as {
    readonly response_metadata?: { readonly [key: string]: unknown };
  };
  return metadata?.[METADATA_KEY] as DecisionSummary | undefined;
}

/** The denial as the result of a tool call, which the model reads (T4). */
export function denialMessage(
  call: { readonly id?: string | undefined; readonly name: string },
  text: string,
  decision: Decision | undefined,
): ToolMessage {
  return new ToolMessage({
    content: text,
    status: 'error',
    name: call.name,
    tool_call_id: call.id ?? '',
    ...(decision !== undefined && { metadata: { [METADATA_KEY]: summaryOf(decision) } }),
  });
}
