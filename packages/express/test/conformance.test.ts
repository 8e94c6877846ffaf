import { ADAPTER_CASES, describeAdapter } from '@flyball/testing';
import { describe, expect, it } from 'vitest';

import { harness } from './adapter-harness.ts';

/** Cases that need tools: the middleware sees requests and answers, the tools run inside the handler. */
const TOOLS = /\bT[1-6]:|\bcall\b|\bresult\b|labels of one step|however often its model is asked/;
const REASON = 'tools run inside the handler: govern them with an adapter for what runs there';

describeAdapter('@flyball/express', harness, {
  tools: { describe, expect, it },
  unsupported: Object.fromEntries(ADAPTER_CASES.filter((name) => TOOLS.test(name)).map((name) => [name, REASON])),
});
