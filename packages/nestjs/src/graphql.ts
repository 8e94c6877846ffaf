// Governance of GraphQL: arguments before resolvers run, what they answer, and the values of subscriptions, on every
// driver of Nest.
export { graphql } from './graphql/transport.ts';
