import * as z from 'zod';
import { EFFECTS, MODES, OUTCOMES } from '../../contract/effect.ts';
import { CHANNELS, ROLES, STAGES } from '../../contract/event.ts';
import { KEY_FIELDS } from '../../contract/limits.ts';
import type { OverridableSetting } from './document.ts';
import { DIALECTS } from '../../dialects/syntax.ts';

/** Names of policies, rules, ladders, limits, labels. Letters first, so that no name is a number or a prototype key. */
const NAME = /^[A-Za-z][A-Za-z0-9]*(?:[._-][A-Za-z0-9]+)*$/;
/** Dotted signal types: `pii.email`. */
const TYPE = /^[A-Za-z][\w-]*(?:\.[A-Za-z0-9][\w-]*)*$/;
/** What `use` names: a pack or a type, or a part of a pack. */
const USED = /^[A-Za-z][A-Za-z0-9]*(?:[._/-][A-Za-z0-9]+)*$/;
const PERIOD = /^(?:[1-9][0-9]{0,8}(?:ms|s|m|h|d)|day|week|month)$/;
const DOMAIN = /^(?:\*\.)?(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}$/;
const DAY = /^(?:\d{4}-\d\d-\d\d|never)$/;
const DURATION = /^[1-9][0-9]{0,8}(?:ms|s|m|h|d)$/;

const name = z
  .string()
  .max(64)
  .regex(NAME)
  .describe('a name: letters, digits, and single `-`, `_` or `.` between them');
const type = z.string().max(64).regex(TYPE).describe('a signal type such as `pii.email`');
const used = z
  .string()
  .max(64)
  .regex(USED)
  .describe('a pack (`pii`), a part of one (`pii/de`), one type (`pii.iban`), or a detector by its id');
const duration = z.string().regex(DURATION).describe('a length of time such as `50ms`, `30s`, `10m`, `24h`');
const text = z.string().min(1).max(1024);
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) => z.enum(values);
const count = (max: number) => z.number().int().min(1).max(max);
const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1).max(1000)]);
const words = <T extends string>(values: readonly T[]): [T, ...T[]] => values as [T, ...T[]];

const OVERRIDABLE = [
  ...(['mode', 'onError', 'deadline', 'maxInput', 'maxHold', 'default', 'providerTools', 'onBlock'] as const),
  ...(['history', 'media', 'share', 'audit', 'labels', 'masks'] as const),
] as const satisfies readonly OverridableSetting[];

const stage = oneOf(words(STAGES));
const onError = oneOf(['block', 'no_op']).describe('what happens when a part that a rule needs cannot be evaluated');
const effect = oneOf(words(EFFECTS));
const stageDefault = oneOf(['allow', 'block']);
const keys = oneOrMore(oneOf(words(KEY_FIELDS))).describe('what is counted apart; default tenant and user');

const overridable = z.boolean().optional().describe('a policy that builds upon this one may replace the entry');

const domain = z
  .string()
  .max(253)
  .regex(DOMAIN)
  .describe('`acme.example`, or `*.acme.example` for everything below it');
const except = z.union([
  text,
  z.strictObject({ domain: oneOrMore(domain) }).describe('addresses of these domains are no finding'),
  z
    .strictObject({
      pattern: text.describe('a regular expression'),
      flags: z.string().max(8).optional(),
      type: type.optional(),
    })
    .describe('findings that the expression matches as a whole are none; `type` says whose'),
]);

const detector = z.union([
  z.strictObject({
    use: used,
    except: oneOrMore(except)
      .optional()
      .describe('what is no finding: a text, `{ domain: acme.example }`, or `{ pattern: ... }`'),
    when: z.string().min(1).max(4096).optional().describe('a detector that is code is asked only where this holds'),
    allow_hosts: oneOrMore(text)
      .optional()
      .describe('hosts that addresses may lead to: `cdn.acme.example`, or `*.acme.example` for all below it'),
    keep_last: z
      .record(type, z.number().int().min(1).max(4))
      .optional()
      .describe('by type, how many units at the end of what is found stay, as the last four of a card'),
    overridable,
  }),
  z.strictObject({
    id: type,
    phrases: oneOrMore(text).describe('literal texts, found in any case and spelling of it'),
    marks: z
      .boolean()
      .optional()
      .describe('marks of Markdown and HTML, and punctuation, may stand at the borders of words, default false'),
    escapes: z
      .boolean()
      .optional()
      .describe('characters may be written as escapes of HTML, JSON and URLs, default false'),
  }),
  z.strictObject({
    id: type,
    patterns: oneOrMore(
      z.union([
        text,
        z.strictObject({ pattern: text.describe('a regular expression'), flags: z.string().max(8).optional() }),
      ]),
    ).describe('regular expressions'),
    dialect: oneOf(words(DIALECTS)).optional().describe('the engine they were written for, default js'),
    fold: z.boolean().optional().describe('read look-alikes and skip invisible characters, default false'),
  }),
]);

