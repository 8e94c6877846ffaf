import { describeAdapter } from '@flyball/testing';
import { describe, expect, it } from 'vitest';
import { harnessFor } from './conformance-harness.ts';
import { VERSIONS } from './harness.ts';
import { UNSUPPORTED } from './unsupported.ts';

for (const [version, express] of VERSIONS) {
  for (const compressed of [false, true]) {
    const name = `${version} ${compressed ? 'with' : 'without'} compression`;
    const tools = { describe, it, expect };
    describeAdapter(name, harnessFor(express, { compressed }), { tools, unsupported: UNSUPPORTED });
  }
}
