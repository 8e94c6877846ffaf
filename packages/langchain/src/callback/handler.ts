import {
  callContext,
  decideArguments,
  checkAgentOptions,
  decideToolResult,
  nameOf,
  stopRun,
  toolRunOf,
  unreadIn,
  type CallContext,
  type CheckedOptions,
} from '@flyball/agent-kit';
import {
  decideAndCarryOut,
  isDenied,
  type Decision,
  type GovernedEvent,
  type Interaction,
  mapMaybe,
  type MaybePromise,
  type OptionShape,
  type Stage,
} from '@flyball/core/adapter';
import { BaseCallbackHandler } from '@langchain/core/callbacks/base';
import { INVOCATION } from '../model/call.ts';
import type { Message } from '../model/slots.ts';
import { readAnswer } from '../model/whole.ts';
import type { GovernanceOptions } from '../options.ts';
import { isReleasedDocument, readDocument } from '../retrieval/documents.ts';
import { hold, interactionOf } from '../run.ts';
import { readMessages } from '../to-event.ts';
import { blocked } from '../to-response.ts';
import { readResult } from '../tools/result.ts';

export interface CallbackOptions extends GovernanceOptions {
  /**
   * `observe`: answers of models that are not governed themselves are decided on when they are finished, also where
   * rules on outputs would have held them back. Without it such a model is stopped before it is asked
   * (`OUTPUT_NOT_GATED`).
   */
  readonly output?: 'observe';
}

const OWN_OPTIONS: { readonly [name: string]: OptionShape } = {
  output: { is: (value) => value === 'observe', words: '`observe`, or nothing' },
};

const STAGES: readonly Stage[] = ['input', 'output', 'tool_call', 'tool_result', 'retrieval'];

/** A run of LangChain, as callbacks know it: by its id. */
interface Run {
  readonly root: string;
  /** The tool, model or retriever. */
  readonly name: string;
  /** It is governed itself, and needs nothing of a callback. */
  readonly governed: boolean;
}

/** What a run and all inside of it belong to. */
interface Held {
  readonly interaction: Interaction;
  letGo(): void;
}

interface Answer {
  readonly generations: readonly (readonly {
    readonly text?: string;
    readonly message?: object;
    readonly generationInfo?: unknown;
  }[])[];
}

/**
 * Governs by callbacks alone: stops prompts, calls of tools, and what models, tools and retrievers have finished
 * saying.
 *
 * What a callback cannot do: hold text back or change it. Where a model streams, its reader has each token before a
 * callback hears of it; a decision that asks for a redaction is a stop here; native `streamEvents` tells callbacks
 * nothing. With rules on outputs, a model that is not governed itself is therefore stopped before it is asked, unless
 * the handler is told to `observe`.
 *
 *     await chain.invoke(input, { callbacks: [new GovernanceCallbackHandler({ governor, subject })] });
 */
export class GovernanceCallbackHandler extends BaseCallbackHandler {
  override readonly name = 'flyball_governance';
  // Both: an error that is raised by a handler which nobody waits for ends the process, and stops nothing.
  override raiseError = true;
  override awaitHandlers = true;
  readonly #options: CheckedOptions<CallbackOptions>;
  readonly #runs = new Map<string, Run>();
  readonly #interactions = new Map<string, MaybePromise<Held>>();

  constructor(options: CallbackOptions) {
    super();
    this.#options = checkAgentOptions('GovernanceCallbackHandler', options, { own: OWN_OPTIONS });
    this.#options.governor.declareStages(STAGES);
  }

  /** Managers copy their handlers: the copy knows what this one knows. */
  override copy(): this {
    return this;
  }

  override handleChainStart(
    ...[, , runId, , , , , parentRunId]: Parameters<NonNullable<BaseCallbackHandler['handleChainStart']>>
  ): void {
    this.#begin(runId, parentRunId, 'chain', false);
  }

  override handleChainEnd(_outputs: unknown, runId: string): void {
    this.#end(runId);
  }

  override handleChainError(_error: unknown, runId: string): void {
    this.#end(runId);
  }

  override async handleChatModelStart(
    ...[, prompts, runId, parentRunId, extra, tags, metadata]: Parameters<
      NonNullable<BaseCallbackHandler['handleChatModelStart']>
    >
  ): Promise<void> {
    const { options, invocation_params: params } = (extra ?? {}) as {
      readonly options?: object;
      readonly invocation_params?: { readonly model?: unknown };
    };
    const governed = options !== undefined && INVOCATION in options;
    this.#begin(runId, parentRunId, typeof params?.model === 'string' ? params.model : 'unnamed', governed);
    if (governed) return;
    const context = await this.#context(runId, 'model', { tags, metadata });
    const messages = prompts.flat();
    await this.#prompt(context, () => readMessages(messages), runId);
  }

  override async handleLLMStart(
    ...[, prompts, runId, parentRunId, , tags, metadata]: Parameters<NonNullable<BaseCallbackHandler['handleLLMStart']>>
  ): Promise<void> {
    this.#begin(runId, parentRunId, 'unnamed', false);
    const context = await this.#context(runId, 'model', { tags, metadata });
    const segments = prompts.map((text, at) => ({ path: `prompts[${at}]`, text, role: 'user' }) as const);
    await this.#prompt(context, () => ({ segments, unreadable: [], unread: [] }), runId);
  }

