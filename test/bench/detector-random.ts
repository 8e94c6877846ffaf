const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Numbers and signs that are the same for the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 1;
  }

  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  signs(alphabet: string, count: number): string {
    return Array.from({ length: count }, () => alphabet[this.below(alphabet.length)]).join('');
  }

  /** So many digits; with bounds, a number between them. */
  digits(count: number, from?: number, to?: number): string {
    if (from === undefined || to === undefined) return this.signs('0123456789', count);
    const span = to - from + 1;
    const high = Math.floor(span / 1_000_000);
    const value = high > 0 ? this.below(high) * 1_000_000 + this.below(1_000_000) : this.below(span);
    return String(from + value).padStart(count, '0');
  }

  hex(count: number): string {
    return this.signs('0123456789abcdef', count);
  }

  upper(count: number): string {
    return this.signs('ABCDEFGHJKLMNPQRSTUVWXYZ', count);
  }

  base36(count: number): string {
    return this.signs('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', count);
  }

  base62(count: number): string {
    return this.signs(BASE64.slice(0, 62), count);
  }

  base64(count: number): string {
    return this.signs(BASE64, count);
  }

  uuid(): string {
    return [8, 4, 4, 4, 12].map((count) => this.hex(count)).join('-');
  }
}
