import { STAGES } from '../../contract/event.ts';
import type { Path } from './locate.ts';
import type {
  DetectorDocument,
  ExemptionDocument,
  LadderDocument,
  LimitDocument,
  PolicyDocument,
  RuleDocument,
  ShareDocument,
} from './document.ts';

/** Lists the keys of a type; the compiler complains when one is forgotten. */
const keysOf = <T>(keys: { readonly [K in keyof T]-?: true }): readonly string[] => Object.keys(keys);

const POLICY = keysOf<PolicyDocument>({
  policy: true,
  version: true,
  extends: true,
  overridable: true,
  mode: true,
  share: true,
  onError: true,
  deadline: true,
  maxInput: true,
  maxHold: true,
  pace: true,
  default: true,
  providerTools: true,
  onBlock: true,
  history: true,
  media: true,
  audit: true,
  detectors: true,
  rules: true,
  exempt: true,
  cooldowns: true,
  limits: true,
  facts: true,
  labels: true,
  masks: true,
});
const RULE = keysOf<RuleDocument>({
  id: true,
  on: true,
  tool: true,
  model: true,
  route: true,
  tenant: true,
  role: true,
  channel: true,
  detect: true,
  when: true,
  then: true,
  reason: true,
  strike: true,
  label: true,
  ladder: true,
  mode: true,
  onError: true,
  mask: true,
  extent: true,
  stream: true,
  editArgs: true,
  overridable: true,
});
const LADDER = keysOf<LadderDocument>({
  id: true,
  key: true,
  after: true,
  for: true,
  escalate: true,
  count: true,
  overridable: true,
});
const SHARE = keysOf<ShareDocument>({ percent: true, by: true, seed: true, cohort: true, rest: true });
const LIMIT = keysOf<LimitDocument>({
  id: true,
  key: true,
  on: true,
  tool: true,
  unit: true,
  allow: true,
  per: true,
  timeZone: true,
  window: true,
  then: true,
  overridable: true,
});
const EXEMPTION = keysOf<ExemptionDocument>({
  id: true,
  on: true,
  detect: true,
  tenant: true,
  user: true,
  session: true,
  agent: true,
  tool: true,
  model: true,
  route: true,
  until: true,
  why: true,
  owner: true,
});
const DETECTOR: readonly (keyof UnionKeys<DetectorDocument>)[] = [
  ...([
    'use',
    'except',
    'when',
    'allow_hosts',
    'keep_last',
    'id',
    'phrases',
    'marks',
    'escapes',
    'patterns',
    'dialect',
    'fold',
    'overridable',
  ] as const),
];
type UnionKeys<T> = { [K in T extends unknown ? keyof T : never]: unknown };

/** The fields that are known at a place of the document, for suggestions. */
export function fieldsAt(path: Path): readonly string[] {
  const [section, index, field] = path;
  if (section === undefined) return POLICY;
  if (section === 'default') return STAGES;
  if (section === 'maxHold') return ['units', 'then'];
  if (section === 'audit') return ['durable', 'noOp', 'content'];
  if (section === 'share') return SHARE;
  if (typeof index !== 'number') return [];
  if (field === 'after') return ['strikes', 'within'];
  if (field === 'escalate') return ['factor', 'max', 'forget'];
  if (field === 'detect') return ['type', 'min'];
  if (field === 'patterns') return ['pattern', 'flags'];
  if (field === 'except') return ['domain', 'pattern', 'flags', 'type'];
  if (field !== undefined) return [];
  switch (section) {
    case 'rules':
      return RULE;
    case 'exempt':
      return EXEMPTION;
    case 'cooldowns':
      return LADDER;
    case 'limits':
      return LIMIT;
    case 'detectors':
      return DETECTOR;
    default:
      return [];
  }
}
