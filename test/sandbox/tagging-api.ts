import { AwsError, NotEmulatedError } from './errors';
import { page, type Api, type ApiCall } from './api';
import { parseArn } from './arn';

interface Tagged {
  arn: string;
  tags: Record<string, string>;
}

/** EC2's recovery points are written without an account id in AWS Backup, with one here. */
export function withAccount(arn: string, account: string): string {
  return arn.replace(/^(arn:[^:]+:ec2:[^:]+):(?:\d{12})?:/, `$1:${account}:`);
}

function taggedResources({ sandbox, account, region }: ApiCall): Tagged[] {
  const points = sandbox
    .account(account)
    .vaults.filter((vault) => vault.region === region)
    .flatMap((vault) => vault.recoveryPoints)
    .filter(({ arn }) => parseArn(arn)?.service !== 'backup')
    .map(({ arn, tags }) => ({ arn: withAccount(arn, account), tags }));
  const others = sandbox.taggedResources.filter((one) => one.account === account && one.region === region);
  return [...points, ...others].filter(({ tags }) => Object.keys(tags).length > 0); // untagged ones are never told
}

export const taggingApi: Api = {
  GetResources: {
    permission: 'tag:GetResources',
    handle(call) {
      const { ResourceARNList, TagFilters, ResourceTypeFilters, ...rest } = call.input as {
        ResourceARNList?: string[];
        TagFilters?: { Key?: string; Values?: string[] }[];
        ResourceTypeFilters?: string[];
      };
      for (const member of ['IncludeComplianceDetails', 'ExcludeCompliantResources', 'TagsPerPage'] as const) {
        if (member in rest) throw new NotEmulatedError(`tagging:GetResources ${member}`);
      }
      const invalid = (message: string) => new AwsError('InvalidParameterException', message);
      if (ResourceARNList && (TagFilters ?? ResourceTypeFilters)) {
        throw invalid('The ResourceARNList parameter cannot be combined with other filters');
      }
      const wanted = ResourceARNList?.map((arn) => withAccount(arn, call.account));
      const found = taggedResources(call).filter(
        ({ arn, tags }) =>
          (wanted?.includes(arn) ?? true) &&
          (TagFilters ?? []).every(({ Key = '', Values = [] }) => {
            const value = tags[Key];
            return value !== undefined && (Values.length === 0 || Values.includes(value));
          }) &&
          (ResourceTypeFilters?.some((filter) => ofType(arn, filter)) ?? true),
      );
      const bad = () => new AwsError('PaginationTokenExpiredException', 'The pagination token is not valid.');
      const { items, next } = page(
        found,
        call.input.PaginationToken || undefined,
        call.input.ResourcesPerPage,
        50,
        bad,
      );
      return {
        PaginationToken: next ?? '',
        ResourceTagMappingList: items.map(({ arn, tags }) => ({
          ResourceARN: arn,
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        })),
      };
    },
  },
};

function ofType(arn: string, filter: string): boolean {
  const parsed = parseArn(arn);
  const [service, type] = filter.split(':');
  return parsed?.service === service && (type === undefined || parsed?.resource.split(/[:/]/)[0] === type);
}
