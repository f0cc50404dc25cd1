// Writes the schemas of the SDK's clients as JSON, for the operations named on the command line (`service:Operation`).
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { NormalizedSchema } = require('@smithy/core/schema');

// The names of botocore, where the SDK's package has another.
const PACKAGES = { resourcegroupstaggingapi: 'resource-groups-tagging-api' };
const clients = new Map();
const clientOf = (service) => {
  const known = clients.get(service) ?? require(`@aws-sdk/client-${PACKAGES[service] ?? service}`);
  clients.set(service, known);
  return known;
};
const deref = (schema) => (typeof schema === 'function' ? schema() : schema);

const TIMESTAMPS = { 5: 'iso8601', 6: 'rfc822', 7: 'unixTimestamp' };
const SIMPLE = [
  ['isStringSchema', 'string'],
  ['isBooleanSchema', 'boolean'],
  ['isBlobSchema', 'blob'],
  ['isTimestampSchema', 'timestamp'],
  ['isNumericSchema', 'number'],
  ['isDocumentSchema', 'document'],
];

/** A shape as plain data; of a shape inside itself only its name. */
function shape(schema, within = []) {
  const { httpLabel, httpQuery, httpHeader, jsonName, xmlName, xmlFlattened, idempotencyToken } = schema.getMergedTraits();
  const location = httpLabel ? 'uri' : httpQuery ? 'querystring' : httpHeader ? 'header' : undefined;
  const traits = {
    ...(location ? { location, locationName: httpQuery ?? httpHeader } : {}),
    ...(jsonName ? { jsonName } : {}),
    ...(xmlName ? { xmlName } : {}),
    ...(xmlFlattened ? { flattened: true } : {}),
    ...(idempotencyToken ? { idempotencyToken: true } : {}),
  };
  const name = schema.getName();
  if (name && within.includes(name)) return { ...traits, type: 'recursive', shape: name };
  const inside = name ? [...within, name] : within;
  if (schema.isStructSchema()) {
    const members = Object.fromEntries([...schema.structIterator()].map(([key, member]) => [key, shape(member, inside)]));
    const [, , , , names = [], , required = 0] = schema.getSchema();
    return { ...traits, type: 'structure', members, required: names.slice(0, required) };
  }
  if (schema.isListSchema()) return { ...traits, type: 'list', member: shape(schema.getValueSchema(), inside) };
  if (schema.isMapSchema())
    return { ...traits, type: 'map', key: shape(schema.getKeySchema(), inside), value: shape(schema.getValueSchema(), inside) };
  const type = SIMPLE.find(([is]) => schema[is]())?.[1];
  if (!type) throw new Error(`a schema of no known type: ${JSON.stringify(schema.getSchema())}`);
  const format = schema.isTimestampSchema() ? TIMESTAMPS[schema.getSchema()] : undefined;
  return { ...traits, type, ...(format ? { format } : {}) };
}

function operation(service, name) {
  const found = Object.values(clientOf(service)).find((one) => Array.isArray(one) && one[0] === 9 && one[2] === name);
  if (!found) throw new Error(`the SDK has no ${service}:${name}`);
  const [, , , traits, input, output] = found;
  const of = (schema) => {
    const normal = NormalizedSchema.of(deref(schema));
    return normal.isUnitSchema() ? null : shape(normal);
  };
  return { http: traits?.http ?? null, input: of(input), output: of(output) };
}

/** Errors of a whole service: the SDK does not say which operation may answer which. */
const errors = (service) =>
  Object.fromEntries(
    Object.values(clientOf(service))
      .filter((one) => Array.isArray(one) && one[0] === -3)
      .map((one) => {
        const { awsQueryError, httpError, error } = one[3] || {};
        const { members } = shape(NormalizedSchema.of(one));
        return [one[2], { code: awsQueryError?.[0], status: awsQueryError?.[1] ?? httpError, fault: error, members }];
      }),
  );

/** Lists of values that the SDK exports under the name of their shape. */
const enums = (service) =>
  Object.fromEntries(
    Object.entries(clientOf(service))
      .filter(([, one]) => one && Object.getPrototypeOf(one) === Object.prototype)
      .filter(([, one]) => Object.values(one).length > 0 && Object.values(one).every((value) => typeof value === 'string'))
      .map(([name, one]) => [name, Object.values(one).sort()]),
  );

const wanted = process.argv.slice(2).map((one) => one.split(':'));
const services = [...new Set(wanted.map(([service]) => service))];
const told = Object.fromEntries(
  services.map((service) => [
    service,
    {
      operations: Object.fromEntries(wanted.filter(([of]) => of === service).map(([, name]) => [name, operation(service, name)])),
      errors: errors(service),
      enums: enums(service),
    },
  ]),
);
process.stdout.write(JSON.stringify(told));
