#include "relay/client_head.hpp"

#include "core/clock.hpp"
#include "core/encoding.hpp"
#include "http/characters.hpp"
#include "http/response.hpp"
#include "relay/event_json.hpp"
#include "vault/stream_ids.hpp"

#include <array>

namespace byot::relay {
namespace {

constexpr std::string_view stream_id_name = "x-genkit-stream-id";
constexpr std::size_t room_for_constants = 1024;

constexpr std::string_view ours = "this service says it itself";
constexpr std::string_view of_the_connection = "of the upstream's connection alone (RFC 9110 §7.6.1)";
constexpr std::string_view identity = "only Firebase's identity is asked for here, never another server's";
constexpr std::string_view policy = "a page's policy is not a flow's to make";
constexpr std::string_view site = "would act on this service's whole address";
constexpr std::string_view caching = "no answer is stored (no-store), so nothing is said of a stored one";
constexpr std::string_view software = "tells what runs behind this service, and nothing to the client";
constexpr std::string_view whole_bytes = "a stream that is given its last event is not what was digested";

constexpr std::array table{
    // What the status or the body cannot be understood without
    answer_field{"retry-after", passes::always, "when to ask again, after 429, 503 or 3xx"},
    answer_field{"retry-after-ms", passes::always, "the same to OpenAI's clients, more finely"},
    answer_field{"x-should-retry", passes::always, "whether to ask again at all, to OpenAI's clients"},
    answer_field{"content-encoding", passes::always, "without it the body cannot be read"},
    answer_field{"content-language", passes::always, "about the body"},
    answer_field{"content-disposition", passes::always, "the body's name as a file"},
    answer_field{"etag", passes::always, "names this state, for a later If-Match to the flow"},
    answer_field{"last-modified", passes::always, "about the body"},
    answer_field{"location", passes::with_new_address, "where to go, as it came (RFC 9110 §10.2.2)"},
    answer_field{"allow", passes::with_method, "405 must have it (RFC 9110 §15.5.6)"},
    answer_field{"content-range", passes::with_range, "which part this is, or how long the whole"},
    answer_field{"accept", passes::with_media_type, "what would be understood (RFC 9110 §15.5.16)"},
    answer_field{"accept-post", passes::with_media_type, "the same for POST alone"},
    answer_field{"deprecation", passes::always, "tells developers of the flow's end (RFC 9745)"},
    answer_field{"sunset", passes::always, "and when it is (RFC 8594)"},
    answer_field{"link", passes::always, "and where to read on"},
    // What this service says
    answer_field{"content-type", passes::never, ours},
    answer_field{"content-length", passes::never, ours},
    answer_field{"cache-control", passes::never, ours},
    answer_field{"date", passes::never, ours},
    answer_field{"x-content-type-options", passes::never, ours},
    answer_field{"x-accel-buffering", passes::never, ours},
    answer_field{"x-request-id", passes::never, ours},
    answer_field{"x-byot-credential", passes::never, ours},
    answer_field{"x-byot-key-state", passes::never, "meant for this service, which keeps it"},
    answer_field{"ratelimit", passes::never, "this service's own limits stand there"},
    answer_field{"ratelimit-policy", passes::never, "this service's own limits stand there"},
    // Of the connection
    answer_field{"connection", passes::never, of_the_connection},
    answer_field{"keep-alive", passes::never, of_the_connection},
    answer_field{"proxy-connection", passes::never, of_the_connection},
    answer_field{"transfer-encoding", passes::never, of_the_connection},
    answer_field{"te", passes::never, of_the_connection},
    answer_field{"trailer", passes::never, "trailers do not pass"},
    answer_field{"upgrade", passes::never, of_the_connection},
    answer_field{"via", passes::never, software},
    // Identity
    answer_field{"www-authenticate", passes::never, identity},
    answer_field{"authentication-info", passes::never, identity},
    answer_field{"proxy-authenticate", passes::never, identity},
    answer_field{"proxy-authentication-info", passes::never, identity},
    answer_field{"set-cookie", passes::never, "a flow has no state in the browser of this service's user"},
    answer_field{"set-cookie2", passes::never, "a flow has no state in the browser of this service's user"},
    // Caches
    answer_field{"age", passes::never, caching},
    answer_field{"expires", passes::never, caching},
    answer_field{"pragma", passes::never, caching},
    answer_field{"warning", passes::never, "obsolete (RFC 9111 §5.5)"},
    answer_field{"vary", passes::never, "its selection was made behind this service, which adds its own"},
    answer_field{"cdn-cache-control", passes::never, caching},
    answer_field{"surrogate-control", passes::never, caching},
    // What is not asked for
    answer_field{"accept-ranges", passes::never, "no range can be asked for: Range does not go upstream"},
    answer_field{"accept-encoding", passes::never,
                 "which codings a request may have is this service's to say"},
    answer_field{"accept-patch", passes::never, "only POST goes upstream"},
    answer_field{"content-location", passes::never, "an address behind this service"},
    answer_field{"preference-applied", passes::never, "Prefer does not go upstream"},
    answer_field{"content-digest", passes::never, whole_bytes},
    answer_field{"repr-digest", passes::never, whole_bytes},
    answer_field{"digest", passes::never, whole_bytes},
    answer_field{"content-md5", passes::never, whole_bytes},
    // Software
    answer_field{"server", passes::never, software},
    answer_field{"server-timing", passes::never, software},
    answer_field{"x-powered-by", passes::never, software},
    // Pages and sites
    answer_field{"access-control-allow-origin", passes::never, ours},
    answer_field{"access-control-allow-credentials", passes::never, ours},
    answer_field{"access-control-allow-headers", passes::never, ours},
    answer_field{"access-control-allow-methods", passes::never, ours},
    answer_field{"access-control-expose-headers", passes::never, ours},
    answer_field{"access-control-max-age", passes::never, ours},
    answer_field{"content-security-policy", passes::never, policy},
    answer_field{"content-security-policy-report-only", passes::never, policy},
    answer_field{"cross-origin-embedder-policy", passes::never, policy},
    answer_field{"cross-origin-opener-policy", passes::never, policy},
    answer_field{"cross-origin-resource-policy", passes::never, policy},
    answer_field{"permissions-policy", passes::never, policy},
    answer_field{"referrer-policy", passes::never, policy},
    answer_field{"timing-allow-origin", passes::never, policy},
    answer_field{"x-frame-options", passes::never, policy},
    answer_field{"x-xss-protection", passes::never, policy},
    answer_field{"refresh", passes::never, "would lead a page elsewhere"},
    answer_field{"alt-svc", passes::never, site},
    answer_field{"clear-site-data", passes::never, site},
    answer_field{"nel", passes::never, site},
    answer_field{"report-to", passes::never, site},
    answer_field{"reporting-endpoints", passes::never, site},
    answer_field{"service-worker-allowed", passes::never, site},
    answer_field{"strict-transport-security", passes::never, site},
};

bool is_met(passes when, unsigned status) noexcept {
    switch (when) {
    case passes::always:
        return true;
    case passes::never:
        return false;
    case passes::with_new_address:
        return status == 201 || status / 100 == 3;
    case passes::with_method:
        return status == 405;
    case passes::with_range:
        return status == 206 || status == 416;
    case passes::with_media_type:
        return status == 415;
    }
    return false;
}

/// Copies the upstream's fields that pass, each line as it came, but a stream's id, which is signed for its
/// user. One object, so that visiting the fields captures no more than a std::function holds by itself.
struct field_copy {
    http::flat_buffer& out;
    const http::response_head& upstream;
    const answer_additions& additions;

