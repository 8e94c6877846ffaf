/** Settings of a policy by their strictness: what a policy that builds upon another one may say. */
import { OUTCOMES, type Outcome } from '../../contract/effect.ts';
import { STAGES, type Stage } from '../../contract/event.ts';
import type { OverridableSetting, PolicyDocument } from './document.ts';
import { durationMs } from './duration.ts';
import { listOf } from './lists.ts';

/** A setting that two policies have, compared. */
export interface Setting {
  readonly name: OverridableSetting;
  /** As a message shows it, with the default where nothing is written. */
  text(document: PolicyDocument): string;
  /** Negative: the second is weaker. */
  compare(base: PolicyDocument, over: PolicyDocument): number;
  isWritten(document: PolicyDocument): boolean;
  /** What of the two is written into a joined policy. */
  joined(stronger: PolicyDocument, other: PolicyDocument): Partial<PolicyDocument>;
  /** The same where the second may be weaker. Absent: as `joined` with the second as the stronger. */
  replaced?(base: PolicyDocument, over: PolicyDocument): Partial<PolicyDocument>;
}

/** Words from the weakest to the strictest; the last argument is the default. */
function ofWords(
  name: 'mode' | 'onError' | 'providerTools' | 'onBlock' | 'history' | 'media',
  words: readonly string[],
  fallback: string,
): Setting {
  const of = (document: PolicyDocument): string => document[name] ?? fallback;
  return {
    name,
    text: (document) => `${name}: ${of(document)}`,
    compare: (base, over) => words.indexOf(of(over)) - words.indexOf(of(base)),
    isWritten: (document) => document[name] !== undefined,
    joined: (stronger) => (stronger[name] === undefined ? {} : { [name]: stronger[name] }),
  };
}

/** The smaller number stops more. */
function ofNumber(
  name: OverridableSetting,
  read: (document: PolicyDocument) => number | undefined,
  fallback: number,
): Setting {
  const of = (document: PolicyDocument): number => read(document) ?? fallback;
  return {
    name,
    text: (document) => `${name}: ${of(document)}`,
    compare: (base, over) => of(base) - of(over),
    isWritten: (document) => read(document) !== undefined,
    joined: (stronger) => (read(stronger) === undefined ? {} : { [name]: stronger[name as keyof PolicyDocument] }),
  };
}

const HOLD: readonly string[] = ['release', 'match', 'block'];

/**
 * Compared as a whole: fewer units, and a stricter end of them. Where text leaves unjudged at the end, more units are
 * the stricter ones, and anything else in place of it is.
 */
const maxHold: Setting = {
  name: 'maxHold',
  text: ({ maxHold: hold }) => `maxHold: { units: ${hold?.units ?? 2 ** 16}, then: ${hold?.then ?? 'block'} }`,
  compare(base, over) {
    const [a, b] = [base.maxHold, over.maxHold];
    const units = (a?.units ?? 2 ** 16) - (b?.units ?? 2 ** 16);
    const then = HOLD.indexOf(b?.then ?? 'block') - HOLD.indexOf(a?.then ?? 'block');
    if (a?.then === 'release') return then === 0 ? -units : then;
    return Math.min(units, then) < 0 ? -1 : Math.max(units, then);
  },
  isWritten: ({ maxHold: hold }) => hold !== undefined,
  joined: (stronger) => (stronger.maxHold === undefined ? {} : { maxHold: stronger.maxHold }),
};

const defaultOf = ({ default: written }: PolicyDocument, stage: Stage): 'allow' | 'block' =>
  typeof written === 'string' ? written : (written?.[stage] ?? 'allow');

/** True for a stage whose default blocks. */
export const blocksByDefault = (document: PolicyDocument, stage: Stage): boolean =>
  defaultOf(document, stage) === 'block';

const stageDefault: Setting = {
  name: 'default',
  text: (document) => `default: { ${STAGES.map((stage) => `${stage}: ${defaultOf(document, stage)}`).join(', ')} }`,
  compare: (base, over) =>
    STAGES.some((stage) => blocksByDefault(base, stage) && isSaid(over, stage) && !blocksByDefault(over, stage))
      ? -1
      : 0,
  isWritten: ({ default: written }) => written !== undefined,
  joined: (stronger, other) => blocking((stage) => blocksByDefault(stronger, stage) || blocksByDefault(other, stage)),
  // A stage that the second does not name keeps the default of the first.
  replaced: (base, over) => blocking((stage) => blocksByDefault(isSaid(over, stage) ? over : base, stage)),
};

