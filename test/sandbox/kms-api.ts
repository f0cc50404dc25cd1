import { callerOf, contextOf } from './authorize';
import { refuseByResource } from './demand';
import { evaluate, type PolicyRequest } from './matcher';
import { AwsError } from './errors';
import { parseArn } from './arn';
import { page, str, type Api, type ApiCall } from './api';
import { recordChange } from './cloudtrail-event';
import { putPolicy } from './policy-delay';
import { principalsExist, readPolicy } from './policy-text';
import type { Key } from './model';

const notFound = (message: string) => new AwsError('NotFoundException', message);

function keyOf(call: ApiCall): Key {
  const id = str(call, 'KeyId') ?? '';
  const alias = /(?:^|:)alias\/(.+)$/.exec(id)?.[1];
  const arn = id.startsWith('arn:') ? parseArn(id) : undefined;
  if (arn && arn.region !== call.region) throw notFound(`Invalid arn ${arn.region}`);
  const account = arn?.account ?? call.account;
  const keys = (call.sandbox.state.accounts.get(account)?.keys ?? []).filter(({ region }) => region === call.region);
  const key = keys.find((one) => (alias === undefined ? one.arn === id || one.id === id : one.alias === alias));
  if (key) return key;
  const where = `arn:aws:kms:${call.region}:${account}`;
  if (alias !== undefined) throw notFound(`Alias ${where}:alias/${alias} is not found.`);
  throw notFound(`Key '${id.startsWith('arn:') ? id : `${where}:key/${id}`}' does not exist`);
}

/** The key policy must allow too: the caller itself, or its account. What is not `reachable` never works across accounts. */
function open(call: ApiCall, action: string, reachable: boolean): Key {
  const key = keyOf(call);
  const request: PolicyRequest = {
    action,
    resource: key.arn,
    principal: callerOf(call.identity),
    context: {
      ...contextOf(call.sandbox.state, call.identity),
      'kms:CallerAccount': call.account,
      'aws:RequestedRegion': call.region,
    },
  };
  const decision = evaluate([key.policy], request);
  const foreign = key.account !== call.account;
  if (decision !== 'allowed' || (foreign && !reachable)) {
    const told = foreign && !reachable ? 'implicitDeny' : decision;
    throw refuseByResource(call, action, key.arn, told);
  }
  return key;
}

const resource = (call: ApiCall) => keyOf(call).arn;

function checkPolicy(call: ApiCall, key: Key, text: string): void {
  const malformed = (message: string) => new AwsError('MalformedPolicyDocumentException', message);
  if (Buffer.byteLength(text) > 32 * 1024)
    throw new AwsError('LimitExceededException', 'The policy is longer than 32768 bytes.');
  const statements = readPolicy(text);
  if (!statements) throw malformed('The new key policy is not valid JSON.');
  if (!principalsExist(call.sandbox.state, statements)) {
    throw malformed('Policy contains a statement with one or more invalid principals.');
  }
  if (call.input.BypassPolicyLockoutSafetyCheck === true) return;
  const context = {
    ...contextOf(call.sandbox.state, call.identity),
    'kms:CallerAccount': call.account,
    'aws:RequestedRegion': call.region,
  };
  const request = { action: 'kms:PutKeyPolicy', resource: key.arn, principal: callerOf(call.identity), context };
  if (evaluate([text], request) !== 'allowed') {
    throw malformed('The new key policy will not allow you to update the key policy in the future.');
  }
}

export const kmsApi: Api = {
  DescribeKey: {
    resource,
    handle(call) {
      const key = open(call, 'kms:DescribeKey', true);
      return {
        KeyMetadata: {
          AWSAccountId: key.account,
          KeyId: key.id,
          Arn: key.arn,
          CreationDate: key.createdAt,
          Enabled: key.state === 'Enabled',
          Description: '',
          KeyUsage: 'ENCRYPT_DECRYPT',
          KeyState: key.state,
          ...(key.state === 'PendingDeletion'
            ? { DeletionDate: new Date(call.sandbox.clock.now().getTime() + 7 * 86_400_000) }
            : {}),
          Origin: key.state === 'PendingImport' ? 'EXTERNAL' : 'AWS_KMS',
          KeyManager: key.manager,
          KeySpec: 'SYMMETRIC_DEFAULT',
          CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
          EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
          MultiRegion: key.id.startsWith('mrk-'),
        },
      };
    },
  },
  GetKeyPolicy: {
    resource,
    handle(call) {
      const key = open(call, 'kms:GetKeyPolicy', false);
      if ((call.input.PolicyName ?? 'default') !== 'default') throw notFound('No such policy exists');
      return { Policy: key.policy, PolicyName: 'default' };
    },
  },
  PutKeyPolicy: {
    resource,
    async handle(call) {
      const key = open(call, 'kms:PutKeyPolicy', false);
      if (key.manager === 'AWS') {
        throw refuseByResource(call, 'kms:PutKeyPolicy', key.arn, 'implicitDeny');
      }
      if ((call.input.PolicyName ?? 'default') !== 'default') throw notFound('No such policy exists');
      const text = str(call, 'Policy') ?? '';
      checkPolicy(call, key, text);
      putPolicy(call.sandbox, 'key', key, text);
      await recordChange(call, 'PutKeyPolicy', { keyId: str(call, 'KeyId'), policyName: 'default', policy: text });
      return undefined;
    },
  },
  ListGrants: {
    resource,
    handle(call) {
      const key = open(call, 'kms:ListGrants', true);
      const { GrantId, GranteePrincipal } = call.input as { GrantId?: string; GranteePrincipal?: string };
      const grants = key.grants.filter(
        ({ grantId, granteePrincipal }) =>
          (GrantId === undefined || grantId === GrantId) &&
          (GranteePrincipal === undefined || granteePrincipal === GranteePrincipal),
      );
      const bad = () => new AwsError('InvalidMarkerException', 'Invalid marker');
      const { items, next } = page(grants, call.input.Marker, call.input.Limit, 50, bad);
      const Grants = items.map(({ grantId, granteePrincipal, operations }) => ({
        KeyId: key.arn,
        GrantId: grantId,
        Name: '',
        CreationDate: key.createdAt,
        GranteePrincipal: granteePrincipal,
        IssuingAccount: `arn:aws:iam::${key.account}:root`,
        Operations: operations,
      }));
      return { Grants, NextMarker: next, Truncated: next !== undefined };
    },
  },
};
