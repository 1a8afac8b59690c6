#pragma once

#include "google/firestore_client.hpp"
#include "vault/key_store.hpp"

#include <memory>
#include <vector>

namespace byot::google {

/// Keeps records in Firestore, one document a user. Every write depends on the version of the document it was
/// decided on, so of two writers at once one sees what the other did, and a write whose answer was lost can
/// be made late but never over a newer one. What such a write came to is looked up; where that does not tell,
/// the call fails rather than being made again.
///
/// `clients` are the reactors', in the order of their indices; they outlive the store.
std::unique_ptr<vault::key_store> make_firestore_store(std::vector<firestore_client*> clients);

} // namespace byot::google
