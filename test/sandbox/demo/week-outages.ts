import { DESTINATION } from './scenario';
import type { Random } from './random';
import type { World } from './world';

const HOUR = 3_600_000;
const FUNCTIONS = /assumed-role\/copy-doctor-[\w-]+-(diagnose|remediate|approve)\//;

export interface Outage {
  readonly what: string;
  readonly hours: number;
  /** Gives what ends it. */
  begin(world: World, random: Random): () => void;
}

const failing = (service: string, operation: string, fault: object) => (world: World) =>
  world.sandbox.faults.add({ service, operation, ...fault });

/** One each, somewhere in the week. */
const OUTAGES: readonly Outage[] = [
  { what: 'KMS throttles every read of a policy', hours: 3, begin: failing('kms', 'GetKeyPolicy', { throttle: true }) },
  {
    what: 'DynamoDB fails now and then',
    hours: 1,
    begin: failing('dynamodb', 'UpdateItem', {
      times: 6,
      error: { code: 'InternalServerError', message: 'Internal server error', status: 500 },
    }),
  },
  {
    what: 'SNS takes no mails',
    hours: 4,
    begin: failing('sns', 'Publish', { error: { code: 'InternalError', message: 'Internal error', status: 500 } }),
  },
  { what: 'StartCopyJob is throttled', hours: 5, begin: failing('backup', 'StartCopyJob', { throttle: true }) },
  {
    what: 'the reader role of the destination is missing',
    hours: 24,
    begin({ sandbox }) {
      const { roles } = sandbox.account(DESTINATION);
      const index = roles.findIndex(({ name }) => name.endsWith('-reader'));
      const [reader] = roles.splice(index, 1);
      sandbox.expireSessions(DESTINATION);
      return () => void (reader && roles.push(reader));
    },
  },
  ...Array.from({ length: 6 }, () => ({
    what: 'a function dies in the middle of its work',
    hours: 2,
    begin({ sandbox }: World, random: Random) {
      sandbox.faults.killAt(1 + random.below(5), random.of(['before', 'after'] as const), { principal: FUNCTIONS });
      return () => undefined;
    },
  })),
];

/** When each begins, in milliseconds from the beginning of the week. */
export const scheduleOf = (random: Random, days: number) =>
  OUTAGES.map((outage) => ({ outage, at: (6 + random.below((days - 2) * 24 - 6)) * HOUR }));
