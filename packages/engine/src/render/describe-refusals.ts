import type { RefusedConnection } from '@baton/core';
import type { Asker, Refusal, Refusals } from '../job/refusals.js';

const askers: Readonly<Record<Asker, string>> = { agent: 'the agent', setup: 'the setup', check: 'a check' };

const reasons: Readonly<Record<RefusedConnection['reason'], string>> = {
  unlisted: 'no entry of the network list has it',
  internal: 'its name is listed and leads to this machine or its networks',
  'other-host': 'a connection to it was used to ask for another host',
  unreadable: 'what was asked for could be read in more ways than one',
};

/**
 * What was refused, a phrase each, and how many more. `show` makes a name, which an agent may have chosen, fit for
 * where the phrases stand.
 */
export function describeRefusals({ told, more }: Refusals, show: (name: string) => string): readonly string[] {
  const phrases = told.map((each) => describe(each, show));
  return more === 0 ? phrases : [...phrases, `and ${more} more ${more === 1 ? 'request' : 'requests'}`];
}

function describe(refusal: Refusal, show: (name: string) => string): string {
  const often = refusal.count === 1 ? 'refused' : `refused ${refusal.count} times`;
  const who = askers[refusal.by];
  if (refusal.of === 'model') return `${who} asked its model for ${show(refusal.what)}, ${often}`;
  const place = refusal.host === null ? 'a host' : show(placeOf(refusal.host, refusal.port));
  return `${who} asked for ${place}, ${often}: ${reasons[refusal.reason]}`;
}

function placeOf(host: string, port: number | null): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === null ? name : `${name}:${port}`;
}
