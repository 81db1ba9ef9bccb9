import type { JsonValue } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { renderTimeline, viewJob } from '../../src/index.js';
import { createRelay, fix } from '../relay.js';

/** An issue that alice handed over and a stranger edited since; what the agent was told, where it was asked. */
async function editedRelay(body = 'first edit') {
  const prompts: string[] = [];
  const relay = createRelay((turn, key) => {
    prompts.push(turn.prompt);
    return fix(turn, key);
  });
  relay.source.people.set('stranger', 'none');
  relay.source.seed({ title: 'Cart total', body: 'as handed over', labels: ['baton'], author: 'alice' });
  relay.runtime.clock.advance(1_000);
  relay.source.edit('1', { body }, 'stranger');
  await relay.runOnce();
  const view = async () => viewJob(await relay.job());
  const approve = async (data: JsonValue): Promise<void> => {
    await relay.store.signal((await relay.job()).id, { type: 'approve', data });
    await relay.runOnce();
  };
  return { ...relay, prompts, view, approve };
}

describe('an approval of a text that was edited after the trigger', () => {
  it('is asked with the text that stands there, what was edited and by whom', async () => {
    const relay = await editedRelay();
    const { wait, reason, asked, editedText } = await relay.view();
    expect({ wait, editedText }).toMatchObject({
      wait: 'needs-person',
      editedText: { state: 'asked', title: 'Cart total', body: 'first edit' },
    });
    expect(asked).toEqual({ kind: 'text', seen: editedText?.hash });
    expect(reason).toContain('body by stranger');
    const shown = relay.source.comments('1')[0]?.body ?? '';
    expect(shown).toContain(`--seen ${asked?.seen.slice(0, 32)}`);
  });

  it('has exactly that text worked, and shows and records which', async () => {
    const relay = await editedRelay();
    const seen = (await relay.view()).asked?.seen ?? '';
    await relay.approve({ seen });
    expect(relay.prompts[0]).toContain('first edit');
    expect(relay.prompts[0]).not.toContain('as handed over');
    expect(await relay.view()).toMatchObject({
      asked: null,
      editedText: { state: 'approved', hash: seen, body: 'first edit' },
    });
    const journal = await Array.fromAsync(relay.store.journal((await relay.job()).id, 0));
    expect(journal).toContainEqual(
      expect.objectContaining({ type: 'signalled', data: expect.objectContaining({ type: 'approve', seen }) }),
    );
    expect(renderTimeline(journal)).toContainEqual(
      expect.objectContaining({ step: 'approve', detail: `having seen ${seen.slice(0, 32)}` }),
    );
    expect((await relay.create().explain('mem#1'))?.verdict.checks).toContainEqual(
      expect.objectContaining({ check: 'edits', ok: true, detail: expect.stringContaining(seen.slice(0, 32)) }),
    );
  });

  it('holds for no text that came after what was seen, however often', async () => {
    const relay = await editedRelay();
    const first = (await relay.view()).asked?.seen ?? '';
    relay.source.edit('1', { body: 'second edit, after the person had read' }, 'stranger');
    await relay.approve({ seen: first });
    const again = await relay.view();
    expect(again).toMatchObject({
      wait: 'needs-person',
      editedText: { body: 'second edit, after the person had read' },
    });
    expect(again.asked?.seen).not.toBe(first);
    // The first yes, come twice, is none to the second text.
    await relay.approve({ seen: first });
    expect(await relay.view()).toMatchObject({ wait: 'needs-person' });
    expect(relay.prompts).toEqual([]);
    await relay.approve({ seen: again.asked?.seen ?? '' });
    expect(relay.prompts[0]).toContain('second edit');
  });

  it('is none where it names no text', async () => {
    const relay = await editedRelay();
    await relay.approve(null);
    expect(await relay.view()).toMatchObject({ wait: 'needs-person' });
    expect(relay.prompts).toEqual([]);
  });

  it('is not shown where the issue was handed over again instead', async () => {
    const relay = await editedRelay();
    const seen = (await relay.view()).asked?.seen ?? '';
    relay.runtime.clock.advance(1_000);
    relay.source.edit('1', { body: 'mended by one who may' }, 'alice');
    relay.source.setLabels('1', ['baton:needs-person'], 'alice');
    relay.source.setLabels('1', ['baton:needs-person', 'baton'], 'alice');
    await relay.approve({ seen });
    expect(relay.prompts[0]).toContain('mended by one who may');
    expect((await relay.view()).editedText).toBeNull();
  });

  it('of one job is none of the next', async () => {
    const relay = await editedRelay();
    await relay.approve({ seen: (await relay.view()).asked?.seen ?? '' });
    relay.forge.closePull(1);
    await relay.runOnce();
    relay.runtime.clock.advance(1_000);
    const baton = relay.create();
    await baton.retry((await relay.job()).id, { fresh: true });
    await baton.runOnce();
    await baton.stop();
    expect(await relay.view()).toMatchObject({ wait: 'needs-person', editedText: { state: 'asked' } });
  });
});

describe('an approval of a change', () => {
  it('is none of a change that came in place of the one that was seen', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create();
    await baton.runIssue('mem#1', { publish: false });
    const view = viewJob(await relay.job());
    expect(view.asked).toMatchObject({ kind: 'change' });
    await baton.signal(view.id, { type: 'approve', data: { seen: 'another' } });
    await baton.runIssue('mem#1', { publish: false });
    expect(viewJob(await relay.job())).toMatchObject({ wait: 'needs-person' });
    await baton.signal(view.id, { type: 'approve', data: { seen: view.asked?.seen ?? '' } });
    await baton.runIssue('mem#1', { publish: false });
    await baton.stop();
    expect(viewJob(await relay.job())).toMatchObject({ phase: 'reviewing' });
  });
});
