declare module 'passport-http-bearer' {
  /** The strategy as it is used here: it has no types of its own. */
  export class Strategy {
    readonly name: string;
    constructor(verify?: (token: string, done: (error: null, user: unknown) => void) => void);
  }
}

declare module 'compression' {
  /** Middleware; it has no types of its own. */
  export default function compression(options?: { readonly threshold?: number }): (...args: never[]) => void;
}
