
// Hands a module to the browser's compiler in small pieces, each in a task of its own. Whole, as it comes
// from a quick network or the cache, it would hold up the page while it is read.
export async function paced(fetched) {
    const response = await fetched;
    if (!response.ok || response.body === null) {
        return response;
    }
    const reader = response.body.getReader();
    const { port1, port2 } = new MessageChannel();
    // Unlike a timer, a message is not held back.
    const turn = () => new Promise((resolve) => {
        port1.onmessage = resolve;
        port2.postMessage(null);
    });
    const body = new ReadableStream({
        async start(controller) {
            for (;;) {
                const { done, value } = await reader.read();
                if (done) {
                    break;
                }
                for (let at = 0; at < value.length; at += PIECE) {
                    controller.enqueue(value.subarray(at, at + PIECE));
                    await turn();
                }
            }
            port1.close();
            controller.close();
        },
    });
    return new Response(body, { headers: { "Content-Type": "application/wasm" } });
}

// In bytes.
const PIECE = 65536;
