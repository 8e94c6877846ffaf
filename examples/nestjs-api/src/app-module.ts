import { fileURLToPath } from 'node:url';

import { createGovernor } from '@flyball/core';
import { GovernanceModule } from '@flyball/nestjs';
import { webSockets } from '@flyball/nestjs/websockets';
import { Module, type ExecutionContext } from '@nestjs/common';

import { Assistant } from './assistant.ts';
import { ChatController } from './chat-controller.ts';
import { ChatGateway } from './chat-gateway.ts';
import { Orders } from './orders.ts';

const POLICY = fileURLToPath(new URL('../policy.yaml', import.meta.url));

/** Who asks: what an authentication guard would have put on the request. Sockets here are all the same visitor. */
function subjectOf(context: ExecutionContext): { tenant: string; user: string } {
  if (context.getType() !== 'http') return { tenant: 'acme', user: 'visitor' };
  const { headers } = context.switchToHttp().getRequest<{ headers: { 'x-user'?: string } }>();
  return { tenant: 'acme', user: headers['x-user'] ?? 'visitor' };
}

@Module({
  imports: [
    // All of governance.
    GovernanceModule.forRootAsync({
      useFactory: async () => ({
        governor: await createGovernor({ policy: { file: POLICY } }),
        subject: subjectOf,
        transports: [webSockets()],
        // What streams here is one text in pieces.
        response: { select: ['text'] },
      }),
    }),
  ],
  controllers: [ChatController],
  providers: [Assistant, Orders, ChatGateway],
})
export class AppModule {}
