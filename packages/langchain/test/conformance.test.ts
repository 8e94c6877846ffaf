import { describeAdapter } from '@flyball/testing';
import { describe, expect, it } from 'vitest';
import { harness } from './conformance-harness.ts';
import { UNSUPPORTED } from './unsupported.ts';

describeAdapter('LangChain', harness, { tools: { describe, it, expect }, unsupported: UNSUPPORTED });
