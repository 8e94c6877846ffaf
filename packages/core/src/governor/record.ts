import type { RecordedEvent } from '../contract/record.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Json } from '../contract/json.ts';

/** The event as records keep it: addresses and the arguments that `declared` names, never text. */
export function recordedEvent(event: GovernedEvent, declared: readonly string[]): RecordedEvent {
  const { id, stage, point, subject, resource, attributes, labels } = event;
  const facts: Record<string, Json> = {};
  if (event.args !== undefined) {
    for (const path of declared) {
      const value = argument(event.args, path);
      if (value !== undefined) facts[path] = value;
    }
  }
  const segments = event.content.map(({ path, role, channel }) => ({
    path,
    ...(role !== undefined && { role }),
    ...(channel !== undefined && { channel }),
  }));
  return { id, stage, point, subject, resource, attributes, labels, segments, facts };
}

/** Reads `tool.args.a.b`: own properties only. */
function argument(args: Json, path: string): Json | undefined {
  let value: Json | undefined = args;
  for (const step of path.split('.').slice(2)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as { readonly [key: string]: Json })[step];
  }
  return value;
}
