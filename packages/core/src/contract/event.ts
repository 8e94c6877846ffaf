import type { Json } from './json.ts';

/** Where in the life of a request something is about to happen. */
export type Stage = 'input' | 'retrieval' | 'output' | 'tool_call' | 'tool_result';

/** Where in the stack the adapter sits that produced the event. */
export type Point = 'http' | 'model' | 'tool' | 'retriever';

/** Who wrote a segment, in the words chat models use. */
export type Role = 'system' | 'user' | 'assistant' | 'tool';

/** What kind of text a segment is. Each kind is governed as one text, and each block of it on its own. */
export type Channel = 'text' | 'reasoning' | 'tool_input';

export const STAGES: readonly Stage[] = ['input', 'retrieval', 'output', 'tool_call', 'tool_result'];
export const POINTS: readonly Point[] = ['http', 'model', 'tool', 'retriever'];
export const ROLES: readonly Role[] = ['system', 'user', 'assistant', 'tool'];
export const CHANNELS: readonly Channel[] = ['text', 'reasoning', 'tool_input'];

/** Who acts. Comes from trusted code, never from a request body or a model. */
export interface Subject {
  readonly tenant: string;
  readonly user?: string;
  readonly session?: string;
  readonly agent?: string;
}

/** What is acted upon. */
export interface Resource {
  readonly model?: string;
  readonly tool?: string;
  readonly route?: string;
}

/** One addressed piece of text in the content of an event. */
export interface Segment {
  /** Address inside the content, unique in the event: `messages[2].text`, `args.to`. */
  readonly path: string;
  readonly text: string;
  readonly role?: Role;
  /** Default `text`. */
  readonly channel?: Channel;
  /** Id of the block the text belongs to, where the framework has one. */
  readonly block?: string;
  /**
   * A text of its own, such as a value in a JSON document: nobody reads it as the continuation of the segment before
   * it.
   */
  readonly separate?: true;
  /**
   * Nobody may rewrite it, because what reads it needs it as it is: a field of a form, say, of which nobody knows that
   * it is a prompt. Rules that stop apply as to any text; what a rule would redact here stays, and the ruling says so
   * (`notApplied`).
   */
  readonly fixed?: true;
  /**
   * Part of an earlier message, which the client sends again with each turn. What was stopped in this session before is
   * then masked whole and stops nothing (`history: withhold`).
   */
  readonly history?: true;
}

/**
 * One thing about to happen, normalised and frozen: the only form the core reads.
 * Adapters and applications build it with `interaction.event(...)`.
 */
export interface GovernedEvent {
  /** Identifies the event across retries: a strike or a charge is counted once per id. */
  readonly id: string;
  readonly interactionId: string;
  readonly stage: Stage;
  readonly point: Point;
  readonly subject: Subject;
  readonly resource: Resource;
  /** Facts from trusted code that conditions may read as `attributes.*`. */
  readonly attributes: { readonly [name: string]: Json };
  /** Parsed arguments of the call; only on `tool_call`. Conditions read it as `tool.args.*`. */
  readonly args?: Json;
  /** Labels the interaction carried when the event was made, sorted. */
  readonly labels: readonly string[];
  readonly content: readonly Segment[];
  /** Name of the policy that decides it. Absent: the governor's first one. */
  readonly policy?: string;
  /** The subject could not be established: the policy's `onError` says what that means. */
  readonly subjectMissing?: true;
  /**
   * Addresses of what an adapter could not read, such as `args`: where the stage is covered, a failure by `onError`.
   */
  readonly unreadable?: readonly string[];
  /**
   * Addresses of media (pictures, sound, files that hold no text) in the content: no detector reads them. At most 64
   * are listed.
   */
  readonly media?: readonly string[];
}
