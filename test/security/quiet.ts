// Before the functions' environment is made: what they log of errors that a test makes is not the test's output.
process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';

export {};
