import { describeAdapter } from '@flyball/testing';
import { createGovernor } from '@flyball/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { harnessFor } from './conformance-harness.ts';
import { PLATFORMS } from './harness.ts';
import { UNSUPPORTED } from './unsupported.ts';

// The first application of a process loads what all of them need.
beforeAll(async () => {
  const governor = await createGovernor({ policy: { policy: 'none', version: 1 } });
  for (const platform of PLATFORMS) await (await harnessFor(platform, 'sse').open(governor, {})).close();
  await governor.close();
});

for (const platform of PLATFORMS) {
  for (const streams of ['sse', 'raw'] as const) {
    const name = `Nest on ${platform}, ${streams === 'sse' ? '`@Sse()`' : '`@Res()`'}`;
    // Each case makes applications of Nest, which takes a busy machine longer than the other frameworks do.
    const options = { tools: { describe, it, expect }, unsupported: UNSUPPORTED, timeoutMs: 20_000 };
    describeAdapter(name, harnessFor(platform, streams), options);
  }
}