function blocking(isBlocked: (stage: Stage) => boolean): Partial<PolicyDocument> {
  const blocked = STAGES.filter(isBlocked);
  return blocked.length === 0 ? {} : { default: Object.fromEntries(blocked.map((stage) => [stage, 'block'])) };
}

/** A stage that a mapping does not name keeps the default of the baseline. */
const isSaid = ({ default: written }: PolicyDocument, stage: Stage): boolean =>
  typeof written === 'string' || written?.[stage] !== undefined;

/** Less time makes more failures: where those let events pass, that is weaker. */
const deadline: Setting = {
  name: 'deadline',
  text: ({ deadline: written = '100ms' }) => `deadline: ${written}`,
  compare(base, over) {
    const shorter = durationMs(base.deadline ?? '100ms') - durationMs(over.deadline ?? '100ms');
    const opens = base.onError === 'no_op' || (base.rules ?? []).some(({ onError }) => onError === 'no_op');
    return shorter > 0 && opens ? -1 : shorter === 0 ? 0 : 1;
  },
  isWritten: ({ deadline: written }) => written !== undefined,
  joined: (stronger) => (stronger.deadline === undefined ? {} : { deadline: stronger.deadline }),
};

/** The mode for all is stricter than the mode for some. Of two parts neither is. */
const share: Setting = {
  name: 'share',
  text: ({ share: written }) => (written === undefined ? 'share: everybody' : `share: ${JSON.stringify(written)}`),
  compare(base, over) {
    if (JSON.stringify(base.share) === JSON.stringify(over.share)) return 0;
    return over.share === undefined ? 1 : -1;
  },
  isWritten: ({ share: written }) => written !== undefined,
  joined: (stronger) => (stronger.share === undefined ? {} : { share: stronger.share }),
};

const durableOf = ({ audit }: PolicyDocument): readonly Outcome[] =>
  OUTCOMES.filter((outcome) => audit?.durable === 'all' || listOf(audit?.durable).includes(outcome));
const countsNoOp = ({ audit }: PolicyDocument): boolean => audit?.noOp === 'count';

const CONTENT = ['captured', 'hashed', undefined];

/**
 * More on disk first, a record of everything, and less of texts. What a mapping does not name it keeps of the baseline.
 */
const audit: Setting = {
  name: 'audit',
  text: (document) =>
    `audit: { durable: [${durableOf(document).join(', ')}], noOp: ${countsNoOp(document) ? 'count' : 'record'}${document.audit?.content === undefined ? '' : `, content: ${document.audit.content}`} }`,
  compare(base, over) {
    const isLess = over.audit?.durable !== undefined && !durableOf(base).every((one) => durableOf(over).includes(one));
    const keepsMore = CONTENT.indexOf(over.audit?.content) < CONTENT.indexOf(base.audit?.content);
    return isLess || keepsMore || (countsNoOp(over) && !countsNoOp(base)) ? -1 : 0;
  },
  isWritten: ({ audit: written }) => written !== undefined,
  joined(stronger, other) {
    const outcomes = OUTCOMES.filter((one) => durableOf(stronger).includes(one) || durableOf(other).includes(one));
    const noOp = stronger.audit?.noOp ?? other.audit?.noOp;
    const content = stronger.audit?.content ?? other.audit?.content;
    if (outcomes.length === 0 && noOp === undefined && content === undefined) return {};
    return {
      audit: {
        ...(outcomes.length > 0 && { durable: outcomes }),
        ...(noOp !== undefined && { noOp }),
        ...(content !== undefined && { content }),
      },
    };
  },
  replaced: (base, over) => ({ audit: { ...base.audit, ...over.audit } }),
};

export const SETTINGS: readonly Setting[] = [
  ofWords('mode', ['off', 'shadow', 'enforce'], 'enforce'),
  share,
  ofWords('onError', ['no_op', 'block'], 'block'),
  deadline,
  ofNumber('maxInput', ({ maxInput }) => maxInput, 2 ** 20),
  maxHold,
  stageDefault,
  ofWords('providerTools', ['allow', 'refuse'], 'refuse'),
  ofWords('onBlock', ['continue', 'stop'], 'continue'),
  ofWords('history', ['withhold', 'block'], 'withhold'),
  ofWords('media', ['pass', 'block'], 'pass'),
  audit,
];
