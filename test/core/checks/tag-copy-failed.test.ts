import { tagCopyFailed } from '../../../lambda/core/checks/tag-copy-failed';
import { evidenceOf, RECOVERY_POINT } from '../evidence-fixture';
import { testCheck } from './check-tester';

const MESSAGE = 'We are unable to copy resource tags to your backup because of the Internal Failure';
const UNAVAILABLE =
  'We are unable to copy resource tags to your backup because source or destination recovery point is unavailable';
const POLICY = {
  EffectivePolicy: {
    PolicyType: 'TAG_POLICY',
    PolicyContent: JSON.stringify({
      tags: { team: { tag_key: 'Team', tag_value: ['a'], enforced_for: ['ec2:snapshot'] } },
    }),
  },
};
const saying = (statusMessage: string, Value = 'a') =>
  evidenceOf({
    detail: { statusMessage },
    responses: {
      'organizations:DescribeEffectivePolicy@destination': POLICY,
      'tag:GetResources@source': {
        ResourceTagMappingList: [{ ResourceARN: RECOVERY_POINT, Tags: [{ Key: 'Team', Value }] }],
      },
    },
  });

testCheck(tagCopyFailed, {
  fault: [],
  ok: [],
  notApplicable: [
    { name: 'another message', evidence: evidenceOf() },
    { name: 'no message', evidence: evidenceOf({ detail: { statusMessage: undefined } }) },
    { name: 'a violation explains it', evidence: saying(MESSAGE, 'b') },
    {
      name: "the tag policy's own message",
      evidence: saying("The tag policy does not allow the specified value for the following tag key: 'Team'"),
    },
  ],
  unknown: [
    { name: 'message, tags fit the policy', evidence: saying(MESSAGE), because: "Only AWS's message" },
    { name: 'recovery point unavailable', evidence: saying(UNAVAILABLE), because: "Only AWS's message" },
    {
      name: 'message, no policy',
      evidence: evidenceOf({ detail: { statusMessage: MESSAGE } }),
      because: "Only AWS's message",
    },
    {
      name: 'message, policy refused',
      evidence: evidenceOf({
        detail: { statusMessage: MESSAGE },
        responses: { 'organizations:DescribeEffectivePolicy@destination': { error: 'AccessDeniedException' } },
      }),
      missing: [{ permission: 'organizations:DescribeEffectivePolicy' }],
    },
  ],
});
