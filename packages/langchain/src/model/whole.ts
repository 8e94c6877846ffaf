// An answer that came whole.
import {
  applyEditsAcrossParts,
  decideAndCarryOut,
  type Applied,
  type Carried,
  type Edit,
  type SegmentInit,
} from '@flyball/core/adapter';
import { unreadIn } from '@flyball/agent-kit';
import type { ModelCall } from './call.ts';
import { decideCalls, type Decided } from './calls.ts';
import { decideJsonContent } from './json.ts';
import { withRest, withTexts } from './remake.ts';
import { viewRest, type RestView } from './rest.ts';
import { callsTools, restOf, slotsOf, type Message, type Slot } from './slots.ts';

/** Neighbouring texts of one channel are read as one: an edit that crosses them leaves its mask once. */
interface Run {
  readonly path: string;
  readonly channel: Slot['channel'];
  readonly texts: string[];
}

/** Decides on a whole message, its texts and everything beside them together, then on its calls. */
export async function decideMessage<M extends Message & object>(
  call: ModelCall,
  message: M,
  generationInfo: unknown,
): Promise<Decided<M>> {
  const carried = await decideContent(call, message, generationInfo);
  if (carried.kind === 'stopped') return { kind: 'stop', decision: carried.decision };
  const said = carried.value;
  if (!callsTools(said)) return { kind: carried.kind, message: said };
  const decided = await decideCalls(call, said);
  return decided.kind === 'passed' ? { kind: carried.kind, message: said } : decided;
}

async function decideContent<M extends Message & object>(
  call: ModelCall,
  message: M,
  generationInfo: unknown,
): Promise<Carried<M>> {
  const read = call.covers('output') ? readMessage(message, generationInfo, call.json) : NOT_READ;
  const content = [...read.runs.map(segmentOf), ...(read.rest?.segments ?? [])];
  const { unreadable = [], unread = [] } = read.rest ?? {};
  const event = call.event({ stage: 'output', content, unreadable, ...unreadIn(unread) });
  const carried = await decideAndCarryOut(call.governor, event, message, (edits) => edit(message, read, edits));
  if (carried.kind === 'stopped' || !call.json || read === NOT_READ) return carried;
  // What is parsed is read as it is parsed, beside what it says on its face.
  const json = await decideJsonContent(call, carried.value);
  return json.kind === 'passed' ? carried : json;
}

interface Read {
  readonly slots: readonly Slot[];
  readonly runs: readonly Run[];
  readonly rest: RestView | undefined;
}

const NOT_READ: Read = { slots: [], runs: [], rest: undefined };

function readMessage(message: Message, generationInfo: unknown, json: boolean): Read {
  const all = slotsOf(message);
  const slots = json ? all.filter(({ channel }) => channel !== 'text') : all;
  const runs: Run[] = [];
  for (const { channel, text } of slots) {
    const last = runs.at(-1);
    if (last?.channel === channel) last.texts.push(text);
    else runs.push({ path: `message[${runs.length}]`, channel, texts: [text] });
  }
  const rest = restOf(message, generationInfo, all);
  return { slots, runs, rest: rest === undefined ? undefined : viewRest(rest) };
}

/** What a finished answer says, for who can only look at it. */
export function readAnswer(
  message: Message,
  generationInfo: unknown,
): Pick<RestView, 'segments' | 'unreadable' | 'unread'> {
  const { runs, rest } = readMessage(message, generationInfo, false);
  const { segments = [], unreadable = [], unread = [] } = rest ?? {};
  return { segments: [...runs.map(segmentOf), ...segments], unreadable, unread };
}

const segmentOf = ({ path, channel, texts }: Run): SegmentInit => ({
  path,
  text: texts.join(''),
  role: 'assistant',
  channel,
});

function edit<M extends Message & object>(
  message: M,
  { slots, runs, rest }: Read,
  edits: readonly Edit[],
): Applied<M> | undefined {
  const texts = runs.flatMap(({ path, texts }) => {
    const mine = edits.filter(({ segment }) => segment === path);
    return applyEditsAcrossParts(texts, mine);
  });
  const paths = new Set(runs.map(({ path }) => path));
  const others = edits.filter(({ segment }) => !paths.has(segment));
  const said = withTexts(message, slots, texts);
  if (others.length === 0) return { ok: true, value: said };
  const applied = rest?.edit(others);
  return applied?.ok === true ? { ok: true, value: withRest(said, applied.value) } : undefined;
}
