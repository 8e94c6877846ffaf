import { describeAdapter } from '@flyball/testing';
import { describe, expect, it } from 'vitest';
import { harnessFor } from './conformance-harness.ts';
import { VERSIONS } from './harness.ts';
import { UNSUPPORTED } from './unsupported.ts';

for (const [version, express] of VERSIONS) {
  for (const compressed of [false, true]) {
    const name = `${version} ${compressed ? 'with' : 'without'} compression`;
    const tools = { describe, it, expect };
    // The first case loads what all of them need, which takes a busy machine seconds.
    const options = { tools, unsupported: UNSUPPORTED, timeoutMs: 20_000 };
    describeAdapter(name, harnessFor(express, { compressed }), options);
  }
}
