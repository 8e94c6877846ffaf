// For authors of adapters for models and tools: what such an adapter does that depends on no framework.
export { callContext, nameOf, type CallContext, type CallPlace, type PromptAtOnce } from './call-context.ts';
export {
  defaultRefusal,
  denialForModel,
  statusOf,
  summaryOf,
  type DecisionSummary,
  type StoppedPart,
} from './denial.ts';
export { applyEditsToValue, withChanges } from './edit-value.ts';
export { GovernanceBlockedError } from './error.ts';
export { endOwn, isOwn, resolveInteraction, resolveInteractionNow, type Identity } from './identity.ts';
export { createJsonStream, type JsonOut, type JsonStream } from './json-stream.ts';
export { viewJson, type JsonView } from './json-view.ts';
export { mediaIn, unreadIn, withoutBytes, type Unread } from './media.ts';
export { bytesOfText, encodingOf, isTextMedia, textOfBytes, type TextEncoding } from './text-media.ts';
export { checkAgentOptions, type AgentOptions, type CheckedOptions, type OptionRules } from './options.ts';
export { createRunRegistry, type RunRegistry } from './run-registry.ts';
export { decideArguments, decideToolCall, type CallAtHand, type CallVerdict, type WrittenCall } from './tool-calls.ts';
export { decideToolFailure, decideToolResult, decideToolYield, toolDenial, type ResultView } from './tool-results.ts';
export { createStreamedValues, type StreamedValue, type StreamedValues } from './streamed-values.ts';
export { beginMessage, callKey, stopRun, toolRunOf, type FinalArguments, type ToolRun } from './tool-run.ts';
export { isWithheld, withheld, type Withheld } from './withheld.ts';
export { refusalText, WORDING_DEADLINE_MS, type RefusalWording } from './wording.ts';
