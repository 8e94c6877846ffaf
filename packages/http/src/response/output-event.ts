import type { GovernedEvent, SegmentInit } from '@flyball/core/adapter';

import { readableEvent } from '../readable-event.ts';
import type { CheckedOptions } from './options.ts';

/** The answer of a request as an event of its interaction. A stream's content is empty: its gate supplies it. */
export function outputEvent(options: CheckedOptions, content: readonly SegmentInit[]): GovernedEvent {
  const { governor, interaction, resource, attributes, unreadable } = options;
  return readableEvent(
    interaction,
    {
      stage: 'output',
      point: 'http',
      content,
      ...(resource && { resource }),
      ...(attributes && { attributes }),
      ...(unreadable && { unreadable }),
    },
    (part, cause) => governor.noteFailure({ part: 'content', id: part, code: 'INVALID_ANSWER' }, cause),
  );
}

/** False where no decision could depend on the answer: it need not be read. */
export function coversOutput({ governor, interaction, resource = NO_RESOURCE }: CheckedOptions): boolean {
  const { subject, policy, subjectMissing } = interaction;
  const where = { subject, resource, policy, ...(subjectMissing === true && { subjectMissing }) };
  try {
    return governor.covers({ ...where, stage: 'output' });
  } catch {
    // A resource that is none: the event says so, and the decision what follows from it.
    return true;
  }
}

const NO_RESOURCE = {};
