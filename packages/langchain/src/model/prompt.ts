import { toolRunOf, unreadIn } from '@flyball/agent-kit';
import {
  decideAndCarryOut,
  isDenied,
  mapMaybe,
  type Decision,
  type MaybePromise,
  type Mode,
} from '@flyball/core/adapter';
import { editMessages, readMessages } from '../to-event.ts';
import type { ModelCall } from './call.ts';
import type { BaseMessage, ModelOptions } from './types.ts';

export type Admission =
  | { readonly kind: 'admitted'; readonly messages: BaseMessage[]; readonly mode: Mode }
  | { readonly kind: 'refused'; readonly decision: Decision };

/** Decides on the prompt as the model would get it, before the model is asked. */
export function admitPrompt(
  call: ModelCall,
  messages: readonly BaseMessage[],
  options: ModelOptions,
): MaybePromise<Admission> {
  const { governor } = call;
  const run = toolRunOf(call.interaction);
  const { stopped } = run;
  if (stopped !== undefined) {
    delete run.stopped;
    return { kind: 'refused', decision: stopped };
  }
  // A prompt that nothing reads is counted as ungoverned, and not looked at.
  const { segments, unreadable, unread } = call.covers('input') ? readMessages(messages) : NOT_READ;
  const offers = offersProviderTools(call, options);
  if (!offers && unreadable.length === 0 && unread.length === 0) {
    const passed = call.promptAtOnce(segments);
    if (passed !== undefined)
      return mapMaybe(passed, ({ mode, refused }) =>
        refused === undefined
          ? { kind: 'admitted', messages: messages as BaseMessage[], mode }
          : { kind: 'refused', decision: refused },
      );
  }
  const event = call.event({ stage: 'input', content: segments, unreadable, ...unreadIn(unread) });
  const decide = (): MaybePromise<Admission> =>
    mapMaybe(
      decideAndCarryOut(governor, event, messages, (edits) => editMessages(messages, edits)),
      (carried): Admission =>
        carried.kind === 'stopped'
          ? { kind: 'refused', decision: carried.decision }
          : { kind: 'admitted', messages: carried.value as BaseMessage[], mode: carried.decision.mode },
    );
  if (!offers) return decide();
  return mapMaybe(governor.refuse(event, 'PROVIDER_TOOLS'), (decision) =>
    isDenied(decision) ? { kind: 'refused', decision } : decide(),
  );
}

const NOT_READ = { segments: [], unreadable: [], unread: [] } as const;

/** True when the request offers tools that the provider runs and the policy's rules on tools could not govern (T5). */
function offersProviderTools({ governor, interaction }: ModelCall, { tools = [] }: ModelOptions): boolean {
  if (!Array.isArray(tools) || tools.length === 0) return false;
  const settings = governor.adapterSettings(interaction.policy);
  if (settings === undefined || settings.providerTools === 'allow') return false;
  if (!settings.stages.some((stage) => stage === 'tool_call' || stage === 'tool_result')) return false;
  const { tools: here } = toolRunOf(interaction);
  return tools.some(
    (tool: unknown) => runsElsewhere(tool) && !here.has(String((tool as { readonly name?: unknown }).name)),
  );
}

/** What a provider's format says of a tool that this process runs: a schema of its arguments. */
const OWN_FIELDS = [
  'function',
  'input_schema',
  'functionDeclarations',
  'parameters',
  'schema',
  'inputSchema',
  'toolSpec',
];

function runsElsewhere(tool: unknown): boolean {
  if (typeof tool !== 'object' || tool === null) return false;
  return (tool as { readonly type?: unknown }).type !== 'custom' && !OWN_FIELDS.some((field) => field in tool);
}
