// Examples of the API reference: each runs from its mark to the next. The types of all of them are checked.
import type { Decision as RuledDecision, Governor, Interaction } from '@flyball/core';
import {
  CurrentGovernance,
  CurrentInteraction,
  Decision,
  GovernanceControlModule,
  GovernanceModule,
  Governed,
  WARNINGS,
  type CallGovernance,
} from '@flyball/nestjs';
import { graphql } from '@flyball/nestjs/graphql';
import { microservices } from '@flyball/nestjs/microservices';
import { Controller, Module, Post, type CanActivate } from '@nestjs/common';

declare const governor: Governor;
declare const isOperator: CanActivate;

// example: Governed
@Governed({ policy: 'strict' }) // of a class, or of one handler: those of the handler win
@Controller('shop')
class Shop {}

// example: CurrentInteraction
@Controller('search')
class Search {
  @Post()
  search(@CurrentInteraction() interaction: Interaction): string {
    return interaction.id;
  }
}

// example: Decision
@Controller('ask')
class Ask {
  @Post()
  ask(@Decision() decision: RuledDecision | undefined): string {
    return decision?.auditId ?? 'not governed';
  }
}

// example: CurrentGovernance
@Controller('chat')
class Chat {
  @Post()
  chat(@CurrentGovernance() { signal }: CallGovernance): string {
    return signal.aborted ? 'the answer was stopped' : 'it goes on';
  }
}

// example: GovernanceControlModule
const controls = GovernanceControlModule.forRoot({ guards: [isOperator], operator: () => 'ops@acme.example' });

// example: graphql
const withGraphQL = GovernanceModule.forRoot({ governor, transports: [graphql()] });

// example: microservices
const withMessages = GovernanceModule.forRoot({ governor, transports: [microservices()] });

// example: WARNINGS
console.log(WARNINGS.FLYBALL_NO_SUBJECT); // what the warning of this code says

// end
@Module({ imports: [controls, withGraphQL, withMessages], controllers: [Shop, Search, Ask, Chat] })
class App {}
console.log(App);
