// Genkit's flows behind Go's net/http. Says where it listens; the user comes in x-byot-uid, the key in
// x-byot-api-key.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/firebase/genkit/go/core"
	"github.com/firebase/genkit/go/genkit"
)

func caller(_ context.Context, request core.RequestData) (core.ActionContext, error) {
	uid, err := url.PathUnescape(request.Headers["x-byot-uid"])
	return core.ActionContext{"uid": uid, "apiKey": request.Headers["x-byot-api-key"]}, err
}

func count(ctx context.Context, until int, send core.StreamCallback[string]) (string, error) {
	for number := 0; number < until; number++ {
		if send == nil {
			break
		}
		if err := send(ctx, fmt.Sprintf("chunk %d ä€😀", number)); err != nil {
			return "", err
		}
	}
	given := core.FromContext(ctx)
	key := given["apiKey"].(string)
	return fmt.Sprintf("%d chunks for %s with %s", until, given["uid"], key[len(key)-4:]), nil
}

func failing(ctx context.Context, _ int, send core.StreamCallback[string]) (string, error) {
	if send != nil {
		if err := send(ctx, "first"); err != nil {
			return "", err
		}
	}
	return "", errors.New("the flow broke")
}

func main() {
	g := genkit.Init(context.Background())
	flows := http.NewServeMux()
	provided := genkit.WithContextProviders(caller)
	flows.HandleFunc("POST /count", genkit.Handler(genkit.DefineStreamingFlow(g, "count", count), provided))
	flows.HandleFunc("POST /failing", genkit.Handler(genkit.DefineStreamingFlow(g, "failing", failing), provided))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("listening on %d\n", listener.Addr().(*net.TCPAddr).Port)
	panic(http.Serve(listener, flows))
}
