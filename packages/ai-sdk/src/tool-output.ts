// What a tool says to the model, addressed as `result`. Pure.
import type { LanguageModelV4ToolResultOutput } from '@ai-sdk/provider';
import { applyEditsToJson, segmentsOfJson, type Edit, type Json, type SegmentInit } from '@flyball/core/adapter';
import { toJson } from './json.ts';

type Output = LanguageModelV4ToolResultOutput | { readonly type: string };

export function outputSegments(output: Output): SegmentInit[] {
  return segmentsOfJson(viewOf(output), 'result', { role: 'tool' });
}

/** The output with a decision's edits in it; `undefined` when they do not fit. */
export function editOutput<T extends Output>(output: T, edits: readonly Edit[]): T | undefined {
  if (edits.length === 0) return output;
  const applied = applyEditsToJson(viewOf(output), 'result', edits);
  return applied.ok ? { ...output, ...(applied.value as object) } : undefined;
}

function viewOf(output: Output): Json {
  if ('value' in output) return { value: toJson(output.value) };
  return 'reason' in output && typeof output.reason === 'string' ? { reason: output.reason } : {};
}
