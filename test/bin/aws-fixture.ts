import { startSandbox } from '../sandbox';
import { DESTINATION, KEY_STATEMENTS, policyText, REGION, SOURCE } from '../core/evidence-fixture';
import { fileOf } from './cli-harness';

/** Two accounts in an organization, a failed copy between them, and profiles `prod`, `dr`, `stranger`, `management` for the CLI. */
export async function awsFixture() {
  const sandbox = await startSandbox({ now: new Date().toISOString() });
  for (const id of [SOURCE, DESTINATION, '333333333333', '999999999999']) sandbox.addAccount({ id });
  sandbox.addOrganization({ management: '999999999999', members: [SOURCE, DESTINATION] });
  const { owner, use, grants } = KEY_STATEMENTS;
  const key = sandbox.addKey({ account: SOURCE, region: REGION, policy: policyText(owner, use, grants) });
  const prod = sandbox.addVault({ account: SOURCE, region: REGION, name: 'prod', key });
  const destinationKey = sandbox.addKey({ account: DESTINATION, region: REGION });
  const dr = sandbox.addVault({ account: DESTINATION, region: REGION, name: 'dr', key: destinationKey });
  const local = sandbox.addVault({ account: SOURCE, region: REGION, name: 'local', key });
  const role = sandbox.addCopyRole(SOURCE);
  const point = sandbox.addRecoveryPoint({ vault: prod, type: 'EBS', key });
  const restore = setEnvironment(sandbox.endpoint, {
    prod: sandbox.credentials(SOURCE),
    dr: sandbox.credentials(DESTINATION),
    stranger: sandbox.credentials('333333333333'),
    management: sandbox.credentials('999999999999'),
  });
  const copyTo = async (destinationVaultArn: string, recoveryPoint = point) => {
    const job = await sandbox.runCopy({
      recoveryPoint,
      destinationVaultArn,
      role: role.arn,
      createdBy: 'on-demand',
    });
    await sandbox.finishCopies();
    return job;
  };
  const close = async () => {
    restore();
    await sandbox.close();
  };
  return { sandbox, key, prod, dr, local, role, point, copyTo, close };
}

export type AwsFixture = Awaited<ReturnType<typeof awsFixture>>;

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The SDK reads the environment of the process: it is put back afterwards. */
function setEnvironment(endpoint: string, profiles: Record<string, Keys>): () => void {
  const before = { ...process.env };
  const ini = Object.entries(profiles).map(
    ([name, keys]) =>
      `[${name}]\naws_access_key_id = ${keys.accessKeyId}\naws_secret_access_key = ${keys.secretAccessKey}\n`,
  );
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_SHARED_CREDENTIALS_FILE: fileOf(ini.join('\n'), 'credentials'),
    AWS_CONFIG_FILE: fileOf('[profile prod]\nregion = eu-west-1\n', 'config'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  };
}
