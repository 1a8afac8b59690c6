// Where credentials are found.
#include "core/file_descriptor.hpp"
#include "google/credentials.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>

namespace byot::google {
namespace {

constexpr off_t largest_file = 64 * 1024;

credentials_problem problem_of(const std::string& file, const std::string& what) {
    return {file + ": " + what};
}
credentials_problem system_problem(const std::string& file, const std::string& verb) {
    return problem_of(file, "cannot " + verb + ": " + std::strerror(errno));
}

credentials_result read_opened(const std::string& file, int descriptor) {
    struct stat about{};
    if (::fstat(descriptor, &about) != 0) return system_problem(file, "be looked at");
    if (!S_ISREG(about.st_mode)) return problem_of(file, "is not a regular file");
    if (about.st_size > largest_file) return problem_of(file, "is larger than credentials can be");
    secret text(static_cast<std::size_t>(about.st_size));
    text.resize(text.capacity());
    if (!read_all(descriptor, text)) return system_problem(file, "be read");
    auto parsed = parse_credentials(text);
    if (!parsed) return problem_of(file, parsed.error().message);
    return parsed;
}

// Without O_NONBLOCK a named pipe would keep the program waiting for a writer.
int open_to_read(const std::string& file) {
    return ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

credentials_result read_named(const std::string& file) {
    const file_descriptor opened(open_to_read(file));
    if (!opened) return system_problem(file, "be opened");
    return read_opened(file, opened.get());
}

credentials_result ask_metadata_server(const std::string& host) {
    const auto address = http::parse_url("http://" + host);
    if (!address || !address->path.empty() || !address->query.empty())
        return credentials_problem{"GCE_METADATA_HOST is no host or host:port"};
    return credentials(metadata_server{*address});
}

} // namespace

credentials_result find_credentials(const credentials_location& where) {
    if (!where.named_file.empty()) return read_named(where.named_file);
    if (where.gcloud_folder.empty()) return ask_metadata_server(where.metadata_host);
    const auto file = where.gcloud_folder + "/application_default_credentials.json";
    const file_descriptor opened(open_to_read(file));
    if (opened) return read_opened(file, opened.get());
    if (errno == ENOENT || errno == ENOTDIR) return ask_metadata_server(where.metadata_host);
    return system_problem(file, "be opened");
}

} // namespace byot::google
