import type { Decision, Interaction, Json, OutputGate, Piece, Reason } from '@flyball/core';
import {
  applyEditsToJson,
  applyEditsToSegments,
  requireGovernor,
  segmentsOfJson,
  type AdapterGovernor,
} from '@flyball/core/adapter';
import type { AdapterHarness, Answer, Ask, Step, ToldDenial, Turn } from '../src/index.ts';

// The least adapter there can be: a framework of one loop, governed by the core's own calls. It passes every case.

export const straight: AdapterHarness = {
  open(given) {
    const governor = requireGovernor(given, 'straight');
    governor.declareStages(['input', 'output', 'tool_call', 'tool_result']);
    return { ask: async (request) => converse(governor, request), close: () => {} };
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

async function converse(governor: AdapterGovernor, request: Ask): Promise<Answer> {
  const talk: Talk = {
    governor,
    interaction: governor.interaction(request.subject),
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
    talk.seen.received += String(error);
    return error instanceof Stopped ? answer('stopped', told(error.decision)) : answer('failed');
  } finally {
    await talk.interaction.end();
  }
}

/** The loop that every agent is: ask, answer, run the tools it called, ask again. */
async function loop(talk: Talk): Promise<void> {
  const { turns, stream } = talk.request;
  const results: Json[] = [];
  for (let at = 0; ; at++) {
    talk.asked.push(`${await judgedPrompt(talk)} ${JSON.stringify(results)}`);
    const turn = turns[Math.min(at, turns.length - 1)] ?? [];
    await (stream ? streamed(talk, turn) : whole(talk, turn));
    const calls = turn.filter((step) => step.kind === 'call');
    if (calls.length === 0) return;
    results.push(...(await runTools(talk, calls)));
  }
}

async function judgedPrompt({ governor, interaction, request }: Talk): Promise<string> {
  const content = [{ path: 'prompt', text: request.prompt, role: 'user' as const }];
  const decision = await governor.decide(interaction.event({ stage: 'input', content }));
  return edited(content, decision)[0] ?? '';
}

/** The texts as the decision leaves them. */
function edited(content: readonly { readonly path: string; readonly text: string }[], decision: Decision): string[] {
  if (stops(decision)) throw new Stopped(decision);
  const applied = applyEditsToSegments(content, decision.edits);
  if (!applied.ok) throw new Error(applied.reason);
  return applied.value.map(({ text }) => text);
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
  if (stops(decision)) throw new Stopped(decision);
}

/** While the source is silent, what is judged may leave. */
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
    else if (step.kind !== 'call') {
      const path = `${step.kind}.${step.block ?? 'a'}`;
      const block = blocks.get(path) ?? { path, channel: step.kind, text: '' };
      block.text += step.text;
      blocks.set(path, block);
    }
  }
  const content = [...blocks.values()];
  const texts = edited(content, await talk.governor.decide(talk.interaction.event({ stage: 'output', content })));
  for (const [at, { channel }] of content.entries()) say(talk, channel, texts[at] ?? '');
}

/** Decides on all calls of the message, then runs those that may run. */
async function runTools(talk: Talk, calls: readonly Call[]): Promise<Json[]> {
  const judged: { readonly tool: string; readonly args?: Json; readonly denial?: string }[] = [];
  for (const { tool, args, written } of calls) {
    judged.push({
      tool,
      ...(await judgedCall(talk, tool, written === undefined ? args : (JSON.parse(written) as Json))),
    });
  }
  const results: Json[] = [];
  for (const { tool, args = null, denial } of judged) {
    results.push(denial ?? (await runTool(talk, tool, args)));
  }
  return results;
}

async function judgedCall(talk: Talk, tool: string, args: Json): Promise<{ args: Json } | { denial: string }> {
  const { governor, interaction } = talk;
  const event = interaction.event({ stage: 'tool_call', resource: { tool }, args });
  let decision = await governor.decide(event);
  const applied = applyEditsToJson(args, 'args', decision.edits);
  if (!applied.ok) decision = await governor.refuse(event, 'EDIT_NOT_APPLICABLE');
  if (applied.ok && !stops(decision)) return { args: applied.value };
  if (governor.adapterSettings(interaction.policy)?.onBlock === 'stop') throw new Stopped(decision);
  return { denial: `stopped: ${decision.reason}` };
}

async function runTool(talk: Talk, tool: string, args: Json): Promise<Json> {
  const { governor, interaction, request, ran, seen } = talk;
  ran.push({ tool, args });
  const result = (await request.tools?.[tool]?.(args)) ?? null;
  const content = segmentsOfJson(result, 'result', { role: 'tool' });
  const decision = await governor.decide(interaction.event({ stage: 'tool_result', resource: { tool }, content }));
  if (stops(decision)) return `stopped: ${decision.reason}`;
  const applied = applyEditsToJson(result, 'result', decision.edits);
  if (!applied.ok) return 'stopped: EDIT_NOT_APPLICABLE';
  seen.received += JSON.stringify({ tool, args, result: applied.value });
  return applied.value;
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

const NOT_EVALUATED: ReadonlySet<Reason> = new Set<Reason>(['FAILED_CLOSED', 'SUBJECT_MISSING', 'AUDIT_UNAVAILABLE']);

function told({ outcome, reason, auditId, retryAfterMs }: Decision): ToldDenial {
  const refused = NOT_EVALUATED.has(reason) ? 'not_evaluated' : 'blocked';
  return {
    kind: outcome === 'COOLDOWN' ? 'cooldown' : refused,
    reason,
    auditId,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

const stops = ({ outcome }: Decision): boolean => outcome === 'BLOCK' || outcome === 'COOLDOWN';
