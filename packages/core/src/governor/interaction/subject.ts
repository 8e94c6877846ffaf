import type { Subject } from '../../contract/event.ts';
import { FlyballError } from '../../errors.ts';
import { checkedNames, invalidEvent } from './names.ts';

const SUBJECT_FIELDS: readonly (keyof Subject)[] = ['tenant', 'user', 'session', 'agent'];

/** The last one that was checked: an adapter checks what a resolver has answered, and begins an interaction with it. */
let lastChecked: Subject | undefined;

/** Checks a subject that trusted code gave, and freezes it. Throws `SUBJECT_INVALID`. */
export function subjectOf(subject: Subject): Subject {
  if (lastChecked !== undefined && subject === lastChecked) return subject;
  return (lastChecked = checkedSubject(subject));
}

function checkedSubject(subject: Subject): Subject {
  try {
    const checked = checkedNames('subject', subject, SUBJECT_FIELDS) as Partial<Subject>;
    if (checked.tenant === undefined) throw invalidEvent('`subject.tenant` is missing');
    return checked as Subject;
  } catch (error) {
    const message = error instanceof Error ? error.message : 'the subject is not an object';
    throw new FlyballError('SUBJECT_INVALID', `${message}; give at least \`{ tenant }\`, from trusted code`, {
      cause: error,
    });
  }
}
