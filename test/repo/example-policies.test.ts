import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { test as testPolicies } from '../../packages/cli/src/commands/test.ts';
import { EXIT, type Io } from '../../packages/cli/src/io.ts';

const FOLDER = fileURLToPath(new URL('../../examples/policies', import.meta.url));
const IO: Io = { out: () => undefined, note: () => undefined, style: (_, text) => text, progress: () => undefined };

it(
  'the example policies decide as their tests say, and no rule of them is without one',
  { timeout: 600_000 },
  async () => {
    const { exit, lines } = await testPolicies([FOLDER], { reporter: 'default', minCoverage: 100 }, IO);
    expect(exit, lines.join('\n')).toBe(EXIT.yes);
  },
);
