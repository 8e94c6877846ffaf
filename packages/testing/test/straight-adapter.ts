import type { Decision, EventInit, Interaction, Json, OutputGate, Piece, Role } from '@flyball/core';
import {
  applyEditsToJson,
  applyEditsToJsonText,
  applyEditsToSegments,
  call,
  decideAndCarryOut,
  denialKind,
  isDenied,
  readJsonText,
  requireGovernor,
  resolveSubject,
  segmentsOfJson,
  type AdapterGovernor,
} from '@flyball/core/adapter';
import type { AdapterHarness, Answer, AppSetup, Ask, Step, ToldDenial, Turn } from '../src/index.ts';

// The least adapter there can be: a framework of one loop, governed by the core's own calls. It passes every case.

export const straight: AdapterHarness = {
  open(given, { wording }) {
    const governor = requireGovernor(given, 'straight');
    governor.declareStages(['input', 'output', 'tool_call', 'tool_result']);
    return { ask: async (request) => converse(governor, request, wording), close: () => {} };
  },
};

type Call = Extract<Step, { readonly kind: 'call' }>;
type Words = 'text' | 'reasoning';

/** One request under way: what its reader, its model and its tools have seen so far. */
interface Talk {
  readonly governor: AdapterGovernor;
  readonly interaction: Interaction;
  readonly request: Ask;
  readonly seen: Record<Words | 'received', string>;
  readonly asked: string[];
  readonly ran: { readonly tool: string; readonly args: Json }[];
  cancelled: boolean;
}

class Stopped extends Error {
  readonly decision: Decision;
  constructor(decision: Decision) {
    super(decision.reason);
    this.decision = decision;
  }
}

async function converse(governor: AdapterGovernor, request: Ask, wording: AppSetup['wording']): Promise<Answer> {
  const subject = await resolveSubject(() => request.subject, [], governor.noteFailure);
  const talk: Talk = {
    governor,
    interaction: governor.interaction(subject),
    request,
    seen: { text: '', reasoning: '', received: '' },
    asked: [],
    ran: [],
    cancelled: false,
  };
  const answer = (ending: Answer['ending'], denial?: ToldDenial): Answer => {
    const { seen, asked, ran, cancelled } = talk;
    return { ...seen, ending, asked, ran, cancelled, ...(denial !== undefined && { denial }) };
  };
  try {
    await loop(talk);
    return answer('complete');
  } catch (error) {
    if (!(error instanceof Stopped)) {
      talk.seen.received += String(error);
      return answer('failed');
    }
    const { decision } = error;
    // Whatever the application's words do, the stop is told.
    const words = await call('wording', 'refusal', () => wording?.(), { deadlineMs: 1000 });
    talk.seen.received += words.ok && typeof words.value === 'string' ? words.value : `stopped: ${decision.reason}`;
    return answer('stopped', told(decision));
  } finally {
    await talk.interaction.end();
  }
}

/** The loop that every agent is: ask, answer, run the tools it called, ask again. */
async function loop(talk: Talk): Promise<void> {
  const { turns, stream } = talk.request;
  const results: Json[] = [];
  for (let at = 0; ; at++) {
    talk.asked.push(`${await admittedPrompt(talk)} ${JSON.stringify(results)}`);
    const turn = turns[Math.min(at, turns.length - 1)] ?? [];
    if (talk.request.json === true) await declaredJson(talk, turn);
    else await (stream ? streamed(talk, turn) : whole(talk, turn));
    const calls = turn.filter((step) => step.kind === 'call');
    if (calls.length === 0) return;
    results.push(...(await runTools(talk, calls)));
  }
}

async function admittedPrompt({ governor, interaction, request }: Talk): Promise<string> {
  const { earlier = [], prompt } = request;
  const said = earlier.map(({ role, text }, at) => ({ path: `earlier[${at}]`, text, role, history: true as const }));
  const asked = [...said, { path: 'prompt', text: prompt, role: 'user' as const }];
  return (await admitted({ governor, interaction }, 'input', asked)).join('\n');
}

/** The texts as the decision on them leaves them. */
async function admitted(
  { governor, interaction }: Pick<Talk, 'governor' | 'interaction'>,
  stage: 'input' | 'output',
  content: readonly { readonly path: string; readonly text: string; readonly role?: Role; readonly history?: true }[],
): Promise<readonly string[]> {
  const event = interaction.event({ stage, content });
  const carried = await decideAndCarryOut(governor, event, content, (edits) => applyEditsToSegments(content, edits));
  if (carried.kind === 'stopped') throw new Stopped(carried.decision);
  return carried.value.map(({ text }) => text);
}

async function streamed(talk: Talk, turn: Turn): Promise<void> {
  const gate = await talk.governor.openGate(talk.interaction.event({ stage: 'output' }));
  for (const step of turn) {
    if (talk.request.leave?.aborted === true) return void (await gate.abort());
    talk.cancelled = gate.terminal !== undefined;
    if (talk.cancelled) break;
    if (step.kind === 'text' || step.kind === 'reasoning') {
      show(talk, gate.write(step.kind, step.block ?? 'a', step.text));
    } else if (step.kind === 'meanwhile') await pumping(talk, gate, step.run());
    else if (step.kind === 'fail') {
      await gate.abort(new Error(step.message));
      throw new Error(step.message);
    }
  }
  const { pieces, decision } = await gate.end();
  show(talk, pieces);
  // Stopped by the decision, or cut from outside: the governor closed.
  talk.cancelled = gate.terminal !== undefined;
  if (isDenied(decision) || talk.cancelled) throw new Stopped(decision);
  talk.seen.received += await besides(talk, turn);
}

