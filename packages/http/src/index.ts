// Governance for Node HTTP, without a framework: adapters for frameworks build on it.
export { ANSWER_DEADLINE_MS, ask, subjectFor, type Told } from './adapter/ask-application.ts';
export { carryOutInput, type CarryOutOptions } from './adapter/carry-out-input.ts';
export { decideInputAtOnce, type AtOnceOptions, type InputAtOnce } from './adapter/input-at-once.ts';
export { explicitTexts, inputEvent, NO_TEXTS, UNREADABLE_TEXTS, type ReadTexts } from './adapter/input-event.ts';
export { placeOf, type Place, type PlaceOptions } from './adapter/place.ts';
export { createWarner, type Warn } from './adapter/warner.ts';
export { answerDenied, type Stopped } from './answer-denied.ts';
export type { OpaqueBodies } from './body/opaque.ts';
export { denialBody, type SentDenial } from './denial-body.ts';
export { currentInteraction, runWithInteraction } from './interaction-context.ts';
export { LateInteraction, type LateInteractionSetup } from './late-interaction.ts';
export { denialFor, rateLimitFields, type Denial, type Problem } from './problem.ts';
export { applyPromptEdits, promptsOf, type Prompts } from './prompts/extract.ts';
export type { UnknownTexts } from './prompts/rest.ts';
export { readableEvent, type UnreadablePart } from './readable-event.ts';
export { gateCheckedResponse, gateResponse } from './response/gate-response.ts';
export {
  checkResponseOptions,
  type GateResponseOptions,
  type ResponseOptions,
  type ResponseWarning,
} from './response/options.ts';
export { stopResponse, type StopOptions } from './response/stop-response.ts';
export { isDenied } from '@flyball/core/adapter';
export { sendDenial } from './to-response.ts';
export { governValues, type GovernedValues, type ValueOutlet } from './values/govern-values.ts';
