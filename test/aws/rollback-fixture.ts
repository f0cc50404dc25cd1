import { planRollbackNow, rollBack } from '../../lambda/aws/rollback';
import type { Decision, Incident } from '../../lambda/core/incident/incident';
import { AUDIT, OURS, OURS_SID, type applyHub } from './apply-change-fixture';
import { MINUTE, policyOf } from './remediate-fixture';

export const ADDED = { Sid: OURS_SID, ...OURS };
/** The vault's policy after the change. */
export const BOTH = policyOf(AUDIT, ADDED);

/** The steps of a rollback, as the handler takes them. */
export function rollbackSteps(on: ReturnType<typeof applyHub>) {
  const { approved, apply, head, putDecision, services } = on;
  /** The service made the change, and it has settled. */
  const changed = async () => {
    const incident = await apply(await approved());
    await on.hub.sandbox.clock.advance(MINUTE);
    await on.deployed.incidents.change(incident.id, { kind: 'settle', at: on.deployed.now().toISOString() });
    on.hub.sandbox.clearCalls();
    const after = await head(incident.id);
    expect(after).toMatchObject({ state: 'applied', change: { at: expect.any(String) } });
    return after;
  };
  const ask = async (incident: Incident) => {
    await putDecision(incident, { about: 'rollback-request', planHash: '' });
    const request = await on.deployed.incidents.rollbackRequest(incident.id, incident.revision);
    if (!request) throw new Error('no request');
    await planRollbackNow(incident, request, services());
    return head(incident.id);
  };
  const decide = async (incident: Incident, more: Partial<Decision> = {}) => {
    const { planHash = '' } = incident.rollback ?? {};
    await putDecision(incident, { about: 'rollback', planHash, ...more });
    const decision = await on.deployed.incidents.decision(incident.id, 1, 'rollback', more.planHash ?? planHash);
    if (!decision) throw new Error('no decision');
    const at = on.deployed.now().toISOString();
    await on.deployed.incidents.change(incident.id, { kind: 'rollback-decided', at, decision });
    on.hub.sandbox.clearCalls();
    return head(incident.id);
  };
  const decided = async () => decide(await ask(await changed()));
  const back = async (incident: Incident) => {
    await rollBack(incident, services());
    return head(incident.id);
  };

  return { changed, ask, decide, decided, back };
}
