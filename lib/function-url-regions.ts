/**
 * Regions without Lambda function URLs, as of November 2026: the AWS Lambda Developer Guide ("Creating and managing
 * Lambda function URLs"), the GovCloud guide, and the Regions where CloudFormation does not know AWS::Lambda::Url (last
 * line). Take a Region out when these do.
 */
const WITHOUT: ReadonlySet<string> = new Set([
  ...['ap-east-2', 'ap-south-2', 'ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7'],
  ...['ca-west-1', 'eu-central-2', 'eu-south-2', 'il-central-1', 'me-central-1'],
  ...['us-gov-east-1', 'us-gov-west-1'],
  ...['cn-northwest-1', 'mx-central-1'],
]);

/** Of a Region that is known only on deployment: true. */
export const hasFunctionUrls = (region: string): boolean => !WITHOUT.has(region);

/** Why a Region cannot hold a hub; empty where it can. */
export function regionProblems(region: string): string[] {
  if (hasFunctionUrls(region)) return [];
  return [
    `Region ${region} has no Lambda function URLs as of November 2026, and people decide by one. ` +
      'Allowed: every Region that has them; Copy Doctor cannot be deployed here yet.',
  ];
}
