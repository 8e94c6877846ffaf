import { describeAdapter } from '@flyball/testing';
import { describe, expect, it } from 'vitest';
import { aiSdkHarness } from './adapter-harness.ts';

describeAdapter('@flyball/ai-sdk', aiSdkHarness, { tools: { describe, it, expect } });
