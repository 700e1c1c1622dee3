// NDK, as its documentation uses it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import NDK, { NDKEvent, NDKPrivateKeySigner, NDKRelayAuthPolicies } from '@nostr-dev-kit/ndk'
import WebSocket from 'ws'
import { eventually, now, relayUrl } from './relay.mjs'

globalThis.WebSocket ??= WebSocket

const connected = async (signer) => {
  const ndk = new NDK({ explicitRelayUrls: [relayUrl], signer, enableOutboxModel: false })
  ndk.relayAuthDefaultPolicy = NDKRelayAuthPolicies.signIn({ ndk, signer })
  await ndk.connect(5_000)
  return ndk
}
const leave = (ndk) => ndk.pool.relays.forEach((relay) => relay.disconnect())

let ndk
let me
before(async () => {
  const signer = NDKPrivateKeySigner.generate()
  me = (await signer.user()).pubkey
  ndk = await connected(signer)
})
after(() => leave(ndk))

const event = (kind, content, tags = []) => {
  const made = new NDKEvent(ndk)
  made.kind = kind
  made.content = content
  made.tags = tags
  return made
}

test('publishes, fetches and subscribes', async () => {
  const note = event(1, 'from NDK', [['t', 'ndk']])
  const relays = await note.publish()
  assert.equal(relays.size, 1)
  const found = await ndk.fetchEvents({ '#t': ['ndk'], authors: [me] })
  assert.deepEqual([...found].map((e) => e.content), ['from NDK'])

  const heard = []
  const sub = ndk.subscribe({ kinds: [1], authors: [me] }, { closeOnEose: false })
  sub.on('event', (e) => heard.push(e.content))
  await new Promise((resolve) => sub.on('eose', resolve))
  await event(1, 'live').publish()
  await eventually(() => heard.includes('live'))
  sub.stop()
})

test('replaces a profile', async () => {
  const old = event(0, '{"name":"old"}')
  old.created_at = now() - 10
  await old.publish()
  await event(0, '{"name":"new"}').publish()
  const profile = await ndk.fetchEvent({ kinds: [0], authors: [me] })
  assert.equal(profile.content, '{"name":"new"}')
})

test('deletes', async () => {
  const note = event(1, 'to be deleted')
  await note.publish()
  await note.delete('a reason')
  await eventually(async () => (await ndk.fetchEvents({ ids: [note.id] }, { cacheUsage: 'ONLY_RELAY' })).size === 0)
})

test('signs in where it has to, and then publishes what is protected', async () => {
  const signer = NDKPrivateKeySigner.generate()
  const other = await connected(signer)
  const guarded = new NDKEvent(other)
  guarded.kind = 1
  guarded.content = 'mine'
  guarded.tags = [['-']]
  let authenticated = false
  other.pool.relays.forEach((relay) => relay.on('authed', () => { authenticated = true }))
  await guarded.publish().catch(() => {})
  await eventually(() => authenticated)
  await guarded.publish()
  leave(other)
  assert.equal((await ndk.fetchEvents({ ids: [guarded.id] })).size, 1)
})
