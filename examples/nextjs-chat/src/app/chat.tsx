'use client';

import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport, type UIMessage } from 'ai';
import { useEffect, useState, type ReactNode } from 'react';
import { stopOf, waitAfter } from './stop.ts';

export function Chat({ api }: { readonly api: string }): ReactNode {
  const [seconds, setSeconds] = useState(0);
  const { messages, sendMessage, status, error } = useChat({
    transport: new DefaultChatTransport({ api }),
    onFinish: ({ message }) => setSeconds(waitAfter(message)),
  });
  useEffect(() => {
    if (seconds === 0) return undefined;
    const timer = setTimeout(() => setSeconds(seconds - 1), 1000);
    return () => clearTimeout(timer);
  }, [seconds]);

  function send(form: FormData): void {
    const words = form.get('words');
    if (typeof words === 'string') void sendMessage({ text: words });
  }

  return (
    <main>
      <ol id="messages">
        {messages.map((message) => (
          <li key={message.id} data-role={message.role}>
            <Message message={message} />
          </li>
        ))}
      </ol>
      {error !== undefined && <p role="alert">{error.message}</p>}
      <form action={send}>
        <input name="words" aria-label="Message" required />
        <button disabled={status !== 'ready' || seconds > 0}>Send</button>
        {seconds > 0 && <output>{`You may go on in ${seconds} s.`}</output>}
      </form>
    </main>
  );
}

/**
 * A mask is text like any other; what stands in place of a stopped answer is set apart, with the number to ask about.
 */
function Message({ message }: { readonly message: UIMessage }): ReactNode {
  return message.parts.map((part, at) => {
    if (part.type !== 'text') return null;
    const stop = stopOf(part);
    if (stop === undefined) return <span key={at}>{part.text}</span>;
    return (
      <em key={at} data-outcome={stop.outcome} title={stop.auditId}>
        {part.text}
      </em>
    );
  });
}
