import {
  checkAgentOptions,
  decideArguments,
  GovernanceBlockedError,
  isWithheld,
  refusalText,
  stopRun,
  toolRunOf,
} from '@flyball/agent-kit';
import type { Decision, OptionShape } from '@flyball/core/adapter';
import type { AgentMiddleware } from 'langchain';
import { openCall } from '../model/call.ts';
import { governModelWith, MODEL_STAGES } from '../model/model.ts';
import type { ChatModel } from '../model/types.ts';
import type { Message } from '../model/slots.ts';
import { decideMessage } from '../model/whole.ts';
import { EXIT_BEHAVIOR, type Checked, type GovernanceOptions } from '../options.ts';
import { blocked, refusalMessage, summaryIn } from '../to-response.ts';
import { finalArgumentsOf, isClientTool } from '../tools/arguments.ts';
import { denial, openToolCall } from '../tools/context.ts';
import { isMessage } from '../tools/result.ts';
import { governToolWith, isReleased, release, TOOL_STAGES } from '../tools/tool.ts';
import { decideToolMessage } from './tool-message.ts';
import { agentRuns, type AgentRun, type AgentRuns, type Runtime } from './run.ts';

export interface GovernanceMiddlewareOptions extends GovernanceOptions {
  /** The application's own middlewares, which stand between the two halves. */
  readonly middleware?: readonly AgentMiddleware[];
}

const OWN_OPTIONS: { readonly [name: string]: OptionShape } = { ...EXIT_BEHAVIOR, middleware: 'object' };

/**
 * Middlewares for `createAgent`: an outer half, the application's own, an inner half. The inner half governs the model
 * and the tools of each call, so that the agent streams safely with no other change. The outer half decides on what
 * other middlewares answered in their place, and ends the run where it was stopped.
 *
 *     const agent = createAgent({
 *       model: 'openai:gpt-5',
 *       tools: [refund],
 *       middleware: governanceMiddleware({ governor, subject, middleware: [summarizationMiddleware({ … })] }),
 *     });
 */
export function governanceMiddleware(options: GovernanceMiddlewareOptions): AgentMiddleware[] {
  const { middleware = [], ...settings } = checkAgentOptions('governanceMiddleware', options, { own: OWN_OPTIONS });
  return middlewarePair(settings, middleware);
}

/** The same for the parts of this package, which have checked their options. */
export function middlewarePair(settings: Checked, between: readonly AgentMiddleware[]): AgentMiddleware[] {
  settings.governor.declareStages([...MODEL_STAGES, ...TOOL_STAGES]);
  const runs = agentRuns(settings);
  return [outerHalf(settings, runs), ...between, innerHalf(settings, runs)];
}

interface ModelRequest {
  readonly model: ChatModel & object;
  readonly tools?: readonly unknown[];
  readonly runtime?: Runtime;
}

interface ToolRequest {
  readonly toolCall: { readonly id?: string; readonly name: string; readonly args: unknown };
  readonly tool?: object;
  readonly runtime?: Runtime;
}

type Handler<R> = (request: R) => Promise<unknown>;

/**
 * What `createMiddleware` makes: an object with a brand, made here so that LangChain's agents need not be installed.
 */
function middlewareOf(hooks: { readonly name: string; readonly [hook: string]: unknown }): AgentMiddleware {
  return { [Symbol.for('AgentMiddleware')]: true, ...hooks };
}

/** What another middleware answered itself, or made of an answer, was never decided on. */
function outerHalf(settings: Checked, runs: AgentRuns): AgentMiddleware {
  return middlewareOf({
    name: 'FlyballGovernanceOuter',
    wrapModelCall: async (request: ModelRequest, handler: Handler<ModelRequest>) => {
      const run = await runs(request.runtime);
      return run.during(async () => {
        try {
          return await governAnswer(settings, run, request.model, await handler(request));
        } catch (error) {
          const found = GovernanceBlockedError.find(error);
          if (found === undefined) run.end();
          else return refuse(settings, run, found.decision);
          throw error;
        }
      });
    },
    wrapToolCall: async (request: ToolRequest, handler: Handler<ToolRequest>) => {
      const run = await runs(request.runtime);
      return run.during(async () => {
        try {
          const result = await handler(request);
          return isReleased(result) ? result : await governResult(settings, run, request, result);
        } catch (error) {
          run.end();
          throw error;
        }
      });
    },
    beforeModel: {
      canJumpTo: ['end'],
      hook: async (state: State, runtime: Runtime) => surface(settings, await runs(runtime), state),
    },
    afterModel: {
      canJumpTo: ['end'],
      hook: async (state: State, runtime: Runtime) => surface(settings, await runs(runtime), state),
    },
    afterAgent: async (_state: State, runtime: Runtime) => (await runs(runtime)).end(),
  });
}

