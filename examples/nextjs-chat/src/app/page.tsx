import type { ReactNode } from 'react';
import { Chat } from './chat.tsx';

// `/?runtime=edge` talks to the route that runs on the edge.
// oxlint-disable-next-line import/no-default-export -- Next.js looks for it
export default async function Page({
  searchParams,
}: {
  readonly searchParams: Promise<{ readonly runtime?: string }>;
}): Promise<ReactNode> {
  const { runtime } = await searchParams;
  return <Chat api={runtime === 'edge' ? '/api/chat-edge' : '/api/chat'} />;
}
