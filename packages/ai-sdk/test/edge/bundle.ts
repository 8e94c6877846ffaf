import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const EDGE = ['@flyball/source', 'edge-light', 'workerd', 'worker', 'browser', 'module', 'import', 'default'];

/** What a bundler for an edge runtime makes of the suite: one script, and what it had to say about it. */
export async function bundleSuite(): Promise<{ code: string; warnings: readonly string[] }> {
  const warnings: string[] = [];
  const bundle = await rolldown({
    input: fileURLToPath(new URL('./suite.ts', import.meta.url)),
    platform: 'browser',
    resolve: { conditionNames: EDGE },
    // Nothing is external: a module that an edge runtime does not have cannot be resolved, and says so here.
    external: [],
    onLog: (level, log) => void (level === 'warn' && warnings.push(log.message)),
  });
  const { output } = await bundle.generate({ format: 'iife', name: 'suite', codeSplitting: false });
  await bundle.close();
  return { code: output[0].code, warnings };
}
