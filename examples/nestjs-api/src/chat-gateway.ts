import { Inject } from '@nestjs/common';
import { MessageBody, SubscribeMessage, WebSocketGateway, type WsResponse } from '@nestjs/websockets';
import { from, map, type Observable } from 'rxjs';

import { Assistant } from './assistant.ts';

/** The assistant over a WebSocket. */
@WebSocketGateway()
export class ChatGateway {
  readonly #assistant: Assistant;

  constructor(@Inject(Assistant) assistant: Assistant) {
    this.#assistant = assistant;
  }

  @SubscribeMessage('ask')
  ask(@MessageBody() { message }: { message: string }): Observable<WsResponse> {
    return from(this.#assistant.answer(message)).pipe(map((text) => ({ event: 'text', data: { text } })));
  }
}
