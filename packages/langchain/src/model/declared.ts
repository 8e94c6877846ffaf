// What a caller has declared about the answer it wants. Pure.
import type { ChatModel, ModelOptions } from './types.ts';

/**
 * True where the answer will be parsed as JSON: escapes must be read decoded, and a refusal in words would be a
 * parser's error. Some classes do not merge what was bound into the options of `transform`, so the model's own defaults
 * count too.
 */
export function declaresJson({ defaultOptions }: Pick<ChatModel, 'defaultOptions'>, options: ModelOptions): boolean {
  const asked: ModelOptions = { ...(defaultOptions as object | undefined), ...options };
  return (
    asked['ls_structured_output_format'] !== undefined ||
    isJsonFormat(asked['response_format']) ||
    isJsonFormat(field(asked['text'], 'format')) ||
    field(asked['output_config'], 'format') !== undefined ||
    asked['responseSchema'] !== undefined ||
    asked['responseMimeType'] === 'application/json'
  );
}

/** True where the model was told to call a tool: an answer without a call would be a parser's error. */
export function forcesTool({ tool_choice: choice }: ModelOptions): boolean {
  if (typeof choice === 'string') return !['auto', 'none', ''].includes(choice);
  const type = field(choice, 'type');
  return typeof type === 'string' && type !== 'auto' && type !== 'none';
}

function isJsonFormat(format: unknown): boolean {
  const type = field(format, 'type');
  return type === 'json_schema' || type === 'json_object';
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as { readonly [name: string]: unknown })[name]
    : undefined;
}
