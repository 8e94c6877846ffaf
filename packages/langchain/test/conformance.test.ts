import { describeAdapter } from '@flyball/testing';
import { describe, expect, it } from 'vitest';
import { harness } from './conformance-harness.ts';
import { UNSUPPORTED } from './unsupported.ts';

// The first case loads what all of them need, which takes a busy machine seconds.
const options = { tools: { describe, it, expect }, unsupported: UNSUPPORTED, timeoutMs: 20_000 };
describeAdapter('LangChain', harness, options);
