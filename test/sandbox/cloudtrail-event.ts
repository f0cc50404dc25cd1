import { randomUUID } from 'node:crypto';
import type { ApiCall } from './api';
import { isRecorded } from './cloudtrail-api';
import type { ApiCallEvent } from './events';

/** What EventBridge gets of a change, where a trail records it; without a trail there is no such event. */
export async function recordChange(
  call: ApiCall,
  eventName: string,
  requestParameters: Record<string, unknown>,
): Promise<void> {
  const { sandbox, account, region, identity, service } = call;
  if (!isRecorded(call)) return;
  const time = sandbox.clock
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  const { role, sourceIdentity } = identity;
  const event: ApiCallEvent = {
    version: '0',
    id: randomUUID(),
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account,
    time,
    region,
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: {
        type: role ? 'AssumedRole' : 'IAMUser',
        principalId: identity.userId,
        arn: identity.arn,
        accountId: identity.account,
        ...(role && {
          sessionContext: {
            sessionIssuer: {
              type: 'Role',
              principalId: role.id,
              arn: role.arn,
              accountId: role.account,
              userName: role.name,
            },
            ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
          },
        }),
      },
      eventTime: time,
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: region,
      requestParameters,
      responseElements: null,
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account,
    },
  };
  await sandbox.events.emitChange(event);
}