/** Next to the model and the tools: nothing stands between this half and them. */
function innerHalf(settings: Checked, runs: AgentRuns): AgentMiddleware {
  return middlewareOf({
    name: 'FlyballGovernanceInner',
    wrapModelCall: async (request: ModelRequest, handler: Handler<ModelRequest>) => {
      const run = await runs(request.runtime);
      const { tools } = toolRunOf(run.interaction);
      for (const tool of request.tools ?? []) if (isClientTool(tool)) tools.set(tool.name, finalArgumentsOf(tool));
      const own = { ...inRun(settings, run), onStop: (decision: Decision) => void (run.stopped ??= decision) };
      try {
        const answer = await handler({ ...request, model: governModelWith(request.model, own) });
        for (const message of messagesOf(answer)) run.released.add(message);
        return answer;
      } catch (error) {
        // Where words would be misread a stop is an error, and no retry or fallback around this half may catch it.
        const found = GovernanceBlockedError.find(error);
        if (found === undefined) throw error;
        return await refuse(settings, run, found.decision);
      }
    },
    wrapToolCall: async (request: ToolRequest, handler: Handler<ToolRequest>) => {
      const run = await runs(request.runtime);
      const { toolCall, tool } = request;
      const own = inRun(settings, run);
      const context = await openToolCall(own, undefined);
      // INVARIANT: released: nothing ran, so there is no result to decide on.
      const denied = (decision: Decision | undefined): unknown => release(denial(callerOf(request), decision, 'call'));
      if (isWithheld(toolCall.args)) return denied(toolRunOf(run.interaction).withheld.get(toolCall.args.auditId));
      const final = tool === undefined ? toolCall.args : await finalArgumentsOf(tool)(toolCall.args);
      // The tool itself, which runs next, need not ask again.
      const call = toolCall.id !== undefined && isClientTool(tool) ? { id: toolCall.id, ahead: true } : undefined;
      const carried = await decideArguments(context, toolCall.name, final, call);
      if (carried.kind === 'stopped') {
        stopRun(context, carried.decision);
        return denied(carried.decision);
      }
      // The tool itself decides on its result, before callbacks and streams hear of it; older versions run their own
      // tool all the same.
      const result = await handler(isClientTool(tool) ? { ...request, tool: governToolWith(tool, own) } : request);
      return isReleased(result) ? result : governResult(settings, run, request, result);
    },
  });
}

const callerOf = ({ toolCall: { name, id = '' } }: ToolRequest): { readonly name: string; readonly id: string } => ({
  name,
  id,
});

/** The settings of a part whose run this is, and who ends it. */
function inRun(settings: Checked, { interaction }: AgentRun): Checked & { readonly owned: true } {
  const { subject: _, policy: __, ...rest } = settings;
  return { ...rest, interaction, exitBehavior: 'end', owned: true };
}

async function governResult(settings: Checked, run: AgentRun, request: ToolRequest, result: unknown): Promise<unknown> {
  const context = await openToolCall(inRun(settings, run), undefined);
  return decideToolMessage(context, callerOf(request), result);
}

async function governAnswer(settings: Checked, run: AgentRun, model: ChatModel, answer: unknown): Promise<unknown> {
  const unseen = messagesOf(answer).filter((message) => !run.released.has(message) && isAnswer(message));
  for (const message of unseen) {
    const call = await openCall(inRun(settings, run), model, {});
    const decided = await decideMessage(call, message, undefined);
    if (decided.kind === 'stop') return refuse(settings, run, decided.decision);
    // A structured response says what the message said before it was edited: the message goes on alone.
    if (decided.kind === 'edited') return decided.message;
  }
  return answer;
}

async function refuse(settings: Checked, run: AgentRun, decision: Decision): Promise<object> {
  run.stopped ??= decision;
  const refusal = refusalMessage(decision, await refusalText(settings.governor, settings.refusal, decision));
  run.released.add(refusal);
  return refusal;
}

/** An answer, or a structured response with the messages it came in. */
function messagesOf(answer: unknown): readonly (Message & object)[] {
  if (isMessage(answer)) return [answer as unknown as Message & object];
  const { messages } = Object(answer) as { readonly messages?: unknown };
  return Array.isArray(messages) ? (messages.filter(isMessage) as unknown as (Message & object)[]) : [];
}

function isAnswer(message: object): boolean {
  const { type, getType } = message as { readonly type?: unknown; readonly getType?: () => string };
  return (typeof type === 'string' ? type : getType?.call(message)) === 'ai';
}

interface State {
  readonly messages?: readonly unknown[];
}

/**
 * Ends a run that was stopped, past retries and fallbacks, which would ask again or swallow an error thrown inside of
 * them. It asks the run, not the last message: a middleware between the halves may have added one, or jumped back to
 * the model.
 */
async function surface(settings: Checked, run: AgentRun, { messages = [] }: State): Promise<object | undefined> {
  const { stopped } = run;
  // The hook itself says that the run goes on.
  if (stopped === undefined) return run.during(async () => undefined);
  delete run.stopped;
  run.end();
  if (settings.exitBehavior === 'error') throw blocked(stopped);
  if (messages.some((message) => summaryIn(message)?.auditId === stopped.auditId)) return { jumpTo: 'end' };
  const words = await refusalText(settings.governor, settings.refusal, stopped);
  return { jumpTo: 'end', messages: [refusalMessage(stopped, words)] };
}
