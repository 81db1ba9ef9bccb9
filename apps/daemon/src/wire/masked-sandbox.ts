import type { MaskedStream, Secrets } from '@baton/adapter-kit';
import type { Sandbox } from '@baton/core';

/**
 * A sandbox out of which no known secret is printed: output is masked before anybody reads it, so that whoever keeps
 * the beginning, the end or a line of it cuts no secret in two, of which a later mask would know neither part. Other
 * bytes stay as they are.
 */
export function createMaskedSandbox(sandbox: Sandbox, secrets: Pick<Secrets, 'stream'>): Sandbox {
  return {
    ...sandbox,
    async spawn(command, policy, options) {
      const running = await sandbox.spawn(command, policy, options);
      return {
        stdin: running.stdin,
        stdout: running.stdout.pipeThrough(maskBytes(secrets.stream())),
        stderr: running.stderr.pipeThrough(maskBytes(secrets.stream())),
        exit: running.exit,
        [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
      };
    },
  };
}

function maskBytes(masked: MaskedStream): TransformStream<Uint8Array, Uint8Array> {
  const pass = (text: string, controller: TransformStreamDefaultController<Uint8Array>): void => {
    if (text !== '') controller.enqueue(Buffer.from(text, 'latin1'));
  };
  return new TransformStream({
    transform: (chunk, controller) => pass(masked.push(Buffer.from(chunk).toString('latin1')), controller),
    flush: (controller) => pass(masked.end(), controller),
  });
}
