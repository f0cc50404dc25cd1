import type { ApiCall, Api } from './api';
import { str } from './api';
import { AwsError } from './errors';
import type { Trail } from './model';

/** Trails that record what happens in an account and Region: its own, and its organization's. */
const recording = ({ sandbox, account, region }: Pick<ApiCall, 'sandbox' | 'account' | 'region'>): Trail[] => {
  const management = sandbox.account(account).organization?.management;
  return sandbox.trails.filter(
    (trail) =>
      (trail.account === account || (trail.organization && trail.account === management)) &&
      (trail.homeRegion === region || trail.multiRegion),
  );
};

/** Whether changes in an account and Region become events. */
export const isRecorded = (where: Pick<ApiCall, 'sandbox' | 'account' | 'region'>): boolean =>
  recording(where).some(({ logging }) => logging);

const shape = (trail: Trail) => ({
  Name: trail.name,
  S3BucketName: `trail-of-${trail.account}`,
  IncludeGlobalServiceEvents: true,
  IsMultiRegionTrail: trail.multiRegion,
  HomeRegion: trail.homeRegion,
  TrailARN: trail.arn,
  LogFileValidationEnabled: false,
  HasCustomEventSelectors: false,
  HasInsightSelectors: false,
  IsOrganizationTrail: trail.organization,
});

/** 3 to 128 letters, numbers, `.`, `_`, `-`; these neither first nor last nor side by side. */
function checkName(name: string): void {
  if (name.startsWith('arn:') || (/^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/.test(name) && name.length >= 3 && name.length <= 128)) return; // prettier-ignore
  throw new AwsError('InvalidTrailNameException', `${name} is not a valid trail name.`);
}

/** By name in its own Region, by ARN in every Region that it records. */
function trailOf(call: ApiCall): Trail {
  const name = str(call, 'Name') ?? '';
  checkName(name);
  const found = recording(call).find(
    (trail) => trail.arn === name || (trail.name === name && trail.homeRegion === call.region),
  );
  if (found) return found;
  const arn = name.startsWith('arn:') ? name : `arn:aws:cloudtrail:${call.region}:${call.account}:trail/${name}`;
  throw new AwsError('TrailNotFoundException', `Unknown trail: ${arn} for the user: ${call.account}`);
}

export const cloudtrailApi: Api = {
  DescribeTrails: {
    handle(call) {
      const { trailNameList = [], includeShadowTrails = true } = call.input as {
        trailNameList?: string[];
        includeShadowTrails?: boolean;
      };
      trailNameList.forEach(checkName);
      const trails = recording(call).filter(
        ({ name, arn, homeRegion }) =>
          (trailNameList.length === 0 || trailNameList.includes(arn) || trailNameList.includes(name)) &&
          (includeShadowTrails || homeRegion === call.region),
      );
      return { trailList: trails.map(shape) };
    },
  },
  GetTrailStatus: {
    resource: (call) => trailOf(call).arn,
    handle: (call) => ({ IsLogging: trailOf(call).logging }),
  },
};
