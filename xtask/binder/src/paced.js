
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
