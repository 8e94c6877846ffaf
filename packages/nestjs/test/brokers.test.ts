import { Transport } from '@nestjs/microservices';
import { afterAll } from 'vitest';

import { holdsForMicroservice } from './microservice-cases.ts';
import { addressOf, answers, kafkaBroker, serviceAt } from './services.ts';

const nats = await serviceAt(addressOf('NATS_URL', 4222), '/usr/sbin/nats-server', (port) => [
  ...['-a', '127.0.0.1', '-p', `${port}`],
]);
const mqtt = await serviceAt(addressOf('MQTT_URL', 1883), '/usr/sbin/mosquitto', (port) => ['-p', `${port}`]);
// It takes a node, a cookie and half a minute to start: the one that answers, or none.
const amqp = addressOf('AMQP_URL', 5672);
const queue = `flyball.${process.pid}`;
const kafka = await kafkaBroker();

afterAll(() => {
  nats?.stop();
  mqtt?.stop();
  kafka?.stop();
});

holdsForMicroservice(
  'over NATS (skipped where it is not installed)',
  'standalone',
  async () => ({ transport: Transport.NATS, options: { servers: [`nats://${nats!.at.host}:${nats!.at.port}`] } }),
  nats !== undefined,
);
holdsForMicroservice(
  'over MQTT (skipped where mosquitto is not installed)',
  'standalone',
  async () => ({ transport: Transport.MQTT, options: { url: `mqtt://${mqtt!.at.host}:${mqtt!.at.port}` } }),
  mqtt !== undefined,
);
holdsForMicroservice(
  'over RabbitMQ (skipped when none answers)',
  'standalone',
  async () => ({
    transport: Transport.RMQ,
    options: { urls: [`amqp://${amqp.host}:${amqp.port}`], queue, queueOptions: { durable: false, autoDelete: true } },
  }),
  await answers(amqp),
);
holdsForMicroservice(
  'over Kafka (skipped where kcat is not installed)',
  'standalone',
  async () => ({
    transport: Transport.KAFKA,
    options: {
      client: { clientId: queue, brokers: [`${kafka!.at.host}:${kafka!.at.port}`], logCreator: () => () => undefined },
      consumer: {
        ...{ groupId: queue, rebalanceTimeout: 3000, sessionTimeout: 6000, heartbeatInterval: 500 },
        // A fetch of what has no records yet is answered at its end, where others come meanwhile.
        maxWaitTimeInMs: 100,
      },
      subscribe: { fromBeginning: true },
    },
  }),
  kafka !== undefined,
);
