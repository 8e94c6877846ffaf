import { describe, expect, it } from 'vitest';
import { describeAdapter } from '../src/index.ts';
import { straight } from './straight-adapter.ts';

// Every case can be passed.
describeAdapter('an adapter of one loop', straight, { tools: { describe, it, expect }, timeoutMs: 20_000 });
