import { isObject, notice, wire, type EventData, type StreamFormat, type WireEvent } from './format.ts';
import { callIds, type RequestHints } from './request.ts';
import { Shape } from './shape.ts';

const MESSAGE = new Shape({
  apart: ['jsonrpc', 'method', 'result.content[*].type', 'result.content[*].text', 'result.structuredContent.**'],
  exempt: ['id'],
});

/** The error of a call that governance stopped, as MCP clients hand it out. */
export function callError(id: string | number | null, problem: Parameters<typeof notice>[0]): EventData {
  return { jsonrpc: '2.0', id, error: { code: -32000, message: problem.detail, data: notice(problem) } };
}

/** Messages of JSON-RPC, of which MCP over HTTP is made. */
export function jsonRpc(request: () => RequestHints): StreamFormat {
  const answered = new Set<unknown>();
  return {
    read: ({ data }) => (isObject(data) && data['jsonrpc'] === '2.0' ? { shape: MESSAGE } : undefined),
    left({ data }) {
      if (isObject(data) && ('result' in data || 'error' in data)) answered.add(data['id']);
    },
    ending: (problem) => pending(request(), answered).map((id) => wire(callError(id, problem), 'message')),
  };
}

const pending = (request: RequestHints, answered: ReadonlySet<unknown>): (string | number)[] =>
  callIds(request).filter((id) => !answered.has(id));

const TASK = new Shape({
  continued: { 'result.artifactUpdate.artifact.parts[*].text': 'text' },
  apart: ['jsonrpc', 'result.message.**', 'result.task.**', 'result.statusUpdate.**'],
  exempt: ['id', 'result.artifactUpdate.taskId', 'result.artifactUpdate.contextId'],
  identity: ['result.artifactUpdate.artifact.artifactId'],
});

/** Updates of a task between agents (A2A over JSON-RPC). */
export function a2a(): StreamFormat {
  let id: unknown = null;
  let task: EventData = {};
  return {
    read({ data }) {
      const result = isObject(data) && data['jsonrpc'] === '2.0' ? data['result'] : undefined;
      if (!isObject(result)) return undefined;
      const isUpdate = ['artifactUpdate', 'statusUpdate', 'task'].some((name) => isObject(result[name]));
      return isUpdate ? { shape: TASK } : undefined;
    },
    left({ data }) {
      const { id: call, result } = data as { id: unknown; result: EventData };
      const { artifactUpdate, statusUpdate, task: whole } = result;
      id = call;
      if (isObject(whole)) task = { taskId: whole['id'], contextId: whole['contextId'] };
      const update = artifactUpdate ?? statusUpdate;
      if (isObject(update)) task = { taskId: update['taskId'], contextId: update['contextId'] };
    },
    ending(problem): readonly WireEvent[] {
      const status = { state: 'TASK_STATE_REJECTED' };
      const statusUpdate = { ...task, status, metadata: { governance: notice(problem) } };
      return [wire({ jsonrpc: '2.0', id, result: { statusUpdate } })];
    },
  };
}
