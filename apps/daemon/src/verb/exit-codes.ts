import { BatonError, type BatonErrorCode } from '@baton/core';
import { CommandError } from './command-error.js';

/** What a shell is told. Fixed: scripts depend on them. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  authentication: 4,
  daemonUnreachable: 5,
  jobFailed: 6,
  needsPerson: 7,
  pending: 8,
  refused: 9,
  interrupted: 130,
} as const;

const byCode: Partial<Readonly<Record<BatonErrorCode, number>>> = {
  CONFIG_INVALID: exitCodes.usage,
  SPEC_UNSUPPORTED: exitCodes.usage,
  NOT_FOUND: exitCodes.notFound,
  AUTH_FAILED: exitCodes.authentication,
  PERMISSION_DENIED: exitCodes.authentication,
};

/** The exit code of an error that ended a command. */
export function errorExitCode(error: unknown): number {
  if (error instanceof CommandError) return exitCodes[error.exit];
  if (BatonError.is(error)) return byCode[error.code] ?? exitCodes.failure;
  return exitCodes.failure;
}
