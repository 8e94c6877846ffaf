import type { Decision } from '@flyball/core';
import type { Answer } from '../src/index.ts';
import {
  apart,
  beginning,
  between,
  blindTo,
  eventsAs,
  forgetful,
  gating,
  like,
  reading,
  telling,
  unending,
  type Flaw,
} from './flaws.ts';
import { FLAWS_AROUND } from './flaws-around.ts';

// A case that cannot fail proves nothing. Each flaw here fails the cases that are about it, and together they fail all.

const both = (name: string): readonly string[] => [`${name}, streamed`, `${name}, not streamed`];
const blocks = ({ outcome }: Decision): boolean => outcome === 'BLOCK' || outcome === 'COOLDOWN';
const everythingSaid = ({ turns }: { turns: readonly (readonly { kind: string; text?: string }[])[] }): string =>
  turns.flatMap((turn) => turn.map(({ text = '' }) => text)).join('');
const denying = (change: Partial<NonNullable<Answer['denial']>>): Flaw =>
  telling(({ denial }) => (denial === undefined ? {} : { denial: { ...denial, ...change } }));
/** Decides on each delta as if it were the whole answer. */
const byDelta = (text: string): boolean => /Project Nightjar|@example\.org/.test(text);

/** Flawed adapters, each with the cases that it fails. */
export const FLAWS: { readonly [flaw: string]: readonly [Flaw, readonly string[]] } = {
  'refuses everything': [
    reading(() => ({ outcome: 'BLOCK' })),
    [
      ...both('E4: an allowed request is asked and answered as without governance'),
      ...both('an allowed call runs with its own arguments, and the model goes on'),
      ...both('an allowed result reaches the model as it is'),
      ...both('with `onError: no_op` what could not be judged passes, and the record says so'),
      ...both('T4: the model reads the denial as the result of its call, and goes on'),
    ],
  ],
  'enforces what shadow and off only say': [
    reading(({ reason, verdict }) =>
      reason === 'SHADOWED' || reason === 'GOVERNANCE_OFF' ? { ...verdict, outcome: 'BLOCK' } : {},
    ),
    [
      ...both("E4: in mode shadow the answer is the source's own, whatever the policy says"),
      ...both("E4: in mode off the answer is the source's own, whatever the policy says"),
    ],
  ],
  'stops what nobody governs': [
    reading(({ reason }) => (reason === 'NOT_GOVERNED' ? { outcome: 'BLOCK' } : {})),
    both('an event that no rule is about passes, and is counted as not governed'),
  ],
  'takes an answer without text for a stop': [
    telling(({ text }) => (text === '' ? { ending: 'stopped' } : {})),
    ['an answer without any text is no stop'],
  ],
  'trims text': [
    gating((gate) => ({ write: (channel, block, text) => gate.write(channel, block, text.trimEnd()) })),
    ['G6: text without matches passes unchanged, however it is cut'],
  ],
  'does not say which stages it produces': [
    {
      governor: (governor) =>
        new Proxy(governor, {
          get: (target, name) => (name === 'declareStages' ? () => {} : Reflect.get(target, name)),
        }),
    },
    ['D8: the stages that the adapter produces are known, so that rules for others can be named'],
  ],
  'asks first and decides later': [
    telling(({ asked }, { prompt }) => (asked.length === 0 ? { asked: [prompt] } : {})),
    both('E1: a blocked prompt reaches nobody, and the one who asked is told'),
  ],
  'does not decide on prompts': [
    blindTo('input'),
    [
      'D3: under `default: block` a prompt passes only if a rule allows it',
      'G7: a prompt longer than the policy accepts is stopped',
      ...both('E5: a prompt that could not be judged is stopped, and told apart from a denial'),
      ...both('strikes end in a cooldown: nobody is asked, and the reader is told when to come back'),
      ...both('a limit that is used up says when there is room again'),
      ...both('D6: under a halt nobody is asked, in any mode, until it is lifted'),
      ...both('A1: what cannot be recorded does not happen'),
      'a halt of one tenant is none of the others',
    ],
  ],
  'tells the one it stopped about its rules': [
    telling(({ received, denial }) => (denial === undefined ? {} : { received: `${received} by rule codename` })),
    [
      ...both('E3: who is stopped learns the reason, and nothing of rule, pattern or match'),
      ...both('E3: the reader of a stopped answer learns nothing of rule, pattern or match'),
    ],
  ],
  'ignores edits': [
    reading(() => ({ edits: [] })),
    [
      ...both('a prompt is redacted before it is read'),
      'a match of a redact rule arrives as its mask, not streamed',
      'reasoning is redacted like the text, not streamed',
      ...both('with `editArgs` a call runs with the arguments as redacted'),
      ...both('a result is redacted before anyone reads it, and keeps its shape'),
      ...both('E2: a call whose arguments cannot be redacted does not run'),
    ],
  ],
  'does not decide on answers': [
    blindTo('output'),
    [
      'a match of a redact rule arrives as its mask, streamed',
      'reasoning is redacted like the text, streamed',
      ...both('D7: in shadow the verdict on an answer is the one that enforcing would have reached'),
      ...both('G2: a blocked answer does not arrive, and its reader is told'),
      ...both('G2: what is blocked in the reasoning stops the answer'),
      ...both('D3: under `default: block` an answer that no rule allows does not arrive'),
      ...both('E5: an answer that could not be judged does not arrive'),
      'G2: a phrase that ends with the answer is stopped',
      'G5: where more would have to be held than the policy accepts, the answer is stopped',
      'G7: an answer longer than the policy accepts is stopped',
      'A6: the record of a stopped stream says what was looked at, and that nothing left unjudged',
    ],
  ],
  'delivers what it refuses': [
    telling(({ ending, received }, request) =>
      ending === 'stopped' ? { text: 'Between us', received: received + everythingSaid(request) } : {},
    ),
    ['a blocked answer that is delivered whole is refused whole'],
  ],
  'judges delta by delta': [
    gating(() => {
      let stopped = false;
      return {
        write: (channel, block, text) => {
          stopped ||= byDelta(text);
          return stopped ? [] : [{ kind: 'text', channel, block, text, from: 0, to: text.length, edited: false }];
        },
      };
    }),
    [
      'G1: what is released does not depend on how the source cuts its text',
      'G2: a blocked phrase does not begin to leave, wherever it is cut in two',
    ],
  ],
  'lets a second block pass': [
    gating((gate) => ({
      write: (channel, block, text) =>
        block === 'b'
          ? [{ kind: 'text', channel, block, text, from: 0, to: text.length, edited: false }]
          : gate.write(channel, block, text),
    })),
    ['G2: interleaved blocks hide nothing, in one of them or across them'],
  ],
  'swallows stops': [
    reading((decision) => (blocks(decision) ? { outcome: 'ALLOW' } : {})),
    [
      ...both('D6: under a halt nobody is asked, in any mode, until it is lifted'),
      'D6: a halt ends a running stream in mode enforce, and tells its source to stop',
      'with `stream: trail` text leaves at once, and the ending waits for the last judgement',
    ],
  ],
  'does not look for what was judged meanwhile': [
    gating(() => ({ waiting: undefined })),
    ['text that waits for a judgement leaves when it is made, although the source says nothing more'],
  ],
  'never ends an interaction': [
    unending,
    [
      ...both('a request gives its place among those in flight back, however it ended'),
      ...both('in what is made once each request has a place of its own, and gives it back'),
    ],
  ],
  'lets the source go on': [
    telling(() => ({ cancelled: false })),
    [
      'G4, E6: after a stop nothing leaves, and the source is told to stop',
      'D6: a halt ends a running stream in mode enforce, and tells its source to stop',
      'D6: a halt ends a running stream in mode shadow, and tells its source to stop',
      'D6: a halt ends a running stream in mode off, and tells its source to stop',
    ],
  ],
  'keeps the answer until its end': [
    { ask: (request) => ({ ...request, onText: () => {} }) },
    ['G5: text that no rule can be about any more leaves before the source goes on'],
  ],
  'follows changes of the mode in mid-stream': [
    gating((gate, governor) => {
      let off = false;
      governor.control.onChange(({ control }) => (off ||= control.mode === 'off'));
      return {
        write: (channel, block, text) =>
          off
            ? [{ kind: 'text', channel, block, text, from: 0, to: text.length, edited: false }]
            : gate.write(channel, block, text),
      };
    }),
    ['a stream keeps the mode it opened with'],
  ],
  'forgets a reader who left': [
    gating(() => ({ abort: async () => ({}) as Decision })),
    [
      'a reader who leaves is decided on and leaves nothing open',
      'a source that fails in mid-stream has failed; what was released stays, and the stream is decided on',
    ],
  ],
  'does not decide on calls': [
    blindTo('tool_call'),
    [
      ...both('T1: a blocked call does not run, and its arguments are shown to nobody'),
      ...both('T4: with `onBlock: stop` a blocked call ends the run'),
      ...both('T2: conditions read the parsed arguments'),
      ...both('T6: the siblings of a blocked call run'),
      ...both('T6: all calls of a message are decided before any runs, on its labels as it ended'),
    ],
  ],
  'runs tools before it decides': [
    telling((_answer, { turns }) => ({
      ran: turns.flatMap((turn) =>
        turn.flatMap((step) => (step.kind === 'call' ? [{ tool: step.tool, args: step.args }] : [])),
      ),
    })),
    [
      ...both('T1: a blocked call does not run, and its arguments are shown to nobody'),
      ...both('T6: the siblings of a blocked call run'),
    ],
  ],
  'reads arguments in the pieces in which they are written': [
    eventsAs((init) => {
      if (init.stage !== 'tool_call') return init;
      const written = JSON.stringify(init.args).replace('Nightjar', '\\u004eightjar');
      const cut = written.indexOf('\\') + 3;
      const pieces = [written.slice(0, cut), written.slice(cut)];
      return { ...init, content: pieces.map((text, at) => ({ path: `args.~${at}`, text })) };
    }),
    both('T2: text inside arguments is read decoded'),
  ],
  'does not decide on results': [
    blindTo('tool_result'),
    both('T3: a blocked result reaches neither the model nor the reader'),
  ],
  'begins an interaction for each prompt': [
    forgetful,
    [
      ...both('labels of one step bind the next: what came from outside cannot send out what is private'),
      'E7: a request is charged once, however often its model is asked',
    ],
  ],
  'takes anyone for somebody': [
    beginning((governor) => (subject, options) => governor.interaction(subject ?? { tenant: 'default' }, options)),
    [
      ...both('a subject that could not be established is a failure, not an anonymous pass'),
      ...both(
        'a resolver that answers something else than a subject has established nobody, and does not break the request',
      ),
    ],
  ],
  'keeps the application’s own words for itself': [
    { setup: () => ({}) },
    both('E1: a stop is told whatever the application’s own words for it do'),
  ],
  'breaks with the application’s own words': [
    telling((_answer, _request, { wording }) => {
      try {
        return typeof (wording ?? String)() === 'string' ? {} : { ending: 'failed' };
      } catch {
        return { ending: 'failed' };
      }
    }),
    both('E1: a stop is told whatever the application’s own words for it do'),
  ],
  'skips what it cannot read': [
    eventsAs((init) => ({ ...init, unreadable: [] })),
    both('a result that cannot be read is decided on by `onError`, and breaks nothing'),
  ],
  'ends a cut answer as if it were whole': [
    gating(() => ({ terminal: undefined })),
    ['a governor that closes during an answer ends it, and its reader can tell that it was cut'],
  ],
  'hides that its source failed': [
    telling(({ ending }) => (ending === 'failed' ? { ending: 'complete' } : {})),
    both('a source that fails before it says anything has failed: that is no stop'),
  ],
  'delivers what a failed stream had held': [
    telling(({ ending, received }, request) =>
      ending === 'failed' ? { received: received + everythingSaid(request) } : {},
    ),
    ['what a failed stream had held is dropped'],
  ],
  'tells no stops apart': [
    denying({ kind: 'blocked' }),
    [
      ...both('E5: a prompt that could not be judged is stopped, and told apart from a denial'),
      ...both('strikes end in a cooldown: nobody is asked, and the reader is told when to come back'),
    ],
  ],
  'does not say when to come back': [
    denying({ retryAfterMs: 0 }),
    both('a limit that is used up says when there is room again'),
  ],
  'cuts running answers for a cooldown': [
    between(async (governor, { subject }) => {
      const event = governor.interaction(subject).event({ stage: 'input', content: 'anything' });
      if (blocks(await governor.decide(event))) throw new Error('cooling down');
    }),
    ['a cooldown that begins meanwhile does not cut a running answer'],
  ],
  'records nothing': [
    apart,
    both('A1: a request leaves one record for its prompt and one for its answer, in one interaction'),
  ],
  'records what it reads': [
    eventsAs((init) => ({ ...init, attributes: { content: init.content as never } })),
    [
      ...both('A2: records hold nothing of what was said'),
      ...both('A2: records hold nothing of what tools were called with, and what they answered'),
    ],
  ],
  'lets text leave before the stream is open': [
    {
      ask: (request) => {
        request.onText?.('');
        return request;
      },
    },
    ['A1: before the first text of a stream leaves, its opening is on record'],
  ],
  'lets go of its place before its tools run': [
    beginning((governor) => (subject, options) => {
      const interaction = governor.interaction(subject, options);
      return like(interaction, {
        event: (init) => {
          if (init.stage === 'tool_call') void interaction.end();
          return interaction.event(init);
        },
      });
    }),
    both('a run keeps its place among those in flight while its tools run'),
  ],
  'shares an interaction': [
    beginning((governor) => {
      let shared: ReturnType<typeof governor.interaction> | undefined;
      return (subject, options) => (shared ??= governor.interaction(subject, options));
    }),
    [
      ...both('of 100 requests at once each gets its own answer, and its own decisions'),
      ...both('what is made once asks with each request whose it is: of 20 users none is another'),
      ...both('what one request is labelled with in what is made once binds no other'),
    ],
  ],
  ...FLAWS_AROUND,
};
