import {
  applyEditsToJson,
  applyEditsToJsonText,
  carryOut,
  decideAndCarryOut,
  mapMaybe,
  readJsonText,
  segmentsOfJson,
  type Applied,
  type Carried,
  type Decision,
  type Edit,
  type EventInit,
  type Json,
  type MaybePromise,
  type SegmentInit,
} from '@flyball/core/adapter';
import { nameOf, type CallContext } from './call-context.ts';
import { viewJson, type JsonView } from './json-view.ts';
import { callKey, toolRunOf } from './tool-run.ts';
import { withheld, type Withheld } from './withheld.ts';

/** A call as the model wrote it: JSON text, or what a framework parsed from it. */
export type WrittenCall = (
  | { readonly tool: string; readonly text: string }
  | { readonly tool: string; readonly args: unknown }
) & {
  /** `false`: no such tool was offered, so the name is the model's own text, and is read like the arguments. */
  readonly isOffered?: boolean;
};

/** What becomes of a tool call that the model wrote. */
export type CallVerdict =
  | { readonly kind: 'passed' }
  /** It goes on with these arguments, in the form in which it was written. */
  | { readonly kind: 'edited'; readonly text: string; readonly args: Json }
  /** It goes on under its id with a stand-in for its arguments, so that the denial can be its result. */
  | { readonly kind: 'withheld'; readonly standIn: Withheld; readonly decision: Decision }
  /** The run ends. */
  | { readonly kind: 'stop'; readonly decision: Decision };

/**
 * Decides on a call by the arguments that the tool will really get, JSON escapes decoded (T2), and remembers it for the
 * message: the tool's own hook then need not ask again.
 */
export async function decideToolCall(context: CallContext, call: WrittenCall): Promise<CallVerdict> {
  const { tool } = call;
  const event = { stage: 'tool_call', resource: { tool: nameOf(tool) } } as const;
  const run = toolRunOf(context.interaction);
  if (!context.covers('tool_call', tool)) {
    const { kind, decision } = await uncovered(context, event, undefined);
    if (kind === 'stopped') return refused(context, tool, decision);
    run.counted.set(tool, decision);
    return { kind: 'passed' };
  }
  const text = 'text' in call ? call.text : undefined;
  const written = 'text' in call ? parse(call.text) : call.args;
  const finalArguments = run.tools.get(tool);
  const final = written === undefined || finalArguments === undefined ? written : await finalArguments(written);
  const view = final === undefined ? undefined : viewJson(final, 'args');

  const given: Arguments = { text: text ?? '', args: view?.json };
  const { content = [], ...said } = contentOf(text, view, final === written ? undefined : written);
  const isNew = call.isOffered === false && !run.tools.has(tool) && typeof tool === 'string' && tool !== '';
  const name = isNew ? [{ path: 'name', text: tool, ...FIELDS }] : [];
  const asked = context.event({ ...event, ...said, content: [...name, ...(content as readonly SegmentInit[])] });
  const carried = await decideAndCarryOut(context.governor, asked, given, (edits) => editArguments(text, view, edits));
  if (carried.kind === 'stopped') return refused(context, tool, carried.decision);
  const { args } = carried.value;
  // INVARIANT: arguments that could not be read whole are never taken for others that read alike.
  if (args !== undefined && view?.unreadable.length === 0) run.allowed.set(callKey(tool, args), carried.decision);
  return carried.kind === 'edited' && args !== undefined
    ? { kind: 'edited', text: carried.value.text, args }
    : { kind: 'passed' };
}

/** What was written, and what the tool gets. */
interface Arguments {
  readonly text: string;
  readonly args: Json | undefined;
}

/** Both carry the same edits, or there is no telling what an edit means. */
function editArguments(
  text: string | undefined,
  view: JsonView | undefined,
  edits: readonly Edit[],
): Applied<Arguments> | undefined {
  const rewritten = text === undefined ? undefined : applyEditsToJsonText(text, 'args', edits);
  const args = view === undefined ? undefined : applyEditsToJson(view.json, 'args', edits);
  if (rewritten?.ok === false || args?.ok !== true) return undefined;
  return { ok: true, value: { text: rewritten?.value ?? JSON.stringify(args.value), args: args.value } };
}

