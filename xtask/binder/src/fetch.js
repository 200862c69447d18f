
// Passes a module to the browser's compiler in small chunks, each in its own task. As a whole, from a fast
// network or the cache, it would block the page while it is read.
export async function paced(fetched) {
    const response = await fetched;
    if (!response.ok || response.body === null) {
        return response;
    }
    const { port1, port2 } = new MessageChannel();
    // Browsers delay timers, but not messages.
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

// Size of a chunk, in bytes.
const PIECE = 65536;

// Repeats a necessary download for half a minute, because a phone may be changing networks. Errors of a page
// that was left are not reported, although its downloads are aborted.
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
