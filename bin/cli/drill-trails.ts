import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import { parseArn } from '../../lambda/core/arn';
import { clean } from '../../lambda/core/text/clean';
import { asking } from './aws-errors';
import { CliError, type Io } from './io';
import { hubSession, type Session } from './sessions';

/** Whether CloudTrail records what is changed in an account and Region. */
export interface TrailAnswer {
  readonly account: string;
  readonly region: string;
  /** `null`: not looked at, or not known; `reason` says why. */
  readonly recorded: boolean | null;
  readonly trail?: string;
  readonly reason?: string;
}

const NOT_LOOKED = 'not looked at';

type Place = Pick<Session, 'account' | 'region'>;

/** The hub's account and Region, and those of the destinations: where the deployment may change something. */
export async function trailsOf(
  io: Io,
  session: Session,
  destinations: readonly string[],
  destinationProfile: string | undefined,
): Promise<readonly TrailAnswer[]> {
  const places = new Map<string, Place>();
  for (const { account, region } of destinations.flatMap((arn) => parseArn(arn) ?? [])) {
    if (account !== session.account || region !== session.region)
      places.set(`${account}/${region}`, { account, region });
  }
  const other = await otherSession(io, session.region, destinationProfile);
  const used = [...places.values()].some(({ account }) => account === other?.account);
  if (other?.account !== undefined && !used && other.account !== session.account) {
    io.stderr.write(
      `copy-doctor: warning: profile ${clean(destinationProfile ?? '', 100)} is of account ${other.account}, which has no destination of this deployment\n`,
    );
  }
  const look = async (place: Place): Promise<TrailAnswer> => {
    const own = [session, other?.session].find((one) => one?.account === place.account);
    if (own) return trailIn({ ...own, region: place.region });
    const reason = other?.reason ?? `${NOT_LOOKED}: account ${place.account}, give --destination-profile`;
    return { ...place, recorded: null, reason };
  };
  return Promise.all([session, ...places.values()].map(look));
}

async function otherSession(io: Io, region: string, profile: string | undefined) {
  if (profile === undefined) return undefined;
  try {
    const session = await hubSession(io, { region, profile });
    return { session, account: session.account };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { reason: error.message };
  }
}

async function trailIn({ account, region, credentials }: Session): Promise<TrailAnswer> {
  const place = { account, region };
  const client = new CloudTrailClient({ region, credentials });
  try {
    const { trailList = [] } = await asking('cloudtrail:DescribeTrails', () =>
      client.send(new DescribeTrailsCommand({ includeShadowTrails: true })),
    );
    const looked: TrailAnswer[] = [];
    for (const trail of trailList) looked.push({ ...place, ...(await recording(client, trail)) });
    // The best of them: one that records is enough.
    return (
      looked.find(({ recorded }) => recorded) ??
      looked.find(({ recorded }) => recorded === null) ??
      looked[0] ?? { ...place, recorded: false, reason: 'there is no trail' }
    );
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { ...place, recorded: null, reason: error.message };
  }
}

async function recording(client: CloudTrailClient, trail: Trail): Promise<Omit<TrailAnswer, 'account' | 'region'>> {
  const { Name: name = '', TrailARN, HasCustomEventSelectors: custom } = trail;
  try {
    const { IsLogging } = await asking(`cloudtrail:GetTrailStatus of ${name}`, () =>
      // Of another Region or account it is found by its ARN alone.
      client.send(new GetTrailStatusCommand({ Name: TrailARN ?? name })),
    );
    if (!IsLogging) return { recorded: false, trail: name, reason: `trail ${name} is switched off` };
    // A trail without selectors of its own records all management events.
    if (!custom) return { recorded: true, trail: name };
    const reason = `trail ${name} has event selectors of its own: look whether they include management events`;
    return { recorded: null, trail: name, reason };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { recorded: null, trail: name, reason: error.message };
  }
}

export function trailLine({ account, region, recorded, trail = '', reason = '' }: TrailAnswer): string {
  const where = `account ${account}, ${region}`;
  if (recorded) return `CloudTrail:     ${where}: trail ${clean(trail, 128)} records changes`;
  if (recorded === false) return `CloudTrail:     ${where}: NO record of changes (${clean(reason, 500)})`;
  if (reason.startsWith(NOT_LOOKED)) return `CloudTrail:     ${clean(reason, 500)}`;
  return `CloudTrail:     ${where}: not known (${clean(reason, 500)})`;
}
