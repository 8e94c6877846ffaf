import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Subject, Resource } from '../contract/event.ts';
import { KEY_FIELDS, type KeyField } from '../contract/limits.ts';
import { controlKey, escape, readKey, scopeKey, stateKey, subjectOfKey, tenantPart } from './keys.ts';

const value = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('/', '=', '%', '{', '}', ':', 'a', '\ud800', ' ', '0'), maxLength: 5 }),
);
const event = fc.record(
  {
    subject: fc.record({ tenant: value, user: value, session: value, agent: value }, { requiredKeys: ['tenant'] }),
    resource: fc.record({ tool: value, model: value, route: value }, { requiredKeys: [] }),
  },
  { requiredKeys: ['subject', 'resource'] },
) as fc.Arbitrary<{ subject: Subject; resource: Resource }>;
const fields = fc.subarray<KeyField>([...KEY_FIELDS]);

describe('keys of state', () => {
  it('are readable for ordinary names', () => {
    const bob = { subject: { tenant: 'acme', user: 'bob@example.com' }, resource: { tool: 'refund' } };
    expect(stateKey('ladder', 'abuse', ['tenant', 'user'], bob, false)).toBe('acme/ladder/abuse/user=bob@example.com');
    expect(stateKey('limit', 'calls', ['tool'], bob, true)).toBe('shadow:acme/limit/calls/tool=refund');
  });

  it('are equal exactly when the tenant and every named field are', () => {
    fc.assert(
      fc.property(event, event, fields, (one, other, names) => {
        const facts = (e: typeof one): string =>
          JSON.stringify([e.subject.tenant, ...names.map((name) => ({ ...e.subject, ...e.resource })[name] ?? null)]);
        const key = (e: typeof one): string => stateKey('ladder', 'x', names, e, false);
        expect(key(one) === key(other)).toBe(facts(one) === facts(other));
      }),
      { numRuns: 2000 },
    );
  });

  it('give back whom they concern', () => {
    fc.assert(
      fc.property(event, fields, fc.boolean(), (e, names, shadow) => {
        const { tenant, user } = e.subject;
        const named = names.includes('user') && user !== undefined ? { user } : {};
        expect(subjectOfKey(stateKey('ladder', 'user=x', names, e, shadow))).toEqual({ shadow, tenant, ...named });
      }),
      { numRuns: 1000 },
    );
  });

  it('never let a tenant into the shadow namespace or into the place of another', () => {
    const key = (tenant: string, shadow: boolean): string =>
      stateKey('limit', 'x', ['tenant'], { subject: { tenant }, resource: {} }, shadow);
    expect(key('shadow:acme', false)).not.toBe(key('acme', true));
    expect(tenantPart(key('a/b}', false))).not.toContain('}');
    expect(tenantPart(key('', false))).not.toBe('');
  });

  it('do not depend on the order in which fields are named', () => {
    const e = { subject: { tenant: 't', user: 'u', session: 's' }, resource: {} };
    expect(stateKey('limit', 'x', ['session', 'user'], e, false)).toBe(
      stateKey('limit', 'x', ['user', 'session'], e, false),
    );
  });

  it('tell an absent value from an empty one', () => {
    const key = (subject: Subject): string => stateKey('limit', 'x', ['user'], { subject, resource: {} }, false);
    expect(key({ tenant: 't' })).not.toBe(key({ tenant: 't', user: '' }));
  });

  it('survive UTF-8: lone surrogates do not collide', () => {
    const bytes = (text: string): string => new TextDecoder().decode(new TextEncoder().encode(escape(text)));
    expect(bytes('\ud800')).not.toBe(bytes('\ud801'));
  });

  it('write a scope in one way, whatever the order of its fields', () => {
    expect(scopeKey({ tool: 'refund', tenant: 'acme' })).toBe(scopeKey({ tenant: 'acme', tool: 'refund' }));
    expect(scopeKey({})).toBe('');
  });

  it('write a scope as its fields, and no two scopes alike', () => {
    expect(scopeKey({ tenant: 'acme', tool: 'refund' })).toBe('tenant=acme/tool=refund');
    expect(controlKey('halt', { user: 'bob' })).toBe('halt|user=bob');
    expect(controlKey('mode', {})).toBe('mode|');
    const scopes = fc.record({ tenant: value, user: value, tool: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(scopes, scopes, (one, other) => {
        const facts = ({ tenant, user, tool }: typeof one): string =>
          JSON.stringify([tenant ?? null, user ?? null, tool ?? null]);
        expect(scopeKey(one) === scopeKey(other)).toBe(facts(one) === facts(other));
      }),
      { numRuns: 1000 },
    );
  });

  it('say what they were made of', () => {
    fc.assert(
      fc.property(event, fields, fc.boolean(), value, (e, names, shadow, id) => {
        const facts: { [field: string]: string | undefined } = { ...e.subject, ...e.resource };
        const named = Object.fromEntries(['tenant', ...names].map((name) => [name, facts[name]]));
        const { fields: read, ...rest } = readKey(stateKey('limit', id, names, e, shadow));
        expect(rest).toEqual({ shadow, kind: 'limit', id });
        expect({ ...read }).toStrictEqual(named);
      }),
      { numRuns: 1000 },
    );
  });

  it('begin with what all state of a tenant shares, in shadow apart', () => {
    const e = { subject: { tenant: 'a/b', user: 'u' }, resource: {} };
    expect(tenantPart(stateKey('limit', 'x', ['user'], e, false))).toBe('a%002fb');
    expect(tenantPart(stateKey('ladder', 'y', [], e, true))).toBe('shadow:a%002fb');
  });
});
