// The tool calls of one message: all of them are decided before any can run (T6).
import { beginMessage, decideToolCall, type CallVerdict } from '@flyball/agent-kit';
import type { Decision } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { remake, withoutKeys } from './remake.ts';
import { decideServerCall } from './server-calls.ts';
import { blocksOf, inOrder, isToolBlock, type Message } from './slots.ts';
import type { Block } from './types.ts';
import { WrittenTexts } from './written-texts.ts';

export type Decided<M> =
  | { readonly kind: 'passed' | 'edited'; readonly message: M }
  | { readonly kind: 'stop'; readonly decision: Decision };

interface Written {
  readonly id?: string | undefined;
  readonly name: string;
  readonly args: { readonly [name: string]: unknown };
}

/** Arguments as they go on, for one call. */
interface Rewritten extends Written {
  readonly text: string;
}

/** Answers with the message as it may go on: untouched, with other arguments in some calls, or not at all. */
export async function decideCalls<M extends Message & object>(call: ModelCall, message: M): Promise<Decided<M>> {
  beginMessage(call.interaction);
  const server = serverCalls(message);
  const texts = new WrittenTexts(message);
  const calls: Rewritten[] = [];
  let edited = false;
  for (const written of (message.tool_calls ?? []) as readonly Written[]) {
    const { text, exact } = texts.take(written);
    if (server.has(written.id)) {
      const stopped = await decideServerCall(call, written.name, written.args);
      if (stopped !== undefined) return { kind: 'stop', decision: stopped };
      continue;
    }
    const verdict = await decideToolCall(call, {
      tool: written.name,
      isOffered: call.offered.has(written.name),
      ...(exact ? { text: text! } : { args: written.args }),
    });
    if (verdict.kind === 'stop') return { kind: 'stop', decision: verdict.decision };
    // What the framework mended is not what the model wrote: what goes on is what was decided on.
    if (verdict.kind !== 'passed' || (text !== undefined && !exact)) edited = true;
    calls.push({ ...written, ...argumentsOf(verdict, written, exact ? text : undefined) });
  }
  for (const broken of message.invalid_tool_calls ?? []) {
    const text = broken.args ?? '';
    if (server.has(broken.id)) {
      const stopped = await decideServerCall(call, broken.name ?? '', text);
      if (stopped !== undefined) return { kind: 'stop', decision: stopped };
      continue;
    }
    const verdict = await decideToolCall(call, {
      tool: broken.name ?? '',
      text,
      isOffered: call.offered.has(broken.name ?? ''),
    });
    if (verdict.kind === 'stop') return { kind: 'stop', decision: verdict.decision };
    if (verdict.kind === 'passed') continue;
    edited = true;
    const args = verdict.kind === 'withheld' ? { ...verdict.standIn } : (verdict.args as Written['args']);
    calls.push({ id: broken.id, name: broken.name ?? '', args, text: JSON.stringify(args) });
  }
  return edited ? { kind: 'edited', message: rewrite(message, calls) } : { kind: 'passed', message };
}

function argumentsOf(
  verdict: CallVerdict,
  { args }: Written,
  text: string | undefined,
): Pick<Rewritten, 'args' | 'text'> {
  switch (verdict.kind) {
    case 'edited':
      return { args: verdict.args as Written['args'], text: JSON.stringify(verdict.args) };
    case 'withheld':
      return { args: { ...verdict.standIn }, text: JSON.stringify(verdict.standIn) };
    default:
      return { args, text: text ?? JSON.stringify(args) };
  }
}

/** Calls that the provider runs itself: some classes list them among the client's. */
function serverCalls(message: Message): ReadonlySet<unknown> {
  const found = blocksOf(message).filter(
    ({ type }) => typeof type === 'string' && /^server_tool_|_tool_result$/.test(type),
  );
  // One without an id is told from no call of ours.
  return new Set(found.flatMap(({ id }) => (id === undefined || id === '' ? [] : [id])));
}

/** Everywhere where the message repeats its calls: the list, the pieces, the content, the provider's own fields. */
function rewrite<M extends Message & object>(message: M, calls: readonly Rewritten[]): M {
  const valid = calls.map(({ id, name, args }) => ({ id, name, args, type: 'tool_call' }));
  return remake(message, {
    content: Array.isArray(message.content) ? rewriteContent(blocksOf(message), calls) : message.content,
    additional_kwargs: withoutKeys(message.additional_kwargs, ['tool_calls', 'function_call']),
    response_metadata: withoutKeys(message.response_metadata, ['output']),
    tool_calls: valid,
    invalid_tool_calls: [],
    ...(message.tool_call_chunks !== undefined && {
      tool_call_chunks: calls.map(({ id, name, text }, index) => ({
        id,
        name,
        args: text,
        index,
        type: 'tool_call_chunk',
      })),
    }),
  });
}

function rewriteContent(blocks: readonly Block[], calls: readonly Rewritten[]): Block[] {
  const nextOf = inOrder(calls);
  let next = 0;
  return blocks.flatMap((block): Block[] => {
    if (!isToolBlock(block)) return [block];
    if (block.type === 'functionCall') {
      // These have no id: they stand in the order of the calls.
      const call = calls[next++];
      return call === undefined ? [] : [{ ...block, functionCall: { name: call.name, args: call.args } }];
    }
    const call = nextOf(block['id'] as string | undefined);
    if (call === undefined) return [];
    const { id, name, args, text } = call;
    const place = block['index'] === undefined ? {} : { index: block['index'] };
    if (block.type === 'tool_use')
      return [{ ...place, type: 'tool_use', id, name, input: typeof block['input'] === 'string' ? text : args }];
    return [{ ...place, type: 'tool_call', id, name, args }];
  });
}
