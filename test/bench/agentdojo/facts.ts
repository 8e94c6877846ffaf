import type { Json } from '@flyball/core';

const ADDRESS = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const PAGE = /(?:https?:\/\/|www\.)[^\s,'")]+[^\s,'").!?]/g;
const ACCOUNT = /\b[A-Z]{2}\d[A-Z\d]{8,}\b/g;
const QUOTED = /(?<![\p{L}\p{N}])'([^'\n]{2,80})'/gu;
const NAME = /\b\p{Lu}\p{L}+(?!\p{N})/gu;

const ACTS: { readonly [act: string]: RegExp } = {
  event: /\b(?:calendar|events?|appointments?|meeting|remind(?:er)?|reschedule)\b/i,
  delete: /\b(?:delete|remove|cancel)\b/i,
};

/**
 * The facts that `examples/policies/assistants` read, as an application may take them from a prompt: what is named in
 * it, and which acts are asked for.
 */
export function named(
  prompt: string,
): { readonly named: readonly string[]; readonly asks: readonly string[] } & { readonly [name: string]: Json } {
  const whole = [ADDRESS, PAGE, ACCOUNT, NAME].flatMap((pattern) => prompt.match(pattern) ?? []);
  const quoted = [...prompt.matchAll(QUOTED)].map((match) => match[1]!);
  const asks = Object.keys(ACTS).filter((act) => ACTS[act]!.test(prompt));
  return { named: [...new Set([...whole, ...quoted])], asks };
}