  async #prompt(context: CallContext, read: () => ReturnType<typeof readMessages>, runId: string): Promise<void> {
    const { segments, unreadable, unread } = context.covers('input')
      ? read()
      : { segments: [], unreadable: [], unread: [] };
    const event = context.event({ stage: 'input', content: segments, unreadable, ...unreadIn(unread) });
    await this.#carryOut(context, event, runId);
    if (this.#options.output === 'observe' || !context.covers('output')) return;
    const decision = await context.governor.refuse(event, 'OUTPUT_NOT_GATED');
    if (isDenied(decision)) this.#stop(decision, runId);
  }

  override async handleLLMEnd(output: unknown, runId: string): Promise<void> {
    const run = this.#runs.get(runId);
    try {
      if (run === undefined || run.governed) return;
      const context = await this.#context(runId, 'model');
      for (const generation of (output as Answer).generations.flat()) {
        const { text = '', message = { content: text }, generationInfo } = generation;
        const { segments, unreadable, unread } = context.covers('output')
          ? readAnswer(message as Message, generationInfo)
          : { segments: [], unreadable: [], unread: [] };
        await this.#carryOut(
          context,
          context.event({ stage: 'output', content: segments, unreadable, ...unreadIn(unread) }),
          runId,
        );
      }
    } finally {
      this.#end(runId);
    }
  }

  override handleLLMError(_error: unknown, runId: string): void {
    this.#end(runId);
  }

  override async handleToolStart(
    ...[, input, runId, parentRunId, tags, metadata, name]: Parameters<
      NonNullable<BaseCallbackHandler['handleToolStart']>
    >
  ): Promise<void> {
    const tool = nameOf(name ?? 'unnamed');
    this.#begin(runId, parentRunId, tool, false);
    const context = await this.#context(runId, 'tool', { tags, metadata });
    if (toolRunOf(context.interaction).tools.has(tool))
      return void this.#runs.set(runId, { ...this.#runs.get(runId)!, governed: true });
    const carried = await decideArguments(context, tool, argumentsIn(input));
    if (carried.kind !== 'stopped') return;
    stopRun(context, carried.decision);
    this.#stop(carried.decision, runId);
  }

  override async handleToolEnd(output: unknown, runId: string): Promise<void> {
    const run = this.#runs.get(runId);
    try {
      if (run === undefined || run.governed) return;
      const context = await this.#context(runId, 'tool');
      // What a callback cannot edit it stops.
      const carried = await decideToolResult(context, run.name, output, (value) => ({
        ...readResult(value),
        edit: () => undefined,
      }));
      if (carried.kind === 'stopped') this.#stop(carried.decision, runId);
    } finally {
      this.#end(runId);
    }
  }

  override handleToolError(_error: unknown, runId: string): void {
    this.#end(runId);
  }

  override handleRetrieverStart(
    ...[, , runId, parentRunId]: Parameters<NonNullable<BaseCallbackHandler['handleRetrieverStart']>>
  ): void {
    this.#begin(runId, parentRunId, 'retriever', false);
  }

  override async handleRetrieverEnd(
    ...[documents, runId]: Parameters<NonNullable<BaseCallbackHandler['handleRetrieverEnd']>>
  ): Promise<void> {
    try {
      const context = await this.#context(runId, 'tool');
      for (const document of documents) {
        if (isReleasedDocument(document)) continue;
        const { init } = readDocument(context, document, undefined);
        await this.#carryOut(context, context.event(init), runId);
      }
    } finally {
      this.#end(runId);
    }
  }

  override handleRetrieverError(_error: unknown, runId: string): void {
    this.#end(runId);
  }

  /** A decision that asks for an edit is a stop: a callback is shown what others are given, and cannot change it. */
  async #carryOut(context: CallContext, event: GovernedEvent, runId: string): Promise<void> {
    const carried = await decideAndCarryOut(context.governor, event, undefined, () => undefined);
    if (carried.kind === 'stopped') this.#stop(carried.decision, runId);
  }

  #stop(decision: Decision, runId: string): never {
    this.#end(runId);
    throw blocked(decision);
  }

  #begin(runId: string, parentRunId: string | undefined, name: string, governed: boolean): void {
    const parent = parentRunId === undefined ? undefined : this.#runs.get(parentRunId);
    this.#runs.set(runId, { root: parent?.root ?? runId, name, governed });
  }

  #end(runId: string): void {
    const run = this.#runs.get(runId);
    this.#runs.delete(runId);
    if (run?.root !== runId) return;
    const held = this.#interactions.get(runId);
    this.#interactions.delete(runId);
    void Promise.resolve(held).then(
      (one) => one?.letGo(),
      () => undefined,
    );
  }

  async #context(
    runId: string,
    point: 'model' | 'tool',
    told: { readonly tags?: readonly string[] | undefined; readonly metadata?: object | undefined } = {},
  ): Promise<CallContext> {
    const { root = runId, name = 'unnamed' } = this.#runs.get(runId) ?? {};
    let held = this.#interactions.get(root);
    if (held === undefined) {
      const { tags, metadata } = told;
      const found = interactionOf(this.#options, {
        ...(tags !== undefined && { tags }),
        ...(metadata !== undefined && { metadata: metadata as { readonly [name: string]: unknown } }),
      });
      held = mapMaybe(found, (interaction) => ({ interaction, letGo: hold(this.#options.governor, interaction) }));
      this.#interactions.set(root, held);
    }
    const { interaction } = await held;
    return callContext(this.#options, interaction, point === 'model' ? { point, model: name } : { point });
  }
}

/** LangChain tells callbacks of arguments as text, or as they are. */
function argumentsIn(input: unknown): unknown {
  if (typeof input !== 'string') return input;
  try {
    return JSON.parse(input);
  } catch {
    return { input };
  }
}
