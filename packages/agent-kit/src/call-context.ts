import type {
  AdapterGovernor,
  Decision,
  EventInit,
  GovernedEvent,
  Interaction,
  MaybePromise,
  Mode,
  Resource,
  SegmentInit,
  Stage,
} from '@flyball/core/adapter';
import { isDenied, mapMaybe } from '@flyball/core/adapter';
import type { AgentOptions, CheckedOptions } from './options.ts';

/** What a call of a model or a tool is decided with, by whichever hook sees it. */
export interface CallContext {
  readonly governor: AdapterGovernor;
  readonly interaction: Interaction;
  readonly onBlock: 'continue' | 'stop';
  /** An event of this call: the context adds the point, the model and the application's attributes. */
  event(init: EventInit): GovernedEvent;
  /** False where no decision could depend on such an event: what builds its content may be skipped. */
  covers(stage: Stage, tool?: string): boolean;
  /** False where an operator has halted calls of the tool since the decision, or made their mode stricter. */
  stands(decision: Decision, tool: string): boolean;
  /**
   * The shorter way for a prompt without media, every part of which can be read: decides, if nothing but its text can
   * matter and nothing is found in that. `undefined`: nothing is decided, make its event.
   */
  promptAtOnce(content: readonly SegmentInit[]): MaybePromise<PromptAtOnce> | undefined;
}

/** A prompt in which nothing was found. */
export interface PromptAtOnce {
  /** The mode it was decided in. */
  readonly mode: Mode;
  /** It does not go on all the same: its record was refused. */
  readonly refused?: Decision;
}

/** Where the events of a context are made, and of which model. */
export interface CallPlace {
  readonly point: 'model' | 'tool';
  readonly model?: string;
}

export function callContext(
  options: Pick<CheckedOptions<AgentOptions>, 'governor' | 'attributes' | 'onBlock'>,
  interaction: Interaction,
  { point, model }: CallPlace,
): CallContext {
  const { governor, attributes } = options;
  const { subject, policy, subjectMissing } = interaction;
  const base: Resource = model === undefined ? {} : { model: nameOf(model) };
  const where = { subject, policy, ...(subjectMissing === true && { subjectMissing }) };
  return {
    governor,
    interaction,
    // The application's choice where it made one, else the policy's.
    onBlock: options.onBlock ?? governor.adapterSettings(policy)?.onBlock ?? 'continue',
    event: (init) =>
      interaction.event({
        point,
        ...init,
        resource: { ...base, ...init.resource },
        ...(attributes !== undefined && { attributes: { ...attributes, ...init.attributes } }),
      }),
    covers: (stage, tool) =>
      governor.covers({
        stage,
        resource: tool === undefined ? base : { ...base, tool: nameOf(tool) },
        ...where,
      }),
    stands: (decision, tool) => governor.stands(decision, { resource: { ...base, tool: nameOf(tool) }, ...where }),
    promptAtOnce: (content) => {
      // Attributes are looked at when the event is made, which may be never.
      const lane = attributes === undefined ? governor.quiet({ stage: 'input', resource: base, ...where }) : undefined;
      if (lane === undefined) return undefined;
      // As the event would do it: answers must not repeat the instructions.
      for (const { role, text } of content) if (role === 'system') interaction.protect(text);
      const { mode } = lane;
      const decided = lane.decide(interaction, { texts: content, init: () => ({ point, resource: base, content }) });
      if (decided === undefined || decided === 'passed') return decided && { mode };
      return mapMaybe(decided, (decision) => ({ mode, ...(isDenied(decision) && { refused: decision }) }));
    },
  };
}

/** Names of models and tools come from outside; an event takes them up to a length. */
export function nameOf(name: string): string {
  // What a provider sends is what it is, whatever its type says.
  return typeof name !== 'string' || name === '' ? 'unnamed' : name.slice(0, 512);
}
