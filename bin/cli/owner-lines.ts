import type { Incident } from '../../lambda/core/incident/incident';
import { clean } from '../../lambda/core/text/clean';
import { arg } from '../../lambda/core/text/en/policy-words';
import { commandFor, type HubPlace } from './hub';

type Owned = Pick<Incident, 'id' | 'owner' | 'template'>;

/** The command by which the owner of a resource makes a change, as it works for this resource. */
export const applyCommand = (hub: HubPlace, { id, template }: Owned): string =>
  // Its --profile is the owner's, not the one that reaches the deployment.
  commandFor(
    { ...hub, profile: undefined },
    `apply ${id}`,
    `--profile OWNER${template ? ' --even-though-a-template-owns-it' : ''}`,
  );

/** That command, what stands for OWNER, and what else it may need. */
export function ownerLines(hub: HubPlace, incident: Owned): readonly string[] {
  const owner = clean(incident.owner);
  const first = incident.template
    ? `The owner changes the template; to change the resource directly all the same, with a profile of account ${owner} as OWNER:`
    : `The owner makes the change, with a profile of account ${owner} as OWNER:`;
  return [
    first,
    `  ${applyCommand(hub, incident)}`,
    ...(owner === hub.account
      ? []
      : [
          `Unless account ${owner}, or your role in it, is among the deployment's approvers, add --hub-profile with a profile of account ${hub.account}${hub.profile === undefined ? '' : `, such as ${arg(hub.profile)}`}.`,
        ]),
  ];
}
