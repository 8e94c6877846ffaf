// What a tool of LangChain answers, as its readers find it. Pure.
import { mediaIn, viewJson, withoutBytes, type ResultView } from '@flyball/agent-kit';
import { applyEditsToJson, segmentsOfJson, type Json } from '@flyball/core/adapter';
import { remake } from '../model/remake.ts';

type Fields = { readonly [name: string]: unknown };

/** A value, a message with its artifact, or a command with messages in its update: addressed as `result`. */
export function readResult(output: unknown): ResultView {
  if (isMessage(output)) {
    return viewed({ content: output.content, artifact: output.artifact }, (json) => remake(output, json as Fields));
  }
  if (isCommand(output)) return viewed(updateOf(output), (json) => withUpdate(output, json as Fields));
  return viewed(output, (json) => json);
}

function viewed(value: unknown, make: (json: Json) => unknown): ResultView {
  const { json, unreadable } = viewJson(value, 'result');
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

interface Said {
  readonly content: unknown;
  readonly artifact?: unknown;
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

function updateOf({ update }: Fields): unknown {
  const { messages } = Object(update) as Fields;
  if (!Array.isArray(messages)) return { update };
  return {
    update: { ...(update as object), messages: messages.map((one: unknown) => (isMessage(one) ? one.content : one)) },
  };
}

function withUpdate(command: Fields, { update }: Fields): unknown {
  const before = (Object(command['update']) as Fields)['messages'];
  const { messages, ...others } = Object(update) as Fields;
  const make = command.constructor as unknown as new (fields: object) => object;
  return new make({
    ...{ graph: command['graph'], goto: command['goto'], resume: command['resume'] },
    update: {
      ...others,
      ...(Array.isArray(messages) && {
        messages: messages.map((content: unknown, at) => {
          const message: unknown = (before as readonly unknown[])[at];
          return isMessage(message) ? remake(message, { content }) : content;
        }),
      }),
    },
  });
}
