// What a tool says to the model, addressed as `result`. Pure.
import { viewJson, type JsonView } from '@flyball/agent-kit';
import type { LanguageModelV4ToolResultOutput } from '@ai-sdk/provider';
import { applyEditsToJson, type Applied, type Edit, type Json } from '@flyball/core/adapter';

/** Either output type: that of this version of the SDK, and whatever another one knows. */
export type Output = LanguageModelV4ToolResultOutput | { readonly type: string };

export function readOutput(output: Output): JsonView {
  return viewJson(saidBy(output), 'result');
}

/** The output with a decision's edits in it. */
export function editOutput(output: Output, { json }: JsonView, edits: readonly Edit[]): Applied<Output> {
  const applied: Applied<Json> = applyEditsToJson(json, 'result', edits);
  return applied.ok ? { ok: true, value: { ...output, ...(applied.value as object) } } : applied;
}

function saidBy(output: Output): object {
  if ('value' in output) return { value: output.value };
  return 'reason' in output && typeof output.reason === 'string' ? { reason: output.reason } : {};
}
