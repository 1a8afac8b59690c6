#include "google/document_id.hpp"

#include "core/encoding.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

BOOST_AUTO_TEST_SUITE(document_id)

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