    bool passes(std::string_view name) const {
        if (!passes_to_client(name, upstream.status)) return false;
        return !upstream.names_fields || !http::is_named_by_connection(upstream.fields, name);
    }
    void visit(std::string_view name, std::string_view value) const {
        if (!passes(name)) return;
        if (equals_ignoring_case(name, stream_id_name)) {
            const auto ring = additions.keyring->current();
            out.append_field(name, vault::sign_stream_id(*ring, *additions.who, value));
        } else {
            out.append_field(name, value);
        }
    }
};

void append_receipt(http::flat_buffer& out, const answer_additions& additions) noexcept {
    out.append("x-byot-credential: user/");
    out.append(additions.provider);
    out.append("/");
    out.append(additions.credential_id);
    out.append("\r\n");
}

} // namespace

std::span<const answer_field> answer_fields() noexcept {
    return table;
}

bool passes_to_client(std::string_view name, unsigned status) noexcept {
    constexpr std::string_view genkits = "x-genkit-";
    if (http::equals_lower(name.substr(0, genkits.size()), genkits)) return true;
    for (const auto& row : table) {
        if (row.when == passes::never) continue;
        if (http::equals_lower(name, row.name)) return is_met(row.when, status);
    }
    return false;
}

std::optional<vault::key_state> told_key_state(const http::response_head& upstream) {
    std::optional<vault::key_state> told;
    http::for_each_field(upstream.fields, [&](std::string_view name, std::string_view value) {
        if (!equals_ignoring_case(name, key_state_name)) return;
        if (const auto state = parse_told_state(value)) told = state;
    });
    return told;
}

bool write_client_head(http::response_writer& to, const http::response_head& upstream,
                       const answer_additions& additions) {
    constexpr std::size_t signature_room = 128;
    const http::rate_limit_fields rate_limits(additions.rate_limits);
    auto& out = to.head();
    if (!out.fits(room_for_constants + signature_room + 2 * upstream.size + additions.carried.size() +
                  rate_limits.lines().size() + additions.request_id.size())) {
        return false;
    }
    out.append("HTTP/1.1 ");
    out.append_number(upstream.status);
    out.append(" ");
    out.append(http::reason_phrase(upstream.status));
    out.append("\r\n");
    out.append_field("Date", format_http_date(additions.date));
    if (!additions.content_type.empty()) out.append_field("Content-Type", additions.content_type);
    const field_copy fields{out, upstream, additions};
    http::for_each_field(upstream.fields, [&](auto name, auto value) { fields.visit(name, value); });
    append_receipt(out, additions);
    out.append_field("x-request-id", additions.request_id);
    out.append_field("X-Content-Type-Options", "nosniff");
    out.append_field("Cache-Control", additions.is_event_stream ? "no-store, no-transform" : "no-store");
    // nginx would hold events back until its buffers are full
    if (additions.is_event_stream) out.append_field("X-Accel-Buffering", "no");
    out.append(additions.carried);
    out.append(rate_limits.lines());
    to.end_head();
    return true;
}

} // namespace byot::relay
