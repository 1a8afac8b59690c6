"""Genkit's flows behind FastAPI. Says where it listens; the user comes in x-byot-uid, the key in x-byot-api-key."""
import socket
from urllib.parse import unquote

import uvicorn
from fastapi import FastAPI, Request
from genkit import ActionRunContext, Genkit
from genkit_fastapi import serve_flow

ai = Genkit()


async def caller(request: Request):
    return {'auth': {'uid': unquote(request.headers['x-byot-uid'])},
            'secrets': {'apiKey': request.headers['x-byot-api-key']}}


@ai.flow()
async def count(until: int, ctx: ActionRunContext) -> str:
    for number in range(until):
        ctx.send_chunk(f'chunk {number} ä€😀')
    return f"{until} chunks for {ctx.context['auth']['uid']} with {ctx.context['secrets']['apiKey'][-4:]}"


@ai.flow()
async def failing(until: int, ctx: ActionRunContext) -> str:
    ctx.send_chunk('first')
    raise RuntimeError('the flow broke')


app = FastAPI()
for flow in (count, failing):
    app.include_router(serve_flow(flow, context_dependency=caller))
listener = socket.create_server(('127.0.0.1', 0))
print(f'listening on {listener.getsockname()[1]}', flush=True)
uvicorn.Server(uvicorn.Config(app, log_level='warning')).run([listener])
