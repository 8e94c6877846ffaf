// Governance of gateways: messages before their handlers run, and what handlers answer, on `ws` and socket.io.
export { webSockets } from './websockets/transport.ts';
