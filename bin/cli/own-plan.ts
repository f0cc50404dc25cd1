import type { Incident } from '../../lambda/core/incident/incident';
import { isOwnPlan } from '../../lambda/core/plan/own-plan';
import type { Plan } from '../../lambda/core/plan/plan';
import { commandFor, type HubPlace } from './hub';
import { CliError, EXIT } from './io';

/** What is shown is what a decision is bound to. */
export function ownPlan(hub: HubPlace, { id }: Incident, plan: Plan | undefined, wanted: string | undefined): Plan {
  if (!plan) {
    const next = commandFor(hub, `show ${id}`);
    throw new CliError(`the plan of incident ${id} cannot be read. Next: ${next}`, EXIT.notWorking);
  }
  if (isOwnPlan(plan, wanted)) return plan;
  throw new CliError(
    `the plan of incident ${id} is not the one that its hash names. Do not decide on it; the runbook says what to look at`,
    EXIT.notWorking,
  );
}
