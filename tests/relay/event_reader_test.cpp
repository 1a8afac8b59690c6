#include "relay/event_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace byot::relay;

struct reader_case {
    std::string_view stream;
    std::string_view read; ///< field=value of each line, '|' where an event ends
    std::string_view rest; ///< what ends the event that has begun
};

constexpr reader_case cases[] = {
    {"", "", ""},
    {"data: a\n\n", "data=a |", ""},
    {"data: a\r\n\r\n", "data=a |", ""},
    {"data: a\r\r", "data=a |", ""},
    {"data: a\r\n\n", "data=a |", ""},
    {"data: a\n\r\n", "data=a |", ""},
    {"data: a\r\n\r", "data=a |", ""},
    {"data: a\rdata: b\r\n\n", "data=a data=b |", ""},
    {"data: 1\rdata: 2\r\n", "data=1 data=2 ", "\n"},
    {"data: a\n\n\n\n", "data=a |||", ""},
    {"\r\n\r\rdata: a\n\n", "|||data=a |", ""},
    // Fields
    {"data:a\n\n", "data=a |", ""},
    {"data:  a \n\n", "data= a  |", ""},
    {"data\n\n", "data= |", ""},
    {"data:\n\n", "data= |", ""},
    {"data: \n\n", "data= |", ""},
    {"data :a\n\n", "?=a |", ""},
    {" data: a\n\n", "?=a |", ""},
    {"Data: a\n\n", "?=a |", ""},
    {"datas: a\n\n", "?=a |", ""},
    {"dat\n\n", "?= |", ""},
    {"data: a: b\n\n", "data=a: b |", ""},
    {"data: a\tb\n\n", "data=a\tb |", ""},
    {"id: 1\nevent: x\nretry: 9\ndata: a\nerror: e\n\n", "id=1 event=x retry=9 data=a error=e |", ""},
    {"event\nid\nretry\nerror\n\n", "event= id= retry= error= |", ""},
    {"data: a\ndata:\ndata\ndata: b\n\n", "data=a data= data= data=b |", ""},
    // Comments
    {": ping\n\n", ":= |", ""},
    {":\n:x\ndata: a\n\n", ":= := data=a |", ""},
    {": ping\ndata: a\r\n\r\n", ":= data=a |", ""},
    // The byte order mark
    {"\xEF\xBB\xBF"
     "data: a\n\n",
     "data=a |", ""},
    {"\xEF\xBB\xBF\xEF\xBB\xBF"
     "data: a\n\n",
     "?=a |", ""},
    {"data: a\n\n\xEF\xBB\xBF"
     "data: b\n\n",
     "data=a |?=b |", ""},
    {"\xEF\xBB"
     "data: a\n\n",
     "?=a |", ""},
    {"\xEF\n\n", "?= |", ""},
    {"\xEF\xBB\xBF", "", ""},
    // Cut
    {"\xEF\xBB", "", "\n\n"},
    {"d", "", "\n\n"},
    {"data", "", "\n\n"},
    {"data:", "", "\n\n"},
    {"data: a", "data=a", "\n\n"},
    {"data: \xC3", "data=\xC3", "\n\n"},
    {"data: a\n", "data=a ", "\n"},
    {"data: a\r", "data=a ", "\n\n"},
    {"data: a\r\n", "data=a ", "\n"},
    {"data: a\r\n\r\ndata: b\r", "data=a |data=b ", "\n\n"},
    {": pi", "", "\n\n"},
    {": ping\n", ":= ", "\n"},
    {"data: a\n\nEND", "data=a |", "\n\n"},
};

std::string_view name_of(event_field field) {
    switch (field) {
    case event_field::data:
        return "data";
    case event_field::event:
        return "event";
    case event_field::id:
        return "id";
    case event_field::retry:
        return "retry";
    case event_field::error:
        return "error";
    case event_field::comment:
        return ":";
    case event_field::unknown:
        break;
    }
    return "?";
}

/// What the reader says of a stream that comes in pieces of `step` bytes.
struct reading {
    event_reader reader;
    std::string text;
    bool is_in_value = false;

    void feed(std::string_view stream, std::size_t step) {
        for (; !stream.empty(); stream.remove_prefix(std::min(step, stream.size()))) {
            // A copy of its own, so that a byte beyond the piece is found out.
            const std::vector<char> piece(stream.begin(), stream.begin() + std::min(step, stream.size()));
            reader.feed({piece.data(), piece.size()});
            while (note(reader.next())) {
            }
        }
    }
    bool note(const event_token& token) {
        using enum event_token::kind;
        if (token.what == need_more) return false;
        if (token.what == event_end) {
            text += '|';
            return true;
        }
        if (!is_in_value) text.append(name_of(token.field)).append("=");
        is_in_value = token.what == value;
        text.append(token.what == value ? token.value : " ");
        return true;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(event_reader_reads)

BOOST_AUTO_TEST_CASE(each_stream_the_same_however_it_is_cut) {
    for (const auto& each : cases) {
        for (std::size_t step = 1; step <= each.stream.size() + 1; ++step) {
            BOOST_TEST_CONTEXT(each.stream << " by " << step) {
                reading got;
                got.feed(each.stream, step);
                BOOST_TEST(got.text == each.read);
                BOOST_TEST(got.reader.rest_of_event() == each.rest);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(an_event_behind_the_rest_of_another_is_one_of_its_own) {
    for (const auto& each : cases) {
        for (std::size_t end = 0; end <= each.stream.size(); ++end) {
            BOOST_TEST_CONTEXT(each.stream << " to " << end) {
                reading got;
                got.feed(each.stream.substr(0, end), each.stream.size() + 1);
                const std::string rest(got.reader.rest_of_event());
                got.feed(rest + "data: last\n\n", 100);
                BOOST_TEST(got.text.ends_with("data=last |"));
                const auto before = std::string_view(got.text).substr(0, got.text.size() - 11);
                BOOST_TEST((before.empty() || before.ends_with('|')));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
