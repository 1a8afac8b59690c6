#pragma once

#include "google/firestore_client.hpp"

#include <functional>
#include <optional>
#include <string>

namespace byot::google {

/// What is wanted of a document, seeing what it holds (nothing: there is none).
struct intention {
    std::optional<firestore_write> write; ///< its precondition is added; nothing: nothing is to be done
    bool answer = false;                  ///< once the write was made
};

/// A change of one document by reading it, deciding, and writing under the condition that it is still the one
/// that was read; again from the start when it is not.
struct document_update {
    std::string name;
    std::function<intention(const std::optional<firestore_document>&)> decide;
    /// After an `unclear` end: what became of the write, by what is there now. Nothing: decide anew.
    std::function<std::optional<result<bool>>(const std::optional<firestore_document>&)> recognise;
    /// A document that must not be there when the write is made; while it is, the answer is false.
    std::string barrier{};
    /// A first write for the version in its precondition, in place of the first read.
    std::optional<firestore_write> guess;
};

/// The intention's answer. Failure: `store_unavailable`.
task<result<bool>> carry_out(firestore_client& client, document_update update, steady_time limit);

} // namespace byot::google
