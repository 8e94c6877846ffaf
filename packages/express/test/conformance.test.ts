import { describeAdapter } from '@flyball/testing';
import { describe, expect, it } from 'vitest';
import { harnessFor, plainHarness } from './conformance-harness.ts';
import { VERSIONS } from './harness.ts';
import { UNSUPPORTED } from './unsupported.ts';

/** The first case loads the governor, which takes its time on a busy machine. */
const timeoutMs = 20_000;

for (const [version, express] of VERSIONS) {
  for (const compressed of [false, true]) {
    const name = `${version} ${compressed ? 'with' : 'without'} compression`;
    const tools = { describe, it, expect };
    describeAdapter(name, harnessFor(express, { compressed }), { tools, unsupported: UNSUPPORTED, timeoutMs });
  }
}

describeAdapter('node:http, with heads that only `writeHead` was given', plainHarness(), {
  tools: { describe, it, expect },
  unsupported: UNSUPPORTED,
  timeoutMs,
});
