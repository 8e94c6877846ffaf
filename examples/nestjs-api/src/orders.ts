import { GovernedTool } from '@flyball/nestjs';
import { Injectable } from '@nestjs/common';

/** The shop's books. What the assistant may call are plain methods, governed by a decorator. */
@Injectable()
export class Orders {
  /** What really ran. */
  readonly ran: string[] = [];

  @GovernedTool()
  async lookUpOrder({ order }: { order: number }): Promise<string> {
    this.ran.push(`lookUpOrder ${order}`);
    return `order ${order}: a brass governor, 80 paid by ada@example.org`;
  }

  @GovernedTool()
  async refund({ order, amount }: { order: number; amount: number }): Promise<string> {
    this.ran.push(`refund ${amount} for ${order}`);
    return `refunded ${amount}`;
  }
}
