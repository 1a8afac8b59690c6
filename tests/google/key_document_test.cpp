#include "google/key_document.hpp"

#include "core/encoding.hpp"
#include "vault/key_store_contract.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

BOOST_AUTO_TEST_SUITE(document_ids)

using namespace byot;

BOOST_AUTO_TEST_CASE(an_id_that_firestore_takes_is_the_users_own) {
    for (const std::string uid :
         {"ann", "Zx9-_.:@", "a b", "ö", "%2F", "'", "__", "_", "__a_", "...", "a~"}) {
        BOOST_TEST(google::is_document_id(uid), uid);
        BOOST_TEST(google::document_id(user_id(uid)) == uid);
    }
    BOOST_TEST(google::document_id(user_id(std::string(1500, 'a'))) == std::string(1500, 'a'));
}

BOOST_AUTO_TEST_CASE(any_other_becomes_a_hash_of_its_own) {
    const std::string uids[] = {
        "",
        ".",
        "..",
        "/",
        "a/b",
        "a/c",
        "____",
        "__a__",
        "__id7__",
        "~",
        "~a",
        "a\x01",
        "a\x7f",
        "\xff",
        std::string("\0", 1),
        std::string(1501, 'a'),
    };
    std::set<std::string> ids;
    for (const auto& uid : uids) {
        const auto id = google::document_id(user_id(uid));
        BOOST_TEST(id.size() == 44U, uid);
        BOOST_TEST(id.front() == '~');
        BOOST_TEST(google::is_document_id(id));
        BOOST_TEST(ids.insert(id).second, uid);
    }
}

// So that another program finds the document: python3 -c "import hashlib,base64;
// print(base64.urlsafe_b64encode(hashlib.blake2b(b'a/b',digest_size=32).digest()))"
BOOST_AUTO_TEST_CASE(the_hash_is_blake2b_256_in_base64url) {
    BOOST_TEST(google::document_id(user_id("a/b")) == "~-VlvCMUtLlz82a3MU07yViGF48lq5W2EvvDGIsH6rGU");
}

// The text that is hashed is b'\\x00\\x0aacme-x1y2zann': NUL, the tenant's length, the tenant, the uid.
BOOST_AUTO_TEST_CASE(a_tenants_user_has_a_hash_that_no_plain_uid_has) {
    const auto ann = user_id::in_tenant("acme-x1y2z", "ann");
    BOOST_TEST(google::document_id(ann) == "~2ATOf-P-4OS-6aTQgFYnpxZUJXMTU4N-Rr8v1bisGz8");
    std::set<std::string> ids{google::document_id(user_id("ann")), google::document_id(user_id("~ann"))};
    for (const auto& who :
         {ann, user_id::in_tenant("acme-x1y2za", "nn"), user_id::in_tenant("acme-x1y2", "zann"),
          user_id::in_tenant("other-x1y2z", "ann"), user_id::in_tenant("acme-x1y2z", "~ann"),
          user_id("acme-x1y2zann"), user_id(ann.canonical()), user_id(google::document_id(ann))}) {
        BOOST_TEST(google::is_document_id(google::document_id(who)));
        BOOST_TEST(ids.insert(google::document_id(who)).second, who.canonical());
    }
}

BOOST_AUTO_TEST_SUITE_END()

using namespace byot;
using namespace byot::google;
using vault::key_record;
using vault::key_state;
using vault::testing::full_record;
using vault::testing::same;

