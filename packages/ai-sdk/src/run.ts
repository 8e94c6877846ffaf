import {
  endOwn,
  resolveInteraction,
  resolveInteractionNow,
  toolRunOf,
  type CheckedOptions,
  type FinalArguments,
} from '@flyball/agent-kit';
import { FlyballError, type Decision, type Interaction } from '@flyball/core/adapter';
import type { Hearing } from './telemetry/hearing.ts';
import type { AgentCall, GovernanceOptions, Identity, Run } from './options.ts';

/** More are not remembered: a denial without its reason is a denial all the same. */
const MAX_WITHHELD = 256;

export function createRun(
  tools: ReadonlyMap<string, FinalArguments>,
  refined: Map<string, unknown[]>,
  hearing: Hearing,
): Run {
  const withheld = new Map<string, Decision>();
  let current: Interaction | undefined;
  return {
    withheld,
    hearing,
    get interaction() {
      return current;
    },
    begin(interaction) {
      current = interaction;
      const known = toolRunOf(interaction).tools;
      for (const [name, finalArguments] of tools) known.set(name, finalArguments);
      // What was refined for an earlier message and not asked for again belongs to no call of this one.
      refined.clear();
    },
    withholds(decision) {
      if (withheld.size >= MAX_WITHHELD) withheld.clear();
      withheld.set(decision.auditId, decision);
    },
    end() {
      if (current !== undefined) endOwn(current);
    },
  };
}

type Options = CheckedOptions<GovernanceOptions>;

/** Who a run belongs to, as its hooks find it. */
export type RunIdentity = Pick<Identity, 'subject' | 'interaction' | 'policy'>;

/**
 * The identity of calls that were governed once, with no hook that says when one run ends and another begins. The
 * interaction is opened when it is first needed and serves all of them, so a subject function must name one subject for
 * all: where it names another, the calls serve several users, and those that come later are nobody's.
 */
export function sharedIdentity(options: Options): RunIdentity {
  const { governor, subject, interaction } = options;
  // None at all: every hook asks for that of the surrounding request.
  if (interaction === undefined && subject === undefined) return {};
  if (interaction !== undefined && typeof interaction !== 'function') return { interaction };
  let opened: Interaction | undefined;
  const open = (): Interaction => resolveInteractionNow<AgentCall>(governor, options, {});
  return {
    interaction: () => {
      if (opened === undefined) return (opened = open());
      if (typeof subject !== 'function') return opened;
      const now = open();
      if (same(now, opened)) return opened;
      governor.noteFailure({ part: 'subject', id: 'subject', code: 'INVALID_ANSWER' }, SEVERAL);
      return governor.interaction(undefined, { policy: now.policy });
    },
  };
}

const SEVERAL: FlyballError = new FlyballError(
  'OPTIONS_INVALID',
  'what one `govern` returned is used for several subjects: call `govern` for each request; an agent asks for each call by itself, unless its `prepareCall` stands beside the spread instead of in `govern`',
);

/** The identity of one call of an agent: asked for that call, with its options. */
export async function callIdentity(options: Options, call: AgentCall): Promise<RunIdentity> {
  const interaction = await resolveInteraction<AgentCall>(options.governor, options, call);
  return { interaction };
}

function same(one: Interaction, other: Interaction): boolean {
  if (one.subjectMissing === true || other.subjectMissing === true) return one.subjectMissing === other.subjectMissing;
  const fields = ['tenant', 'user', 'session', 'agent'] as const;
  return fields.every((field) => one.subject[field] === other.subject[field]);
}
