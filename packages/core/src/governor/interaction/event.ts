import { segmentsOfJson } from '../../content/segments.ts';
import type { GovernedEvent, Resource, Segment, Stage, Subject } from '../../contract/event.ts';
import { CHANNELS, POINTS, ROLES, STAGES } from '../../contract/event.ts';
import type { Json } from '../../contract/json.ts';
import { FlyballError } from '../../errors.ts';
import type { EventInit, SegmentInit } from '../api.ts';
import { isMade, markMade } from './event-state.ts';

/** Where an event of a stage is made when its author does not say. */
const POINT_OF_STAGE: { readonly [S in Stage]: GovernedEvent['point'] } = {
  input: 'model',
  retrieval: 'retriever',
  output: 'model',
  tool_call: 'tool',
  tool_result: 'tool',
};

const SUBJECT_FIELDS: readonly (keyof Subject)[] = ['tenant', 'user', 'session', 'agent'];
const RESOURCE_FIELDS: readonly (keyof Resource)[] = ['model', 'tool', 'route'];
const MAX_NAME = 512;
/** Paths into JSON grow with its nesting; what reads JSON keeps them below this. */
const MAX_PATH = 4096;

/** What an interaction adds to an event. */
export interface EventContext {
  readonly eventId: string;
  readonly interactionId: string;
  readonly subject: Subject;
  readonly labels: readonly string[];
}

/** Normalises and freezes an event. Throws `EVENT_INVALID` with the place of the mistake. */
export function makeEvent(init: EventInit, context: EventContext): GovernedEvent {
  if (!isRecord(init)) throw invalid('an event must be an object with at least a `stage`');
  const { stage, point, resource, attributes, args, content } = init;
  oneOf('stage', stage, STAGES);
  if (point !== undefined) oneOf('point', point, POINTS);
  const event: GovernedEvent = markMade({
    id: name('id', init.id ?? context.eventId),
    interactionId: context.interactionId,
    stage,
    point: point ?? POINT_OF_STAGE[stage],
    subject: context.subject,
    resource: names('resource', resource ?? {}, RESOURCE_FIELDS),
    attributes: attributes === undefined ? NO_ATTRIBUTES : record('attributes', attributes),
    ...(args !== undefined && { args }),
    labels: context.labels,
    content: Object.freeze(segmentsOf(content, args)),
  });
  return Object.freeze(event);
}

/** Accepts an event however it was made; one that `interaction.event` did not make is checked here. */
export function checkedEvent(event: GovernedEvent): GovernedEvent {
  if (isMade(event)) return event;
  if (!isRecord(event)) throw invalid('expected an event: make one with `interaction.event({ stage, content })`');
  if (!Array.isArray(event.labels) || !event.labels.every((label) => typeof label === 'string')) {
    throw invalid('`labels` must be a list of names');
  }
  return makeEvent(event, {
    eventId: name('id', event.id),
    interactionId: name('interactionId', event.interactionId),
    subject: subjectOf(event.subject),
    labels: event.labels,
  });
}

/** Checks a subject that trusted code gave. Throws `SUBJECT_INVALID`. */
export function subjectOf(subject: Subject): Subject {
  try {
    const checked = names('subject', subject, SUBJECT_FIELDS) as Partial<Subject>;
    if (checked.tenant === undefined) throw invalid('`subject.tenant` is missing');
    return checked as Subject;
  } catch (error) {
    const message = error instanceof Error ? error.message : 'the subject is not an object';
    throw new FlyballError('SUBJECT_INVALID', `${message}; give at least \`{ tenant }\`, from trusted code`, {
      cause: error,
    });
  }
}

function segmentsOf(content: EventInit['content'], args: Json | undefined): Segment[] {
  if (content === undefined) return args === undefined ? [] : segmentsOfJson(args, 'args');
  if (typeof content === 'string') return [Object.freeze({ path: 'text', text: content })];
  if (!Array.isArray(content)) throw invalid('`content` must be a string or a list of segments');
  const paths = new Set<string>();
  return content.map((segment: SegmentInit, index) => {
    const at = `content[${index}]`;
    if (!isRecord(segment) || typeof segment.text !== 'string') throw invalid(`\`${at}.text\` must be a string`);
    const { text, role, channel, block, separate } = segment;
    const path = name(`${at}.path`, segment.path ?? at, MAX_PATH);
    if (paths.has(path)) throw invalid(`\`${at}.path\` repeats \`${path}\`: every segment needs an address of its own`);
    paths.add(path);
    if (role !== undefined) oneOf(`${at}.role`, role, ROLES);
    if (channel !== undefined) oneOf(`${at}.channel`, channel, CHANNELS);
    return Object.freeze({
      path,
      text,
      ...(role !== undefined && { role }),
      ...(channel !== undefined && { channel }),
      ...(block !== undefined && { block: name(`${at}.block`, block) }),
      ...(separate === true && { separate }),
    });
  });
}

const NO_ATTRIBUTES: GovernedEvent['attributes'] = Object.freeze({});

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(place: string, value: unknown): { readonly [name: string]: Json } {
  if (!isRecord(value)) throw invalid(`\`${place}\` must be an object`);
  for (const [field, item] of Object.entries(value)) {
    const isJson =
      typeof item === 'number'
        ? Number.isFinite(item)
        : ['string', 'boolean', 'object', 'undefined'].includes(typeof item);
    if (!isJson) throw invalid(`\`${place}.${field}\` is ${String(item)}, which is no JSON value`);
  }
  return value as { readonly [name: string]: Json };
}

function name(place: string, value: unknown, max: number = MAX_NAME): string {
  if (typeof value === 'string' && value !== '' && value.length <= max) return value;
  throw invalid(`\`${place}\` must be a string of 1 to ${max} characters`);
}

function names(place: string, value: unknown, fields: readonly string[]): { readonly [field: string]: string } {
  if (!isRecord(value)) throw invalid(`\`${place}\` must be an object`);
  const checked: Record<string, string> = {};
  for (const field of Object.keys(value)) {
    if (!fields.includes(field))
      throw invalid(`\`${place}.${field}\` is not known; \`${place}\` has ${fields.join(', ')}`);
    if (value[field] !== undefined) checked[field] = name(`${place}.${field}`, value[field]);
  }
  return Object.freeze(checked);
}

function oneOf(place: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string)) {
    throw invalid(`\`${place}\` is \`${shown(value)}\`; it must be one of ${allowed.join(', ')}`);
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value;
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function invalid(message: string): FlyballError {
  return new FlyballError('EVENT_INVALID', message);
}
