#pragma once

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include <string>
#include <string_view>

namespace byot::http {

/// Beast's view as the standard's.
inline std::string_view view(boost::beast::string_view text) noexcept {
    return {text.data(), text.size()};
}

/// Adds what the buffers hold and gives their size.
template <class Buffers>
std::size_t append_buffers(std::string& text, const Buffers& buffers) {
    const auto before = text.size();
    for (const boost::asio::const_buffer part : boost::beast::buffers_range_ref(buffers))
        text.append(static_cast<const char*>(part.data()), part.size());
    return text.size() - before;
}

/// The text of a request's head, by the algorithm that Beast's serializer has for it; the serializer itself
/// would bring 60 KB with it, for bodies that are not written here.
inline std::string text_of(const boost::beast::http::request_header<>& head) {
    std::string text;
    boost::beast::http::fields::writer writing(head, head.version(), head.method());
    append_buffers(text, writing.get());
    return text;
}

/// The same of an answer's.
inline std::string text_of(const boost::beast::http::response_header<>& head) {
    std::string text;
    boost::beast::http::fields::writer writing(head, head.version(), head.result_int());
    append_buffers(text, writing.get());
    return text;
}

} // namespace byot::http
