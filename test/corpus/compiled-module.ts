import type { PrecompiledPolicy } from '@flyball/core';

/** What a module of `flyball compile` may import. */
const MODULES: { readonly [name: string]: () => Promise<{ readonly [name: string]: unknown }> } = {
  '@flyball/core/precompiled': () => import('@flyball/core/precompiled'),
  '@flyball/detectors/each/pii': () => import('@flyball/detectors/each/pii'),
  '@flyball/detectors/each/secrets': () => import('@flyball/detectors/each/secrets'),
  '@flyball/detectors/each/injection': () => import('@flyball/detectors/each/injection'),
  '@flyball/detectors/each/hidden': () => import('@flyball/detectors/each/hidden'),
  '@flyball/detectors/each/harmful': () => import('@flyball/detectors/each/harmful'),
  '@flyball/detectors/each/leakage': () => import('@flyball/detectors/each/leakage'),
  '@flyball/detectors/each/exfiltration': () => import('@flyball/detectors/each/exfiltration'),
};

const IMPORT = /^import \{([^}]+)\} from '([^']+)';$/gm;

/** Runs the text of a module as the runtime would, with imports that lead to the sources. */
export async function defaultOf(text: string): Promise<PrecompiledPolicy> {
  const scope = new Map<string, unknown>();
  for (const [, names = '', from = ''] of text.matchAll(IMPORT)) {
    const module = await MODULES[from]!();
    for (const item of names.split(',').filter((name) => name.trim() !== '')) {
      const [name = '', as = name] = item.trim().split(' as ');
      scope.set(as, module[name]);
    }
  }
  const body = text.replace(IMPORT, '').replace('export default ', 'return ');
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- the text was written a moment ago
  return new Function(...scope.keys(), body)(...scope.values()) as PrecompiledPolicy;
}