const detect = z.union([type, z.strictObject({ type, min: z.number().min(0).max(1).optional() })]);

const rule = z.strictObject({
  id: name,
  on: oneOrMore(stage).describe('the stages the rule is for'),
  tool: oneOrMore(text).optional().describe('only these tools'),
  model: oneOrMore(text).optional().describe('only these models'),
  route: oneOrMore(text).optional().describe('only these routes'),
  tenant: oneOrMore(text).optional().describe('only these tenants'),
  role: oneOrMore(oneOf(words(ROLES)))
    .optional()
    .describe('only signals in segments of these roles count'),
  channel: oneOrMore(oneOf(words(CHANNELS)))
    .optional()
    .describe('only signals in segments of these channels count'),
  detect: oneOrMore(detect)
    .optional()
    .describe('signal types, any of which must be found; `pii` stands for every `pii.*`'),
  when: z.string().min(1).max(4096).optional().describe('a condition in CEL; joined with all other parts by AND'),
  then: effect.optional().describe('the effect; absent: the rule labels or strikes and does not vote'),
  reason: z.string().max(64).optional().describe('stable code, P_ and capital letters'),
  strike: z.record(name, count(1000)).optional().describe('points by ladder'),
  label: oneOrMore(name).optional().describe('labels for the interaction'),
  ladder: name.optional().describe('with `then: cooldown`: the ladder the subject is put on'),
  mode: oneOf(['shadow']).optional().describe('evaluated and recorded only'),
  onError: onError.optional(),
  mask: z.string().max(64).optional().describe('with `then: redact`: a fixed text in place of the mask by type'),
  extent: oneOf(['match', 'value'])
    .optional()
    .describe('with `then: redact`: what the mask covers, the match (default) or the whole value in which it stands'),
  stream: oneOf(['hold', 'trail']).optional().describe('what a stream does until detectors that are code have judged'),
  editArgs: z.boolean().optional().describe('with `then: redact` on `tool_call`: arguments may be rewritten'),
  overridable,
});

const exemption = z.strictObject({
  id: name.describe('named in every ruling that it changed'),
  on: oneOrMore(stage).describe('the stages it is for'),
  detect: oneOrMore(type).describe('the signal types that no rule counts; `pii` stands for every `pii.*`'),
  tenant: oneOrMore(text).optional().describe('only these tenants'),
  user: oneOrMore(text).optional().describe('only these users'),
  session: oneOrMore(text).optional().describe('only these sessions'),
  agent: oneOrMore(text).optional().describe('only these agents'),
  tool: oneOrMore(text).optional().describe('only these tools'),
  model: oneOrMore(text).optional().describe('only these models'),
  route: oneOrMore(text).optional().describe('only these routes'),
  until: z.string().regex(DAY).describe('the last day, in UTC, such as `2027-03-31`; or `never`'),
  why: text.describe('why it is right'),
  owner: text.describe('who answers for it'),
});

const ladder = z.strictObject({
  id: name,
  key: keys.optional(),
  after: z.strictObject({ strikes: count(1000), within: duration }),
  for: duration.describe('the first cooldown'),
  escalate: z
    .strictObject({ factor: z.number().min(1).max(100).optional(), max: duration, forget: duration })
    .optional(),
  count: oneOf(['once', 'each'])
    .optional()
    .describe('the same text in one session counts once (default), or each time'),
  overridable,
});

const share = z.strictObject({
  percent: z.number().min(0).max(100).optional(),
  by: keys.optional().describe('with `percent`: what is in or out as a whole'),
  seed: z.string().min(1).max(64).optional().describe('with `percent`: another text draws another part'),
  cohort: z.string().min(1).max(4096).optional().describe('a condition on the event in CEL'),
  rest: oneOf(words(MODES)).optional().describe('the mode of all others; default shadow'),
});

