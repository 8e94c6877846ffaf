import { Controller, Inject, Post, Body, Query, Sse, type MessageEvent } from '@nestjs/common';
import { from, map, type Observable } from 'rxjs';

import { Assistant } from './assistant.ts';

interface Asked {
  readonly message: string;
}

/** The assistant over HTTP: in one piece, and as it speaks. Nothing here knows of governance. */
@Controller('chat')
export class ChatController {
  readonly #assistant: Assistant;

  constructor(@Inject(Assistant) assistant: Assistant) {
    this.#assistant = assistant;
  }

  @Post()
  async ask(@Body() { message }: Asked): Promise<object> {
    let text = '';
    for await (const piece of this.#assistant.answer(message)) text += piece;
    return { text };
  }

  @Sse('stream')
  stream(@Query('message') message: string): Observable<MessageEvent> {
    return from(this.#assistant.answer(message)).pipe(map((text) => ({ data: { text } })));
  }
}
