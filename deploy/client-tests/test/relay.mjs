// What all tests share: where the relay is, and patience.

export const relayUrl = process.env.RELAY_URL ?? 'ws://127.0.0.1:7777'

export const now = () => Math.floor(Date.now() / 1000)

/** Waits until it holds, for ten seconds. */
export const eventually = async (holds) => {
  const end = Date.now() + 10_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it does not come about')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
