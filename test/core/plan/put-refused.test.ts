import type { PlanKind } from '../../../lambda/core/plan/plan';
import { callEnded, putRefused, readRefused } from '../../../lambda/core/plan/put-refused';
import { AUDIT, keyWith, ownerOnly, planFor, vaultWith } from './fixture';

const PLAN = { 'vault-policy': planFor(vaultWith([AUDIT])), 'key-policy': planFor(keyWith(ownerOnly)) };
const DENIED = 'AccessDeniedException';
const deny = (by: string) => `User: x is not authorized to perform: y on resource: z with an explicit deny in ${by}`;
const none = (what: string) => `User: x is not authorized to perform: y because no ${what} allows the y action`;

it.each<[string, string, RegExp]>([
  [
    DENIED,
    none('identity-based policy'),
    /^The caller may not call \S+ on (vault|key) \S+\. AWS said: .*\. Use a role of account \d{12}/,
  ],
  [DENIED, 'Insufficient privileges to perform this action.', /^The caller may not call/],
  [DENIED, deny('a service control policy'), /\(SCP\) of the organization denies/],
  [DENIED, deny('a resource control policy'), /\(RCP\) of the organization denies/],
  [DENIED, deny('a resource-based policy'), /itself denies/],
  [DENIED, deny('a permissions boundary'), /^The permissions boundary of the caller denies/],
  [DENIED, deny('a session policy'), /^The session policy of the caller denies/],
  [DENIED, deny('an identity-based policy'), /^A policy of the caller denies/],
  [DENIED, none('permissions boundary'), /boundary of the caller does not allow/],
  [DENIED, none('session policy'), /session policy of the caller does not allow/],
  [DENIED, none('service control policy'), /No control policy of the organization allows/],
  [DENIED, none('resource-based policy'), /does not allow \S+ to this caller/],
  [DENIED, 'cannot be added to the vault due to cross-account sharing restrictions', /Mend that statement first/],
  [
    'MalformedPolicyDocumentException',
    'Policy contains a statement with one or more invalid principals.',
    /principal in the policy does not exist.*account \d{12} has no AWS Backup service-linked role yet/,
  ],
  [
    'MalformedPolicyDocumentException',
    'The new key policy will not allow you to update the key policy in the future.',
    /could not change the policy of \S+ \S+ again.*never bypassed/,
  ],
  ['MalformedPolicyDocumentException', 'Syntax error.', /does not take the policy of/],
  ['LimitExceededException', 'Too long.', /larger than AWS takes/],
  ['InvalidParameterValueException', 'Policy size exceeds the limit.', /larger than AWS takes/],
  ['InvalidParameterValueException', 'Something.', /report this/],
  [
    'ResourceNotFoundException',
    'Backup vault dr does not exist',
    /^There is no (vault|key) \S+ in account \d{12} any more/,
  ],
  ['NotFoundException', 'Key does not exist', /any more/],
  ['KMSInvalidStateException', 'arn is pending deletion.', /^The state of/],
  ['DisabledException', 'arn is disabled.', /^The state of/],
  ['ThrottlingException', 'Rate exceeded', /no more calls for now/],
  ['ExpiredTokenException', 'The security token is expired', /credentials cannot be used/],
  ['CredentialsProviderError', 'Could not load', /credentials cannot be used/],
  ['ECONNREFUSED', '', /AWS was not reached/],
  ['BrandNewException', 'Else.', /^AWS refused \S+ on/],
])('%s: %s', (name, message, expected) => {
  for (const kind of ['vault-policy', 'key-policy'] as const satisfies readonly PlanKind[]) {
    const { reason, next } = putRefused({ name, message: `${message}\u001b[31m\n` }, PLAN[kind]);
    const text = `${reason} ${next ?? ''}`.trim();
    expect(text).toMatch(expected);
    // The service tells the reason alone: nobody who reads its mail has run anything.
    expect(reason).not.toMatch(/run it again|Use a|Open the session|Get new ones|Check the network/);
    expect(text).toMatch(new RegExp(`AWS said: ${name}`));
    expect(text).not.toMatch(/[\u0000-\u001f]/);
  }
});

it('says whether a call was made', () => {
  expect(callEnded({ name: DENIED, message: '', status: 403 })).toBe('refused');
  expect(callEnded({ name: 'ThrottlingException', message: '', status: 400 })).toBe('throttled');
  expect(callEnded({ name: 'Anything', message: '', status: 429 })).toBe('throttled');
  expect(callEnded({ name: 'ECONNREFUSED', message: '' })).toBe('refused');
  for (const error of [
    { name: 'ServiceUnavailableException', status: 500 },
    { name: 'TimeoutError' },
    { name: 'ECONNRESET' },
  ])
    expect(callEnded({ message: '', ...error })).toBe('unknown');
});

it('says why nothing is written over what is not known', () => {
  expect(readRefused({ name: DENIED, message: 'no' }, PLAN['key-policy'])).toEqual({
    reason: expect.stringMatching(/^The policy of key \S+ cannot be read.* AWS said: AccessDeniedException: no\.$/),
    next: 'Use a role of account 111111111111 that may call kms:GetKeyPolicy.',
  });
  expect(readRefused({ name: 'TimeoutError', message: '' }, PLAN['vault-policy'])).toEqual({
    reason: expect.stringMatching(/ AWS said: TimeoutError\.$/),
    next: 'Run it again.',
  });
});
