// rust-nostr's SDK, which reads what the relay says strictly.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  Client, Duration, EventBuilder, EventDeletionRequest, Filter, Keys, Kind, loadWasmSync, NostrSigner, SyncOptions, Timestamp,
} from '@rust-nostr/nostr-sdk'
import WebSocket from 'ws'
import { eventually, now, relayUrl } from './relay.mjs'

globalThis.WebSocket ??= WebSocket

const patience = () => Duration.fromSecs(10)
const connected = async (keys) => {
  const client = new Client(NostrSigner.keys(keys))
  client.automaticAuthentication(true)
  await client.addRelay(relayUrl)
  await client.connect()
  await client.waitForConnection(patience())
  return client
}
const found = async (client, filter) => (await client.fetchEvents(filter, patience())).toVec()

let keys
let client
before(async () => {
  loadWasmSync()
  keys = Keys.generate()
  client = await connected(keys)
})
after(() => client.shutdown())

test('publishes and fetches', async () => {
  const sent = await client.sendEventBuilder(EventBuilder.textNote('from Rust'))
  assert.equal(sent.success.length, 1)
  const events = await found(client, new Filter().author(keys.publicKey).kind(new Kind(1)))
  assert.deepEqual(events.map((e) => e.content), ['from Rust'])
})

test('gets as many as it asks for', async () => {
  for (let i = 0; i < 3; i++) {
    await client.sendEventBuilder(new EventBuilder(new Kind(1111), `${i}`).customCreatedAt(Timestamp.fromSecs(now() - 5 + i)))
  }
  const events = await found(client, new Filter().author(keys.publicKey).kind(new Kind(1111)).limit(2))
  assert.deepEqual(events.map((e) => e.content).sort(), ['1', '2'])
})

test('synchronises what it does not have', async () => {
  for (let i = 0; i < 60; i++) {
    await client.sendEventBuilder(new EventBuilder(new Kind(9999), `${i}`).customCreatedAt(Timestamp.fromSecs(now() - 50 + (i >> 3))))
  }
  const other = await connected(Keys.generate())
  const { report } = await other.sync(new Filter().author(keys.publicKey).kind(new Kind(9999)), new SyncOptions())
  await other.shutdown()
  assert.equal(report.received.length, 60)
})

test('deletes', async () => {
  const sent = await client.sendEventBuilder(EventBuilder.textNote('to be deleted'))
  const request = new EventDeletionRequest()
  request.ids = [sent.id]
  await client.sendEventBuilder(EventBuilder.delete(request))
  const left = await found(client, new Filter().author(keys.publicKey).kind(new Kind(1)))
  assert.ok(!left.some((e) => e.content === 'to be deleted'))
})

test('signs in by itself to read what is for it alone', async () => {
  const bobsKeys = Keys.generate()
  await client.sendPrivateMsgTo([relayUrl], bobsKeys.publicKey, 'for Bob')
  const bob = await connected(bobsKeys)
  const inbox = new Filter().kind(new Kind(1059)).pubkey(bobsKeys.publicKey)
  let wraps = []
  await eventually(async () => { wraps = await found(bob, inbox); return wraps.length === 1 })
  const gift = await bob.unwrapGiftWrap(wraps[0])
  assert.equal(gift.rumor.content, 'for Bob')
  await bob.shutdown()
})
