/**
 * Words that people bring from other tools, with what they are called here. Looked up before the spelling is compared:
 * `deny` is no misspelling of `block`.
 */

/** Of several, the first that is accepted where the word stands. */
const VALUES: { readonly [word: string]: readonly string[] } = {
  deny: ['block'],
  denied: ['block'],
  reject: ['block'],
  refuse: ['block', 'refuse'],
  forbid: ['block'],
  stop: ['block', 'stop'],
  drop: ['block'],
  closed: ['block'],
  close: ['block'],
  fail: ['block'],
  fail_closed: ['block'],
  mask: ['redact'],
  masked: ['redact'],
  anonymize: ['redact'],
  anonymise: ['redact'],
  replace: ['redact'],
  hide: ['redact'],
  throttle: ['cooldown'],
  wait: ['cooldown'],
  ratelimit: ['cooldown'],
  rate_limit: ['cooldown'],
  permit: ['allow', 'no_op', 'pass'],
  accept: ['allow', 'no_op', 'pass'],
  allow: ['allow', 'no_op', 'pass', 'release', 'continue'],
  pass: ['pass', 'allow', 'no_op', 'release'],
  open: ['no_op', 'allow'],
  fail_open: ['no_op'],
  ignore: ['no_op', 'pass'],
  skip: ['no_op', 'pass'],
  request: ['input'],
  prompt: ['input'],
  req: ['input'],
  user_input: ['input'],
  response: ['output'],
  reply: ['output'],
  answer: ['output'],
  completion: ['output'],
  assistant: ['assistant', 'output'],
  tool: ['tool', 'tool_call'],
  tools: ['tool_call', 'tool'],
  function: ['tool_call', 'tool'],
  function_call: ['tool_call'],
  toolcall: ['tool_call'],
  toolresult: ['tool_result'],
  tool_output: ['tool_result'],
  tool_response: ['tool_result'],
  rag: ['retrieval'],
  documents: ['retrieval'],
  context: ['retrieval'],
  dry_run: ['shadow'],
  dryrun: ['shadow'],
  monitor: ['shadow'],
  observe: ['shadow'],
  audit: ['shadow'],
  log: ['shadow'],
  log_only: ['shadow'],
  on: ['enforce'],
  enabled: ['enforce'],
  active: ['enforce'],
  true: ['enforce'],
  disabled: ['off'],
  false: ['off'],
  human: ['user'],
  customer: ['user'],
  user_id: ['user'],
  tenant_id: ['tenant'],
  session_id: ['session'],
  org: ['tenant'],
  ai: ['assistant'],
  model: ['model', 'assistant'],
  bot: ['assistant'],
  developer: ['system'],
  thinking: ['reasoning'],
  ecmascript: ['js'],
  javascript: ['js'],
  go: ['re2'],
  perl: ['pcre'],
};

const FIELDS: { readonly [word: string]: readonly string[] } = {
  action: ['then'],
  effect: ['then'],
  do: ['then'],
  name: ['id', 'policy'],
  stage: ['on'],
  stages: ['on'],
  event: ['on'],
  if: ['when'],
  condition: ['when'],
  match: ['detect', 'when'],
  detects: ['detect'],
  detector: ['detect', 'detectors', 'use'],
  detectors: ['detect', 'detectors'],
  type: ['detect', 'use', 'type'],
  code: ['reason'],
  tools: ['tool'],
  models: ['model'],
  tenants: ['tenant'],
  routes: ['route'],
  labels: ['label', 'labels'],
  strikes: ['strike', 'strikes'],
  rule: ['rules'],
  limit: ['limits', 'allow'],
  max: ['allow', 'max'],
  window: ['window', 'per', 'within'],
  period: ['per'],
  cooldown: ['cooldowns', 'ladder'],
  threshold: ['min'],
  score: ['min'],
  regex: ['patterns', 'pattern'],
  pattern: ['pattern', 'patterns'],
  phrase: ['phrases'],
  words: ['phrases'],
  exceptions: ['except', 'exempt'],
  exemptions: ['exempt'],
  allowlist: ['except', 'exempt'],
  extend: ['extends'],
  inherit: ['extends'],
  include: ['extends'],
  duration: ['for'],
  expires: ['until'],
  fail: ['onError'],
};

/** Fields that other tools have for people to read: comments, here. */
const FOR_PEOPLE: ReadonlySet<string> = new Set([
  'description',
  'comment',
  'comments',
  'note',
  'notes',
  'title',
  'severity',
]);

const plain = (word: string): string => word.toLowerCase().replace(/[\s-]+/g, '_');

const known = (table: { readonly [word: string]: readonly string[] }, word: string, accepted: readonly string[]) =>
  Object.hasOwn(table, word) ? table[word]!.find((name) => accepted.includes(name)) : undefined;

/** What a value of another tool is called here, if it is accepted where it stands. */
export function valueCalled(word: string, accepted: readonly string[]): string | undefined {
  return known(VALUES, plain(word), accepted) ?? accepted.find((name) => plain(name) === plain(word));
}

/** What a field of another tool is called here, if it is known where it stands. */
export function fieldCalled(word: string, accepted: readonly string[]): string | undefined {
  return known(FIELDS, plain(word), accepted);
}

export const isForPeople = (field: string): boolean => FOR_PEOPLE.has(plain(field));
