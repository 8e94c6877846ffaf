import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './tree.ts';

const COMMANDS = {
  bench: 'test/bench/run.ts',
  leaktest: 'test/leaktest/main.ts',
  mutate: 'test/mutation/main.ts',
  streamtest: 'test/streams/main.ts',
  suites: 'test/suites/main.ts',
  'suites:ai-sdk': 'test/suites/ai-sdk.ts',
};

test.each(Object.entries(COMMANDS))(
  'npm run %s says how it is used, and begins nothing that it does not know',
  (name, file) => {
    const run = (...words: readonly string[]) => {
      const flags = ['--conditions=@flyball/source', '--disable-warning=ExperimentalWarning'];
      const ran = spawnSync(process.execPath, [...flags, join(ROOT, file), ...words], { encoding: 'utf8', cwd: ROOT });
      return { exit: ran.status, out: ran.stdout, said: ran.stderr };
    };
    const help = run('--help');
    expect(help).toMatchObject({ exit: 0, said: '' });
    expect(help.out).toContain(`npm run ${name} -- `);
    expect(help.out.trimEnd().split('\n').length).toBeLessThan(6);
    for (const words of [['--nonsense'], ['nonsense']]) {
      const { exit, out, said } = run(
        ...(name === 'leaktest' || name === 'streamtest' ? [...words, '--cases', '1'] : words),
      );
      expect({ words, exit, out }).toEqual({ words, exit: 2, out: '' });
      expect(said).toContain(`npm run ${name} -- `);
      expect(said).not.toContain('    at ');
    }
  },
  120_000,
);
