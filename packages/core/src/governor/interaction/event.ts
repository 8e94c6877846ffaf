import { copyJson, NotJson } from '../../content/copy-json.ts';
import { segmentsOfJson } from '../../content/segments.ts';
import type { GovernedEvent, Resource, Segment, Stage, Subject } from '../../contract/event.ts';
import { CHANNELS, POINTS, ROLES, STAGES } from '../../contract/event.ts';
import type { Json } from '../../contract/json.ts';
import type { EventInit, SegmentInit } from '../api.ts';
import { interactionOf, isMade, markMade } from './event-state.ts';
import { checkedName, checkedNames, invalidEvent, isRecord } from './names.ts';
import { subjectOf } from './subject.ts';

/** Where an event of a stage is made when its author does not say. */
const POINT_OF_STAGE: { readonly [S in Stage]: GovernedEvent['point'] } = {
  input: 'model',
  retrieval: 'retriever',
  output: 'model',
  tool_call: 'tool',
  tool_result: 'tool',
};

const RESOURCE_FIELDS: readonly (keyof Resource)[] = ['model', 'tool', 'route'];
/** Paths into JSON grow with its nesting; what reads JSON keeps them below this. */
const MAX_PATH = 4096;
const MAX_ADDRESSES = 64;

/** What an interaction adds to an event. */
export interface EventContext {
  readonly eventId: string;
  readonly interactionId: string;
  readonly subject: Subject;
  readonly subjectMissing: boolean;
  readonly policy: string | undefined;
  readonly labels: readonly string[];
}

/**
 * Normalises and freezes an event, its arguments and attributes copied. Throws `EVENT_INVALID` with the place of the
 * mistake.
 */
export function makeEvent(init: EventInit, context: EventContext): GovernedEvent {
  if (!isRecord(init)) throw invalidEvent('an event must be an object with at least a `stage`');
  const { stage, point, resource, attributes, args, content, unreadable, media } = init;
  oneOf('stage', stage, STAGES);
  if (point !== undefined) oneOf('point', point, POINTS);
  const ownArgs = args === undefined ? undefined : json('args', args);
  const event: { -readonly [field in keyof GovernedEvent]: GovernedEvent[field] } = {
    id: checkedName('id', init.id ?? context.eventId),
    interactionId: context.interactionId,
    stage,
    point: point ?? POINT_OF_STAGE[stage],
    subject: context.subject,
    resource: resource === undefined ? NO_RESOURCE : checkedNames('resource', resource, RESOURCE_FIELDS),
    attributes: attributes === undefined ? NO_ATTRIBUTES : record('attributes', attributes),
    labels: context.labels,
    content: Object.freeze(segmentsOf(content, ownArgs)),
  };
  // One by one: spreading optional fields costs more than all the checks.
  if (ownArgs !== undefined) event.args = ownArgs;
  if (context.policy !== undefined) event.policy = context.policy;
  if (context.subjectMissing) event.subjectMissing = true;
  if (unreadable !== undefined && unreadable.length > 0) event.unreadable = addresses('unreadable', unreadable);
  if (media !== undefined && media.length > 0) event.media = addresses('media', media);
  return Object.freeze(markMade(event));
}

/**
 * Accepts an event however it came here: as `interaction.event` made it, spread into another object, cloned, or out of
 * JSON text. A copy is checked like any event; what decides about it (policy, subject or its absence) is among its
 * fields.
 */
export function checkedEvent(event: GovernedEvent): GovernedEvent {
  if (isMade(event)) return event;
  if (!isRecord(event)) throw invalidEvent('expected an event: make one with `interaction.event({ stage, content })`');
  if (!Array.isArray(event.labels) || !event.labels.every((label) => typeof label === 'string')) {
    throw invalidEvent('`labels` must be a list of names');
  }
  const { policy, subjectMissing } = event as { readonly [field: string]: unknown };
  if (subjectMissing !== undefined && subjectMissing !== true)
    throw invalidEvent('`subjectMissing` must be true or absent');
  const copy = makeEvent(event, {
    eventId: checkedName('id', event.id),
    interactionId: checkedName('interactionId', event.interactionId),
    subject: subjectOf(event.subject),
    subjectMissing: subjectMissing === true,
    policy: policy === undefined ? undefined : checkedName('policy', policy),
    labels: Object.freeze(event.labels.map((label) => label.toWellFormed())),
  });
  interactionOf.set(copy, interactionOf.get(event));
  return copy;
}

function segmentsOf(content: EventInit['content'], args: Json | undefined): Segment[] {
  if (content === undefined) return args === undefined ? [] : segmentsOfJson(args, 'args');
  if (typeof content === 'string') return [Object.freeze({ path: 'text', text: content })];
  if (!Array.isArray(content)) throw invalidEvent('`content` must be a string or a list of segments');
  // Most events have few segments, and a set costs more than comparing these.
  const paths = content.length > FEW ? new Set<string>() : undefined;
  const earlier: Segment[] = [];
  return content.map((segment: SegmentInit, index) => {
    const at = `content[${index}]`;
    if (!isRecord(segment) || typeof segment.text !== 'string') throw invalidEvent(`\`${at}.text\` must be a string`);
    const { text, role, channel, block, separate, fixed, history } = segment;
    const path = checkedName(`${at}.path`, segment.path ?? at, MAX_PATH);
    if (paths === undefined ? earlier.some((one) => one.path === path) : paths.has(path))
      throw invalidEvent(`\`${at}.path\` repeats \`${path}\`: every segment needs an address of its own`);
    paths?.add(path);
    if (role !== undefined) oneOf(`${at}.role`, role, ROLES);
    if (channel !== undefined) oneOf(`${at}.channel`, channel, CHANNELS);
    // One by one: spreading optional fields costs more than all the checks.
    const made: { -readonly [field in keyof Segment]: Segment[field] } = { path, text };
    if (role !== undefined) made.role = role;
    if (channel !== undefined) made.channel = channel;
    if (block !== undefined) made.block = checkedName(`${at}.block`, block);
    if (separate === true) made.separate = separate;
    if (fixed === true) made.fixed = fixed;
    if (history === true) made.history = history;
    if (paths === undefined) earlier.push(made);
    return Object.freeze(made);
  });
}

const FEW = 8;

const NO_RESOURCE: Resource = Object.freeze({});
const NO_ATTRIBUTES: GovernedEvent['attributes'] = Object.freeze({});

/**
 * INVARIANT: copied and frozen. A record must say what was judged, whatever the caller does with its own object
 * afterwards.
 */
function json(place: string, value: unknown): Json {
  try {
    return copyJson(value, place);
  } catch (error) {
    if (error instanceof NotJson) throw invalidEvent(error.message, error);
    throw error;
  }
}

function record(place: string, value: unknown): { readonly [name: string]: Json } {
  if (!isRecord(value)) throw invalidEvent(`\`${place}\` must be an object`);
  return json(place, value) as { readonly [name: string]: Json };
}

function addresses(field: 'unreadable' | 'media', given: readonly string[]): readonly string[] {
  if (!Array.isArray(given)) throw invalidEvent(`\`${field}\` must be a list of addresses`);
  const sorted = [...new Set(given.map((path, index) => checkedName(`${field}[${index}]`, path, MAX_PATH)))];
  return Object.freeze(sorted.sort().slice(0, MAX_ADDRESSES));
}

function oneOf(place: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string)) {
    throw invalidEvent(`\`${place}\` is \`${shown(value)}\`; it must be one of ${allowed.join(', ')}`);
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value;
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
