import { copyOf } from '../../lambda/core/evidence';
import type { Decision, Incident } from '../../lambda/core/incident/incident';
import { retryOf } from '../../lambda/core/incident/judge-decision';
import type { ShownIncident } from '../../lambda/core/incident/shown';
import { clean } from '../../lambda/core/text/clean';
import type { HubPlace } from './hub';
import { ownerLines } from './owner-lines';
import { many, sizeText } from './show-plan';

type Extras = Pick<Decision, 'retry' | 'evenThoughATemplateOwnsIt'>;
type Approved = Pick<ShownIncident, 'incident' | 'settings'>;

/** Once it is approved: the service makes the change, and nobody has to run anything. */
export const serviceMakes = ({ applies, template }: Incident, { evenThoughATemplateOwnsIt }: Extras): boolean =>
  applies === 'service' && (!template || evenThoughATemplateOwnsIt === true);

/** The failed copies are started again once the change is in place. */
export function copiesAgain({ incident, settings }: Approved, { retry }: Extras): boolean {
  const setting = retryOf(incident, settings);
  return setting === 'auto' || (setting === 'ask' && retry === true);
}

/** What an approval leads to, and what somebody still has to do. */
export function afterApproval(hub: HubPlace, shown: Approved, extras: Extras): readonly string[] {
  return [...makerLines(hub, shown.incident, extras), retryLine(shown, extras)];
}

function makerLines(hub: HubPlace, incident: Incident, extras: Extras): readonly string[] {
  const { template, applies } = incident;
  if (serviceMakes(incident, extras)) {
    const owned = template ? '' : ', or a template owns the resource';
    return [
      'The service makes the change within minutes; nothing is left to run.',
      `Where the policy is another one by then${owned}, it changes nothing and says so by mail.`,
    ];
  }
  const stack = `The CloudFormation stack ${clean(template?.stack ?? '', 200)} owns the resource: change its template. A change made directly is lost when the stack next updates that property.`;
  return [
    applies === 'service'
      ? 'The service changes nothing by itself here.'
      : 'Nothing is changed by the approval itself.',
    ...(template ? [stack] : []),
    ...ownerLines(hub, incident),
    'The deployment sees the change by itself and says so by mail.',
  ];
}

function retryLine(shown: Approved, extras: Extras): string {
  if (!copiesAgain(shown, extras)) return 'No copy is started again: the next scheduled copy shows whether it worked.';
  const time = shown.incident.kind === 'key-policy' ? '5 minutes' : 'a minute';
  return `Once the change has settled (${time}), one copy is started again first, then the others; a mail says what came of it.`;
}

/** What would be copied again, and where to; empty: nothing. */
export function copyingAgain({ incident, counted, evidence, settings }: ShownIncident): readonly string[] {
  if (counted.copies === 0 || retryOf(incident, settings) === 'never') return [];
  const { copies, resources } = many(counted);
  const copy = evidence && copyOf(evidence.evidence);
  const [account, other] = [copy?.sourceAccount, copy?.destinationAccount].map((id) => `(account ${clean(id ?? '')})`);
  const one = copy ? [{ from: copy.sourceRegion, to: copy.destinationRegion }] : [];
  const ways = copy ? (counted.routes ?? one) : [];
  const way = ways.map(({ from, to }) => `, from ${clean(from)} ${account} to ${clean(to)} ${other}`).join('');
  return [
    `${copies} of ${resources} failed. Each resource once is ${sizeText(counted)}${way}.`,
    'AWS charges for what is stored, and for what is sent to another Region.',
    ...(retryOf(incident, settings) === 'auto'
      ? ['They are copied again without asking: the setting "retry" is "auto".']
      : []),
  ];
}
