import type { GovernedEvent, SegmentInit } from '@flyball/core/adapter';

import type { GateResponseOptions } from './options.ts';

/** The answer of a request as an event of its interaction. A stream's content is empty: its gate supplies it. */
export function outputEvent(options: GateResponseOptions, content: readonly SegmentInit[]): GovernedEvent {
  const { interaction, resource, attributes } = options;
  return interaction.event({
    stage: 'output',
    point: 'http',
    content,
    ...(resource && { resource }),
    ...(attributes && { attributes }),
  });
}