namespace {

const std::string prefix = "projects/p/databases/(default)/documents/byotUsers/";

/// The document that a save leaves where there was none.
firestore_document document_of(const vault::testing::whose& uid, const key_record& record) {
    const auto write = save_write(prefix + document_id(uid), uid, record);
    firestore_document document;
    document.name = write.name;
    document.fields = write.fields;
    document.created = to_timestamp(record.created_at);
    document.update_time = "2026-01-02T03:04:05.000002Z";
    return document;
}

firestore_fields& fields_of(firestore_document& document, const std::string& provider) {
    const auto& keys = *document.fields.at("keys").as<firestore_fields>();
    auto& record = *keys.at(provider).as<firestore_fields>();
    return const_cast<firestore_fields&>(record);
}

bool is_untrusted(const std::vector<key_record>& records) {
    return records.size() == 1 && records[0].signature.empty() &&
           records[0].state == key_state::undecryptable;
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_document)

BOOST_AUTO_TEST_CASE(a_record_comes_back_from_its_fields_with_the_documents_version) {
    const auto full = full_record("googleai");
    auto sparse = full;
    sparse.hint.clear();
    sparse.last_used_at.reset();
    sparse.last_checked_at.reset();
    sparse.expires_at.reset();
    for (const auto& record : {full, sparse}) {
        const auto document = document_of("ann", record);
        const auto records = read_records(document);
        BOOST_TEST_REQUIRE(records.has_value());
        BOOST_TEST_REQUIRE(records->size() == 1U);
        BOOST_TEST(same(records->front(), record));
        BOOST_TEST(records->front().version == document.update_time);
    }
}

BOOST_AUTO_TEST_CASE(a_save_names_its_providers_record_and_the_uid_only_where_the_name_hides_it) {
    const auto plain = save_write(prefix + "ann", user_id("ann"), full_record("googleai"));
    BOOST_TEST_REQUIRE(plain.mask.has_value());
    BOOST_TEST(*plain.mask == std::vector<std::string>{"keys.googleai"}, boost::test_tools::per_element());
    BOOST_TEST(plain.fields.size() == 1U);
    const user_id uid("__ann__");
    const auto hidden = save_write(prefix + document_id(uid), uid, full_record("googleai"));
    const std::vector<std::string> both{"keys.googleai", "uid"};
    BOOST_TEST(*hidden.mask == both, boost::test_tools::per_element());
    BOOST_TEST(*hidden.fields.at("uid").as<std::string>() == "__ann__");
}

BOOST_AUTO_TEST_CASE(the_owner_is_in_the_name_or_else_in_the_uid_that_hashes_to_it) {
    const auto record = full_record("googleai");
    for (const std::string uid : {"ann", "~ann", "a/b", "..", "ö", ""}) {
        BOOST_TEST((owner_of(document_of(uid, record)) == user_id(uid)));
    }
    auto moved = document_of("~ann", record);
    moved.fields.insert_or_assign("uid", firestore_value(std::string("~bob")));
    BOOST_TEST(!owner_of(moved).has_value());
    moved.fields.erase("uid");
    BOOST_TEST(!owner_of(moved).has_value());
}

BOOST_AUTO_TEST_CASE(a_tenants_document_says_tenant_and_uid_and_is_whose_both_hash_to_it) {
    const auto ann = user_id::in_tenant("acme-x1y2z", "ann");
    const auto write = save_write(prefix + document_id(ann), ann, full_record("googleai"));
    const std::vector<std::string> mask{"keys.googleai", "uid", "tenant"};
    BOOST_TEST(*write.mask == mask, boost::test_tools::per_element());
    BOOST_TEST(*write.fields.at("uid").as<std::string>() == "ann");
    BOOST_TEST(*write.fields.at("tenant").as<std::string>() == "acme-x1y2z");
    const auto document = document_of(ann, full_record("googleai"));
    BOOST_TEST((owner_of(document) == ann));
    const struct {
        const char* field;
        std::optional<firestore_value> value;
    } rows[] = {
        {"tenant", firestore_value(std::string("other-x1y2z"))},
        {"tenant", firestore_value(std::string(""))},
        {"tenant", firestore_value(std::string(300, 't'))},
        {"tenant", firestore_value(std::int64_t{1})},
        {"tenant", std::nullopt},
        {"uid", firestore_value(std::string("bob"))},
        {"uid", std::nullopt},
    };
    for (const auto& row : rows) {
        auto altered = document;
        altered.fields.erase(row.field);
        if (row.value) altered.fields.emplace(row.field, *row.value);
        BOOST_TEST(!owner_of(altered).has_value(), row.field);
    }
    auto plain = document_of("~ann", full_record("googleai"));
    plain.fields.emplace("tenant", firestore_value(std::string("acme-x1y2z")));
    BOOST_TEST(!owner_of(plain).has_value());
}

BOOST_AUTO_TEST_CASE(a_record_that_this_service_did_not_write_is_shown_as_undecryptable) {
    const auto record = full_record("googleai");
    for (const auto* required :
         {"sealed", "keyId", "credentialId", "signature", "state", "createdAt", "updatedAt"}) {
        auto without = document_of("ann", record);
        fields_of(without, "googleai").erase(required);
        BOOST_TEST(is_untrusted(read_records(without).value()), required);
        auto other_kind = document_of("ann", record);
        fields_of(other_kind, "googleai").insert_or_assign(required, firestore_value(std::int64_t{1}));
        BOOST_TEST(is_untrusted(read_records(other_kind).value()), required);
    }
    auto unknown_state = document_of("ann", record);
    fields_of(unknown_state, "googleai").insert_or_assign("state", firestore_value(std::string("fine")));
    BOOST_TEST(is_untrusted(read_records(unknown_state).value()));
    auto no_map = document_of("ann", record);
    firestore_fields keys;
    keys.emplace("googleai", firestore_value(std::string("a text")));
    no_map.fields.insert_or_assign("keys", firestore_value(std::move(keys)));
    BOOST_TEST(is_untrusted(read_records(no_map).value()));
}

// The signature covers what is opened and for whom; what else is there takes nothing from that.
BOOST_AUTO_TEST_CASE(fields_that_a_next_version_adds_are_passed_over_and_named_by_no_write) {
    const auto record = full_record("googleai");
    auto document = document_of("ann", record);
    document.fields.emplace("settings", firestore_value(other_kind()));
    fields_of(document, "googleai").emplace("scopes", firestore_value(other_kind()));
    fields_of(document, "googleai").emplace("note", firestore_value(std::string("what")));
    const auto records = read_records(document).value();
    BOOST_TEST_REQUIRE(records.size() == 1U);
    BOOST_TEST(same(records[0], record));
    vault::key_change change;
    change.provider = "googleai";
    change.state = key_state::rejected;
    const auto name = prefix + "ann";
    for (const auto& write : {change_write(name, change), replace_write(name, records[0]),
                              save_write(name, user_id("ann"), full_record("openai"))}) {
        BOOST_TEST_REQUIRE(write.mask.has_value());
        for (const auto& path : *write.mask) {
            BOOST_TEST((path.starts_with("keys.openai") || path.find('.') != path.rfind('.')), path);
            BOOST_TEST(path.find("scopes") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_document_of_a_layout_that_is_not_known_is_not_read) {
    const auto record = full_record("googleai");
    auto document = document_of("ann", record);
    BOOST_TEST(!document.fields.contains("version"));
    BOOST_TEST(is_of_known_version(document));
    document.fields.emplace("version", firestore_value(std::int64_t{1}));
    BOOST_TEST(is_of_known_version(document));
    BOOST_TEST(same(read_records(document).value().at(0), record));
    for (const auto& version : {firestore_value(std::int64_t{2}), firestore_value(std::int64_t{0}),
                                firestore_value(std::string("1")), firestore_value(other_kind())}) {
        document.fields.insert_or_assign("version", version);
        BOOST_TEST(!is_of_known_version(document));
        BOOST_TEST(!read_records(document).has_value());
        BOOST_TEST(!find_record(document, "googleai").has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_tombstone_replaces_the_document_and_says_when) {
    const auto at = wall_time(std::chrono::milliseconds(1767400000123));
    const auto write = user_removal_write(prefix + "ann", at);
    BOOST_TEST(!write.mask.has_value());
    BOOST_TEST(!write.deletes);
    auto document = document_of("ann", full_record("googleai"));
    BOOST_TEST(!removed_at(document).has_value());
    document.fields = write.fields;
    BOOST_TEST((removed_at(document) == at));
    BOOST_TEST(read_records(document).value().empty());
    document.fields.insert_or_assign("removedAt", firestore_value(std::string("then")));
    BOOST_TEST(!removed_at(document).has_value());
}

BOOST_AUTO_TEST_CASE(keys_that_are_no_map_cannot_be_read_and_none_are_none) {
    auto document = document_of("ann", full_record("googleai"));
    document.fields.insert_or_assign("keys", firestore_value(std::string("none")));
    BOOST_TEST(!read_records(document).has_value());
    document.fields.clear();
    BOOST_TEST(read_records(document).value().empty());
}

BOOST_AUTO_TEST_CASE(a_change_and_a_rewrap_write_what_they_name_and_nothing_else) {
    vault::key_change change;
    change.provider = "openai";
    change.credential_id = "cred_0123456789abcdef";
    change.state = key_state::rejected;
    const auto state = change_write(prefix + "ann", change);
    BOOST_TEST(*state.mask == std::vector<std::string>{"keys.openai.state"},
               boost::test_tools::per_element());
    change.state.reset();
    change.last_used_at = wall_time(std::chrono::seconds(1));
    change.last_checked_at = wall_time(std::chrono::seconds(2));
    const std::vector<std::string> times{"keys.openai.lastCheckedAt", "keys.openai.lastUsedAt"};
    BOOST_TEST(*change_write(prefix + "ann", change).mask == times, boost::test_tools::per_element());
    const std::vector<std::string> anew{"keys.openai.keyId", "keys.openai.sealed", "keys.openai.signature",
                                        "keys.openai.updatedAt"};
    const auto moved = replace_write(prefix + "ann", full_record("openai"));
    BOOST_TEST(*moved.mask == anew, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_removal_names_the_record_and_writes_nothing_in_its_place) {
    const auto removal = remove_write(prefix + "ann", "openai");
    BOOST_TEST(*removal.mask == std::vector<std::string>{"keys.openai"}, boost::test_tools::per_element());
    BOOST_TEST(removal.fields.empty());
    BOOST_TEST(!removal.deletes);
}

BOOST_AUTO_TEST_SUITE_END()
