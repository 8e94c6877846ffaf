/** A JSON value. Numbers are finite; records hold own, enumerable keys only. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
