import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createGovernor } from '@flyball/core';
import { describe, expect, it } from 'vitest';
import { filesOf, read, ROOT } from './tree.ts';

const policies = filesOf()
  .filter((path) => /\.ya?ml$/.test(path) && !path.endsWith('.test.yaml'))
  .filter((path) => /^policy:/m.test(read(path)));

describe('every policy in the repository', () => {
  it('is found', () => {
    expect(policies).toContain('examples/express-chat/policy.yaml');
  });

  it.each(policies)('%s tells editors its schema, which is there', (path) => {
    const [, schema] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(read(path)) ?? [];
    expect(schema).toMatch(/policy\.schema\.json$/);
    expect(existsSync(join(ROOT, dirname(path), schema!))).toBe(true);
  });

  it.each(policies)('%s loads, and nothing in it is without effect', { timeout: 120_000 }, async (path) => {
    const governor = await createGovernor({ policy: { file: join(ROOT, path) } });
    expect(governor.status().policies[0]!.warnings).toEqual([]);
    await governor.close();
  });
});
