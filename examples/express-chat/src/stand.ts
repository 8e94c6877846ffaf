import { chatClient, type Send } from './chat-client.ts';
import type { JudgedWay } from './judged.ts';
import type { FeedItem } from './decision-feed.ts';

/** The running server as the play reaches it: over HTTP, like everyone else. */
export interface Stand {
  /** A visitor nobody has seen before. */
  visitor(judged?: JudgedWay): Send;
  operator(action: 'halt' | 'resume'): Promise<void>;
  /** How often the refund tool has run. */
  refunds(): Promise<number>;
  decisionsAfter(seq: number): Promise<readonly FeedItem[]>;
}

export function standAt(origin: string): Stand {
  const ask = async <T>(path: string, init?: RequestInit): Promise<T> => {
    const response = await fetch(`${origin}/api/operator/${path}`, init);
    if (!response.ok) throw new Error(`the operator's desk answered ${response.status} to \`${path}\``);
    return (await response.json()) as T;
  };
  return {
    visitor: (judged) => chatClient(origin, judged),
    async operator(action) {
      await ask(action, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    },
    async refunds() {
      const { refunds } = await ask<{ readonly refunds: readonly unknown[] }>('state');
      return refunds.length;
    },
    decisionsAfter: (seq) => ask(`decisions?after=${seq}`, { headers: { accept: 'application/json' } }),
  };
}
