// nostr-tools, as its README uses it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { nip77 } from 'nostr-tools'
import { unwrapEvent, wrapEvent } from 'nostr-tools/nip17'
import { estimateCount, hllDecode } from 'nostr-tools/nip45'
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import { Relay, useWebSocketImplementation } from 'nostr-tools/relay'
import WebSocket from 'ws'
import { eventually, now, relayUrl } from './relay.mjs'

useWebSocketImplementation(WebSocket)

let relay
const key = generateSecretKey()
const author = getPublicKey(key)

before(async () => { relay = await Relay.connect(relayUrl) })
after(() => relay.close())

const signed = (template, secret = key) =>
  finalizeEvent({ kind: 1, created_at: now(), tags: [], content: '', ...template }, secret)

const stored = (filter, on = relay) =>
  new Promise((resolve, reject) => {
    const events = []
    const sub = on.subscribe([filter], {
      onevent: (event) => events.push(event),
      oneose: () => { resolve(events); sub.close() },
      onclose: (reason) => reject(new Error(reason)),
    })
  })

test('publishes, finds, and hears what comes later', async () => {
  const first = signed({ content: 'first' })
  await relay.publish(first)
  assert.deepEqual((await stored({ ids: [first.id] })).map((e) => e.content), ['first'])

  const heard = []
  let eose
  const until = new Promise((resolve) => { eose = resolve })
  const sub = relay.subscribe([{ authors: [author], kinds: [1] }], { onevent: (e) => heard.push(e.content), oneose: eose })
  await until
  await relay.publish(signed({ content: 'second' }))
  await eventually(() => heard.includes('second'))
  sub.close()
  assert.deepEqual(heard, ['first', 'second'])
})

test('gets as many as it asks for, newest first', async () => {
  const tag = 'limit'
  for (let i = 0; i < 5; i++) {
    await relay.publish(signed({ content: `${i}`, created_at: now() - 10 + i, tags: [['t', tag]] }))
  }
  const found = await stored({ '#t': [tag], limit: 3 })
  assert.deepEqual(found.map((e) => e.content), ['4', '3', '2'])
  assert.deepEqual(await stored({ '#t': [tag], limit: 0 }), [])
})

test('replaces a profile, and is told of an older one', async () => {
  const newer = signed({ kind: 0, content: '{"name":"newer"}' })
  const older = signed({ kind: 0, content: '{"name":"older"}', created_at: now() - 100 })
  await relay.publish(newer)
  await assert.rejects(relay.publish(older), /invalid: /)
  assert.deepEqual((await stored({ kinds: [0], authors: [author] })).map((e) => e.content), ['{"name":"newer"}'])
})

test('deletes what is its own', async () => {
  const note = signed({ content: 'to be deleted' })
  await relay.publish(note)
  await relay.publish(signed({ kind: 5, tags: [['e', note.id], ['k', '1']] }))
  assert.deepEqual(await stored({ ids: [note.id] }), [])
  await assert.rejects(relay.publish(note), /blocked: /)
})

test('publishes protected events once it has said who it is', async () => {
  const guarded = signed({ content: 'mine', tags: [['-']] })
  const connection = await Relay.connect(relayUrl)
  await assert.rejects(connection.publish(guarded), /auth-required: /)
  await connection.auth(async (template) => finalizeEvent(template, key))
  await connection.publish(guarded)
  connection.close()
  assert.equal((await stored({ ids: [guarded.id] })).length, 1)
})

test('writes to one who alone can read it', async () => {
  const bob = generateSecretKey()
  const inbox = { kinds: [1059], '#p': [getPublicKey(bob)] }
  await relay.publish(wrapEvent(key, { publicKey: getPublicKey(bob) }, 'for Bob'))

  const stranger = await Relay.connect(relayUrl)
  await assert.rejects(stored(inbox, stranger), /auth-required: /)
  stranger.close()

  const connection = await Relay.connect(relayUrl)
  await assert.rejects(stored(inbox, connection), /auth-required: /)
  await connection.auth(async (template) => finalizeEvent(template, bob))
  const wraps = await stored(inbox, connection)
  connection.close()
  assert.deepEqual(wraps.map((wrap) => unwrapEvent(wrap, bob).content), ['for Bob'])
})

test('asks for what it missed while it was away', async () => {
  const connection = await Relay.connect(relayUrl)
  const before = signed({ content: 'before', tags: [['t', 'away']], created_at: now() - 50 })
  await connection.publish(before)
  connection.close()
  const missed = signed({ content: 'missed', tags: [['t', 'away']], created_at: now() - 20 })
  await relay.publish(missed)
  const back = await Relay.connect(relayUrl)
  const found = await stored({ '#t': ['away'], since: now() - 30 }, back)
  back.close()
  assert.deepEqual(found.map((e) => e.content), ['missed'])
})

test('counts, and estimates how many authors there are', async () => {
  const note = signed({ content: 'well said' })
  await relay.publish(note)
  for (let i = 0; i < 20; i++) {
    await relay.publish(signed({ kind: 7, content: '+', tags: [['e', note.id]] }, generateSecretKey()))
  }
  assert.equal(await relay.count([{ '#e': [note.id], kinds: [7] }], {}), 20)
  assert.equal(await relay.count([{ ids: [note.id] }, { authors: [author], ids: [note.id] }], {}), 1)
  const { count, hll } = await relay.countWithHLL([{ '#e': [note.id], kinds: [7] }], {})
  assert.equal(count, 20)
  const estimate = estimateCount(hllDecode(hll))
  assert.ok(estimate > 15 && estimate < 25, `${estimate} authors`)
})

test('finds by words of many scripts', async () => {
  await relay.publish(signed({ content: 'Saatkr\u00e4hen \u4e4c\u9e26\u5728\u6811\u4e0a rookeries' }))
  for (const search of ['saatkr\u00e4hen', '\u4e4c\u9e26', 'ROOKERIES', '\u6811\u4e0a rookeries']) {
    assert.equal((await stored({ search, authors: [author] })).length, 1, search)
  }
  assert.equal((await stored({ search: 'rookeries crows', authors: [author] })).length, 0)
})

test('learns which events it lacks, and which the relay lacks', async () => {
  const tags = [['t', 'sync']]
  const both = []
  for (let i = 0; i < 300; i++) {
    both.push(signed({ content: `both ${i}`, tags, created_at: now() - 1000 + (i >> 2) }))
  }
  const theirs = Array.from({ length: 40 }, (_, i) => signed({ content: `theirs ${i}`, tags, created_at: now() - 990 + i }))
  const ours = Array.from({ length: 7 }, (_, i) => signed({ content: `ours ${i}`, tags, created_at: now() - 980 + i }))
  for (const event of [...both, ...theirs]) {
    await relay.publish(event)
  }
  const storage = new nip77.NegentropyStorageVector()
  for (const event of [...both, ...ours]) {
    storage.insert(event.created_at, event.id)
  }
  storage.seal()
  const have = []
  const need = []
  const reason = await new Promise((resolve) => {
    const sync = new nip77.NegentropySync(relay, storage, { '#t': ['sync'], authors: [author] }, {
      onhave: (id) => have.push(id),
      onneed: (id) => need.push(id),
      onclose: resolve,
    })
    sync.start()
  })
  assert.equal(reason, undefined)
  assert.deepEqual(have.sort(), ours.map((event) => event.id).sort())
  assert.deepEqual(need.sort(), theirs.map((event) => event.id).sort())
})
