import { ATTACKS, type Attack, type Expectation } from './attacks.ts';
import type { Received } from './chat-client.ts';
import type { FeedItem } from './decision-feed.ts';
import type { Stand } from './stand.ts';

/** How one attack went. */
export interface Scene {
  readonly attack: Attack;
  readonly answers: readonly Received[];
  /** The decision that explains the outcome, for the table. */
  readonly decision: FeedItem | undefined;
  /** Where what was received differs from what was declared. Empty: stopped as declared. */
  readonly wrong: readonly string[];
}

/** Plays attacks, by default all of them, once against a running server, one after the other. */
export async function play(
  stand: Stand,
  onScene: (scene: Scene) => void = () => {},
  attacks: readonly Attack[] = ATTACKS,
): Promise<readonly Scene[]> {
  const scenes: Scene[] = [];
  for (const attack of attacks) {
    const scene = await playOne(stand, attack);
    onScene(scene);
    scenes.push(scene);
  }
  return scenes;
}

async function playOne(stand: Stand, attack: Attack): Promise<Scene> {
  const seen = (await stand.decisionsAfter(0)).at(-1)?.seq ?? 0;
  const refundsBefore = await stand.refunds();

  const answers = await (attack.play ?? sendMessages(attack))(stand);

  const refunds = (await stand.refunds()) - refundsBefore;
  const decision = telling(await stand.decisionsAfter(seen), attack);
  const wrong = [
    ...attack.expected.flatMap((expectation, n) => differences(expectation, answers[n], n + 1)),
    ...leaks(attack.never ?? [], answers),
    ...(refunds === (attack.refunds ?? 0)
      ? []
      : [`the refund tool ran ${refunds} times, declared ${attack.refunds ?? 0}`]),
    ...(attack.decided !== undefined && decision === undefined ? [`no decision ${words(attack.decided)}`] : []),
  ];
  return { attack, answers, decision, wrong };
}

function sendMessages({ messages, judged }: Attack): (stand: Stand) => Promise<readonly Received[]> {
  return async (stand) => {
    const send = stand.visitor(judged);
    const answers: Received[] = [];
    for (const message of messages) answers.push(await send(message));
    return answers;
  };
}

function telling(decisions: readonly FeedItem[], { decided }: Attack): FeedItem | undefined {
  if (decided === undefined) return undefined;
  return decisions.findLast(
    ({ stage, outcome, reason }) => stage === decided.stage && outcome === decided.outcome && reason === decided.reason,
  );
}

function differences(expected: Expectation, answer: Received | undefined, n: number): readonly string[] {
  if (answer === undefined) return [`answer ${n} never came`];
  const wrong: string[] = [];
  const same = (what: string, declared: unknown, received: unknown): boolean => {
    if (declared === received) return true;
    wrong.push(`answer ${n}, ${what}:\n  - ${quote(declared)}\n  + ${quote(received)}`);
    return false;
  };
  if (!same('status', expected.status, answer.status)) return wrong;
  if (expected.ending !== undefined) same('ending', expected.ending, answer.finishReason ?? answer.reason);
  if (typeof expected.text === 'string') same('text', expected.text, answer.text);
  else if (!properStart(expected.text.startOf, answer.text)) {
    wrong.push(`answer ${n}: the text was to be cut short, received ${quote(answer.text)}`);
  }
  if (expected.retryAfter === true && !((answer.retryAfterS ?? 0) > 0)) wrong.push(`answer ${n}: no Retry-After`);
  if (answer.status === 200 && !answer.clean) wrong.push(`answer ${n}: the stream was torn, not ended`);
  return wrong;
}

function properStart(whole: string, start: string): boolean {
  return start.length > 0 && start.length < whole.length && whole.startsWith(start);
}

function leaks(never: readonly string[], answers: readonly Received[]): readonly string[] {
  return never
    .filter((secret) => answers.some(({ everything }) => everything.some((text) => text.includes(secret))))
    .map((secret) => `leaked ${quote(secret)}`);
}

function words({ stage, outcome, reason }: NonNullable<Attack['decided']>): string {
  return `${outcome}/${reason} at \`${stage}\``;
}

function quote(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
