import { dieAtEveryEffect } from './crash-tester';

jest.setTimeout(1_800_000);

dieAtEveryEffect('before');
