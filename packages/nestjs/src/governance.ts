import type { Governor, Interaction } from '@flyball/core/adapter';
import { currentInteraction } from '@flyball/http';
import { Inject, Injectable } from '@nestjs/common';

import { ApplicationGovernance } from './application-governance.ts';
import { represent } from './tools/owners.ts';

/** What events are emitted through: a socket, a room, a server. */
export interface Emits {
  emit(event: string, ...data: readonly unknown[]): unknown;
}

export interface GovernedEmitter {
  /** False where it was stopped, and nothing was sent. */
  emit(event: string, ...data: readonly unknown[]): Promise<boolean>;
}

/** The governance of an application, for its providers: `@Inject(Governance) governance: Governance`. */
export class Governance {
  readonly #application: ApplicationGovernance;

  constructor(application: ApplicationGovernance) {
    this.#application = application;
    represent(this, application);
  }

  get governor(): Governor {
    return this.#application.options.governor;
  }

  /**
   * Sends through a target that handlers do not answer by: `server.to('room')`, `client`. What is emitted is judged as
   * a whole, masked, or not sent: by the interaction that is given, or that of the running call. Without either nobody
   * is known to speak, and the policy's `onError` decides.
   *
   *     const sent = await governance.emitter(this.server.to('room')).emit('news', text);
   */
  emitter(target: Emits, interaction?: Interaction): GovernedEmitter {
    const application = this.#application;
    const { options } = application;
    return {
      emit: async (event, ...data) => {
        const by = interaction ?? currentInteraction() ?? options.governor.interaction(undefined);
        const judged = await application.judge(undefined, options, by, { route: event.slice(0, 512) || 'event' }, data);
        if ('denied' in judged) return false;
        target.emit(event, ...(judged.value as readonly unknown[]));
        return true;
      },
    };
  }
}

Injectable()(Governance);
Inject(ApplicationGovernance)(Governance, undefined, 0);