const limit = z.strictObject({
  id: name,
  key: keys.optional(),
  on: oneOrMore(stage).optional(),
  tool: oneOrMore(text).optional().describe('only calls and results of these tools'),
  unit: z
    .string()
    .max(64)
    .regex(NAME)
    .optional()
    .describe('`interactions` (default), `events`, `in_flight`, `repeats`, a reported number, or `tool.args.amount`'),
  allow: z
    .union([z.number().min(0).max(Number.MAX_SAFE_INTEGER), z.string().min(1).max(4096)])
    .describe('a number, or an expression in CEL with a number as its value'),
  per: z
    .string()
    .regex(PERIOD)
    .describe('a length of time such as `50ms`, `30s`, `10m`, `24h`, or `day`, `week` or `month` of the calendar'),
  timeZone: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('with `per: day`, `week` or `month`: such as `Europe/Berlin`'),
  window: oneOf(['sliding', 'fixed']).optional(),
  then: oneOf(['cooldown', 'block']).optional(),
  overridable,
});

/** The written form of a policy. Unknown fields are refused: a misspelt one would be silently ineffective. */
export const POLICY_SCHEMA: z.ZodType = z.strictObject({
  policy: name.describe('the name by which code chooses the policy'),
  version: z.union([z.number().int().min(0), z.string().min(1).max(64)]).describe('numbers your changes'),
  extends: oneOrMore(z.union([text, z.record(z.string(), z.unknown())]))
    .optional()
    .describe('policies that this one can only make stricter: `baseline.yaml`, `npm:@acme/policies/baseline.yaml`'),
  overridable: z
    .array(oneOf(OVERRIDABLE))
    .min(1)
    .optional()
    .describe('settings that a policy which builds upon this one may make weaker'),
  mode: oneOf(words(MODES)).optional().describe('where no control says otherwise; default enforce'),
  share: share.optional().describe('for whom `mode` holds; default: for everybody'),
  onError: onError.optional(),
  deadline: duration.optional().describe('for everything one decision calls out to; default 100ms'),
  maxInput: count(2 ** 28)
    .optional()
    .describe('longest segment accepted, in UTF-16 units; default 1048576'),
  maxHold: z.strictObject({ units: count(2 ** 28), then: oneOf(['block', 'match', 'release']).optional() }).optional(),
  pace: oneOf(['even', 'at_once'])
    .optional()
    .describe('how answers leave that a detector with windows holds: evenly (default), or with each verdict'),
  default: z
    .union([stageDefault, z.strictObject(Object.fromEntries(STAGES.map((s) => [s, stageDefault.optional()])))])
    .optional()
    .describe('what happens when no rule objects: allow (default), or block unless an allow rule matches'),
  providerTools: oneOf(['refuse', 'allow']).optional(),
  onBlock: oneOf(['continue', 'stop']).optional(),
  history: oneOf(['withhold', 'block'])
    .optional()
    .describe('a message that was stopped before and is sent again: masked (default), or it stops again'),
  media: oneOf(['pass', 'block']).optional().describe('events with media, which no detector reads; default pass'),
  audit: z
    .strictObject({
      durable: z
        .union([z.literal('all'), oneOrMore(oneOf(words(OUTCOMES)))])
        .optional()
        .describe('outcomes whose records are on disk before the decision takes effect, or `all`; default none'),
      noOp: oneOf(['record', 'count'])
        .optional()
        .describe('decisions of mode off and of what nothing covers: a record each (default), or counted alone'),
      content: oneOf(['hashed', 'captured'])
        .optional()
        .describe(
          'of texts: a keyed hash, or besides it the text, encrypted with the key of the operator; default nothing',
        ),
    })
    .optional()
    .describe('how decisions are recorded'),
  detectors: z.array(detector).max(1000).optional(),
  rules: z.array(rule).max(10_000).optional(),
  exempt: z.array(exemption).max(1000).optional().describe('who may, for a time, do what a rule would stop'),
  cooldowns: z.array(ladder).max(1000).optional(),
  limits: z.array(limit).max(1000).optional(),
  facts: z
    .array(
      z
        .string()
        .max(256)
        .regex(/^tool\.args(?:\.[A-Za-z_][A-Za-z0-9_]*)+$/),
    )
    .max(1000)
    .optional(),
  labels: z
    .record(name, oneOf(['interaction', 'session']))
    .optional()
    .describe('how long labels live: with the interaction (default), or with the session of the subject'),
  masks: z.record(type, z.string().max(64)).optional(),
});
