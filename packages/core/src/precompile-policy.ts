import { checkOptions, type OptionShape } from './check-options.ts';
import type { Pack } from '@flyball/detectors';
import type { Detector } from './contract/detector.ts';
import type { PolicySource } from './governor/lifecycle/policy-file.ts';

export interface PrecompileOptions {
  /** The application's own detectors: the governor that runs the policy needs the same. */
  readonly detectors?: readonly Detector[];
  /** The application's own packs: the governor that runs the policy needs the same. */
  readonly packs?: readonly Pack[];
  /** What the policy is called in the module's first line. Default: its file, or its name. */
  readonly from?: string;
  /** `ts` for TypeScript. Default `js`. */
  readonly language?: 'js' | 'ts';
}

const OPTIONS: { readonly [name in keyof PrecompileOptions]-?: OptionShape } = {
  detectors: { is: Array.isArray, words: 'a list of detectors' },
  packs: { is: Array.isArray, words: 'a list of packs' },
  from: 'string',
  language: { is: (value) => value === 'js' || value === 'ts', words: '`js` or `ts`' },
};

/**
 * Compiles a policy ahead of its use, as `flyball compile` does: the text of a module whose default export is for
 * `createGovernor` of `@flyball/core/precompiled`. The module imports what it needs of `@flyball/detectors`. Rejects
 * with a `PolicyError` that lists every problem of the policy.
 *
 *     await writeFile('policy.compiled.js', await precompilePolicy({ file: 'policy.yaml' }));
 */
export async function precompilePolicy(source: PolicySource, options: PrecompileOptions = {}): Promise<string> {
  checkOptions('precompilePolicy', options, OPTIONS);
  const [{ readPolicy }, { precompile }, { moduleText }, { defineDetector }, { definePack }] = await Promise.all([
    import('./governor/lifecycle/policy-source.ts'),
    import('./precompiled/precompile.ts'),
    import('./precompiled/module-text.ts'),
    import('./detectors/detector.ts'),
    import('./detectors/define-pack.ts'),
  ]);
  const { detectors = [], packs = [], language = 'js' } = options;
  const document = await readPolicy(source);
  const compiled = await precompile(document, detectors.map(defineDetector), packs.map(definePack));
  const { from = 'file' in source ? source.file : document.policy } = options;
  return moduleText(compiled, from, language === 'ts');
}
