
// Hands a module to the browser's compiler in small pieces, each in a task of its own. Whole, as it comes
// from a quick network or the cache, it would hold up the page while it is read.
export async function paced(fetched) {
    const response = await fetched;
    if (!response.ok || response.body === null) {
        return response;
    }
    const { port1, port2 } = new MessageChannel();
    // Unlike a timer, a message is not held back.
    const turn = () => new Promise((resolve) => {
        port1.onmessage = resolve;
        port2.postMessage(null);
    });
    const pieces = new TransformStream({
        async transform(bytes, controller) {
            for (let at = 0; at < bytes.length; at += PIECE) {
                controller.enqueue(bytes.subarray(at, at + PIECE));
                await turn();
            }
        },
        flush: () => port1.close(),
    });
    const headers = { "Content-Type": "application/wasm" };
    return new Response(response.body.pipeThrough(pieces), { headers });
}

// In bytes.
const PIECE = 65536;

// Loads what a page cannot do without, again and again for half a minute: a phone may be between two
// networks. Of a page that was left nothing more is heard, though what it fetched is cut off.
export async function insistent(load) {
    for (let pause = 500; pause <= 16000; pause *= 2) {
        try {
            return await load();
        } catch {
            await new Promise((resolve) => setTimeout(resolve, pause));
        }
    }
    return load();
}
