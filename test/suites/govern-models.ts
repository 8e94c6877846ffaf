// Put in front of the AI SDK's own resolution of models: every language model that its tests hand to `generateText`,
// `streamText`, `generateObject` and `streamObject` is a governed one. FLYBALL_SUITE_MODE: as in `govern-servers.ts`,
// and `control`, which enforces the policy that blocks everything.
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { governModel } from '@flyball/ai-sdk';
import { createGovernor, type PolicyDocument } from '@flyball/core';

const asked = process.env['FLYBALL_SUITE_MODE'] as 'off' | 'shadow' | 'enforce' | 'control';
const mode = asked === 'control' ? 'enforce' : asked;
const stages = ['input', 'output', 'tool_call', 'tool_result'] as const;

const NOTHING: PolicyDocument = {
  policy: 'nothing',
  version: 1,
  mode,
  providerTools: 'allow',
  detectors: [{ id: 'never', phrases: ['\u2603 this stands in no suite \u2603'] }],
  rules: [{ id: 'never', on: [...stages], detect: 'never', then: 'block', reason: 'P_NEVER' }],
};
const EVERYTHING: PolicyDocument = {
  policy: 'everything',
  version: 1,
  mode,
  default: 'block',
  rules: [{ id: 'all', on: [...stages], then: 'block', reason: 'P_ALL' }],
};

const governor = await createGovernor({ policy: asked === 'enforce' ? NOTHING : EVERYTHING });
const governed = new WeakMap<LanguageModelV4, LanguageModelV4>();

/** The model, governed; the same one for the same model, as the SDK resolves it again and again. */
export function governLanguageModel(model: LanguageModelV4): LanguageModelV4 {
  const known = governed.get(model);
  if (known !== undefined) return known;
  const made = governModel({ model, governor, subject: { tenant: 'suite' } });
  governed.set(model, made);
  return made;
}
