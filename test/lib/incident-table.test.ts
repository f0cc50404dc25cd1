import { synthesizeHub } from '../../lib/synthesize';

const { template, ids } = synthesizeHub();
const table = template.Resources[ids.table] as unknown as {
  Type: string;
  DeletionPolicy: string;
  UpdateReplacePolicy: string;
  Properties: Record<string, unknown>;
};

test('one table, paid by request, that can be put back to any second of the last 35 days', () => {
  expect(Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::DynamoDB::'))).toHaveLength(1);
  expect(table.Properties).toEqual({
    AttributeDefinitions: ['pk', 'sk', 'duePartition', 'due'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'due',
        KeySchema: [
          { AttributeName: 'duePartition', KeyType: 'HASH' },
          { AttributeName: 'due', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
});

test('cdk destroy leaves it, and as it has no name it blocks no new deployment', () => {
  expect([table.DeletionPolicy, table.UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
  expect(table.Properties).not.toHaveProperty('TableName');
});
