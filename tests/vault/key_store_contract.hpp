#pragma once

#include "vault/contract_of_entries.hpp"
#include "vault/contract_of_records.hpp"
#include "vault/contract_of_users.hpp"
#include "vault/contract_of_writers.hpp"

#include <utility>

/// What every `key_store` promises, as checks that any of them can be put through. Each check takes a store
/// that holds nothing of the users it names (they are new each time) and the reactor to run on.
namespace byot::vault::testing {

inline void a_probe_is_answered(store_driver& store) {
    BOOST_TEST(store.answers());
}

/// All of them, each on a store that `make(reactor)` opens: a pointer to a `key_store`, or to something that
/// stands before one.
template <class Factory>
void check_key_store_contract(Factory make) {
    using check = void (*)(store_driver&);
    const std::pair<const char*, check> checks[] = {
        {"a saved record comes back whole", a_saved_record_comes_back_whole},
        {"no record is put under a closed entry", no_record_is_put_under_a_closed_entry},
        {"what savers told is there until they take it back", what_savers_told_is_there_until_taken_back},
        {"a save replaces that provider's record and no other",
         a_save_replaces_that_providers_record_and_no_other},
        {"removing says whether there was one", removing_says_whether_there_was_one},
        {"a change touches what it names", a_change_touches_what_it_names},
        {"a change of another credential is not made", a_change_of_another_credential_is_not_made},
        {"a replacement is made only for the same credential and entry",
         a_replacement_is_made_only_for_the_same_credential_and_entry},
        {"a replacement keeps what was learnt meanwhile", a_replacement_keeps_what_was_learnt_meanwhile},
        {"writers of one user neither lose nor resurrect a key",
         writers_of_one_user_neither_lose_nor_resurrect_a_key},
        {"of two saves at once one is kept whole", of_two_saves_at_once_one_is_kept_whole},
        {"pages of old records give each record once", pages_of_old_records_give_each_record_once},
        {"a uid of any bytes is a user of its own", a_uid_of_any_bytes_is_a_user_of_its_own},
        {"a uid in two tenants is two users", a_uid_in_two_tenants_is_two_users},
        {"pages name each record's user whole", pages_name_each_record_s_user_whole},
        {"nothing of a removed user comes back", nothing_of_a_removed_user_comes_back},
        {"a removal that comes late moves no tombstone back",
         a_removal_that_comes_late_moves_no_tombstone_back},
        {"of saves beside the removal of their user none is left",
         of_saves_beside_the_removal_of_their_user_none_is_left},
        {"many at once are all kept", many_at_once_are_all_kept},
        {"a probe is answered", a_probe_is_answered},
    };
    for (const auto& [name, run] : checks) {
        BOOST_TEST_CONTEXT(name) {
            running_reactor reactor;
            const auto store = make(reactor);
            store_driver driver(reactor, *store);
            run(driver);
        }
    }
}

} // namespace byot::vault::testing
