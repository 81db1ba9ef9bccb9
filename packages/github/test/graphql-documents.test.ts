import { validate } from '@octokit/graphql-schema';
import { describe, expect, it } from 'vitest';
import { whoFragment } from '../src/actor.js';
import { briefQuery } from '../src/brief-query.js';
import { mutations } from '../src/ensure-pull-request.js';
import { pullEventsQuery } from '../src/last-hand.js';
import { looksQuery } from '../src/looks-query.js';
import { earlierQuery, laterChecksQuery, listNames, observeQuery, wordsQuery } from '../src/observe-query.js';
import { pullLooksQuery } from '../src/pull-looks-query.js';

const documents = {
  briefQuery,
  laterChecksQuery,
  pullEventsQuery,
  observeQuery: observeQuery([1, 2]),
  looksQuery: looksQuery([
    { owner: 'acme', name: 'shop' },
    { owner: 'acme', name: 'api.docs' },
  ]),
  pullLooksQuery: pullLooksQuery([
    { owner: 'acme', name: 'shop', number: 1 },
    { owner: 'acme', name: 'shop', number: 2 },
  ]),
  wordsQuery: `${wordsQuery}\n${whoFragment}`,
  ...Object.fromEntries(listNames.map((list) => [`earlierQuery ${list}`, earlierQuery(list)])),
  ...Object.fromEntries(mutations.map((mutation) => [mutation.slice(0, 24), mutation])),
};

describe("what is asked of GitHub's GraphQL", () => {
  it.each(Object.entries(documents))("%s holds against GitHub's own schema", (_name, document) => {
    expect(validate(document).map((error) => error.message)).toEqual([]);
  });
});
