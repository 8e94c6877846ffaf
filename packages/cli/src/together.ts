import type { Command } from 'commander';
import { NotRun } from './io.ts';

/** An option that would be ignored, and beside what. */
export interface Rule {
  /** Without its dashes, as everywhere here. */
  readonly option: string;
  /** Another option beside which it says nothing. */
  readonly not?: string;
  /** One without which it says nothing; `of`: the values that it must have. */
  readonly needs?: string;
  readonly of?: readonly string[];
  /** The rule holds where this one is given as well. */
  readonly beside?: string;
  /** The rule holds where the first argument ends so. */
  readonly on?: string;
  readonly why: string;
}

const FILES: readonly string[] = ['jsonl', 'csv', 'ocsf'];
const IN_AN_EVENT = 'with a policy an event is decided, which is in no log';
const IN_A_PROOF = 'a proof is one record as it is in one log';
const OF_A_PROOF = 'a proof has one record, and its checkpoint travels with it';

/** Which options of each command go together: who gives one that would be ignored means something by it. */
export const TOGETHER: { readonly [command: string]: readonly Rule[] } = {
  check: [{ option: 'format', not: 'json', why: 'each is a form of the answer' }],
  test: [
    { option: 'reporter', not: 'json', why: 'each is a form of the answer' },
    { option: 'watch', not: 'json', why: 'one object is one run' },
  ],
  explain: ['log', 'content-key', 'subject-keys'].map((option) => ({ option, not: 'policy', why: IN_AN_EVENT })),
  verify: ['checkpoints', 'max-tail', 'witness'].map((option) => ({ option, on: '.tlog-proof', why: OF_A_PROOF })),
  backtest: [{ option: 'ignore-unknown', needs: 'fail-on', why: 'it leaves the unknown out of thresholds' }],
  report: [{ option: 'shadow', not: 'json', why: 'the object has each number by itself' }],
  export: [
    ...['format', 'since', 'also', 'signing-key', 'subject-keys'].map((option) => ({
      ...{ option, not: 'proof', why: IN_A_PROOF },
    })),
    {
      ...{ option: 'since', needs: 'format', of: ['scitt', ...FILES] },
      why: 'it leaves records out, and then nothing could be verified',
    },
    { option: 'also', needs: 'format', of: FILES, why: 'it joins logs, and each has a tree of its own' },
    { option: 'signing-key', needs: 'format', of: ['scitt'], why: 'nothing else is signed' },
    { option: 'subject-keys', needs: 'format', of: FILES, why: 'a folder has records as they are in the log' },
  ],
  hold: [
    { option: 'user', needs: 'tenant', beside: 'subject-keys', why: 'sealed records know users of one tenant only' },
  ],
};

/** Refuses what would be ignored, before anything is done. */
export function checkTogether(command: Command): void {
  const given = (name: string): boolean => command.getOptionValueSource(attributeOf(name)) === 'cli';
  for (const { option, not, needs, of, beside, on, why } of TOGETHER[command.name()] ?? []) {
    if (!given(option) || (beside !== undefined && !given(beside))) continue;
    if (on !== undefined && command.args[0]?.endsWith(on) === true)
      throw new NotRun(`\`--${option}\` says nothing of \`${command.args[0]}\`: ${why}`);
    if (not !== undefined && given(not)) throw new NotRun(`\`--${option}\` does not go with \`--${not}\`: ${why}`);
    if (needs === undefined) continue;
    const isThere = of === undefined ? given(needs) : of.includes(command.getOptionValue(attributeOf(needs)) as string);
    if (isThere) continue;
    const wanted = of === undefined ? `\`--${needs}\`` : of.map((value) => `\`--${needs} ${value}\``).join(' or ');
    const also = beside === undefined ? '' : ` beside \`--${beside}\``;
    throw new NotRun(`\`--${option}\`${also} needs ${wanted}: ${why}`);
  }
}

/** Of an option that is given twice, the first would be ignored. Those in `many` may be. */
export function refuseTwice(command: Command, many: (parse: unknown) => boolean): void {
  for (const option of command.options) {
    if ((!option.required && !option.optional) || many(option.parseArg)) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) throw new NotRun(`\`${option.long}\` is given twice, and takes one`);
      isGiven = true;
    });
  }
}

const attributeOf = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
