// A whole answer of a governed model.
import { mapMaybe, type Decision } from '@flyball/core/adapter';
import { blocked, refusalMessage } from '../to-response.ts';
import { openCall, withStop, type ModelCall, type ModelSettings } from './call.ts';
import { admitPrompt, type Admission } from './prompt.ts';
import { remakeGeneration, withoutKeys } from './remake.ts';
import { decideError, decideRest } from './rest.ts';
import { wordsBeside, type Message } from './slots.ts';
import type { BaseMessage, ChatGeneration, ChatModel, ChatResult, ModelOptions, RunManager } from './types.ts';
import { decideMessage } from './whole.ts';

/** `_generate` of a governed model. */
export async function generateGoverned(
  settings: ModelSettings,
  model: ChatModel,
  messages: readonly BaseMessage[],
  options: ModelOptions,
  runManager: RunManager | undefined,
): Promise<ChatResult> {
  const call = await openCall(settings, model, options);
  try {
    const admission = await admitPrompt(call, messages, options);
    if (admission.kind === 'refused') return { generations: [await refusalOf(call, admission.decision)] };
    const result = await ask(call, model, admission, options, runManager);
    if ('decision' in result) return { generations: [await refusalOf(call, result.decision)] };
    const generations: ChatGeneration[] = [];
    for (const generation of result.generations) generations.push(await governGeneration(call, generation));
    const same = generations.every((generation, at) => generation === result.generations[at]);
    const { llmOutput } = result;
    const said = llmOutput === undefined ? undefined : await governOutput(call, llmOutput, same);
    return same && said === llmOutput
      ? result
      : { ...result, generations, ...(said !== undefined && { llmOutput: said }) };
  } finally {
    call.over();
  }
}

/**
 * What a provider says of the whole call, which callbacks read: some repeat the answer in it. INVARIANT: of one that
 * was changed nothing goes on but the provider's own vocabulary.
 */
async function governOutput(call: ModelCall, output: LLMOutput, same: boolean): Promise<LLMOutput> {
  const words = call.covers('output') ? wordsBeside(output) : undefined;
  if (words === undefined) return output;
  const carried = same ? await decideRest(call, { generationInfo: words }) : undefined;
  return carried?.kind === 'passed' ? output : withoutKeys(output, Object.keys(words));
}

type LLMOutput = NonNullable<ChatResult['llmOutput']>;

/** The provider's answer, or, when a halt came before there was one, the decision that says so. */
async function ask(
  call: ModelCall,
  model: ChatModel,
  { messages, mode }: Extract<Admission, { readonly kind: 'admitted' }>,
  options: ModelOptions,
  runManager: RunManager | undefined,
): Promise<ChatResult | { readonly decision: Decision }> {
  const { signal } = call.interaction;
  const before = signal.aborted;
  const enforcing = mode === 'enforce' && call.covers('output');
  let leave = (): void => undefined;
  // Not every provider looks at its signal.
  const halted = new Promise<never>((_resolve, reject) => {
    const onHalt = (): void => reject(new Error('halted', { cause: signal.reason }));
    if (!before) signal.addEventListener('abort', onHalt, { once: true });
    leave = () => signal.removeEventListener('abort', onHalt);
  });
  try {
    // INVARIANT: where output is governed the provider is given no callbacks: it would tell them what has not been
    // decided on.
    const asked = model._generate(messages, withStop(options, call, model), enforcing ? undefined : runManager);
    return await Promise.race([asked, halted]);
  } catch (error) {
    if (!before && signal.aborted) {
      const gate = await call.openGate();
      if (gate.terminal !== undefined) return { decision: gate.terminal };
      await gate.abort(error);
    }
    throw await decideError(call, error, (decision) => blocked(decision));
  } finally {
    leave();
  }
}

/** A finished generation as it may go on; the very object that came where nothing is changed. */
export async function governGeneration(call: ModelCall, generation: ChatGeneration): Promise<ChatGeneration> {
  const { message } = generation;
  const { usage_metadata: usage } = message as unknown as Message;
  call.reportUsage(usage);
  const decided = await decideMessage(call, message as unknown as Message & object, generation.generationInfo);
  if (decided.kind === 'stop') {
    return refusalOf(call, decided.decision, message);
  }
  return decided.kind === 'passed' ? generation : remakeGeneration(generation, decided.message as never);
}

async function refusalOf(call: ModelCall, decision: Decision, insteadOf?: BaseMessage): Promise<ChatGeneration> {
  call.stopped(decision);
  if (call.throws) throw blocked(decision);
  return mapMaybe(call.refusal(decision), (words) => ({
    text: words,
    message: refusalMessage(decision, words, insteadOf),
  }));
}
