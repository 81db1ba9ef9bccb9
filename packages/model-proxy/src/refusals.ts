/** Why a call isn't made, whatever its limits: it is a way out of the sandbox, or can't be metered. */
export const refusals = {
  served: (tool: string | null | undefined) =>
    `The tool ${tool ?? ''} runs at the provider's and reaches what this job may not.`,
  servers: "MCP servers are reached from the provider's, and this job may not reach them.",
  search: "A web search runs at the provider's and reaches what this job may not.",
  address: "Content by URL is fetched from the provider's; send it in the request.",
  background: 'A call in the background goes on unmetered.',
  choices: 'More than one choice at a time is not metered.',
  tier: 'A faster tier costs more than the price that limits are kept by.',
} as const;

/** The first that holds. */
export function firstRefusal(reasons: readonly (readonly [holds: boolean, why: string])[]): string | null {
  return reasons.find(([holds]) => holds)?.[1] ?? null;
}
