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
  last4: ['keep_last'],
  last_four: ['keep_last'],
  show_last: ['keep_last'],
  exceptions: ['except', 'exempt'],
  exemptions: ['exempt'],
  allowlist: ['except', 'exempt'],
  extend: ['extends'],
  inherit: ['extends'],
  include: ['extends'],
  duration: ['for'],
  expires: ['until'],
  fail: ['onError'],
  fail_mode: ['onError'],
  default_action: ['default'],
  defaultaction: ['default'],
};

/** Types of findings, as other tools name them. */
const TYPES: { readonly [word: string]: readonly string[] } = {
  email_address: ['pii.email'],
  mail: ['pii.email'],
  phone_number: ['pii.phone'],
  phonenumber: ['pii.phone'],
  telephone: ['pii.phone'],
  credit_card: ['pii.card'],
  creditcard: ['pii.card'],
  credit_card_number: ['pii.card'],
  card_number: ['pii.card'],
  iban_code: ['pii.iban'],
  ip_address: ['pii.ip'],
  mac_address: ['pii.mac'],
  us_ssn: ['pii.ssn'],
  social_security_number: ['pii.ssn'],
  us_passport: ['pii.passport'],
  us_driver_license: ['pii.driver_license'],
  dob: ['pii.date_of_birth'],
  birthday: ['pii.date_of_birth'],
  crypto: ['pii.crypto_address'],
  api_key: ['secret'],
  apikey: ['secret'],
  access_key: ['secret'],
  token: ['secret'],
  credential: ['secret'],
  credentials: ['secret'],
  prompt_injection: ['injection'],
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

/** What a type of another tool is called here. Only its last part says something: `pii.ip_address`. */
export function typeCalled(word: string, accepted: readonly string[]): string | undefined {
  return known(TYPES, plain(word.slice(word.lastIndexOf('.') + 1)), accepted);
}

export const isForPeople = (field: string): boolean => FOR_PEOPLE.has(plain(field));
