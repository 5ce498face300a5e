#include "scenarios/latency_text.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "scenarios/concat.h"
#include "scenarios/diagnostic.h"
#include "scenarios/suggestion.h"
#include "scenarios/words.h"

namespace indoubt {
namespace {

/// A parameter's value in the unit that Latency keeps: nanoseconds, or a plain number.
Parsed<double> parse_value(const LatencyParameter& parameter, const Word& word) {
  if (word.text.back() == ',')
    return error_at(word,
                    "found " + in_quotes(word.text) + "; values are separated by spaces alone");
  if (parameter.unit == LatencyParameter::Unit::number) {
    auto number = parse_number(word.text);
    if (number) return *number.value;
    return shifted(std::move(number.error), word.offset);
  }
  auto time = parse_duration(word.text);
  if (time) return static_cast<double>(time.value->count());
  return shifted(std::move(time.error), word.offset);
}

std::string how_to_write(const LatencyKind& kind) {
  return "write " + usage(kind) + ", like " + example(kind);
}

/// Which parameter the next value belongs to: the one named before it, or the first not given yet.
/// kind.parameters.size() if there is none.
std::size_t next_parameter(const LatencyKind& kind, const std::vector<bool>& given, Words& words) {
  for (std::size_t i = 0; i < given.size(); ++i)
    if (kind.parameters[i].name == words.front().text && !given[i]) {
      words.take();
      return i;
    }
  const auto first = std::find(given.begin(), given.end(), false);
  return static_cast<std::size_t>(first - given.begin());
}

/// What is wrong with a word of letters where a value stands.
std::optional<TextError> no_parameter(const LatencyKind& kind, const Word& word) {
  const char first = word.text.front();
  for (const std::string_view number : {"nan", "inf", "infinity"})
    if (edit_distance(word.text, number) == 0) return std::nullopt;  // is told as such
  if ((first < 'a' || first > 'z') && (first < 'A' || first > 'Z')) return std::nullopt;
  std::vector<std::string_view> names;
  for (const LatencyParameter& p : kind.parameters) names.push_back(p.name);
  return error_at(word, in_quotes(word.text) + " is no parameter of " + std::string(kind.name) +
                            choices(word.text, "parameters", names));
}

std::optional<TextError> read_parameters(const LatencyKind& kind, const Word& name, Words& words,
                                         Latency& latency) {
  std::vector<bool> given(kind.parameters.size(), false);
  while (!words.empty()) {
    const std::size_t i = next_parameter(kind, given, words);
    if (words.empty()) break;
    if (i == given.size())
      return error_at(words.front(), in_quotes(words.front().text) + " is one value too many; " +
                                         how_to_write(kind));
    if (auto wrong = no_parameter(kind, words.front())) return wrong;
    auto value = parse_value(kind.parameters[i], words.take());
    if (!value) return std::move(value.error);
    latency.parameter[i] = *value.value;
    given[i] = true;
  }
  for (std::size_t i = 0; i < given.size(); ++i)
    if (!given[i])
      return error_at(name, std::string(kind.name) + " needs its " +
                                std::string(kind.parameters[i].name) + "; " + how_to_write(kind));
  return std::nullopt;
}

Parsed<LatencyText> parse_kind(std::string_view text, Words& words, LatencyText out) {
  const Word name = words.take();
  const LatencyKind* kind = find_latency(name.text);
  if (kind == nullptr)
    return error_at(name, in_quotes(name.text) + " is no kind of latency" +
                              choices(name.text, "kinds", latency_names()));
  out.latency.kind = kind;
  out.latency.shape = kind->shape;
  if (kind->takes_quantiles) {
    if (words.empty())
      return error_at(name,
                      std::string(kind->name) + " needs a file of delays; write " + usage(*kind));
    out.file_offset = words.front().offset;
    out.file = text.substr(out.file_offset);
    return out;
  }
  if (auto error = read_parameters(*kind, name, words, out.latency)) return *std::move(error);
  if (auto problem = kind->check(out.latency)) return error_at(name, *std::move(problem));
  return out;
}

bool looks_like_number(std::string_view s) {
  return s.find_first_of("0123456789-.+") == 0 || s == "nan" || s == "NaN" || s == "inf";
}

/// A text that begins with a number, and should be one duration.
Parsed<LatencyText> parse_constant(std::string_view text, const Words& words) {
  const Word& first = words.front();
  auto length = parse_duration(first.text);
  if (length && words.size() == 1) return LatencyText{Latency::constant(*length.value), {}, 0};
  if (length)
    return error_at(words[1], in_quotes(words[1].text) +
                                  " does not belong behind a duration; a minimum and its + precede "
                                  "a kind, like 1ms + exponential 4ms");
  const bool bare = first.text.find_first_not_of("0123456789.") == std::string_view::npos;
  if (bare && words.size() == 2) {
    auto together = parse_duration(text.substr(first.offset));
    if (!together) return shifted(std::move(together.error), first.offset);
  }
  return shifted(std::move(length.error), first.offset);
}

std::string upper(std::string_view s) {
  std::string out;
  for (const char c : s) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

bool is_time(const LatencyParameter& p) { return p.unit == LatencyParameter::Unit::time; }

}  // namespace

Parsed<LatencyText> parse_latency(std::string_view text) {
  Words words(text);
  if (words.empty()) return TextError{"is empty; write a duration, like 5ms", 0, text.size()};
  LatencyText out;
  if (words.size() > 1 && words[1].text == "+") {
    const Word first = words.take();
    auto length = parse_duration(first.text);
    if (!length) return shifted(std::move(length.error), first.offset);
    out.latency.minimum = *length.value;
    words.take();
    if (words.empty() || looks_like_number(words.front().text))
      return error_at(words.here(),
                      "a kind of latency is wanted behind +; kinds: " + listed(latency_names()));
  } else if (looks_like_number(words.front().text)) {
    return parse_constant(text, words);
  }
  return parse_kind(text, words, std::move(out));
}

std::string usage(const LatencyKind& kind) {
  std::string out(kind.name);
  if (kind.takes_quantiles) return out + " FILE";
  for (const LatencyParameter& p : kind.parameters) out += concat({" ", upper(p.name)});
  return out;
}

std::string example(const LatencyKind& kind) {
  std::string out(kind.name);
  if (kind.takes_quantiles) return out + " delays.csv";
  const auto times = std::count_if(kind.parameters.begin(), kind.parameters.end(), &is_time);
  int seen = 0;
  for (const LatencyParameter& p : kind.parameters) {
    if (!is_time(p))
      out += " 2";
    else if (times == 1)
      out += " 5ms";
    else
      out += concat({" ", std::to_string(1 + 8 * seen++), "ms"});
  }
  return out;
}

std::vector<std::string_view> latency_names() {
  std::vector<std::string_view> names;
  for (const LatencyKind* kind : latency_catalogue()) names.push_back(kind->name);
  return names;
}

std::string latency_pattern() {
  const std::string value = concat({"(", kDurationPattern, "|", kNumberPattern, ")"});
  std::string kinds;
  for (const LatencyKind* kind : latency_catalogue()) {
    kinds += concat({kinds.empty() ? "" : "|", kind->name, kind->takes_quantiles ? " +.+" : ""});
    std::string names;
    for (const LatencyParameter& p : kind->parameters)
      names += concat({names.empty() ? "" : "|", p.name});
    if (!names.empty())
      kinds += concat(
          {"(( +(", names, "))? +", value, "){", std::to_string(kind->parameters.size()), "}"});
  }
  return concat({kDurationPattern, "|(", kDurationPattern, " +\\+ +)?(", kinds, ")"});
}

}  // namespace indoubt
