import type { ConditionFacts } from '../compiled.ts';
import { present } from './values.ts';

/**
 * A compiled expression. Throws a `ConditionError` where a fact is missing or of another type than the condition needs.
 */
export type Expression = (facts: ConditionFacts) => unknown;

/** A fact as a whole. */
export function fact(name: string): Expression {
  switch (name) {
    case 'subject':
      return ({ event }) => event.subject;
    case 'tool':
      return ({ event }) => ({ name: event.resource.tool, args: event.args });
    case 'attributes':
      return ({ event }) => event.attributes;
    case 'model':
      return ({ event }) => present(event.resource.model);
    case 'route':
      return ({ event }) => present(event.resource.route);
    case 'stage':
      return ({ event }) => event.stage;
    case 'point':
      return ({ event }) => event.point;
    default:
      throw notInProfile(`variable \`${name}\``);
  }
}

/** A field of the subject, in one step: the shape is known. */
export function subjectField(key: string): Expression {
  switch (key) {
    case 'tenant':
      return ({ event }) => event.subject.tenant;
    case 'user':
      return ({ event }) => present(event.subject.user);
    case 'session':
      return ({ event }) => present(event.subject.session);
    case 'agent':
      return ({ event }) => present(event.subject.agent);
    default:
      throw notInProfile(`field \`subject.${key}\``);
  }
}

/** The evaluator met what the profile should have refused. */
export const notInProfile = (what: string): TypeError => new TypeError(`the profile lets no ${what} pass`);
