import { lookAgain } from '../../lambda/aws/look-again';
import type { Decision, Incident } from '../../lambda/core/incident/incident';
import { SOURCE } from '../sandbox/fixture';
import { MINUTE, type startHub } from './remediate-fixture';

type Hub = Awaited<ReturnType<typeof startHub>>;

/** A deployment that looks at its incidents again, while time goes by and people decide. */
export async function deployLooks(hub: Hub) {
  const { sandbox } = hub;
  sandbox.faults.clear();
  const deployed = await hub.deploy();
  const { incidents } = deployed;

  const head = async (id: string): Promise<Incident> => {
    const incident = await incidents.head(id);
    if (!incident) throw new Error(`no incident ${id}`);
    return incident;
  };
  /** The incident after one look some minutes later. */
  const look = async ({ id }: Pick<Incident, 'id'>, minutes = 10) => {
    await sandbox.clock.advance(minutes * MINUTE);
    sandbox.clearCalls();
    await lookAgain(await head(id), deployed.services());
    return head(id);
  };
  const decide = ({ id, revision, planHash = '' }: Incident, decision: Decision['decision']) => {
    const at = deployed.now().toISOString();
    const by = `arn:aws:iam::${SOURCE}:user/someone`;
    return incidents.change(id, {
      kind: 'decided',
      at,
      decision: { incident: id, revision, planHash, decision, by, at },
    });
  };
  return { ...deployed, head, look, decide };
}

export type Looks = Awaited<ReturnType<typeof deployLooks>>;
