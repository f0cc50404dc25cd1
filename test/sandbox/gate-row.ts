import { DESTINATION, REGION, type World } from './fixture';

export const DENIED = ['ACCESS_DENIED', 'Access Denied trying to call AWS Backup service'] as const;
export const GENERIC = [
  'KMS_KEY_ERROR',
  'KMS key is either disabled or pending deletion or access to KMS key is denied',
] as const;
export const EBS_KEY = ['KMS_KEY_ERROR', 'Given key ID is not accessible'] as const;
export const RETENTION = [
  'INVALID_LIFECYCLE',
  'Copy job failed. The retention specified in the job is not within the range specified for the target Backup Vault.',
] as const;
export const MANAGED_DESTINATION = [
  'ACCESS_DENIED',
  'Copy job failed because the destination Backup vault is encrypted with the default Backup service managed key. The contents of this vault cannot be copied. Only the contents of a Backup vault encrypted by an AWS KMS key may be copied.',
] as const;
export const notSupported = (type: string, to = REGION) =>
  [
    'UNSUPPORTED_OPERATION',
    `Copy job from ${REGION} to ${to} cannot be initiated for ${type} resources. Feature is not supported for provided resource type.`,
  ] as const;
export const INTERNAL = [
  'TAG_COPY_ERROR',
  'We are unable to copy resource tags to your backup because of the Internal Failure',
] as const;

/** Adds a statement to a policy as a person would. */
export function edit(policy: string | undefined, change: (statements: Record<string, unknown>[]) => unknown): string {
  const document = JSON.parse(policy ?? '{"Statement":[]}') as { Statement: Record<string, unknown>[] };
  change(document.Statement);
  return JSON.stringify(document);
}
export const deny = (Action: string) => ({ Sid: 'No', Effect: 'Deny', Principal: '*', Action, Resource: '*' });
export const keyActions = (world: World, Action: string[], Condition?: object) => {
  world.sourceKey.policy = edit(world.sourceKey.policy, (statements) => {
    Object.assign(statements[1] ?? {}, { Action }, Condition ? { Condition } : {});
  });
};
export const tagPolicy = (enforced: string, key = 'team') => ({
  tags: {
    team: {
      tag_key: { '@@assign': key },
      tag_value: { '@@assign': ['b', 'c*'] },
      enforced_for: { '@@assign': [enforced] },
    },
  },
});

export function farVault(world: World) {
  const { sandbox } = world;
  const region = 'eu-central-1';
  const key = sandbox.addKey({ account: DESTINATION, region });
  const policy = world.destinationVault.policy ?? '';
  world.copy.destinationVaultArn = sandbox.addVault({ account: DESTINATION, region, name: 'far', key, policy }).arn;
}

export interface Row {
  name: string;
  gate: string;
  type?: string;
  now?: string;
  close: (world: World) => void;
  told: readonly [category: string, statusMessage: string | ((world: World) => string)];
}
