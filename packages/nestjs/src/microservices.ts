// Governance of microservices: messages before their handlers run, and what handlers answer, on every transport of
// Nest.
export { microservices, type MicroservicesOptions } from './microservices/transport.ts';