/** While the source is silent, what is decided may leave. */
async function pumping(talk: Talk, gate: OutputGate, silence: Promise<void>): Promise<void> {
  const over = silence.then(() => 'over' as const);
  while (gate.waiting !== undefined) {
    const first = await Promise.race([gate.waiting, over]);
    show(talk, gate.take());
    if (first === 'over') return;
  }
  await over;
}

async function whole(talk: Talk, turn: Turn): Promise<void> {
  const blocks = new Map<string, { readonly path: string; readonly channel: Words; text: string }>();
  for (const step of turn) {
    if (step.kind === 'meanwhile') await step.run();
    else if (step.kind === 'fail') throw new Error(step.message);
    else if (step.kind === 'text' || step.kind === 'reasoning') {
      const path = `${step.kind}.${step.block ?? 'a'}`;
      const block = blocks.get(path) ?? { path, channel: step.kind, text: '' };
      block.text += step.text;
      blocks.set(path, block);
    }
  }
  const content = [...blocks.values()];
  const texts = await admitted(talk, 'output', content);
  const notes = await besides(talk, turn);
  for (const [at, { channel }] of content.entries()) say(talk, channel, texts[at] ?? '');
  talk.seen.received += notes;
}

/** What stands beside the answer is an event of its own. */
async function besides(talk: Talk, turn: Turn): Promise<string> {
  const content = turn.flatMap((step, at) =>
    step.kind === 'beside' ? [{ path: `beside[${at}]`, text: step.text }] : [],
  );
  return content.length === 0 ? '' : (await admitted(talk, 'output', content)).join('\n');
}

/** Read as its reader parses it, and written again where a value was masked. */
async function declaredJson(talk: Talk, turn: Turn): Promise<void> {
  const text = turn.map((step) => (step.kind === 'text' ? step.text : '')).join('');
  const event = talk.interaction.event({ stage: 'output', content: readJsonText(text, 'json').segments });
  const carried = await decideAndCarryOut(talk.governor, event, text, (edits) =>
    applyEditsToJsonText(text, 'json', edits),
  );
  if (carried.kind === 'stopped') throw new Stopped(carried.decision);
  say(talk, 'text', carried.value);
}

/** Decides on all calls of the message, then runs those that may run. */
async function runTools(talk: Talk, calls: readonly Call[]): Promise<Json[]> {
  const decided: { readonly tool: string; readonly args?: Json; readonly denial?: string }[] = [];
  for (const { tool, args, written } of calls) {
    decided.push({
      tool,
      ...(await decidedCall(talk, tool, written === undefined ? args : (JSON.parse(written) as Json))),
    });
  }
  const results: Json[] = [];
  for (const { tool, args = null, denial } of decided) {
    results.push(denial ?? (await runTool(talk, tool, args)));
  }
  return results;
}

async function decidedCall(talk: Talk, tool: string, args: Json): Promise<{ args: Json } | { denial: string }> {
  const { governor, interaction } = talk;
  const event = interaction.event({ stage: 'tool_call', resource: { tool }, args });
  const carried = await decideAndCarryOut(governor, event, args, (edits) => applyEditsToJson(args, 'args', edits));
  if (carried.kind !== 'stopped') return { args: carried.value };
  if (governor.adapterSettings(interaction.policy)?.onBlock === 'stop') throw new Stopped(carried.decision);
  return { denial: `stopped: ${carried.decision.reason}` };
}

async function runTool(talk: Talk, tool: string, args: Json): Promise<Json> {
  const { governor, interaction, request, ran, seen } = talk;
  ran.push({ tool, args });
  const result = (await request.tools?.[tool]?.(args)) ?? null;
  const event = interaction.event({ stage: 'tool_result', resource: { tool }, ...read(result) });
  const carried = await decideAndCarryOut(governor, event, result, (edits) =>
    applyEditsToJson(result, 'result', edits),
  );
  if (carried.kind === 'stopped') return `stopped: ${carried.decision.reason}`;
  seen.received += JSON.stringify({ tool, args, result: carried.value });
  return carried.value;
}

/** The texts of a result. A tool is somebody else's code: what is deeper than an event may be is said to be unread. */
function read(result: Json): Pick<EventInit, 'content' | 'unreadable'> {
  const content = segmentsOfJson(result, 'result', { role: 'tool' });
  return depthOf(result) > 512 ? { content, unreadable: ['result'] } : { content };
}

function depthOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function show(talk: Talk, pieces: readonly Piece<never>[]): void {
  for (const piece of pieces) {
    if (piece.kind === 'text' && piece.channel !== 'tool_input') say(talk, piece.channel, piece.text);
  }
}

function say({ seen, request }: Talk, channel: Words, text: string): void {
  seen[channel] += text;
  seen.received += text;
  if (channel === 'text') request.onText?.(text);
}

function told(decision: Decision): ToldDenial {
  const { reason, auditId, retryAfterMs } = decision;
  return {
    // A decision that denies nothing stands for an answer that was cut: its rest was not evaluated.
    kind: isDenied(decision) ? denialKind(decision) : 'not_evaluated',
    reason,
    auditId,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
