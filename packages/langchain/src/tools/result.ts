// What a tool of LangChain answers, as its readers find it. Pure.
import { mediaIn, viewJson, withoutBytes, type ResultView } from '@flyball/agent-kit';
import { applyEditsToJson, segmentsOfJson, type Json } from '@flyball/core/adapter';
import { remake, withoutKeys } from '../model/remake.ts';
import { wordsBeside } from '../model/slots.ts';

type Fields = { readonly [name: string]: unknown };

/**
 * A value, a message with what it carries, or a command with its update, the inputs of nodes it goes to, and what it
 * resumes with: addressed as `result`.
 */
export function readResult(output: unknown): ResultView {
  const isFlow = isFlowObject(output) || (Array.isArray(output) && output.some(isFlowObject));
  const { view, make } = isFlow ? readingOf(output, 0) : asItIs(output);
  const { json, unreadable } = viewJson(view, 'result');
  return {
    segments: segmentsOfJson(withoutBytes(json), 'result', { role: 'tool' }),
    unreadable,
    unread: mediaIn(json, 'result'),
    edit: (edits) => {
      const applied = applyEditsToJson(json, 'result', edits);
      return applied.ok ? { ok: true, value: make(applied.value) } : undefined;
    },
  };
}

/** What a value says, and the value that says something else. */
interface Reading {
  readonly view: unknown;
  /** `said`: the view as JSON, edits in it. */
  make(said: Json): unknown;
  readonly plain?: true;
}

const asItIs = (value: unknown): Reading => ({ view: value, make: (said) => said, plain: true });

/** Messages lie near the top of an update: `update.messages[0]`, `goto[0].args.messages[0]`. */
const MAX_DEPTH = 6;

function readingOf(value: unknown, depth: number): Reading {
  try {
    return readingIn(value, depth);
  } catch {
    // It refuses to be looked at: whoever reads it says so.
    return asItIs(value);
  }
}

function readingIn(value: unknown, depth: number): Reading {
  if (isMessage(value)) return messageReading(value);
  if (isCommand(value)) return commandReading(value, depth);
  if (isSend(value)) return sendReading(value, depth);
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return asItIs(value);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => readingOf(item, depth + 1));
    if (items.every(({ plain }) => plain === true)) return asItIs(value);
    return {
      view: items.map(({ view }) => view),
      make: (said) => items.map(({ make }, at) => make((said as readonly Json[])[at]!)),
    };
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return asItIs(value);
  const members = Object.entries(value).map(([name, member]) => [name, readingOf(member, depth + 1)] as const);
  if (members.every(([, { plain }]) => plain === true)) return asItIs(value);
  return {
    view: Object.fromEntries(members.map(([name, { view }]) => [name, view])),
    make: (said) =>
      Object.fromEntries(
        members.flatMap(([name, { make }]) =>
          Object.hasOwn(said as object, name) ? [[name, make(at(said, name))]] : [],
        ),
      ),
  };
}

const at = (said: Json, name: string): Json => (said as { readonly [name: string]: Json })[name]!;

/** Its content, its artifact, and words beside them; the arguments of calls, where it is a model's. */
function messageReading(message: Said & object): Reading {
  const { content, artifact, additional_kwargs: additional, response_metadata: metadata } = message;
  const [calls, broken] = [message.tool_calls ?? [], message.invalid_tool_calls ?? []];
  const words = { additional: wordsBeside(additional), metadata: wordsBeside(metadata) };
  const view = {
    content,
    artifact,
    ...(words.additional !== undefined && { additional_kwargs: words.additional }),
    ...(words.metadata !== undefined && { response_metadata: words.metadata }),
    ...(calls.length > 0 && { tool_calls: calls.map(({ name, args }) => ({ name, args })) }),
    ...(broken.length > 0 && { invalid_tool_calls: broken.map(({ name, args }) => ({ name, args })) }),
  };
  return {
    view,
    make(said) {
      const { tool_calls: edited, invalid_tool_calls: mended, ...rest } = said as Fields;
      const given = (now: unknown, before: readonly object[]): readonly object[] =>
        before.map((call, index) => ({ ...call, ...(now as readonly object[])[index] }));
      return remake(message, {
        ...rest,
        // The provider's own list of the calls says what they said before.
        additional_kwargs: {
          ...(calls.length > 0 ? withoutKeys(additional ?? {}, ['tool_calls', 'function_call']) : additional),
          ...(rest['additional_kwargs'] as object | undefined),
        },
        response_metadata: { ...metadata, ...(rest['response_metadata'] as object | undefined) },
        ...(calls.length > 0 && { tool_calls: given(edited, calls) }),
        ...(broken.length > 0 && { invalid_tool_calls: given(mended, broken) }),
      });
    },
  };
}

function commandReading(command: Fields, depth: number): Reading {
  const { graph, update, goto, resume } = command;
  const parts = {
    update: readingOf(update, depth + 1),
    goto: readingOf(goto, depth + 1),
    resume: readingOf(resume, depth + 1),
  };
  // Names of nodes are the application's.
  const goes = parts.goto.plain !== true;
  return {
    view: { update: parts.update.view, ...(goes && { goto: parts.goto.view }), resume: parts.resume.view },
    make(said) {
      const part = (name: 'update' | 'goto' | 'resume', own: unknown): unknown =>
        Object.hasOwn(said as object, name) ? parts[name].make(at(said, name)) : own;
      const make = command.constructor as unknown as new (fields: object) => object;
      return new make({
        graph,
        goto: goes ? part('goto', goto) : goto,
        resume: part('resume', resume),
        update: part('update', update),
      });
    },
  };
}

function sendReading(send: Fields, depth: number): Reading {
  const { node, args, timeout } = send;
  const { view, make } = readingOf(args, depth + 1);
  return {
    view: { args: view },
    make: (said) =>
      new (send.constructor as unknown as new (node: unknown, args: unknown, options: object) => object)(
        node,
        make(at(said, 'args')),
        timeout === undefined ? {} : { timeout },
      ),
  };
}

/** True for what LangChain and LangGraph make; false also for what refuses to be looked at. */
function isFlowObject(value: unknown): boolean {
  try {
    return isMessage(value) || isCommand(value) || isSend(value);
  } catch {
    return false;
  }
}

interface Said {
  readonly content: unknown;
  readonly artifact?: unknown;
  readonly additional_kwargs?: Fields;
  readonly response_metadata?: Fields;
  readonly tool_calls?: readonly Written[];
  readonly invalid_tool_calls?: readonly Written[];
}

interface Written {
  readonly name?: unknown;
  readonly args?: unknown;
}

/** A message of any copy of LangChain. */
export function isMessage(value: unknown): value is Said & object {
  const { content, lc_namespace: namespace, getType, _getType } = Object(value) as Fields;
  return content !== undefined && Array.isArray(namespace) && typeof (getType ?? _getType) === 'function';
}

/** A command of LangGraph: an update of the state, and where to go. */
function isCommand(value: unknown): value is Fields {
  return (Object(value) as Fields)['lg_name'] === 'Command';
}

/** What a command hands a node of the graph. */
function isSend(value: unknown): value is Fields {
  return (Object(value) as Fields)['lg_name'] === 'Send';
}
