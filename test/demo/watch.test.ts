import { DeleteBackupVaultAccessPolicyCommand, PutBackupVaultAccessPolicyCommand } from '@aws-sdk/client-backup';
import { synthesizeHub } from '../../lib/synthesize';
import { matchesPattern, startSandbox } from '../sandbox';
import { addMembers } from '../sandbox/demo/deploy-roles';
import { DESTINATION, REGION, SOURCE } from '../sandbox/demo/scenario';
import { policyText } from '../sandbox/demo/stage';
import { Resolver } from '../sandbox/demo/templates';
import { clients, type Config } from '../sandbox/fixture';

it("lets the alarm ring for changes of a vault's policy by others, and not for those by the service", async () => {
  const sandbox = await startSandbox();
  const destinations = `arn:aws:backup:${REGION}:${DESTINATION}:backup-vault:dr`;
  const settings = { email: 'you@example.com', destinations };
  const { destinationTemplate } = synthesizeHub(settings, { account: SOURCE, region: REGION });
  for (const id of [SOURCE, DESTINATION]) sandbox.addAccount({ id });
  addMembers({ sandbox, hub: SOURCE, region: REGION }, destinationTemplate, { accounts: [DESTINATION], settings });
  sandbox.addVault({ account: DESTINATION, region: REGION, name: 'dr' });
  sandbox.addTrail({ account: DESTINATION, region: REGION });
  const template = new Resolver(destinationTemplate, {
    account: DESTINATION,
    region: REGION,
    parameters: { HubAccount: SOURCE, Deployment: REGION },
    attribute: (id, name) => `${id}.${name}`,
  });
  const { EventPattern } = template.resource<{ EventPattern: object }>('AWS::Events::Rule');

  const Policy = policyText({ Effect: 'Deny', Principal: '*', Action: 'backup:DeleteRecoveryPoint', Resource: '*' });
  const put = (who: string | Config) =>
    clients(sandbox, who).backup.send(new PutBackupVaultAccessPolicyCommand({ BackupVaultName: 'dr', Policy }));
  const role = (name: string) => `arn:aws:iam::${DESTINATION}:role/${name}`;
  const trust = { Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' } };
  sandbox.addRole({ account: DESTINATION, name: 'admin', trust });
  await put(sandbox.roleCredentials(role(`copy-doctor-${REGION}-vault-writer`)));
  await put(sandbox.roleCredentials(role('admin')));
  await put(DESTINATION);
  await clients(sandbox, DESTINATION).backup.send(new DeleteBackupVaultAccessPolicyCommand({ BackupVaultName: 'dr' }));
  await sandbox.close();

  const rings = sandbox.events.changes.map((event) => matchesPattern(EventPattern, event));
  expect(rings).toEqual([false, true, true, true]);
});
