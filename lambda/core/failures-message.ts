import { readCopyFailure, type CopyFailure, type Reading } from './copy-failure';
import { clean, shown } from './text/clean';

/** Look through the failed copies of an account and Region for those that no event has told. */
export interface CatchUp {
  readonly account: string;
  readonly region: string;
  /** ISO time; undefined: the last hours. */
  readonly since: string | undefined;
  /** What is found is told as one summary. */
  readonly summary: boolean;
}

/** What the queue `failures` brings. */
export type FailuresMessage =
  | { readonly kind: 'failure'; readonly failure: CopyFailure }
  | { readonly kind: 'catch-up'; readonly catchUp: CatchUp };

/** Reads a message strictly; anything else, and every account that is no source here, is refused with the reason. */
export function readFailuresMessage(body: string, hubAccount: string): Reading<FailuresMessage> {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return { ok: false, reason: 'the message is not JSON' };
  }
  if (typeof message === 'object' && message !== null && 'copyDoctor' in message) {
    const catchUp = readCatchUp(message as Record<string, unknown>);
    return catchUp.ok
      ? ofSource(catchUp.value.account, hubAccount, { kind: 'catch-up', catchUp: catchUp.value })
      : catchUp;
  }
  const failure = readCopyFailure(message);
  return failure.ok
    ? ofSource(failure.value.account, hubAccount, { kind: 'failure', failure: failure.value })
    : failure;
}

const ofSource = (account: string, hubAccount: string, value: FailuresMessage): Reading<FailuresMessage> =>
  account === hubAccount
    ? { ok: true, value }
    : { ok: false, reason: `account ${account} is not a source account of this deployment` };

function readCatchUp(message: Record<string, unknown>): Reading<CatchUp> {
  const { copyDoctor, account, region, since, summary, ...others } = message;
  const no = (name: string, value: unknown, wanted: string): Reading<CatchUp> => ({
    ok: false,
    reason: `"${name}" is ${value === undefined ? 'missing' : clean(shown(value)).slice(0, 80)}, not ${wanted}`,
  });
  if (copyDoctor !== 'catch-up') return no('copyDoctor', copyDoctor, '"catch-up"');
  if (typeof account !== 'string' || !/^\d{12}$/.test(account)) return no('account', account, '12 digits');
  if (typeof region !== 'string' || !/^[a-z0-9-]{1,32}$/.test(region)) return no('region', region, 'a Region');
  if (since !== undefined && (typeof since !== 'string' || Number.isNaN(Date.parse(since)))) {
    return no('since', since, 'a time');
  }
  if (summary !== undefined && typeof summary !== 'boolean') return no('summary', summary, 'true or false');
  const [other] = Object.keys(others);
  if (other !== undefined)
    return { ok: false, reason: `"${clean(other).slice(0, 80)}" is nothing that a catch-up has` };
  return { ok: true, value: { account, region, since, summary: summary === true } };
}
