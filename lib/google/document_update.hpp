#pragma once

#include "google/firestore_client.hpp"

#include <optional>
#include <string>

namespace byot::google {

/// A document as it is there now; nothing: there is none.
using found_document = std::optional<firestore_document>;

/// What is wanted of a document, seeing what it holds.
struct intention {
    std::optional<firestore_write> write; ///< its precondition is added; nothing: nothing is to be done
    result<bool> answer = false;          ///< at once, or once the write was made
};

/// A change of one document by reading it, deciding, and writing under the condition that it is still the one
/// that was read; again from the start when it is not.
class document_update {
public:
    explicit document_update(std::string document_name) : name(std::move(document_name)) {}
    virtual ~document_update() = default;
    document_update(const document_update&) = delete;
    document_update& operator=(const document_update&) = delete;

    /// Why what is there must be left as it is; asked first, each time that the document is read.
    virtual std::optional<failure> refuse(const found_document& there) const = 0;
    /// What is to become of what is there.
    virtual intention decide(const found_document& there) = 0;
    /// After a write whose end is unclear: what became of it, by what is there now. Nothing: decide anew.
    virtual std::optional<result<bool>> recognise(const found_document& there) = 0;

    std::string name;
    /// A document that must not be there when the write is made; while it is, the answer is false. Empty:
    /// none.
    std::string barrier;
    /// A first write for the version in its precondition, in place of the first read.
    std::optional<firestore_write> guess;
};

/// The intention's answer. `update` outlives the call. Failures: `store_unavailable`, and what `refuse` says.
task<result<bool>> carry_out(firestore_client& client, document_update& update, steady_time limit);

} // namespace byot::google
