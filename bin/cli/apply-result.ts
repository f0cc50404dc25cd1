import type { ApplyResult } from '../../lambda/aws/apply-fix';
import { copyOf } from '../../lambda/core/evidence';
import { wantsRetry } from '../../lambda/core/incident/incident';
import type { ShownIncident } from '../../lambda/core/incident/shown';
import type { Plan } from '../../lambda/core/plan/plan';
import { diffForMail } from '../../lambda/core/plan/render-plan';
import { clean } from '../../lambda/core/text/clean';
import { startCopyCommand } from '../../lambda/core/text/en/playbooks';
import { commandFor, type Hub } from './hub';
import { CliError, EXIT, printJson, styles, type Io } from './io';

/** The policy as it was, and the command that puts it back. */
export interface Kept {
  readonly path: string;
  readonly undo: string;
}

/** What the result is told about. */
export interface Told {
  readonly shown: ShownIncident;
  readonly plan: Plan;
  readonly hub: Hub;
  readonly json: boolean;
  readonly kept: { readonly file?: Kept };
}

/** The change is there, by this command or before it. */
export function tellApplied(io: Io, told: Told, result: ApplyResult): number {
  const { plan, kept, json } = told;
  const again = wantsRetry(told.shown.incident);
  // Where the deployment starts the copies, nobody has to.
  const [file, copy] = [kept.file, again ? undefined : copyCommand(told.shown)];
  if (json) {
    printJson(io, { ...asJson(told, result), ...(copy ? { copyAtOnce: copy.command } : {}) });
    return EXIT.done;
  }
  const style = styles(io);
  const changed = result.outcome === 'applied';
  const lines = [
    style(
      'bold',
      changed
        ? `Changed: the policy of ${clean(plan.resource, 300)}.`
        : 'Nothing to change: the change is in place already.',
    ),
    ...(changed
      ? [`  Read back   it is as planned${result.requestId ? ` (AWS request ${clean(result.requestId, 100)})` : ''}`]
      : []),
    ...(file ? [`  As it was   ${clean(file.path, 1000)}`, `  To undo     ${file.undo}`] : []),
    '',
    `Nothing is left to do. ${seenBy(told.shown)}`,
    again
      ? 'Once it has settled, Copy Doctor starts the failed copies again: one first, then the others.'
      : 'Whether it helps is shown by the next scheduled copy: Copy Doctor starts none for this incident.',
    ...(copy
      ? [`To start that copy yourself${wait(plan)}, with credentials of account ${copy.account}:`, `  ${copy.command}`]
      : []),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.done;
}

/** What nobody was asked to decide is not looked at for its policy, only for newer copies. */
const seenBy = ({ incident }: ShownIncident): string =>
  incident.state === 'reported'
    ? 'The deployment says by mail when the copies have succeeded.'
    : 'The deployment sees the change by itself within about 10 minutes, and says so by mail.';

/** https://docs.aws.amazon.com/kms/latest/developerguide/accessing-kms.html#programming-eventual-consistency */
const wait = ({ kind }: Plan): string => (kind === 'key-policy' ? ' in 5 minutes' : ' in a minute');

/** Everything else: says in one line what is the matter, and ends with 1. */
export function tellNotApplied(io: Io, told: Told, result: ApplyResult): number {
  const { json, hub, shown } = told;
  if (json) {
    printJson(io, asJson(told, result));
    return EXIT.notWorking;
  }
  if (result.now) {
    const screen = ['What would be changed in the policy of now:', '', diffForMail(result.now)];
    io.stdout.write(`${screen.join('\n')}\n\n`);
  }
  const advice =
    result.outcome === 'stale'
      ? ` The deployment sees that within about 10 minutes and mails a new plan, or why there is none. Next: ${commandFor(hub, `show ${shown.incident.id}`)}`
      : '';
  const first = result.outcome === 'not-seen' ? '' : 'not changed: ';
  throw new CliError(`${first}${why(result) ?? result.outcome}${advice}`, EXIT.notWorking);
}

/** The reason, and what this caller can do about it. */
function why({ reason, next }: ApplyResult): string | undefined {
  return reason === undefined ? undefined : clean([reason, next ?? ''].join(' ').trim(), 3000);
}

function asJson({ shown, plan, kept }: Told, result: ApplyResult): object {
  const { outcome, requestId } = result;
  const reason = why(result);
  return {
    incident: shown.incident.id,
    outcome,
    changed: outcome === 'applied' ? true : outcome === 'not-seen' ? null : false,
    resource: plan.resource,
    owner: plan.owner,
    planHash: plan.hash,
    ...(requestId ? { requestId } : {}),
    ...(kept.file ? { before: kept.file.path, undo: kept.file.undo } : {}),
    ...(reason ? { reason } : {}),
  };
}

/** The failed copy once more, by hand, in the account of its source vault. */
function copyCommand({ evidence }: ShownIncident): { readonly account: string; readonly command: string } | undefined {
  if (!evidence) return undefined;
  const copy = copyOf(evidence.evidence);
  if (!copy.recoveryPointArn || !copy.roleArn) return undefined;
  return { account: copy.sourceAccount, command: startCopyCommand(copy, copy.recoveryPointArn) };
}
