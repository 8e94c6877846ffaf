import type { Unsupported } from '@flyball/testing';

const NO_TOOLS =
  'controllers see requests and answers; govern the methods that a model calls with `@GovernedTool()`, or where the model is called (`@flyball/ai-sdk`)';

const bothWays = [
  'an allowed call runs with its own arguments, and the model goes on',
  'T1: a blocked call does not run, and its arguments are shown to nobody',
  'T4: the model reads the denial as the result of its call, and goes on',
  'T4: with `onBlock: stop` a blocked call ends the run',
  'T2: conditions read the parsed arguments',
  'T2: text inside arguments is read decoded',
  'T6: the siblings of a blocked call run',
  'T6: all calls of a message are decided before any runs, on its labels as it ended',
  'with `editArgs` a call runs with the arguments as redacted',
  'E2: a call whose arguments cannot be redacted does not run',
  'an allowed result reaches the model as it is',
  'T3: a blocked result reaches neither the model nor the reader',
  'a result is redacted before anyone reads it, and keeps its shape',
  'a result that cannot be read is decided on by `onError`, and breaks nothing',
  'A2: records hold nothing of what tools were called with, and what they answered',
  'a run keeps its place among those in flight while its tools run',
  'labels of one step bind the next: what came from outside cannot send out what is private',
].flatMap((name) => [`${name}, streamed`, `${name}, not streamed`]);

/** Cases of the conformance suite that this adapter does not pass, with what its users are told. */
export const UNSUPPORTED: Unsupported = Object.fromEntries(
  [...bothWays, 'E7: a request is charged once, however often its model is asked'].map((name) => [name, NO_TOOLS]),
);
