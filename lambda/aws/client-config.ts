/**
 * Every client gives up in time: a read that hangs must end as "not readable" well before the function itself times out.
 * 3 attempts, each at most 10 s; the queue brings the message again anyway.
 */
export const CLIENT_CONFIG = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};
