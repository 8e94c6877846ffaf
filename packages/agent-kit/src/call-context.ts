import type { AdapterGovernor, EventInit, GovernedEvent, Interaction, Resource, Stage } from '@flyball/core/adapter';
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
        subject,
        policy,
        resource: tool === undefined ? base : { ...base, tool: nameOf(tool) },
        ...(subjectMissing === true && { subjectMissing }),
      }),
  };
}

/** Names of models and tools come from outside; an event takes them up to a length. */
export function nameOf(name: string): string {
  return name === '' ? 'unnamed' : name.slice(0, 512);
}
