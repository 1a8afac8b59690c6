#pragma once

#include "core/clock.hpp"
#include "core/task.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>
#include <vector>

namespace byot::net {

class reactor;

/// What looking a name up came to.
struct found_names {
    enum class outcome {
        found,
        unknown,  ///< it has no address, or nobody says which
        late,     ///< no answer by the limit
        no_means, ///< no descriptor, thread or memory to ask with
    };
    outcome what = outcome::late;
    std::vector<boost::asio::ip::tcp::endpoint> endpoints; ///< in the order to try (RFC 6724), port 0
};

/// Looks names up for one reactor, each time anew. The system's resolver blocks and cannot be broken off, so
/// each look-up has a thread of its own, which nobody waits for when this goes; those who want the same name
/// share one. A resolver that hangs ties up at most `most_threads`, and `most_of_a_name` of them for one
/// name.
class name_lookup {
public:
    static constexpr std::size_t most_threads = 8;
    static constexpr std::size_t most_of_a_name = 2;
    /// A look-up that has taken longer is not joined, while there may be another: its question may be lost.
    static constexpr std::chrono::seconds patience{1};

    explicit name_lookup(reactor& home);
    ~name_lookup();
    name_lookup(const name_lookup&) = delete;
    name_lookup& operator=(const name_lookup&) = delete;

    /// The addresses of a host. `limit` and `reactor::end_outgoing` are seen with the
    /// reactor's sweep.
    task<found_names> look_up(std::string host, steady_time limit);

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace byot::net
