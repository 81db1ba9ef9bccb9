export { type Deadline, startDeadline } from './async/deadline.js';
export type { Limit } from './async/limit.js';
export { createLimit } from './async/limit.js';
export { mapFew } from './async/map-few.js';
export { createSystemRuntime } from './async/system-runtime.js';
export { makeDirectories } from './files/make-directories.js';
export { mapMachineError } from './files/map-machine-error.js';
export { bytesOfPath, pathOfBytes } from './files/path-bytes.js';
export { resolvePath } from './files/resolve-path.js';
export { placeWhole, writeWhole } from './files/write-whole.js';
export { adviseOnCertificate } from './http/advise-on-certificate.js';
export type { BaseUrlOptions } from './http/check-base-url.js';
export { checkBaseUrl, isLoopback } from './http/check-base-url.js';
export type {
  ConfinedAnswer,
  ConfinedFetch,
  ConfinedFetchOptions,
  ConfinedRequest,
  FetchFlaw,
} from './http/confined-fetch.js';
export { createConfinedFetch } from './http/confined-fetch.js';
export type { Gateway, GatewayOptions, GatewayRequest, GatewayUsage, Quota } from './http/gateway.js';
export { createGateway } from './http/gateway.js';
export { type GatheredPieces, gatherPieces } from './http/gather-pieces.js';
export type { BodyBounds } from './http/read-bounded.js';
export { readBounded } from './http/read-bounded.js';
export { refusePipelining } from './http/refuse-pipelining.js';
export { parseReset, parseRetryAfter, readQuota } from './http/retry-after.js';
export type { ChangeMemory, ChangeMemoryOptions, KeptReading } from './memory/change-memory.js';
export { createChangeMemory } from './memory/change-memory.js';
export type { CollectOptions } from './process/collect-output.js';
export { collectOutput } from './process/collect-output.js';
export { isProcessAlive, readStartTime } from './process/is-process-alive.js';
export { sweepProcesses } from './process/kill-processes.js';
export type { ProcessEntry } from './process/list-processes.js';
export { readProcess } from './process/list-processes.js';
export { isOwnerAlive, readOwner } from './process/owner.js';
export type { ProcessOptions, StartedProcess } from './process/start-process.js';
export { startProcess } from './process/start-process.js';
export type { ConnectedAdapter } from './settings/connect-adapter.js';
export { connectAdapter, makeRole } from './settings/connect-adapter.js';
export type { AdapterDefinition, AdapterPackage, AdapterRole, SettingsSchema } from './settings/define-adapter.js';
export { adapterRoles, defineAdapter } from './settings/define-adapter.js';
export type { ReadSettings } from './settings/read-settings.js';
export { readSettings, settingsJsonSchema } from './settings/read-settings.js';
export { kebabCase, variableName } from './settings/setting-patterns.js';
export { durationPattern, parseDuration } from './text/duration.js';
export { maskDeep } from './text/mask-deep.js';
export type { MaskedStream } from './text/masked-stream.js';
export type { Secret, Secrets } from './text/secrets.js';
export { createSecrets, secretLines } from './text/secrets.js';
export { createSentSecrets, type SentSecrets } from './text/sent-secrets.js';
export { priorityOf } from './tracker/priority.js';
export { findRemoteFlaw } from './tracker/remote-flaw.js';
