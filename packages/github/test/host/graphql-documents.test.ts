import { validate } from '@octokit/graphql-schema';
import { describe, expect, it } from 'vitest';
import { mutations } from '../../src/forge/ensure-pull-request.js';
import { pullEventsQuery } from '../../src/forge/last-editor.js';
import {
  earlierQuery,
  feedbackTextQuery,
  laterChecksQuery,
  listNames,
  observeQuery,
} from '../../src/forge/observe-query.js';
import { whoFragment } from '../../src/host/actor.js';
import { changeProbeQuery } from '../../src/host/probes/change-probe-query.js';
import { pullRequestProbeQuery } from '../../src/host/probes/pull-request-probe-query.js';
import { briefQuery } from '../../src/source/brief-query.js';

const documents = {
  briefQuery,
  laterChecksQuery,
  pullEventsQuery,
  observeQuery: observeQuery([1, 2]),
  changeProbeQuery: changeProbeQuery([
    { owner: 'acme', name: 'shop' },
    { owner: 'acme', name: 'api.docs' },
  ]),
  pullRequestProbeQuery: pullRequestProbeQuery([
    { owner: 'acme', name: 'shop', number: 1 },
    { owner: 'acme', name: 'shop', number: 2 },
  ]),
  feedbackTextQuery: `${feedbackTextQuery}\n${whoFragment}`,
  ...Object.fromEntries(listNames.map((list) => [`earlierQuery ${list}`, earlierQuery(list)])),
  ...Object.fromEntries(mutations.map((mutation) => [mutation.slice(0, 24), mutation])),
};

describe("what is asked of GitHub's GraphQL", () => {
  it.each(Object.entries(documents))("%s holds against GitHub's own schema", (_name, document) => {
    expect(validate(document).map((error) => error.message)).toEqual([]);
  });
});
