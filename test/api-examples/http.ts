// Examples of the API reference: each runs from its mark to the next. The types of all of them are checked.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { decideAndCarryOut, requireGovernor } from '@flyball/core/adapter';
import { createGovernor, type Decision } from '@flyball/core';
import { governance, WARNINGS } from '@flyball/express';
import {
  answerDenied,
  applyPromptEdits,
  checkResponseOptions,
  currentInteraction,
  denialFor,
  gateCheckedResponse,
  gateResponse,
  isDenied,
  LateInteraction,
  promptsOf,
  readableEvent,
  runWithInteraction,
  rateLimitFields,
  sendDenial,
} from '@flyball/http';
import express, { type Request } from 'express';

declare const req: IncomingMessage;
declare const res: ServerResponse;
declare const body: unknown;
declare const decision: Decision;
declare const sessionOf: (req: Request) => { tenant: string; user: string } | undefined;
const governor = requireGovernor(await createGovernor({ policy: { file: 'policy.yaml' } }), 'my server');
const interaction = governor.interaction({ tenant: 'acme' });

// example: governance
const app = express();
app.use(express.json());
app.use(governance({ governor, subject: (req: Request) => sessionOf(req) }));

// example: WARNINGS
console.log(Object.keys(WARNINGS)); // the codes that `onWarning` receives

// example: promptsOf
const prompts = promptsOf({ messages: [{ role: 'user', content: 'Hello' }] });
console.log(prompts.segments); // [{ path: 'body.messages[0].content', text: 'Hello', role: 'user' }]

// example: readableEvent
const event = readableEvent(interaction, { stage: 'input', point: 'http', content: prompts.segments });

// example: applyPromptEdits
const carried = await decideAndCarryOut(governor, event, body, (edits) => applyPromptEdits(body, prompts, edits));
if (carried.kind !== 'stopped') console.log(carried.value); // the body with the decision's edits

// example: answerDenied
if (carried.kind === 'stopped') answerDenied({ governor, decision: carried.decision, req, res });

// example: gateResponse
gateResponse(req, res, { governor, interaction, mode: carried.decision.mode });
res.end('What is written from here on is judged before it leaves.');

// example: checkResponseOptions
checkResponseOptions('myMiddleware', { opaque: 'pass' }); // throws OPTIONS_INVALID for a name that is none

// example: gateCheckedResponse
gateCheckedResponse(req, res, { governor, interaction, mode: 'enforce', opaque: 'pass' }); // options checked before

// example: denialFor
const { status, headers, problem } = denialFor(decision);
const answer = Response.json(problem, { status, headers: { ...headers, 'content-type': 'application/problem+json' } });

// example: rateLimitFields
for (const [name, value] of Object.entries(rateLimitFields(decision))) res.setHeader(name, value); // what is left of each limit

// example: isDenied
if (isDenied(decision)) console.log(decision.reason);

// example: sendDenial
if (isDenied(decision)) sendDenial(denialFor(decision), res);

// example: runWithInteraction
runWithInteraction(interaction, () => app(req as Request, res as never));

// example: currentInteraction
const labels = currentInteraction()?.labels; // inside a governed request

// example: LateInteraction
// For a watcher that must not make the request wait for its subject.
const late = new LateInteraction({
  begin: async () => governor.interaction(await Promise.resolve({ tenant: 'acme' })),
  standIn: () => governor.interaction({ tenant: 'unknown' }),
});

// end
console.log(answer, labels, late);
