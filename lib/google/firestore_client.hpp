#pragma once

#include "core/secret.hpp"
#include "google/call_gate.hpp"
#include "google/firestore_document.hpp"
#include "google/firestore_write.hpp"
#include "google/retry.hpp"
#include "http/client.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace byot::google {

/// Where documents lie and how long is tried for.
struct firestore_settings {
    url base;                                  ///< "https://firestore.googleapis.com", or the emulator's
    std::string database;                      ///< "projects/P/databases/D"
    std::chrono::milliseconds attempt{2500};   ///< one request's limit; a lock conflict takes Firestore 2 s
    std::chrono::milliseconds operation{5000}; ///< what a caller gives a whole operation
    std::size_t most_calls = 64;               ///< and so connections, of one reactor
    std::size_t most_waiting = 1000;
};

/// Where access tokens come from. Of the reactor that asks.
struct token_access {
    std::function<task<result<std::shared_ptr<const secret>>>()> get;
    std::function<void(const secret&)> refuse; ///< told of a token that Google refused; may be empty
};

/// How a commit ended, when it did not fail.
enum class commit_end : std::uint8_t {
    made,
    refused, ///< a precondition was not met; nothing was written
    unclear, ///< the same, but an attempt before it lost its answer and may have been the one that was in the
             ///< way
};

/// Firestore's REST API (https://cloud.google.com/firestore/docs/reference/rest) for one reactor: every call
/// has a limit, is repeated as `retry_decision` says, and runs on at most `most_calls` connections. Failure
/// of each: `store_unavailable`, with the status's name in its sentence.
class firestore_client {
public:
    firestore_client(net::reactor& home, net::connection_pool& pool, firestore_settings settings,
                     token_access tokens);

    const firestore_settings& settings() const noexcept { return settings_; }
    /// "projects/P/databases/D/documents/COLLECTION/ID". Precondition: `is_document_id(id)`.
    std::string document_name(std::string_view collection, std::string_view id) const;

    /// The document, or nothing when there is none. Asks by batchGet: documents.get answers a missing
    /// document and a missing database alike.
    task<result<std::optional<firestore_document>>> get(std::string name, steady_time limit);
    /// The same for several, in any order; a missing one has no `update_time`.
    task<result<std::vector<firestore_document>>> batch_get(std::vector<std::string> names,
                                                            steady_time limit);
    task<result<std::vector<firestore_document>>> run_query(page_query query, steady_time limit);
    /// All writes or none. What may be repeated follows from their preconditions.
    task<result<commit_end>> commit(std::vector<firestore_write> writes, steady_time limit);
    /// A commit of one write: what documents.patch does, whose preconditions the emulator misreads.
    task<result<commit_end>> patch(firestore_write write, steady_time limit);

private:
    struct call;
    struct call_answer;

    /// A call that changes nothing: the body of its good answer.
    task<result<std::string>> read(std::string verb, std::string body, steady_time limit);
    task<call_answer> perform(call what);
    task<call_answer> attempt(const call& what, std::shared_ptr<const secret> token, steady_time limit);
    http::client_request request_of(const call& what, std::shared_ptr<const secret> token,
                                    steady_time limit) const;

    net::reactor& home_;
    net::connection_pool& pool_;
    firestore_settings settings_;
    token_access tokens_;
    call_gate gate_;
};

} // namespace byot::google
