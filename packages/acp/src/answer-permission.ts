import type { RequestPermissionRequest, RequestPermissionResponse } from '@agentclientprotocol/sdk';

/**
 * Allows what is asked for, this once: the sandbox is the boundary, not the agent's question. An answer that the
 * agent would remember is never given. Where nothing else is offered, the answer is no.
 */
export function answerPermission({ options }: RequestPermissionRequest): RequestPermissionResponse {
  const option =
    options.find((each) => each.kind === 'allow_once') ?? options.find((each) => each.kind === 'reject_once');
  return { outcome: option ? { outcome: 'selected', optionId: option.optionId } : { outcome: 'cancelled' } };
}
