import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { checkAgentOptions } from '@flyball/agent-kit';
import type { Detector, Governor, Sink } from '@flyball/core';
import type { OutputGate } from '@flyball/core/adapter';
import { openCall, type ModelCall } from '../src/model/call.ts';
import { governParts } from '../src/model/govern-parts.ts';
import type { GovernedParts, Stop } from '../src/model/governed-parts.ts';
import type { GovernanceOptions } from '../src/options.ts';
import { governorWith, subject } from './harness.ts';
import { scriptedModel } from './models.ts';

// The parts of one answer on their way through a gate, given by hand, one after the other.

type Policy = Parameters<typeof governorWith>;

export interface CallRun {
  readonly governor: Governor;
  readonly call: ModelCall;
  /** As the SDK would give them. */
  readonly params: LanguageModelV4CallOptions;
  /** How the call was told that it is over, each time it was. */
  readonly over: { readonly goesOn: boolean }[];
  /** Decisions so far, by stage and outcome; refusals by their reason. */
  readonly decided: string[];
}

export interface PartsRun extends CallRun {
  readonly gate: OutputGate<Part>;
  readonly parts: GovernedParts;
  /** What has left so far, in order. */
  readonly left: Part[];
  /** How the answer was stopped, each time it was. */
  readonly stops: Stop[];
  /** How often the way out was closed. */
  closed(): number;
  /** Gives parts as a provider would, each when the one before it was dealt with. */
  give(...parts: readonly Part[]): Promise<void>;
}

interface CallSetting {
  readonly rules: Policy[0];
  readonly policy?: Policy[1];
  readonly detectors?: readonly Detector[];
  readonly audit?: Sink;
  /** The answer is declared to be JSON. */
  readonly json?: boolean;
  /** Names of the tools that the model may call. */
  readonly tools?: readonly string[];
  readonly options?: Partial<GovernanceOptions>;
  readonly params?: Partial<LanguageModelV4CallOptions>;
}

interface PartsSetting extends CallSetting {
  /** Runs before the gate is opened, and before the first part. */
  readonly first?: (run: CallRun) => Promise<unknown>;
}

export async function openModelCall(setting: CallSetting): Promise<CallRun> {
  const { rules, policy, detectors, audit, json, tools = [], options } = setting;
  const governor = await governorWith(rules, policy, detectors, audit);
  const decided: string[] = [];
  governor.events.subscribe((event) => {
    if (event.kind === 'decision' || event.kind === 'refusal')
      decided.push(`${event.event.stage} ${event.kind === 'refusal' ? event.decision.reason : event.decision.outcome}`);
  });
  const params: LanguageModelV4CallOptions = {
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
    tools: tools.map((name) => ({ type: 'function', name, inputSchema: { type: 'object' } })),
    ...(json === true && { responseFormat: { type: 'json' } }),
    ...setting.params,
  };
  const opened = openCall(checkAgentOptions('test', { governor, subject, ...options }), params, scriptedModel());
  const over: { goesOn: boolean }[] = [];
  const call: ModelCall = {
    ...opened,
    over: (ending) => {
      over.push(ending);
      opened.over(ending);
    },
  };
  return { governor, call, params, over, decided };
}

export async function openParts(setting: PartsSetting): Promise<PartsRun> {
  const run = await openModelCall(setting);
  await setting.first?.(run);
  const gate = await run.call.openGate<Part>();
  const left: Part[] = [];
  const stops: Stop[] = [];
  let closed = 0;
  const sink = { enqueue: (part: Part) => void left.push(part), close: () => void closed++ };
  const parts = governParts(gate, run.call, sink, (stop) => void stops.push(stop));
  return {
    ...run,
    ...{ gate, parts, left, stops },
    closed: () => closed,
    async give(...given) {
      for (const part of given) await parts.accept(part);
    },
  };
}

/** Parts in few words: what text says, and the type of everything else. */
export function brief(parts: readonly Part[]): string[] {
  return parts.map((part) => {
    switch (part.type) {
      case 'text-delta':
      case 'reasoning-delta':
        return `${part.id}: ${part.delta}`;
      case 'tool-input-delta':
        return `${part.id}< ${part.delta}`;
      case 'tool-call':
        return `${part.toolCallId}! ${part.input}`;
      case 'text-start':
      case 'text-end':
      case 'reasoning-start':
      case 'reasoning-end':
      case 'tool-input-start':
      case 'tool-input-end':
        return `${part.type} ${part.id}`;
      default:
        return part.type;
    }
  });
}

/** A judge that answers when it is told to. */
export interface Judge {
  readonly detector: Detector;
  /** The texts that it has been asked about and has not answered, oldest first. */
  readonly asked: readonly string[];
  /** Answers about the oldest of them: whether it found something. */
  answer(found: boolean): void;
  /** The same about all of them, and at once about whatever it is asked from here on. */
  answerAll(found: boolean): void;
}

export function judge(window?: { readonly size: number; readonly stride: number }): Judge {
  const asked: string[] = [];
  const waiting: ((found: boolean) => void)[] = [];
  let always: boolean | undefined;
  const answer = (found: boolean): void => {
    asked.shift();
    waiting.shift()!(found);
  };
  const detector: Detector = {
    id: 'judge',
    version: '1',
    types: ['judged'],
    deadlineMs: 20_000,
    ...(window !== undefined && { window }),
    async detect({ text }) {
      const found = always ?? (await new Promise<boolean>((resolve) => (asked.push(text), waiting.push(resolve))));
      return found ? [{ type: 'judged', score: 1, start: 0, end: text.length }] : [];
    },
  };
  return {
    detector,
    asked,
    answer,
    answerAll(found) {
      always = found;
      while (asked.length > 0) answer(found);
    },
  };
}