/** A call as a framework's hooks know it: a hook that is asked before the one that runs it says that it is ahead. */
export interface CallAtHand {
  readonly id: string;
  readonly ahead: boolean;
}

/**
 * Decides on arguments as the tool is about to get them, unless exactly these were decided with the model's message, or
 * ahead for the call at hand, and an operator has neither halted it since nor made its mode stricter. What was decided
 * for one call holds for no other: that one comes with other labels, and counts by itself.
 */
export function decideArguments(
  context: CallContext,
  tool: string,
  input: unknown,
  call?: CallAtHand,
): MaybePromise<Carried<unknown>> {
  const { governor } = context;
  const init = { stage: 'tool_call', point: 'tool', resource: { tool: nameOf(tool) } } as const;
  const { allowed, ahead, counted } = toolRunOf(context.interaction);
  if (!context.covers('tool_call', tool)) {
    const decision = counted.get(tool);
    return decision === undefined ? uncovered(context, init, input) : { kind: 'passed', value: input, decision };
  }
  const { json: args, unreadable } = viewJson(input, 'args');
  const key = unreadable.length === 0 ? callKey(tool, args) : undefined;
  const before = call === undefined ? undefined : ahead.get(call.id);
  // Ids of some providers begin anew with each message: the call that runs takes what was decided for it along.
  if (call?.ahead === false) ahead.delete(call.id);
  const known =
    key === undefined ? undefined : (allowed.get(key) ?? (before?.key === key ? before.decision : undefined));
  // INVARIANT: a halt beats everything (D6), also what was decided before it; and what was let go in shadow was not
  // allowed.
  if (known !== undefined && context.stands(known, tool)) return { kind: 'passed', value: input, decision: known };
  const event = context.event({ ...init, args, unreadable, content: segmentsOfJson(args, 'args', FIELDS) });
  // Too late to rewrite: the call has been announced with the arguments it has.
  const carried = mapMaybe(governor.decideNow(event), (decision) =>
    carryOut(governor, decision, event, input, () => undefined),
  );
  return mapMaybe(carried, (done) => {
    if (call?.ahead === true && key !== undefined && done.kind !== 'stopped')
      ahead.set(call.id, { key, decision: done.decision });
    return done;
  });
}

const FIELDS = { role: 'assistant', channel: 'tool_input' } as const;

/** Nothing reads it: the call is counted as ungoverned, and not looked at. */
function uncovered<T>({ governor, event }: CallContext, init: EventInit, value: T): MaybePromise<Carried<T>> {
  return decideAndCarryOut(governor, event({ ...init, content: [] }), value, () => undefined);
}

function refused(context: CallContext, tool: string, decision: Decision): CallVerdict {
  const run = toolRunOf(context.interaction);
  // Without governed tools nobody could turn the stand-in into a denial: a lenient schema might even run it.
  if (context.onBlock === 'stop' || !run.tools.has(tool)) return { kind: 'stop', decision };
  run.withheld.set(decision.auditId, decision);
  return { kind: 'withheld', decision, standIn: withheld(decision) };
}

/**
 * As written, so that a name given twice is seen twice; and as the tool will get it, where a schema has changed it from
 * `written`.
 */
function contentOf(
  text: string | undefined,
  view: JsonView | undefined,
  written: unknown,
): Pick<EventInit, 'args' | 'content' | 'unreadable'> {
  const given = view === undefined ? {} : { args: view.json, unreadable: view.unreadable };
  const final = view === undefined ? [] : segmentsOfJson(view.json, text === undefined ? 'args' : 'final', FIELDS);
  if (text === undefined) return { ...given, content: final };
  const segments = readJsonText(text, 'args').segments.map(({ path, text }) => ({ path, text, ...FIELDS }));
  const changed =
    view !== undefined &&
    written !== undefined &&
    JSON.stringify(view.json) !== JSON.stringify(viewJson(written, 'args').json);
  return { ...given, content: changed ? [...final, ...segments] : segments };
}

/** The arguments a framework would read: none is an empty object; text that is no JSON is nothing it would run. */
function parse(input: string): Json | undefined {
  if (input.trim() === '') return {};
  try {
    return JSON.parse(input) as Json;
  } catch {
    return undefined;
  }
}
