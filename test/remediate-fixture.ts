import type { SQSEvent } from 'aws-lambda';
import type { Decision, Incident } from '../lambda/core/incident/incident';
import { MINUTE, startHub, type SettingsOf } from './aws/remediate-fixture';

export const SOMEONE = 'arn:aws:iam::111111111111:user/someone';

/** The function `remediate`, and what people and time do to an incident before it is called. */
export async function startRemediate() {
  const hub = await startHub();
  // Its logger reads the environment when it is loaded.
  const { handlerWith } = await import('../lambda/remediate.handler');

  const deploy = async (confirmed = true, settings?: SettingsOf) => {
    const { sandbox } = hub;
    sandbox.faults.clear();
    const deployed = await hub.deploy(confirmed, settings);
    Object.assign(process.env, deployed.environment());
    const handler = handlerWith(() => sandbox.clock.now());
    sandbox.clearCalls();

    const { incidents, vaults } = deployed;
    const pass = (milliseconds: number) => sandbox.clock.advance(milliseconds);
    const head = async ({ id }: Pick<Incident, 'id'>) => {
      const incident = await incidents.head(id);
      if (!incident) throw new Error(`no incident ${id}`);
      return incident;
    };
    /** Ids of the messages that come again. */
    const give = async (...bodies: readonly unknown[]) => {
      const texts = bodies.map((body) => (typeof body === 'string' ? body : JSON.stringify(body)));
      return (await handler(eventWith(texts))).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    };
    const work = ({ id }: Pick<Incident, 'id'>) => give({ incident: id });

    return {
      ...deployed,
      pass,
      head,
      give,
      work,
      calls: (name: string) => sandbox.calls.filter(({ operation }) => operation === name),
      /** What was sent to the dead letters. */
      setAside: () =>
        sandbox.calls
          .filter(({ service, operation }) => service === 'sqs' && operation === 'SendMessage')
          .map(({ input }) => input as { MessageBody: string; MessageAttributes: { reason: { StringValue: string } } }),
      /** A failure that a person was told about. */
      opened: async () => {
        const { incident, ...rest } = await deployed.fail(vaults[0]);
        await pass(MINUTE);
        const again = await work(incident);
        if (again.length > 0) throw new Error('it could not be told');
        return { incident: await head(incident), ...rest };
      },
      decide: (
        { id, revision, planHash = '' }: Incident,
        decision: Decision['decision'],
        more: Partial<Decision> = {},
      ) =>
        incidents.putDecision({
          incident: id,
          revision,
          planHash,
          decision,
          by: SOMEONE,
          at: deployed.now().toISOString(),
          ...more,
        }),
    };
  };
  return { deploy, close: hub.close };
}

export type Remediate = Awaited<ReturnType<typeof startRemediate>>;
export type Deployed = Awaited<ReturnType<Remediate['deploy']>>;

const eventWith = (bodies: readonly string[]) =>
  ({ Records: bodies.map((body, index) => ({ messageId: `message-${index}`, body })) }) as SQSEvent;
