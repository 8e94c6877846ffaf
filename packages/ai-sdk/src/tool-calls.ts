import type { LanguageModelV4ToolCall } from '@ai-sdk/provider';
import {
  applyEditsToJson,
  applyEditsToJsonText,
  readJsonText,
  segmentsOfJson,
  type Decision,
  type GovernedEvent,
  type Json,
} from '@flyball/core/adapter';
import { notApplicable } from './blocked.ts';
import type { ModelCall } from './call.ts';
import { toJson } from './json.ts';
import { isStop } from './summary.ts';
import { callKey, toolRunOf } from './tool-run.ts';
import { withheld } from './withheld.ts';

/** What becomes of a tool call that the model wrote. */
export type CallVerdict =
  | { readonly kind: 'passed' | 'edited'; readonly part: LanguageModelV4ToolCall }
  /** The call goes on under its id with a stand-in for its arguments, so that the denial can be its result. */
  | { readonly kind: 'withheld'; readonly part: LanguageModelV4ToolCall; readonly decision: Decision }
  | { readonly kind: 'stop'; readonly decision: Decision };

/** Decides on a call by the arguments that the tool will really get, JSON escapes decoded (T2). */
export async function judgeToolCall(call: ModelCall, part: LanguageModelV4ToolCall): Promise<CallVerdict> {
  const run = toolRunOf(call.interaction);
  const written = parse(part.input);
  const finalArguments = run.tools.get(part.toolName);
  const final =
    finalArguments === undefined || written === undefined ? written : await finalOf(finalArguments, written);
  const decision = await call.governor.decide(toolCallEvent(call, part, written, final));

  if (isStop(decision)) return refuse(call, part, decision);
  if (decision.edits.length === 0) {
    if (final !== undefined) run.decided.set(callKey(part.toolName, final), decision);
    return { kind: 'passed', part };
  }
  const input = applyEditsToJsonText(part.input, 'args', decision.edits);
  const edited = final === undefined ? undefined : applyEditsToJson(final, 'args', decision.edits);
  if (!input.ok || edited?.ok !== true) return refuse(call, part, notApplicable(decision));
  run.decided.set(callKey(part.toolName, edited.value), decision);
  return { kind: 'edited', part: { ...part, input: input.value } };
}

function refuse(call: ModelCall, part: LanguageModelV4ToolCall, decision: Decision): CallVerdict {
  // Without governed tools nobody could turn the stand-in into a denial: a lenient schema might even run it.
  const continues = call.onBlock === 'continue' && toolRunOf(call.interaction).tools.has(part.toolName);
  if (!continues) return { kind: 'stop', decision };
  const { providerMetadata: _, ...rest } = part;
  return { kind: 'withheld', decision, part: { ...rest, input: JSON.stringify(withheld(decision)) } };
}

function toolCallEvent(
  call: ModelCall,
  part: LanguageModelV4ToolCall,
  written: Json | undefined,
  final: Json | undefined,
): GovernedEvent {
  const fields = { role: 'assistant', channel: 'tool_input' } as const;
  // As written, so that a name given twice is seen twice; and as the tool will get it, where a schema changes it.
  const text = readJsonText(part.input, 'args').segments.map(({ path, text }) => ({ path, text, ...fields }));
  const changed = final !== undefined && JSON.stringify(final) !== JSON.stringify(written);
  return call.event({
    stage: 'tool_call',
    resource: { tool: part.toolName },
    ...(final !== undefined && { args: final }),
    content: changed ? [...segmentsOfJson(final, 'final', fields), ...text] : text,
  });
}

async function finalOf(finalArguments: (input: Json) => Promise<unknown>, written: Json): Promise<Json> {
  return toJson(await finalArguments(written));
}

/** The arguments the SDK would read: none is an empty object; text that is no JSON is nothing the SDK would run. */
function parse(input: string): Json | undefined {
  if (input.trim() === '') return {};
  try {
    return JSON.parse(input) as Json;
  } catch {
    return undefined;
  }
}
