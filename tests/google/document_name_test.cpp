#include "google/document_name.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(document_name)

using byot::google::is_document_name;

BOOST_AUTO_TEST_CASE(a_document_s_full_name_is_one) {
    for (const auto* const name : {
             "projects/p/databases/(default)/documents/users/ann",
             "projects/example.com:p/databases/d/documents/a/b/c/d",
             "projects/p/databases/d/documents/users/ö %2F",
             "projects/p/databases/d/documents/documents/documents",
         }) {
        BOOST_TEST(is_document_name(name), name);
    }
}

BOOST_AUTO_TEST_CASE(anything_else_is_none) {
    for (const auto* const name : {
             "",
             "/",
             "users/ann",
             "projects/p/databases/d/documents",
             "projects/p/databases/d/documents/",
             "projects/p/databases/d/documents/users",
             "projects/p/databases/d/documents/users/",
             "projects/p/databases/d/documents/users/ann/",
             "projects/p/databases/d/documents/users/ann/keys",
             "projects/p/databases/d/documents//ann",
             "projects/p/databases/d/documents/users//keys/k",
             "projects//databases/d/documents/users/ann",
             "projects/p/databases//documents/users/ann",
             "/projects/p/databases/d/documents/users/ann",
             "Projects/p/databases/d/documents/users/ann",
             "projects/p/database/d/documents/users/ann",
             "projects/p/databases/d/document/users/ann",
             "projects/p/databases/documents/d/users/ann",
         }) {
        BOOST_TEST(!is_document_name(name), name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
