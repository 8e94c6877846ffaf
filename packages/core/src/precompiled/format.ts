import type { Pack, Recogniser } from '@flyball/detectors';
import type { DetectorInfo, Pattern } from '../contract/detector.ts';
import type { Looking } from '../detectors/looking.ts';
import { FlyballError } from '../errors.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import type { PolicyWarning } from '../policy/document/policy-error.ts';
import type { Expressions, ParsedCondition } from '../policy/condition/condition.ts';
import type { CelNode } from '../policy/condition/syntax.ts';
import type { Folding } from '../scanner/unicode/fold.ts';
import type { TreeTable } from './trees.ts';

/**
 * Goes up whenever what is written could be read as something else: another form of the parts below, of the trees of
 * patterns, or of the trees of conditions.
 */
export const FORMAT = 2;

/**
 * A policy that `flyball compile` has compiled: what the module that it writes exports. All of it is plain data and
 * recognisers; its parts may change with every release, and `precompiled` says of which form they are.
 */
export interface PrecompiledPolicy {
  /** The form of the rest. */
  readonly precompiled: number;
  readonly behaviorVersion: string;
  readonly document: PolicyDocument;
  /** What was said of it when it was compiled. */
  readonly warnings: readonly PolicyWarning[];
  readonly packs: readonly PrecompiledPack[];
  /** Everything that can report signals for the policy, read by a rule or not. */
  readonly infos: readonly InfoRun[];
  /** Ids of those that the application brings. */
  readonly custom: readonly string[];
  /** Those that the rules read, in the order of their patterns. */
  readonly detectors: readonly PrecompiledDetector[];
  /** Source of the expression that finds the tokens of all of them. */
  readonly tokens?: string;
  readonly probes: readonly PrecompiledProbe[];
  readonly conditions: readonly ParsedCondition[];
  readonly amounts: readonly { readonly source: string; readonly tree: CelNode }[];
  readonly trees: TreeTable;
  /** There where a pattern folds. */
  readonly folding?: () => Folding;
  /** There where a recogniser is code. */
  readonly looking?: () => Looking;
  /** There where there are conditions or amounts. */
  readonly expressions?: () => Expressions;
}

/** The part of a pack that is needed. */
export interface PrecompiledPack {
  readonly name: string;
  /** Of the pack that is there; empty where the application brings it. */
  readonly version: string;
  /** Of the pack that the policy was compiled with. */
  readonly compiledWith: string;
  /** Parts that decoded texts are looked through for. */
  readonly parts: Pack['parts'];
}

/**
 * Detectors in a row that have a version and a kind in common, each of which reports the type that it is named after;
 * or one that is otherwise.
 */
export type InfoRun = readonly [version: string, kind: DetectorInfo['kind'], ids: readonly string[]] | DetectorInfo;

/** What is known of each pattern, as `readOf` writes it. */
export type Reads = readonly number[];

export type PrecompiledDetector =
  | {
      /** A list that the policy itself writes. */
      readonly own: string;
      readonly patterns: readonly PrecompiledPattern[];
      readonly reads: Reads;
    }
  | {
      /** A detector of the application. */
      readonly custom: string;
      /** Its expressions and phrases. */
      readonly finds: readonly string[];
      readonly reads: Reads;
    }
  | {
      readonly type: string;
      readonly pack: string;
      readonly usedAs: string;
      /** Absent: of a pack of the application. */
      readonly recogniser?: Recogniser;
      readonly except: readonly string[];
      readonly domains?: readonly string[];
      readonly patterns?: readonly { readonly pattern: string; readonly flags: string }[];
      readonly allowHosts?: readonly string[];
      readonly keepLast?: number;
      /** Of its forms; or, where it looks through decoded texts, of what it looks for there. */
      readonly reads: Reads;
    };

export interface PrecompiledPattern {
  readonly find: { readonly phrase: string } | { readonly source: string; readonly flags: string };
  readonly fold?: boolean;
  readonly marks?: boolean;
  readonly escapes?: boolean;
}

/** An expression under `except`, as it is written and as it is read. */
export interface PrecompiledProbe {
  readonly pattern: string;
  readonly flags: string;
  readonly find: { readonly source: string; readonly flags: string };
  readonly read: number;
}

/** A pattern's expression or phrase, to compare by. */
export const findText = ({ find }: Pattern): string => ('phrase' in find ? find.phrase : String(find));

/** `isClosed` and `isApart` are the two lowest bits. */
export function readOf(tree: number, isClosed: boolean, isApart: boolean): number {
  return tree * 4 + (isClosed ? 1 : 0) + (isApart ? 2 : 0);
}

/** True for what a module that `flyball compile` wrote exports. */
export function isPrecompiled(source: unknown): source is PrecompiledPolicy {
  return typeof source === 'object' && source !== null && 'precompiled' in source && 'trees' in source;
}

/** What was compiled does not fit what is to run it. */
export function mismatch(policy: string, why: string): FlyballError {
  return new FlyballError(
    'PRECOMPILED_MISMATCH',
    `the compiled policy \`${policy}\` does not fit: ${why}. Run \`flyball compile\` again, with the packages that are to run it`,
  );
}
