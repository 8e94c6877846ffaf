import type { EventInit, GovernedEvent, Interaction } from '@flyball/core/adapter';

/** Parts of an event that applications give, and what each is called when it cannot be read. */
const PARTS = [
  ['resource', 'resource'],
  ['attributes', 'attributes'],
  ['content', 'body'],
] as const;

/** The name of a part that cannot be read, as `event.unreadable` lists it. */
export type UnreadablePart = (typeof PARTS)[number][1];

/**
 * The event, without those of its parts that are not what an event may hold: attributes that are not JSON, a resource
 * of unknown fields, segments without text. What is left out is named in `event.unreadable`, so that the policy's
 * `onError` decides where the stage is covered. `onFailure` hears of each.
 *
 *     readableEvent(interaction, { stage: 'output', attributes: { plan: 1n } }).unreadable; // ['attributes']
 */
export function readableEvent(
  interaction: Interaction,
  init: EventInit,
  onFailure?: (part: UnreadablePart, cause: unknown) => void,
): GovernedEvent {
  try {
    return interaction.event(init);
  } catch {
    return withoutUnreadable(interaction, init, onFailure);
  }
}

function withoutUnreadable(
  interaction: Interaction,
  init: EventInit,
  onFailure: ((part: UnreadablePart, cause: unknown) => void) | undefined,
): GovernedEvent {
  const { resource: _, attributes: __, content: ___, ...rest } = init;
  const unreadable = [...(init.unreadable ?? [])];
  let readable: EventInit = rest;
  for (const [field, part] of PARTS) {
    if (init[field] === undefined) continue;
    try {
      interaction.event({ ...rest, [field]: init[field] });
      readable = { ...readable, [field]: init[field] };
    } catch (cause) {
      unreadable.push(part);
      onFailure?.(part, cause);
    }
  }
  return interaction.event({ ...readable, unreadable });
}
