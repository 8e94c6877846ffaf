import { Inject, Injectable } from '@nestjs/common';

import { Orders } from './orders.ts';

/** A support assistant that is too helpful. No network: it knows four questions, and says its answers in pieces. */
@Injectable()
export class Assistant {
  readonly #orders: Orders;

  constructor(@Inject(Orders) orders: Orders) {
    this.#orders = orders;
  }

  async *answer(question: string): AsyncGenerator<string> {
    if (/bought/.test(question)) yield* pieces(await this.#orders.lookUpOrder({ order: 17 }));
    else if (/refund/i.test(question)) yield* this.#refund();
    else if (/key/.test(question)) yield* pieces('Our key is AKIAIOSFODNN7EXAMPLQ, but please keep it to yourself.');
    else yield* pieces('Questions go to help@acme.example.');
  }

  async *#refund(): AsyncGenerator<string> {
    try {
      yield* pieces(await this.#orders.refund({ order: 17, amount: 5000 }));
    } catch (error) {
      // What a model would read as the result of its call.
      yield* pieces(
        `I may not do that (${(error as { readonly denial: { readonly reason: string } }).denial.reason}). `,
      );
      yield* pieces(await this.#orders.refund({ order: 17, amount: 80 }));
    }
  }
}

/** As models say them: a few letters at a time, wherever they happen to end. */
function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 7) yield text.slice(at, at + 7);
}
