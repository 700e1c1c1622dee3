// permessage-deflate, as ws and browsers offer it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { finalizeEvent, generateSecretKey } from 'nostr-tools/pure'
import WebSocket from 'ws'
import { eventually, now, relayUrl } from './relay.mjs'

/** A connection and what has come over it, with how many bytes that took. */
const open = async () => {
  const socket = new WebSocket(relayUrl, { perMessageDeflate: { threshold: 0 } })
  const messages = []
  socket.on('message', (data, binary) => messages.push(binary ? 'binary' : JSON.parse(data.toString())))
  await new Promise((resolve, reject) => { socket.on('open', resolve); socket.on('error', reject) })
  return { socket, messages, send: (message) => socket.send(JSON.stringify(message)), read: () => socket._socket.bytesRead }
}

test('agrees on compression, and what comes is the same for all', async () => {
  const clients = [await open(), await open(), await open(), await open(), await open()]
  for (const { socket } of clients) {
    assert.equal(socket.extensions, 'permessage-deflate')
  }
  const [publisher, ...subscribers] = clients
  const tag = `compression ${Math.random()}`
  subscribers.forEach(({ send }, i) => send(['REQ', `é"${i}`, { '#t': [tag], limit: 0 }]))
  await eventually(() => subscribers.every(({ messages }) => messages.some(([verb]) => verb === 'EOSE')))

  const words = 'Rooks nest in number 🐦 \u0000 "quoted" \\ '
  const events = ['', 'short', words.repeat(20), words.repeat(3_000)].map((content) =>
    finalizeEvent({ kind: 1, created_at: now(), tags: [['t', tag]], content }, generateSecretKey()))
  const before = subscribers.map(({ read }) => read())
  events.forEach((event) => publisher.send(['EVENT', event]))
  await eventually(() => publisher.messages.length === events.length)
  assert.ok(publisher.messages.every(([verb, , accepted]) => verb === 'OK' && accepted))
  for (const [i, { messages }] of subscribers.entries()) {
    await eventually(() => messages.length === 1 + events.length)
    const heard = messages.filter(([verb]) => verb === 'EVENT')
    assert.deepEqual(heard.map(([, id]) => id), events.map(() => `é"${i}`))
    const byId = (a, b) => (a.id < b.id ? -1 : 1)
    const plain = events.map((event) => JSON.parse(JSON.stringify(event)))
    assert.deepEqual(heard.map(([, , event]) => event).sort(byId), plain.sort(byId))
  }
  if (process.env.RELAY_COMPRESSES === 'all') {
    const plain = Buffer.byteLength(JSON.stringify(events))
    const sizes = subscribers.map(({ read }, i) => read() - before[i])
    assert.ok(sizes.every((size) => size < plain / 10), `${plain} bytes for each of the subscribers, and ${sizes} came`)
  }

  publisher.send(['REQ', 'stored', { '#t': [tag] }])
  await eventually(() => publisher.messages.some(([verb]) => verb === 'EOSE'))
  assert.equal(publisher.messages.filter(([verb]) => verb === 'EVENT').length, events.length)
  clients.forEach(({ socket }) => socket.close())
})
