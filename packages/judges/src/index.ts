// Judges: models that say what a text means, as detectors. Each is asked within its deadline, and reports types and
// scores, never text.
export { llmJudge, type LlmJudgeOptions } from './llm-judge.ts';
export { openaiModeration, type ModerationClient, type OpenAIModerationOptions } from './openai-moderation.ts';
export { llamaGuard, type LlamaGuardOptions } from './llama-guard.ts';
export { qwenGuard } from './qwen-guard.ts';
export { graniteGuardian, type GraniteGuardianOptions } from './granite-guardian.ts';
export { shieldGemma } from './shield-gemma.ts';
export { gptOssSafeguard, type GptOssSafeguardOptions } from './gpt-oss-safeguard.ts';
export { presidio, type PresidioOptions } from './presidio.ts';
export { onnx, type OnnxOptions, type TextClassifier, type Transformers } from './onnx.ts';

export { defineJudge } from './define-judge.ts';
export type { Answers, Asker, Opinion, Passage, Score, Usage } from './asker.ts';
export type { Endpoint } from './chat-completions.ts';
export type { Judge } from './judge.ts';
export { JudgeError, type JudgeErrorCode, type JudgeFailure } from './judge-error.ts';
export type { Judgement, JudgeOptions, JudgeStats } from './options.ts';
export type { SafeguardOptions } from './safeguard.ts';
