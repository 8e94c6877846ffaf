import * as z from 'zod';
import { EFFECTS, MODES } from '../../contract/effect.ts';
import { CHANNELS, ROLES, STAGES } from '../../contract/event.ts';
import { KEY_FIELDS } from '../../contract/limits.ts';
import { DIALECTS } from '../../dialects/syntax.ts';

/** Names of policies, rules, ladders, limits, labels. Letters first, so that no name is a number or a prototype key. */
const NAME = /^[A-Za-z][A-Za-z0-9]*(?:[._-][A-Za-z0-9]+)*$/;
/** Dotted signal types: `pii.email`. */
const TYPE = /^[A-Za-z][\w-]*(?:\.[A-Za-z0-9][\w-]*)*$/;
/** What `use` names: a pack or a type, or a part of a pack. */
const USED = /^[A-Za-z][A-Za-z0-9]*(?:[._/-][A-Za-z0-9]+)*$/;
const PERIOD = /^(?:[1-9][0-9]{0,8}(?:ms|s|m|h|d)|day|week|month)$/;
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

const stage = oneOf(words(STAGES));
const onError = oneOf(['block', 'no_op']).describe('what happens when a part that a rule needs cannot be evaluated');
const effect = oneOf(words(EFFECTS));
const stageDefault = oneOf(['allow', 'block']);
const keys = oneOrMore(oneOf(words(KEY_FIELDS))).describe('what is counted apart; default tenant and user');

const detector = z.union([
  z.strictObject({
    use: used,
    except: oneOrMore(text).optional().describe('texts that are no finding, such as your own support address'),
    allow_hosts: oneOrMore(text)
      .optional()
      .describe('hosts that addresses may lead to: `cdn.acme.example`, or `*.acme.example` for all below it'),
  }),
  z.strictObject({
    id: type,
    phrases: oneOrMore(text).describe('literal texts, found in any case and spelling of it'),
  }),
  z.strictObject({
    id: type,
    patterns: oneOrMore(
      z.union([text, z.strictObject({ pattern: text, flags: z.string().max(8).optional() })]),
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
  stream: oneOf(['hold', 'trail']).optional().describe('what a stream does until detectors that are code have judged'),
  editArgs: z.boolean().optional().describe('with `then: redact` on `tool_call`: arguments may be rewritten'),
});

const ladder = z.strictObject({
  id: name,
  key: keys.optional(),
  after: z.strictObject({ strikes: count(1000), within: duration }),
  for: duration.describe('the first cooldown'),
  escalate: z
    .strictObject({ factor: z.number().min(1).max(100).optional(), max: duration, forget: duration })
    .optional(),
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
  allow: z.number().min(0).max(Number.MAX_SAFE_INTEGER),
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
});

/** The written form of a policy. Unknown fields are refused: a misspelt one would be silently ineffective. */
export const POLICY_SCHEMA: z.ZodType = z.strictObject({
  policy: name.describe('the name by which code chooses the policy'),
  version: z.union([z.number().int().min(0), z.string().min(1).max(64)]).describe('numbers your changes'),
  mode: oneOf(words(MODES)).optional().describe('where no control says otherwise; default enforce'),
  onError: onError.optional(),
  deadline: duration.optional().describe('for everything one decision calls out to; default 100ms'),
  maxInput: count(2 ** 28)
    .optional()
    .describe('longest segment accepted, in UTF-16 units; default 1048576'),
  maxHold: z.strictObject({ units: count(2 ** 28), then: oneOf(['block', 'match', 'release']).optional() }).optional(),
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
  detectors: z.array(detector).max(1000).optional(),
  rules: z.array(rule).max(10_000).optional(),
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
