import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { checkBaseUrl, refusePipelining } from '@baton/adapter-kit';
import type { AgentLimits, CallOptions, Clock, Command, ModelPrice } from '@baton/core';
import { anthropicMessages } from '../wire/anthropic-messages.js';
import { createKeyMask } from '../wire/mask-key.js';
import { openAiChat } from '../wire/openai-chat.js';
import { openAiResponses } from '../wire/openai-responses.js';
import type { Protocol } from '../wire/protocol.js';
import type { TurnListener } from './call-meter.js';
import { type LaunchOptions, launch, portToken } from './launcher.js';
import { listenOnSocket } from './listen-on-socket.js';
import { createModelTurn, type ModelTurn, type TurnRecord } from './model-turn.js';
import { type ProxyBounds, proxyBounds } from './proxy-bounds.js';
import { createSemaphore } from './semaphore.js';
import { serveCall } from './serve-call.js';
import { createUpstream } from './upstream.js';

/** What a command-line agent speaks with its model. */
export type ModelProtocol = 'anthropic-messages' | 'openai-responses' | 'openai-chat';

/** How a proxy is made. */
export interface ModelProxyOptions {
  /** `id` of the agent's adapter, for errors. */
  readonly adapter: string;
  readonly protocol: ModelProtocol;
  /**
   * Where the model answers, as the vendor's own clients take it: `https://api.anthropic.com`,
   * `https://api.openai.com/v1`. The protocol's paths are added.
   */
  readonly baseUrl: string;
  /** Which variable the address may have come from, for errors. Default: none. */
  readonly baseUrlVariable?: string;
  /** The real key, which never leaves the daemon but for this address. Null: the address asks for none. */
  readonly key: string | null;
  /** Which models may be asked for. Null: any that the key may use. */
  readonly models: readonly string[] | null;
  /**
   * What is let through beyond what is known of the protocol, by the names that refusals tell, such as
   * `tools[].type=web_search` or `anthropic-beta=some-2026-01-01`: it then passes as it stands. Default: nothing.
   */
  readonly allow?: readonly string[];
  /** Where a model has no price, a limit in money can't hold it back and its cost is unknown. */
  price(model: string): ModelPrice | null;
  readonly clock: Clock;
  /** The Node by which the launcher runs inside, absolute. Default: the running one, which sandboxes of Baton show. */
  readonly node?: string;
}

/** The way to one model, for agents that run in sandboxes. */
export interface ModelProxy {
  /**
   * Opens a way from inside: a Unix socket in `scratch`, which is the only thing of it that the sandbox can see.
   * Rejects with `COMMAND_FAILED` where it can't be opened.
   */
  open(place: { readonly scratch: string }, options?: CallOptions): Promise<ModelChannel>;
}

/** A way to the model that is open. Calls come through only while a turn is under way. */
export interface ModelChannel {
  /**
   * The base address for the agent, as the vendor's clients take it. It holds a stand-in for the port, which
   * `launch` replaces in arguments, variables and files: a port is chosen only inside.
   */
  readonly endpoint: string;
  /** What the agent uses as its key: random, and of no use anywhere else. */
  readonly placeholder: string;
  /** The same command behind the launcher, which makes `endpoint` be there for it. Its streams and exit code are the command's. */
  launch(command: Command, options?: LaunchOptions): Command;
  /** Counts from zero, under these limits. Ends the turn before. */
  beginTurn(limits: AgentLimits, listener?: TurnListener): ModelTurn;
  /** Cuts what is under way, waits until it is counted, and removes the socket. Safe to call twice. */
  close(): Promise<void>;
}

const protocols: Readonly<Record<ModelProtocol, Protocol>> = {
  'anthropic-messages': anthropicMessages,
  'openai-responses': openAiResponses,
  'openai-chat': openAiChat,
};

/** How many calls are under way at once; others wait. With the size of a request, this bounds the daemon's memory. */
const maxCalls = 8;
const maxConnections = 256;

/**
 * A proxy to one endpoint. Does no input or output before `open`. Throws `CONFIG_INVALID` on a base address
 * that is none, or that the key would reach in the clear.
 */
export function createModelProxy(options: ModelProxyOptions): ModelProxy {
  return createBoundedProxy(options, proxyBounds);
}

/** The same with bounds of its own, for tests. */
export function createBoundedProxy(options: ModelProxyOptions, bounds: ProxyBounds): ModelProxy {
  const { adapter, key, baseUrlVariable } = options;
  const baseUrl = checkBaseUrl(options.baseUrl, {
    adapter,
    secret: key === null ? null : 'key',
    ...(baseUrlVariable === undefined ? {} : { environmentVariable: baseUrlVariable }),
  });
  return { open: (place, call) => openChannel({ ...options, baseUrl, bounds }, place.scratch, call?.signal) };
}

async function openChannel(
  options: Omit<ModelProxyOptions, 'baseUrl'> & { readonly baseUrl: URL; readonly bounds: ProxyBounds },
  scratch: string,
  signal: AbortSignal | undefined,
): Promise<ModelChannel> {
  signal?.throwIfAborted();
  const protocol = protocols[options.protocol];
  const placeholder = `baton-${randomBytes(24).toString('hex')}`;
  const expected = Buffer.from(placeholder);
  const upstream = createUpstream({ ...options, protocol, mask: createKeyMask(options.key) });
  let current: { readonly turn: ModelTurn; readonly record: TurnRecord } | null = null;
  const gate = {
    protocol,
    upstream,
    models: options.models,
    allow: new Set(options.allow),
    bounds: options.bounds,
    slots: createSemaphore(maxCalls),
    isPlaceholder(presented: string) {
      const found = Buffer.from(presented);
      return found.length === expected.length && timingSafeEqual(found, expected);
    },
    turn: () => current?.record ?? null,
  };

  const sockets = new Set<Duplex>();
  const serving = new Set<Promise<void>>();
  const server = createServer(
    refusePipelining((request, response) => {
      const served = serveCall(gate, request, response).finally(() => serving.delete(served));
      serving.add(served);
    }),
  );
  server.maxConnections = maxConnections;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (_request, socket: Duplex) => {
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  const socket = `model-${randomBytes(6).toString('hex')}.sock`;
  const listening = await listenOnSocket(server, scratch, socket);

  const endTurn = (): void => {
    current?.turn.end();
    current = null;
  };
  const close = async (): Promise<void> => {
    endTurn();
    for (const each of sockets) each.destroy();
    await listening.close();
    // Answers are read on for a moment, for the figures at their end.
    await Promise.all(serving);
    upstream.close();
  };
  let closing: Promise<void> | null = null;
  const channel: ModelChannel = {
    endpoint: `http://127.0.0.1:${portToken}${protocol.basePath}`,
    placeholder,
    launch: (command, launchOptions) =>
      launch(command, { node: options.node ?? process.execPath, directory: scratch, socket, ...launchOptions }),
    beginTurn(limits, listener = {}) {
      endTurn();
      current = createModelTurn({ limits, clock: options.clock, price: (model) => options.price(model), listener });
      return current.turn;
    },
    close: () => (closing ??= close()),
  };
  if (signal?.aborted) {
    await channel.close();
    throw signal.reason;
  }
  return channel;
}
