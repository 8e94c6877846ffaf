import type { LanguageModelV4ToolCall } from '@ai-sdk/provider';
import {
  applyEditsToJson,
  applyEditsToJsonText,
  isDenied,
  readJsonText,
  segmentsOfJson,
  type Decision,
  type EventInit,
  type Json,
} from '@flyball/core/adapter';
import { notApplicable } from './blocked.ts';
import { nameOf, type ModelCall } from './call.ts';
import { readableJson } from './json.ts';
import { callKey, toolRunOf } from './tool-run.ts';
import { withheld } from './withheld.ts';

/** What becomes of a tool call that the model wrote. */
export type CallVerdict =
  | { readonly kind: 'passed' | 'edited'; readonly part: LanguageModelV4ToolCall }
  /** The call goes on under its id with a stand-in for its arguments, so that the denial can be its result. */
  | { readonly kind: 'withheld'; readonly part: LanguageModelV4ToolCall; readonly decision: Decision }
  | { readonly kind: 'stop'; readonly decision: Decision };

/** What a call is decided with, by whichever hook sees it. */
export type Judge = Pick<ModelCall, 'governor' | 'interaction' | 'event' | 'onBlock'>;

/** Decides on a call by the arguments that the tool will really get, JSON escapes decoded (T2). */
export async function judgeToolCall(judge: Judge, part: LanguageModelV4ToolCall): Promise<CallVerdict> {
  const run = toolRunOf(judge.interaction);
  const written = parse(part.input);
  const finalArguments = run.tools.get(part.toolName);
  const found = finalArguments === undefined || written === undefined ? written : await finalArguments(written);
  const final = found === undefined ? undefined : readableJson(found);
  if (found !== undefined && final === undefined) {
    const decision = await judge.governor.refuse(judge.event(unreadable(part.toolName)), 'FAILED_CLOSED');
    return isDenied(decision) ? refuse(judge, part, decision) : { kind: 'passed', part };
  }
  const event = judge.event(callEvent(part, written, final));
  const decision = await judge.governor.decide(event);

  if (isDenied(decision)) return refuse(judge, part, decision);
  if (decision.edits.length === 0) {
    if (final !== undefined) run.allowed.set(callKey(part.toolName, final), decision);
    return { kind: 'passed', part };
  }
  // What was written and what the tool gets carry the same edits, or there is no telling what an edit means.
  const input = applyEditsToJsonText(part.input, 'args', decision.edits);
  const edited = final === undefined ? undefined : applyEditsToJson(final, 'args', decision.edits);
  if (!input.ok || edited?.ok !== true) {
    return refuse(judge, part, await notApplicable(judge.governor, event, decision));
  }
  run.allowed.set(callKey(part.toolName, edited.value), decision);
  return { kind: 'edited', part: { ...part, input: input.value } };
}

/** Decides on arguments as the tool is about to get them, unless exactly these were decided with the model's message. */
export async function judgeArguments(judge: Judge, toolName: string, input: unknown): Promise<Decision> {
  const { allowed } = toolRunOf(judge.interaction);
  const args = readableJson(input);
  if (args === undefined) return judge.governor.refuse(judge.event(unreadable(toolName)), 'FAILED_CLOSED');
  const key = callKey(toolName, args);
  const known = allowed.get(key);
  if (known !== undefined) return known;
  const content = segmentsOfJson(args, 'args', FIELDS);
  const event = judge.event({ stage: 'tool_call', point: 'tool', resource: { tool: nameOf(toolName) }, args, content });
  const decision = await judge.governor.decide(event);
  // Too late to rewrite: the call has been announced with the arguments it has.
  const enforced = decision.edits.length > 0 ? await notApplicable(judge.governor, event, decision) : decision;
  if (!isDenied(enforced)) allowed.set(key, enforced);
  return enforced;
}

const FIELDS = { role: 'assistant', channel: 'tool_input' } as const;

/** A call whose arguments cannot be read, and so not be judged. */
const unreadable = (toolName: string): EventInit => ({
  stage: 'tool_call',
  resource: { tool: nameOf(toolName) },
  content: [],
});

function refuse(judge: Judge, part: LanguageModelV4ToolCall, decision: Decision): CallVerdict {
  const run = toolRunOf(judge.interaction);
  // Without governed tools nobody could turn the stand-in into a denial: a lenient schema might even run it.
  if (judge.onBlock === 'stop' || !run.tools.has(part.toolName)) return { kind: 'stop', decision };
  run.withheld.set(decision.auditId, decision);
  const { providerMetadata: _, ...rest } = part;
  return { kind: 'withheld', decision, part: { ...rest, input: JSON.stringify(withheld(decision)) } };
}

function callEvent(part: LanguageModelV4ToolCall, written: Json | undefined, final: Json | undefined): EventInit {
  // As written, so that a name given twice is seen twice; and as the tool will get it, where a schema changes it.
  const text = readJsonText(part.input, 'args').segments.map(({ path, text }) => ({ path, text, ...FIELDS }));
  const changed = final !== undefined && JSON.stringify(final) !== JSON.stringify(written);
  return {
    stage: 'tool_call',
    resource: { tool: nameOf(part.toolName) },
    ...(final !== undefined && { args: final }),
    content: changed ? [...segmentsOfJson(final, 'final', FIELDS), ...text] : text,
  };
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
