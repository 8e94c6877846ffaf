import { SCOPE_FIELDS, type Control, type Scope } from '../contract/control.ts';
import type { GovernedEvent } from '../contract/event.ts';
import { KEY_FIELDS, keyValue, type KeyField } from '../contract/limits.ts';

/** What a piece of state belongs to. */
export type KeyKind = 'ladder' | 'limit' | 'labels' | 'history';

/** First part of every key that mode `shadow` reads and writes; real state never starts with it. */
export const SHADOW = 'shadow:';

/**
 * The key of one subject's state: `acme/ladder/abuse/user=bob`, in shadow `shadow:acme/ladder/abuse/user=bob`.
 * The tenant always comes first, whatever the fields: no configuration makes two tenants share state, and all state of
 * one event lies in one slot of a cluster. The order of `fields` does not matter.
 */
export function stateKey(
  kind: KeyKind,
  id: string,
  fields: readonly KeyField[],
  event: Pick<GovernedEvent, 'subject' | 'resource'>,
  shadow: boolean,
): string {
  let key = `${shadow ? SHADOW : ''}${escape(event.subject.tenant)}/${kind}/${escape(id)}`;
  for (const field of KEY_FIELDS) {
    if (field === 'tenant' || !fields.includes(field)) continue;
    const value = keyValue(event, field);
    // INVARIANT: an absent value is written without `=`, so it cannot be confused with any present one.
    key += value === undefined ? `/${field}` : `/${field}=${escape(value)}`;
  }
  return key;
}

/** Whom a key concerns, as far as the fastest look-up needs it. `user` is absent where the key does not name one. */
export function subjectOfKey(key: string): {
  readonly shadow: boolean;
  readonly tenant: string;
  readonly user?: string;
} {
  const shadow = key.startsWith(SHADOW);
  const [tenant = '', ...rest] = (shadow ? key.slice(SHADOW.length) : key).split('/');
  const user = rest.find((part) => part.startsWith('user='));
  return {
    shadow,
    tenant: unescape(tenant),
    ...(user === undefined ? {} : { user: unescape(user.slice('user='.length)) }),
  };
}

/** What a state key was made of. A field that the subject did not have is there, and `undefined`. */
export interface KeyParts {
  readonly shadow: boolean;
  readonly kind: string;
  readonly id: string;
  readonly fields: { readonly [F in KeyField]?: string | undefined };
}

export function readKey(key: string): KeyParts {
  const { shadow, tenant } = subjectOfKey(key);
  const [kind = '', id = '', ...rest] = key.slice(key.indexOf('/') + 1).split('/');
  const fields: { [F in KeyField]?: string | undefined } = { tenant };
  for (const part of rest) {
    const at = part.indexOf('=');
    fields[(at < 0 ? part : part.slice(0, at)) as KeyField] = at < 0 ? undefined : unescape(part.slice(at + 1));
  }
  return { shadow, kind, id: unescape(id), fields };
}

/** The part of a key that all state of one tenant shares. Stores that spread keys over nodes keep it together. */
export function tenantPart(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

/** A scope as text, equal for equal scopes: `tenant=acme/tool=refund`; the scope of everything is the empty text. */
export function scopeKey(scope: Scope): string {
  const parts: string[] = [];
  for (const field of SCOPE_FIELDS) {
    const value = scope[field];
    if (value !== undefined) parts.push(`${field}=${escape(value)}`);
  }
  return parts.join('/');
}

/** What one control replaces and is lifted by: there is one halt and one mode per scope. */
export function controlKey(kind: Control['kind'], scope: Scope): string {
  return `${kind}|${scopeKey(scope)}`;
}

// Separators, braces (hash tags), white space and control characters, and surrogates: a lone one has no UTF-8 form.
const SPECIAL = /[%/={}:|\s\u0000-\u001f\u007f\ud800-\udfff]/g;
const HAS_SPECIAL = new RegExp(SPECIAL.source);
const PLAIN = Uint8Array.from({ length: 128 }, (_, code) => (HAS_SPECIAL.test(String.fromCharCode(code)) ? 0 : 1));

/** Quicker than an expression for the names that most subjects have: each decision makes several keys. */
function isPlain(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (PLAIN[value.charCodeAt(i)] !== 1) return false;
  return true;
}

/** A value as part of a key. Two values never share a form; ordinary identifiers stay as they are. */
export function escape(value: string): string {
  if (value === '') return '%';
  if (isPlain(value) || !HAS_SPECIAL.test(value)) return value;
  return value.replace(SPECIAL, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function unescape(text: string): string {
  if (!text.includes('%')) return text;
  if (text === '%') return '';
  return text.replace(/%([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
