#include "google/credentials.hpp"

#include "google/service_account_file.hpp"
#include "vault/samples.hpp"

#include <fstream>

using namespace byot;
using namespace byot::google;
using namespace byot::google::testing;

namespace fs = std::filesystem;

namespace {

struct credentials_files {
    vault::testing::temporary_directory directory;
    credentials_location where;

    std::string write(std::string_view name, const boost::json::object& members) {
        const auto file = directory / name;
        std::ofstream(file) << boost::json::serialize(members);
        return file.string();
    }
    void write_for_gcloud(const boost::json::object& members) {
        where.gcloud_folder = directory.path().string();
        write("application_default_credentials.json", members);
    }
    std::string problem() {
        const auto found = find_credentials(where);
        return found ? std::string() : found.error().message;
    }
    /// "service account", "user" or the metadata server's authority.
    std::string found() {
        const auto got = find_credentials(where);
        if (!got) return got.error().message;
        if (std::holds_alternative<service_account>(*got)) return "service account";
        if (std::holds_alternative<authorized_user>(*got)) return "user";
        return authority(std::get<metadata_server>(*got).address.origin);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(finding_credentials, credentials_files)

BOOST_AUTO_TEST_CASE(the_named_file_comes_first_then_gclouds_then_the_metadata_server) {
    write_for_gcloud(user_members());
    where.named_file = write("named.json", service_account_members());
    BOOST_TEST(found() == "service account");
    where.named_file.clear();
    BOOST_TEST(found() == "user");
    where.gcloud_folder += "/nothing-here";
    where.metadata_host.origin = {false, "metadata.google.internal", 80};
    BOOST_TEST(found() == "metadata.google.internal");
    where.gcloud_folder.clear();
    where.metadata_host.origin = {false, "127.0.0.1", 8099};
    BOOST_TEST(found() == "127.0.0.1:8099");
}

BOOST_AUTO_TEST_CASE(a_named_file_that_is_missing_or_no_file_is_a_problem) {
    write_for_gcloud(user_members());
    where.named_file = (directory / "missing.json").string();
    BOOST_TEST(problem().starts_with(where.named_file + ": cannot be opened"));
    where.named_file = directory.path().string();
    BOOST_TEST(problem() == where.named_file + ": is not a regular file");
}

BOOST_AUTO_TEST_CASE(a_bad_file_is_a_problem_that_names_it_and_quotes_nothing) {
    auto members = service_account_members();
    members["private_key"] = "a-key-that-nobody-may-see";
    where.named_file = write("bad.json", members);
    BOOST_TEST(problem().starts_with(where.named_file + ": private_key"));
    BOOST_TEST(problem().find("nobody") == std::string::npos);

    where.named_file.clear();
    write_for_gcloud({{"type", "external_account"}});
    BOOST_TEST(problem().find("external_account") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_too_large_for_credentials_is_not_read) {
    auto members = user_members();
    members["account"] = std::string(70000, 'a');
    where.named_file = write("large.json", members);
    BOOST_TEST(problem() == where.named_file + ": is larger than credentials can be");
}

BOOST_AUTO_TEST_SUITE_END()
